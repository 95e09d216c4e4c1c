"""A warning, in plain words, where a business runs out of cash."""

from datetime import date, timedelta

from twin.clock import spoken
from twin.experiment.liquidity import Shortfall


def cash_words(found: Shortfall | None, today: date, side: str = "") -> str:
    """What is to be said of cash that falls below zero; empty where it does not.

    side : of a comparison, such as "What if"

    >>> cash_words(Shortfall(24, 32, 40), date(2024, 1, 1))
    'Cash runs out in 24 of 32 plays; in the middle one of these, on 10 February 2024.'
    """
    if found is None:
        return ""
    start = f"{side}: cash" if side else "Cash"
    when = spoken(today + timedelta(days=found.day))
    if found.plays == 1:
        return f"{start} runs out in 1 of {found.of} plays, on {when}."
    return f"{start} runs out in {found.plays} of {found.of} plays; in the middle one of these, on {when}."


def both_cash_words(baseline: Shortfall | None, scenario: Shortfall | None, today: date) -> str:
    """The same for both sides of a comparison."""
    if baseline and scenario == baseline:
        return cash_words(scenario, today, "On both sides")
    return " ".join(
        words for words in (cash_words(baseline, today, "As today"), cash_words(scenario, today, "What if")) if words
    )
