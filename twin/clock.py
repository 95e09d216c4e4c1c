"""Days and dates of a twin: its own today, and the days that are played from there."""

from dataclasses import dataclass
from datetime import date, timedelta

from twin.errors import TwinError

DAYS_MOST = 366
MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True)
class Horizon:
    """The days that are played: `days` of them, the first is the twin's today."""

    today: date
    days: int

    def __post_init__(self) -> None:
        if not 1 <= self.days <= DAYS_MOST:
            raise TwinError(f"A what-if plays 1 to {DAYS_MOST} days; {self.days} were asked for.")

    @property
    def last(self) -> date:
        """The last day played."""
        return self.today + timedelta(days=self.days - 1)

    def index(self, day: date) -> int:
        """The place of a date among the days played, the first is 0. Raises TwinError outside of them."""
        if not self.today <= day <= self.last:
            near = min(max(day, self.today), self.last)
            raise TwinError(
                f"{day.isoformat()} lies outside the days that are played, {self.today.isoformat()} to "
                f"{self.last.isoformat()}. The nearest is {near.isoformat()}."
            )
        return (day - self.today).days


def spoken(day: date, year: bool = True) -> str:
    """A date as people write it.

    >>> spoken(date(2011, 12, 9))
    '9 December 2011'
    """
    return f"{day.day} {day:%B} {day.year}" if year else f"{day.day} {day:%B}"


def spoken_short(day: date, year: bool = True) -> str:
    """A date as people write it where room is short.

    >>> spoken_short(date(2011, 12, 9))
    '9 Dec 2011'
    """
    return f"{day.day} {day:%b} {day.year}" if year else f"{day.day} {day:%b}"
