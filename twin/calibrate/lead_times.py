"""How long deliveries take on each lane, and how much that varies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Part
from twin.calibrate.joint import Telling, jointly
from twin.calibrate.supplies import SupplyTables
from twin.spec.structure import Number, Values, number

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FEWEST = 10
LEAST = 1e-300  # of a probability, so that an odd delivery makes a fit unlikely and not impossible
LATE_IN_THE_DAY = 1  # an order of the evening that takes no time comes in on the next morning


@dataclass(frozen=True)
class LeadTimes:
    """Whole days that deliveries of one lane took, and how long those that are on their way have taken at least.

    days, times       the different lead times, and how often each was seen
    so_far, waiting   the same of those on their way
    """

    mean: Number
    scatter: Number
    days: Ints
    times: Ints
    so_far: Ints
    waiting: Ints

    @property
    def names(self) -> list[str]:
        """The names that these deliveries tell of, asked for or not."""
        return [of for of in (self.mean, self.scatter) if isinstance(of, str)]

    @property
    def rows(self) -> int:
        """Deliveries that came in."""
        return int(self.times.sum())

    def log_likelihood(self, values: Values) -> float:
        """How likely these are where a lead time is log-normal and lasts to the nearest whole day."""
        mean, variance = number(self.mean, values), float(np.log1p(number(self.scatter, values) ** 2))
        middle, spread = np.log(mean) - variance / 2, np.sqrt(variance)

        def place(days: NDArray[Any]) -> Floats:
            with np.errstate(divide="ignore"):
                return np.asarray((np.log(np.maximum(days, 0.0)) - middle) / spread)

        low, high = place(self.days - 0.5), place(self.days + 0.5)
        inside = np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))  # in the tail where it is small
        came = (self.times * np.log(np.maximum(inside, LEAST))).sum()
        return float(came + (self.waiting * log_ndtr(-place(self.so_far - 0.5))).sum())

    def guess(self, name: str) -> float:
        """Mean and scatter of those that came in."""
        mean = max(float(np.average(self.days, weights=self.times)), 0.3)
        if name == self.mean:
            return mean
        variance = float(np.average((self.days - mean) ** 2, weights=self.times))
        return float(np.clip(np.sqrt(variance) / mean, 0.05, 3.0))


def lead_times(tables: SupplyTables, lanes: Mapping[str, tuple[Number, Number]], blueprint: Blueprint) -> Part:
    """Mean days and scatter of the lanes, for each name of a parameter from all lanes where it stands.

    lanes : the numbers of each lane's mean lead time in days and of its scatter (standard deviation over mean)
    A lead time counts the days from the evening of the order, or of leaving where the lane tells that, to the morning
    in which it comes in, less one. What is on its way tells that it takes longer than so far.
    """
    found = [_of_lane(tables, name, *numbers) for name, numbers in lanes.items()]
    return jointly(found, blueprint, FEWEST, "deliveries", _method)


def _of_lane(tables: SupplyTables, lane: str, mean: Number, scatter: Number) -> LeadTimes:
    sent = tables.deliveries[tables.deliveries["lane"] == lane]
    sent = sent[sent["ordered_on"] >= tables.since]
    left = sent["shipped_on"] if sent["shipped_on"].notna().any() else sent["ordered_on"]
    sent = sent.assign(left=left)[left.notna()]  # what has not left tells nothing of the way
    sent = sent.drop_duplicates(["delivery_id", "left", "received_on"])  # items that came together came once
    took = (sent["received_on"].fillna(tables.morning) - sent["left"]).dt.days - LATE_IN_THE_DAY
    came = sent["received_on"].notna()
    return LeadTimes(mean, scatter, *_counted(took[came]), *_counted(took[~came]))


def _counted(days: pd.Series) -> tuple[Ints, Ints]:
    values, times = np.unique(days.to_numpy(np.int64).clip(min=0), return_counts=True)
    return values, times.astype(np.int64)


def _method(found: Sequence[Telling], doubt: str) -> str:
    lanes = [one for one in found if isinstance(one, LeadTimes)]
    came, waiting = sum(one.rows for one in lanes), sum(int(one.waiting.sum()) for one in lanes)
    return (
        f"log-normal lead times in whole days by maximum likelihood: {came} deliveries ordered in the last year, "
        f"{waiting} on their way counted as longer than so far{doubt}"
    )
