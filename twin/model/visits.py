"""Visits that come to a business by themselves: when, for what, and with what hidden condition."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.errors import TwinError
from twin.model.chance import Purpose, key
from twin.model.kernels import arrivals as kernel

MINUTES = 1440.0


@dataclass(frozen=True)
class Visits:
    """Those who come, one a row, in order of time.

    minute   on the clock of the floor;  entity : whose luck a visit has: one number for each visit
    kind     of work, as a number;  condition : 1 where there is what a station may test for
    units    of work, such as lines of an order
    """

    minute: np.ndarray
    entity: np.ndarray
    kind: np.ndarray
    condition: np.ndarray
    units: np.ndarray

    def __len__(self) -> int:
        return len(self.minute)


def poisson_visits(
    rate_per_minute: float,
    *,
    days: float | None = None,
    count: int | None = None,
    seed: int = 1,
    replication: int = 0,
    shares: Sequence[float] = (1.0,),
    condition_shares: Sequence[float] = (0.0,),
) -> Visits:
    """Visits at random moments at a steady rate: so many, or all of so many days.

    shares : of the kinds of work, in the order of the structure;  condition_shares : who has the condition, by kind
    Raises TwinError unless the rate is positive and one of days and count is given.
    """
    if not rate_per_minute > 0.0:
        raise TwinError(f"The rate of arrivals is {rate_per_minute:g} a minute; it must be more than zero.")
    if (days is None) == (count is None):
        raise TwinError("Give either the number of days or the number of visits.")
    moments = key(seed, replication, Purpose.ARRIVAL_TIME)
    if count is not None:
        minute = np.empty(count)
        kernel.moments(moments, 0, 0.0, rate_per_minute, np.inf, minute)
    else:
        minute = _until(moments, rate_per_minute, float(days or 0.0) * MINUTES)
    number = len(minute)
    kind, condition = np.zeros(number, np.int64), np.zeros(number, np.int64)
    if len(shares) > 1:
        kernel.kinds(key(seed, replication, Purpose.KIND), np.array(shares, float), kind)
    if any(condition_shares):
        has = np.zeros(len(shares))
        has[: len(condition_shares)] = condition_shares
        kernel.conditions(key(seed, replication, Purpose.CONDITION), has, kind, condition)
    return Visits(minute, np.arange(number), kind, condition, np.ones(number))


def _until(stem: np.uint64, rate: float, end: float) -> np.ndarray:
    """Moments before `end`; more room is made until they fit."""
    room = int(rate * end + 6.0 * (rate * end) ** 0.5) + 16
    minute = np.empty(room)
    found = kernel.moments(stem, 0, 0.0, rate, end, minute)
    while found == len(minute):
        more = np.empty(len(minute))
        found += kernel.moments(stem, found, minute[-1], rate, end, more)
        minute = np.concatenate([minute, more])
    return minute[:found]
