"""The shape of a day: at which hours customers come, by weekday."""

import math

import numpy as np

from twin.model.kernels.customers import arrival_minutes
from twin.model.kernels.elementary import running_sums

HOURS = 24
HOUR_MINUTES = 60.0


class DayShape:
    """Shares of the hours of each weekday; a weekday without records takes the week's own shape.

    hour_share : by hour of the week, Monday 0:00 first, shape (168,)
    """

    def __init__(self, hour_share: np.ndarray) -> None:
        by_day = hour_share.reshape(7, HOURS)
        week = by_day.T.copy()
        whole = np.array([math.fsum(week[hour]) for hour in range(HOURS)])
        self.sums = [running_sums(day.copy() if day.any() else whole.copy()) for day in by_day]

    def minutes(
        self, luck: np.uint64, day: int, weekday: int, entities: np.ndarray, nth: np.ndarray, minutes: np.ndarray
    ) -> None:
        """Write at which minute of the calendar day each comes; nth is the place among one's visits of the day."""
        arrival_minutes(luck, day, entities, nth, self.sums[weekday], HOUR_MINUTES, minutes)
