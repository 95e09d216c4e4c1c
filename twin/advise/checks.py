"""The checks of incoming records in plain words: what was looked for, and what was done."""

from dataclasses import dataclass

ACTIONS = {"kept": "kept", "corrected": "corrected", "set_aside": "set aside"}


@dataclass(frozen=True)
class CheckWords:
    """A check as a manager reads it: what was found, and what it means for the numbers."""

    label: str
    meaning: str
    counted: str = "lines"


CHECKS = {
    "exact_duplicate": CheckWords(
        "Lines that repeat another exactly", "One of each is kept; the repeats are set aside and count nowhere."
    ),
    "overlapping_period": CheckWords(
        "Of these, days that two parts of the file both hold", "The same days were delivered twice; they count once."
    ),
    "cancellation": CheckWords(
        "Lines that take an order back", "They never count as orders. What is paid back later counts as returns."
    ),
    "price_not_positive": CheckWords(
        "Lines with a price of zero or less", "Gifts, samples and corrections; they do not count as sales."
    ),
    "customer_missing": CheckWords(
        "Lines without a customer", "They count as sales, as a stream of buyers of their own, not as customers."
    ),
    "not_an_item": CheckWords(
        "Lines of codes that are no items", "Postage, fees and bad debt; they count neither as goods nor as revenue."
    ),
    "reversed_order": CheckWords(
        "Lines of orders cancelled in full the same day", "They count neither as orders nor as revenue."
    ),
    "closing_day": CheckWords("Days without any order", "The shop was closed; they are not missing data.", "days"),
    "incomplete_last_day": CheckWords(
        "Lines of the last day, which is not complete", "The day is left out; the twin's today begins with it."
    ),
}


def check_words(name: str) -> CheckWords:
    """A check in words; its name made readable where it has none yet."""
    return CHECKS.get(name, CheckWords(name.replace("_", " ").capitalize(), ""))
