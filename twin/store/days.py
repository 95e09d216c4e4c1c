"""Which days the shop was open, and whether the last one is complete."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

SAME_WEEKDAYS = 26
ENOUGH_DAYS = 4
LEAST_MINUTES = 60.0
SPREADS = 3.0 * 1.4826


@dataclass(frozen=True)
class OpenDay:
    """A day with orders or visits: when the last of them came and how many rows of the records it has."""

    day: date
    last_arrival: datetime
    rows: int

    @property
    def last_minute(self) -> float:
        """The last arrival as minutes since midnight."""
        return self.last_arrival.hour * 60 + self.last_arrival.minute + self.last_arrival.second / 60


def closed_days(days: Sequence[OpenDay]) -> list[date]:
    """Calendar days between the first and the last on which nobody came: the business was closed."""
    if not days:
        return []
    opened = {day.day for day in days}
    span = (days[-1].day - days[0].day).days
    calendar_days = (days[0].day + timedelta(days=n) for n in range(span))
    return [day for day in calendar_days if day not in opened]


def usual_last_minute(days: Sequence[OpenDay]) -> tuple[float, float] | None:
    """When the last order or visit usually comes on the weekday of the last day, and how early is much too early.

    The usual is the median over the same weekday's last 26 times (over all earlier days, where that weekday
    came up fewer than four times); much too early is three spreads (1.4826 times the median deviation) and at
    least an hour before. None where there are fewer than four earlier days: too little to tell.
    """
    *earlier, last = days
    same = [day.last_minute for day in earlier if day.day.weekday() == last.day.weekday()][-SAME_WEEKDAYS:]
    minutes = same if len(same) >= ENOUGH_DAYS else [day.last_minute for day in earlier]
    if len(minutes) < ENOUGH_DAYS:
        return None
    usual = median(minutes)
    spread = median(abs(minute - usual) for minute in minutes)
    return usual, usual - max(LEAST_MINUTES, SPREADS * spread)


def incomplete_last_day(days: Sequence[OpenDay]) -> OpenDay | None:
    """The last day, if its arrivals stop much earlier than usual for that weekday; None if it is complete."""
    usual = usual_last_minute(days) if days else None
    return days[-1] if usual and days[-1].last_minute < usual[1] else None


def last_complete_day(days: Sequence[OpenDay]) -> date | None:
    """The last day of which all arrivals are known; the twin's today is the day after."""
    if not days:
        return None
    return days[-1].day - timedelta(days=1) if incomplete_last_day(days) else days[-1].day


def incomplete_note(days: Sequence[OpenDay]) -> str:
    """A sentence that names the incomplete day and what is usual."""
    usual, last = usual_last_minute(days), days[-1]
    if usual is None:
        return ""
    weekday = calendar.day_name[last.day.weekday()]
    return f"{last.day} ends at {clock(last.last_minute)}; a {weekday} usually ends about {clock(usual[0])}."


def clock(minute: float) -> str:
    """Minutes since midnight as a time of day.

    >>> clock(770)
    '12:50'
    """
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"
