"""A warning, in plain words, where shelves run empty and stay so."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from twin.advise.amounts import figures
from twin.clock import spoken
from twin.experiment.dryness import Dry


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
