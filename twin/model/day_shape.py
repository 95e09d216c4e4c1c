"""The shape of a day: at which hours customers come, by weekday."""

import math

import numpy as np

from twin.model.kernels.customers import arrival_minutes, arrived
from twin.model.kernels.elementary import running_sums
from twin.model.orders import Orders

HOURS = 24
HOUR_MINUTES = 60.0
NOBODY = np.empty(0, np.int64)


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

    def arrive(
        self, luck: np.uint64, day: int, weekday: int, orders: Orders, known: np.ndarray = NOBODY, first: int = 0,
        joined: int = 0, entity: np.ndarray = NOBODY,
    ) -> Orders:  # fmt: skip
        """Write down whose orders these are and when they come in, in order of time.

        known : rows of known customers, once for each order; joined : how many came for the first time, from row
        `first` on; all others have no number.  entity : by row
        """
        arrived(
            luck, day, known, first, joined, entity, self.sums[weekday], HOUR_MINUTES, orders.row, orders.entity,
            orders.nth, orders.minute,
        )  # fmt: skip
        return orders
