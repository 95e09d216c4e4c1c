"""The days of the month, for whatever is due on one of them: wages, fees, instalments."""

import numpy as np

from twin.model.inputs import Vectors

MONTH = 30  # days of each month of a made-up business that has no calendar


class Months:
    """Which day of the month each day is, and which month; the month of the first day is 0.

    month_day : by day from the first replayed one on, in the vectors
    """

    def __init__(self, vectors: Vectors, days: int) -> None:
        self.replayed = len(vectors["replay_open"])
        told = vectors.get("month_day")
        if told is None:
            told = (np.arange(-self.replayed, days) % MONTH) + 1
        self.days: list[int] = [int(day) for day in told]
        begins = np.cumsum(np.asarray(self.days) == 1)
        self.months: list[int] = (begins - begins[self.replayed]).tolist()

    def day_of(self, day: int) -> int:
        """The day of the month."""
        return self.days[self.replayed + day]

    def month_of(self, day: int) -> int:
        """The number of the month."""
        return self.months[self.replayed + day]
