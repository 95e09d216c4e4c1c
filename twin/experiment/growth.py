"""Whether a business drowns: work that comes in faster than it can be done grows without bound."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from twin.records import COLUMN

FEWEST_DAYS, FEWEST_PLAYS = 21, 4
SURE = 3.0  # standard errors
DAYS_OF_WORK = 2.0  # less than that may be an ordinary queue
WEEK = 7


@dataclass(frozen=True)
class Growth:
    """Open work in the first and the last week of the days played, on average over all plays."""

    first: float
    last: float


def growth(days: np.ndarray) -> Growth | None:
    """The growth of open work; None where it does not grow without bound, or where it is too early to say.

    days : records of shape (replications, days, fields)
    It grows where it rises in the first half of the days and goes on rising in the second, both by more than three
    standard errors over the plays, and ends at more than two days' worth of what comes in.
    """
    plays, length, _ = days.shape
    if length < FEWEST_DAYS or plays < FEWEST_PLAYS:
        return None
    still, came = days[:, :, COLUMN["visits_open"]], days[:, :, COLUMN["visits"]]
    halves = (still[:, : length // 2], still[:, length // 2 :])
    first, last = float(still[:, :WEEK].mean()), float(still[:, -WEEK:].mean())
    if last < DAYS_OF_WORK * float(came.mean()) or not all(_rises(half) for half in halves):
        return None
    return Growth(first, last)


def _rises(values: np.ndarray) -> bool:
    """Whether a line through each play's days rises on average, by more than chance."""
    day = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2.0
    slopes = (values * day).sum(axis=1) / (day**2).sum()
    return bool(slopes.mean() > SURE * slopes.std(ddof=1) / sqrt(len(slopes)))
