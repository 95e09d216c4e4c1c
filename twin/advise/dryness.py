"""A warning, in plain words, where shelves run empty and stay so."""

from collections.abc import Callable, Mapping, Sequence

from twin.advise.amounts import figures
from twin.experiment.dryness import Dry


def dry_words(found: Sequence[Dry], labels: Mapping[str, str], date_of: Callable[[int], str], side: str = "") -> str:
    """What is to be said of places that run dry; empty where none does.

    labels : of nodes, by name;  date_of : a day of the horizon in words;  side : of a comparison, such as "What if"

    >>> dry_words([Dry("depot", 12, 0.0), Dry("shop", 20, 33.3)], {"shop": "High street"}, lambda day: f"day {day}")
    'Depot runs dry on day 12; High street runs dry on day 20, and 33 pieces a day are missing there.'
    """
    told = []
    for dry in found:
        name = labels.get(dry.node) or dry.node.replace("_", " ").capitalize() or "Every shelf"
        missing = f", and {figures(dry.lost, 1.0)} pieces a day are missing there" if dry.lost >= 1.0 else ""
        told.append(f"{name} runs dry on {date_of(dry.day)}{missing}")
    if not told:
        return ""
    return f"{side}: {'; '.join(told)}." if side else f"{'; '.join(told)}."
