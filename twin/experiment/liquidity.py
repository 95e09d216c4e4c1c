"""Whether a business runs out of cash: in how many plays, and when."""

from dataclasses import dataclass

import numpy as np

from twin.records import COLUMN


@dataclass(frozen=True)
class Shortfall:
    """In how many of all plays cash falls below zero, and on which day it first does so in the middle one of these.

    day : 0 is the first of those played
    """

    plays: int
    of: int
    day: int


def shortfall(days: np.ndarray) -> Shortfall | None:
    """The first evening without cash; None where no play has one, or where the first day begins without.

    days : records of shape (replications, days, fields)
    """
    empty = days[:, :, COLUMN["cash"]] < 0.0
    short = empty.any(axis=1)
    if not short.any() or empty[:, 0].all():
        return None
    first = np.sort(empty[short].argmax(axis=1))
    return Shortfall(int(short.sum()), len(days), int(first[(len(first) - 1) // 2]))
