"""On which days a business is open: read from what it did, carried into the days to come.

Four rules, each learned from the history alone and each kept only if the past bears it out:

1. weekday: open on fewer than one in ten of the last 26 such weekdays (and seen at least twice): closed on it.
2. public holiday of the country or one of its parts: closed on at least two thirds of its past occurrences on other
   weekdays. A nationwide holiday never seen before counts as closed if the business kept two thirds of the others.
3. yearly closing: dates inside a run of five or more closed days, at least two of them unexplained by rules 1 and 2, in
   two thirds of the years seen; a run seen in one year only counts if it holds a nationwide holiday (Christmas week).
4. day before or after such a holiday, closed at each of at least two occurrences (Easter Sunday, bridge days).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from twin.errors import TwinError

Days = NDArray[np.datetime64]
Flags = NDArray[np.bool_]
Holiday = tuple[str, str]  # part of the country ("" is all of it), name

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RECENT_WEEKS = 26
RARELY_OPEN = 0.1
MOSTLY = 2 / 3
LONG_RUN_DAYS = 5


@dataclass(frozen=True)
class Calendar:
    """When a business is closed, as rules that hold for any future day."""

    country: str
    weekdays: frozenset[int] = frozenset()
    holidays: frozenset[Holiday] = frozenset()
    known_holidays: frozenset[Holiday] = frozenset()
    keeps_new_holidays: bool = False
    yearly: frozenset[tuple[int, int]] = frozenset()
    neighbours: frozenset[tuple[Holiday, int]] = frozenset()

    def closing_reason(self, day: date) -> str | None:
        """Why the business is expected to be closed on this day; None if it is expected to be open."""
        if day.weekday() in self.weekdays:
            return f"closed on {WEEKDAYS[day.weekday()]}s"
        for holiday in self._kept_on(day):
            return holiday[1]
        if (day.month, day.day) in self.yearly:
            return "closed at this time of each year"
        for step, words in ((1, "day before"), (-1, "day after")):
            for holiday in holidays_on(self.country, day + timedelta(days=step)):
                if (holiday, -step) in self.neighbours:
                    return f"{words} {holiday[1]}"
        return None

    def open_on(self, days: Days) -> Flags:
        """For each of these days, whether the business is expected to be open."""
        return np.array([self.closing_reason(day) is None for day in dates(days)], dtype=np.bool_)

    def sentences(self) -> list[str]:
        """The closing rules in plain words, for a person to check."""
        words = [f"Closed on {WEEKDAYS[day]}s." for day in sorted(self.weekdays)]
        if self.holidays:
            words.append(f"Closed on {', '.join(sorted({name for _, name in self.holidays}))}.")
        words += [f"Closed each year from {first} to {last}." for first, last in stretches(self.yearly)]
        near = sorted({(name, step) for (_, name), step in self.neighbours})
        return words + [f"Closed on the day {'before' if step < 0 else 'after'} {name}." for name, step in near]

    def _kept_on(self, day: date) -> list[Holiday]:
        found = holidays_on(self.country, day)
        new = [h for h in found if self.keeps_new_holidays and h[0] == "" and h not in self.known_holidays]
        return [h for h in found if h in self.holidays] + new


def learned_calendar(days: Days, opened: Flags, country: str) -> Calendar:
    """The closing rules that a history of open and closed days supports.

    days : datetime64[D], every calendar day in order; opened : bool, same length; country : ISO code such as "GB"
    Raises TwinError for a country whose holidays are not known.
    """
    past = dict(zip(dates(days), opened.tolist(), strict=True))
    weekdays = closed_weekdays(past)
    normal = {day: was_open for day, was_open in past.items() if day.weekday() not in weekdays}
    seen: dict[Holiday, list[bool]] = defaultdict(list)
    for day, was_open in normal.items():
        for holiday in holidays_on(country, day):
            seen[holiday].append(was_open)
    kept = frozenset(holiday for holiday, opens in seen.items() if closed_share(opens) >= MOSTLY)
    national = [holiday in kept for holiday in seen if holiday[0] == ""]
    yearly = yearly_closings(past, weekdays, country, kept)
    return Calendar(
        country=country,
        weekdays=weekdays,
        holidays=kept,
        known_holidays=frozenset(seen),
        keeps_new_holidays=len(national) >= 3 and sum(national) / len(national) >= MOSTLY,
        yearly=yearly,
        neighbours=closed_neighbours(normal, kept, yearly, country),
    )


def closed_weekdays(past: dict[date, bool]) -> frozenset[int]:
    """The weekdays on which the business (almost) never opens, as it behaved in the last half year."""
    recent: dict[int, list[bool]] = defaultdict(list)
    for day in list(past)[-7 * RECENT_WEEKS :]:
        recent[day.weekday()].append(past[day])
    return frozenset(day for day, opens in recent.items() if len(opens) >= 2 and np.mean(opens) < RARELY_OPEN)


def yearly_closings(
    past: dict[date, bool], weekdays: frozenset[int], country: str, kept: frozenset[Holiday]
) -> frozenset[tuple[int, int]]:
    """The dates (month, day) on which the business shuts every year for longer than a weekend."""
    years: dict[tuple[int, int], int] = defaultdict(int)
    for day in past:
        years[day.month, day.day] += 1
    inside: dict[tuple[int, int], list[bool]] = defaultdict(list)
    for run in closed_runs(past):
        known = {day: [holiday for holiday in holidays_on(country, day) if holiday in kept] for day in run}
        unexplained = [day for day in run if day.weekday() not in weekdays and not known[day]]
        festive = any(part == "" for found in known.values() for part, _ in found)
        if len(run) >= LONG_RUN_DAYS and len(unexplained) >= 2:
            for day in run:
                inside[day.month, day.day].append(festive)
    return frozenset(
        date_of_year
        for date_of_year, festive_runs in inside.items()
        if len(festive_runs) >= MOSTLY * years[date_of_year] and (len(festive_runs) >= 2 or any(festive_runs))
    )


def closed_neighbours(
    normal: dict[date, bool], kept: frozenset[Holiday], yearly: frozenset[tuple[int, int]], country: str
) -> frozenset[tuple[Holiday, int]]:
    """The holidays whose day before (-1) or after (+1) was closed each time, at least twice."""
    seen: dict[tuple[Holiday, int], list[bool]] = defaultdict(list)
    for day, was_open in normal.items():
        if (day.month, day.day) in yearly or any(holiday in kept for holiday in holidays_on(country, day)):
            continue
        for step in (-1, 1):
            for holiday in holidays_on(country, day - timedelta(days=step)):
                if holiday in kept:
                    seen[holiday, step].append(was_open)
    return frozenset(near for near, opens in seen.items() if len(opens) >= 2 and not any(opens))


def closed_runs(past: dict[date, bool]) -> list[list[date]]:
    """The stretches of closed days in a row.

    >>> closed_runs({date(2024, 1, d): d in (1, 4) for d in range(1, 5)})
    [[datetime.date(2024, 1, 2), datetime.date(2024, 1, 3)]]
    """
    runs: list[list[date]] = [[]]
    for day, was_open in past.items():
        if was_open:
            runs.append([])
        else:
            runs[-1].append(day)
    return [run for run in runs if run]


def holidays_on(country: str, day: date) -> tuple[Holiday, ...]:
    """The public holidays of the country, and of its parts, that fall on this day."""
    return public_holidays(country, day.year).get(day, ())


@cache
def public_holidays(country: str, year: int) -> dict[date, tuple[Holiday, ...]]:
    """Every public holiday of a country in a year, with the part of the country that keeps it ("" for all of it)."""
    import holidays

    found: dict[date, list[Holiday]] = defaultdict(list)
    try:
        parts = ["", *holidays.country_holidays(country).subdivisions]
        for part in parts:
            for day, names in holidays.country_holidays(country, subdiv=part or None, years=year).items():
                found[day] += [(part, plain_name(name)) for name in names.split("; ")]
    except NotImplementedError:
        raise TwinError(
            f"The public holidays of the country '{country}' are not known. Give its two-letter ISO code, such as GB."
        ) from None
    national = {day: {name for part, name in named if part == ""} for day, named in found.items()}
    return {day: tuple(h for h in named if h[0] == "" or h[1] not in national[day]) for day, named in found.items()}


def plain_name(name: str) -> str:
    """A holiday's name without the note that it was moved.

    >>> plain_name("Boxing Day (observed)")
    'Boxing Day'
    """
    return name.split(" (")[0]


def closed_share(opens: Iterable[bool]) -> float:
    """The share of days that were closed.

    >>> closed_share([True, False, False, False])
    0.75
    """
    return 1.0 - float(np.mean(list(opens)))


def stretches(dates_of_year: Iterable[tuple[int, int]]) -> list[tuple[str, str]]:
    """Dates of the year joined into stretches, around New Year too, each as its first and last day in words.

    >>> stretches([(12, 31), (1, 1), (1, 2), (8, 9)])
    [('9 August', '9 August'), ('31 December', '2 January')]
    """
    days = sorted(date(2000, month, day) for month, day in dates_of_year)
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    if len(runs) > 1 and runs[0][0] == date(2000, 1, 1) and runs[-1][-1] == date(2000, 12, 31):
        runs[-1] += runs.pop(0)
    return [(f"{run[0].day} {run[0]:%B}", f"{run[-1].day} {run[-1]:%B}") for run in runs]


def dates(days: Days) -> list[date]:
    """The same days as Python dates."""
    return list(days.astype("datetime64[D]").tolist())
