"""The past of one measure: every calendar day, its value, and whether the business was open."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from twin.errors import TwinError

if TYPE_CHECKING:  # a stored forecast is read without frames
    import pandas as pd

Days = NDArray[np.datetime64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """Complete days in order without gaps; `value` is 0 on closed days."""

    day: Days
    value: Floats
    open: Flags

    @classmethod
    def of(cls, days: "pd.DataFrame", measure: str, today: date) -> Self:
        """The days before `today` of one measure of the table. Raises TwinError if the table is no such history."""
        import pandas as pd

        missing = [name for name in ("day", measure, "open") if name not in days.columns]
        if missing:
            raise TwinError(
                f"The table of days has no column '{missing[0]}'; it has {', '.join(map(str, days.columns))}."
            )
        day = np.asarray(pd.to_datetime(days["day"])).astype("datetime64[D]")
        value, opened = days[measure].to_numpy(dtype=np.float64), days["open"].to_numpy(dtype=np.bool_)
        wrong = ~(value >= 0) | ~np.isfinite(value)
        if wrong.any():
            raise TwinError(f"{measure} must be 0 or more on each day; found {value[wrong][0]} on {day[wrong][0]}.")
        gap = np.flatnonzero(np.diff(day) != np.timedelta64(1, "D"))
        if gap.size:
            raise TwinError(
                f"The table of days must hold every day once, in order; {day[gap[0]]} is followed by {day[gap[0] + 1]}."
            )
        past = day < np.datetime64(today, "D")
        return cls(day[past], np.where(opened, value, 0.0)[past], opened[past])

    def before(self, day: np.datetime64) -> Self:
        """What was known on the morning of that day."""
        past = self.day < day
        return type(self)(self.day[past], self.value[past], self.open[past])

    def on(self, days: Days) -> tuple[Floats, Flags]:
        """Value and open or closed on these days, which must lie inside the history."""
        place = (days - self.day[0]).astype(np.int64)
        return self.value[place], self.open[place]

    @property
    def sold(self) -> Flags:
        """The days a model can learn from: open, with something to show for it."""
        return self.open & (self.value > 0)


@dataclass(frozen=True)
class Projection:
    """What a method expects of coming days, 0 on closed ones; `spread` is its own standard deviation of the log."""

    day: Days
    open: Flags
    forecast: Floats
    spread: Floats


@dataclass(frozen=True)
class Fit:
    """A fitted method: what it makes of each past day, and how far off it was, beside what it expects."""

    projection: Projection
    fitted: Floats  # expected value on each past day, 0 where nothing was sold
    residuals: Floats  # log of value over fitted, NaN where nothing was sold
    trend: Floats  # ways in which the trend may turn: log deviations, shape (draws, future days)
