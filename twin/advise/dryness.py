"""A warning, in plain words, where shelves run empty and stay so, or many items are out for long."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from twin.advise.amounts import figures
from twin.clock import spoken
from twin.experiment.dryness import Dry, ItemsDry


def dry_words(found: Sequence[Dry], labels: Mapping[str, str], today: date, side: str = "") -> str:
    """What is to be said of places that run dry; empty where none does.

    labels : of nodes, by name;  side : of a comparison, such as "What if"

    >>> dry_words([Dry("depot", 12, 0.0), Dry("shop", 20, 33.3)], {"shop": "High street"}, date(2024, 1, 1))
    'Depot runs dry on 13 January 2024; High street runs dry on 21 January 2024, and 33 pieces a day are missing there.'
    """
    told = []
    for dry in found:
        name = labels.get(dry.node) or dry.node.replace("_", " ").capitalize() or "Every shelf"
        missing = f", and {figures(dry.lost, 1.0)} pieces a day are missing there" if dry.lost >= 1.0 else ""
        told.append(f"{name} runs dry on {spoken(today + timedelta(days=dry.day))}{missing}")
    if not told:
        return ""
    return f"{side}: {'; '.join(told)}." if side else f"{'; '.join(told)}."


def both_dry_words(baseline: Sequence[Dry], scenario: Sequence[Dry], labels: Mapping[str, str], today: date) -> str:
    """The same for both sides of a comparison."""
    if baseline and list(scenario) == list(baseline):
        return dry_words(scenario, labels, today, "On both sides")
    sides = (dry_words(baseline, labels, today, "As today"), dry_words(scenario, labels, today, "What if"))
    return " ".join(words for words in sides if words)


NAMED = 3  # items that are named, the first that run out
SPEAKS_SHARE = 0.02  # of a place's items must be out for long because of a change, to be worth a sentence
USUAL_SHARE = 0.1  # of them as things are today: some are always out for a while


def items_words(found: Sequence[ItemsDry], labels: Mapping[str, str], names: Callable[[int], str], today: date) -> str:
    """Which items are out for a week or longer, where, from when on, and how many pieces are lost; empty where few.

    names : of an item by its place among all goods

    >>> told = [ItemsDry("shop", 12, ((7, 3), (2, 12)), 260.0)]
    >>> items_words(told, {"shop": "High street"}, "item {}".format, date(2024, 1, 1))
    'Out for a week or longer: 2 of 12 items at High street, first item 7 from 4 January 2024 and item 2 from \
13 January 2024. 260 pieces are lost there.'
    """
    told = [one for one in found if len(one.items) > (USUAL_SHARE if one.usual is None else SPEAKS_SHARE) * one.kept]
    if not told:
        return ""
    firsts = [f"{names(item)} from {spoken(today + timedelta(days=day))}" for item, day in told[0].items[:NAMED]]
    places = [f"{_counted(one)} at {labels.get(one.node) or one.node.replace('_', ' ').capitalize()}" for one in told]
    words = f"Out for a week or longer: {places[0]}, first {listed(firsts)}"
    words += f"; then {listed(places[1:])}." if places[1:] else "."
    lost, usual = sum(one.lost for one in told), sum(one.usual_lost for one in told)
    as_today = f", {figures(usual, 1.0)} as today" if told[0].usual is not None else ""
    return f"{words} {figures(lost, 1.0)} pieces are lost there{as_today}." if lost >= 1.0 else words


def _counted(one: ItemsDry) -> str:
    as_today = f" ({one.usual or 'none'} as today)" if one.usual is not None else ""
    return f"{len(one.items)} of {one.kept} items{as_today}"


def listed(words: Sequence[str]) -> str:
    """Some words one after the other.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
