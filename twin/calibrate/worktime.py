"""Time as a business counts it: the clock's, or only while it is open or a team is on duty."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.visits import VisitTables
from twin.spec.structure import Shift, Team, days_of, minute_of

Floats = NDArray[np.float64]
DAY, WEEK = 1440, 7 * 1440
MONDAY = pd.Timestamp("1970-01-05")


@dataclass(frozen=True)
class WorkTime:
    """The minutes of the week that count; None if all do.

    counted : for each minute from Monday 0:00 to the next, how many minutes before it count, shape (10081,)
    """

    counted: Floats | None = None

    def between(self, first: pd.Series, last: pd.Series) -> Floats:
        """How many minutes that count lie between two times, row by row."""
        return self._until(last) - self._until(first)

    def _until(self, times: pd.Series) -> Floats:
        minutes = np.asarray((times - MONDAY) / pd.Timedelta(minutes=1), dtype=np.float64)
        if self.counted is None:
            return minutes
        weeks, within = np.divmod(minutes, WEEK)
        return np.asarray(weeks * self.counted[-1] + np.interp(within, np.arange(WEEK + 1), self.counted))

    @classmethod
    def of_business(cls, tables: VisitTables, blueprint: Blueprint) -> "WorkTime":
        """The clock's time, or with hours = 'open' the opening hours of the weekdays on which visits come."""
        structure = blueprint.structure
        if structure.hours == "calendar":
            return cls()
        opens, hours = (blueprint.known(of) for of in (structure.opens_at_hour, structure.opening_hours))
        weekdays = sorted(tables.year["day"].dt.day_of_week.unique().tolist())
        return cls.over([(day * DAY + 60 * opens, day * DAY + 60 * (opens + hours)) for day in weekdays])

    @classmethod
    def of_team(cls, team: Team, tables: VisitTables, blueprint: Blueprint) -> "WorkTime":
        """The business's time, or the shifts of a team that puts its work down at the end of a shift."""
        if blueprint.structure.hours == "open" or team.shift_end == "finish":
            return cls.of_business(tables, blueprint)
        return cls.over([stretch for shift in team.shifts.values() for stretch in _stretches(shift)])

    @classmethod
    def over(cls, stretches: list[tuple[float, float]]) -> "WorkTime":
        """The time within stretches of a week, in minutes from Monday 0:00; one over Sunday midnight goes on."""
        on = np.zeros(WEEK, dtype=bool)
        for first, last in stretches:
            on[np.arange(round(first), round(last)) % WEEK] = True
        return cls(np.r_[0.0, np.cumsum(on)])


def _stretches(shift: Shift) -> Iterator[tuple[float, float]]:
    """When a shift works in a week; one that ends before it begins ends on the next day."""
    first, last = minute_of(shift.start or "00:00"), minute_of(shift.end or "24:00")
    for day in days_of(shift.days):
        yield day * DAY + first, day * DAY + (last if last > first else last + DAY)
