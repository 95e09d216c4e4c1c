"""Nouns of a trade: what a desk calls a ticket the model counts as a visit."""

from collections.abc import Mapping


def plural(noun: str) -> str:
    """Several of a thing.

    >>> plural("ticket"), plural("delivery"), plural("person"), plural("pickers")
    ('tickets', 'deliveries', 'people', 'pickers')
    """
    if noun == "person":
        return "people"
    if noun.endswith("s"):
        return noun
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in set("aeiou") else noun + "s"


def counted(unit: str, trade: Mapping[str, str]) -> str:
    """What is counted in this unit, in the words of the trade.

    trade : the template's words, such as {"visit": "ticket"}

    >>> counted("visits", {"visit": "ticket"}), counted("orders", {})
    ('tickets', 'orders')
    """
    one = unit.removesuffix("s")
    return plural(trade[one]) if one in trade else unit


def counted_one(unit: str, trade: Mapping[str, str]) -> str:
    """A single one of it.

    >>> counted_one("visits", {"visit": "ticket"}), counted_one("orders", {})
    ('ticket', 'order')
    """
    one = unit.removesuffix("s")
    return trade.get(one, one)
