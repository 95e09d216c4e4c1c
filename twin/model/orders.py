"""The orders of a day, as columns in order of time."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Orders:
    """One day's orders.

    row     of the buyer among the customers, -1 for an anonymous buyer
    entity  the buyer's stable name; nth is the order's place among that buyer's orders of the day
    minute  of the calendar day; lines of the order; size of its quantities against the usual
    joined  how many became customers today, whether or not they ordered
    """

    row: np.ndarray
    entity: np.ndarray
    nth: np.ndarray
    minute: np.ndarray
    lines: np.ndarray
    size: np.ndarray
    returning: int = 0
    new: int = 0
    anonymous: int = 0
    joined: int = 0

    @classmethod
    def empty(cls, number: int, returning: int = 0, new: int = 0, anonymous: int = 0, joined: int = 0) -> "Orders":
        """Room for so many orders, of one piece of work each."""
        row, entity, nth, lines = np.empty((4, number), np.int64)
        minute, size = np.empty((2, number))
        lines[:], size[:] = 1, 1.0
        return cls(row, entity, nth, minute, lines, size, returning, new, anonymous, joined)

    def __len__(self) -> int:
        return len(self.minute)


def with_room(column: np.ndarray, number: int) -> np.ndarray:
    """The same column with room for at least `number` rows."""
    if number <= len(column):
        return column
    longer = np.zeros((max(number, 2 * len(column) + 256), *column.shape[1:]), column.dtype)
    longer[: len(column)] = column
    return longer
