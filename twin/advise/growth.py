"""A warning, in plain words, where a business cannot keep up with what comes in."""

from twin.advise.amounts import figures
from twin.experiment.growth import Growth


def growth_words(found: Growth | None, work: str, side: str = "") -> str:
    """What is to be said of work that grows without bound; empty where it does not.

    work : what comes in, such as tickets; side : of a comparison, such as "What if"

    >>> growth_words(Growth(12.0, 480.4), "tickets")
    'More comes in than can be done: open tickets grow without bound, from 12 in the first week to 480 in the last.'
    """
    if found is None:
        return ""
    start = f"{side}: more" if side else "More"
    reach = f"from {figures(found.first, 1.0)} in the first week to {figures(found.last, 1.0)} in the last"
    return f"{start} comes in than can be done: open {work} grow without bound, {reach}."


def both_words(baseline: Growth | None, scenario: Growth | None, work: str) -> str:
    """The same for both sides of a comparison."""
    if baseline and scenario:
        return growth_words(scenario, work, "On both sides") + " Averages over the days say little then."
    return growth_words(baseline, work, "As today") or growth_words(scenario, work, "What if")
