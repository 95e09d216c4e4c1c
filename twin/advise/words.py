"""Sentences and what they are joined from."""

from collections.abc import Iterable
from datetime import date

from twin.advise.amounts import THIN
from twin.clock import spoken

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def change_of(now: float, before: float, less: str = "less") -> str:
    """How much more or less than before, in per cent; `less` is fewer for what is counted.

    >>> change_of(112, 100), change_of(96, 100, "fewer"), change_of(100.2, 100, "fewer")
    ('12\\xa0% more than', '4\\xa0% fewer than', 'as many as')
    """
    if not before:
        return "as against none"
    share = (now / before - 1.0) * 100.0
    if round(abs(share)) == 0:
        return "as much as" if less == "less" else "as many as"
    return f"{abs(share):.0f}{THIN}% {'more' if share > 0 else less} than"


def capitalised(text: str) -> str:
    """The text with its first letter large, also behind the marks of bold type."""
    start = 2 if text.startswith("**") else 0
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]


def uncapitalised(text: str) -> str:
    """The text with its first letter small, unless it is an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def listing(parts: Iterable[str]) -> str:
    """Parts joined as a person does.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    every = list(parts)
    return " and ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)


def span(first: date, last: date) -> str:
    """Two dates and all between.

    >>> span(date(2011, 11, 11), date(2011, 12, 8)), span(date(2011, 11, 11), date(2011, 11, 11))
    ('11 November to 8 December 2011', '11 November 2011')
    """
    if first == last:
        return spoken(last)
    return f"{spoken(first, year=first.year != last.year)} to {spoken(last)}"
