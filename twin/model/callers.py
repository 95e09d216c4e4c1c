"""Callers: who comes with what work, as columns in order of time, and what is known of them while it is open."""

import math
from dataclasses import dataclass, field

import numpy as np

from twin.model.kernels import callers as kernel
from twin.model.kernels.worth import ENDS, WORTH, settled
from twin.model.orders import Orders, with_room

NOBODY = -1
UNCUT = 1.0
WORTHLESS = np.empty((0, WORTH))
NO_ORDERS = np.empty(0, np.int64)


@dataclass
class Callers:
    """One day's work.

    entity   a stable number of each visit, for its luck
    minute   of the calendar day
    kind     place among the kinds of work; units of the work, such as lines of an order
    segment  place among the segments of customers; row of the customer there, -1 for somebody unknown
    fill     which share of what was asked for could be delivered
    worth    what its goods will bring and what they cost (kernels/worth.py); nothing where it is no order
    order    its place among the day's orders, -1 where it is none
    """

    entity: np.ndarray
    minute: np.ndarray
    kind: np.ndarray
    condition: np.ndarray
    units: np.ndarray
    segment: np.ndarray
    row: np.ndarray
    fill: np.ndarray
    worth: np.ndarray = field(default_factory=lambda: WORTHLESS)
    order: np.ndarray = field(default_factory=lambda: NO_ORDERS)

    def __post_init__(self) -> None:
        if len(self.worth) != len(self.minute):
            self.worth = np.zeros((len(self.minute), WORTH))
        if len(self.order) != len(self.minute):
            self.order = np.full(len(self.minute), NOBODY)

    def __len__(self) -> int:
        return len(self.minute)

    @classmethod
    def nobody(cls) -> "Callers":
        """No work at all."""
        whole = (np.empty(0, np.int64) for _ in range(5))
        entity, kind, condition, segment, row = whole
        return cls(entity, np.empty(0), kind, condition, np.empty(0), segment, row, np.empty(0))

    def chosen(self, which: np.ndarray) -> "Callers":
        """Some of them: flags, or places in the order in which they are wanted."""
        return Callers(**{name: values[which] for name, values in self.__dict__.items()})

    def joined(self, other: "Callers | None") -> "Callers":
        """Both, in order of time; at the same minute these come first."""
        if other is None or not len(other):
            return self
        columns = {name: np.concatenate([values, getattr(other, name)]) for name, values in self.__dict__.items()}
        order = np.argsort(columns["minute"], kind="stable")
        return Callers(**{name: values[order] for name, values in columns.items()})


def following(first: Callers, then: Callers) -> Callers:
    """Both, one after the other, whatever the time."""
    return Callers(**{name: np.concatenate([values, getattr(then, name)]) for name, values in first.__dict__.items()})


def merged(parts: list[Orders]) -> tuple[Orders, np.ndarray]:
    """What all segments bring on a day, in order of time, with the place of each one's segment."""
    if len(parts) == 1:
        return parts[0], np.zeros(len(parts[0]), np.int64)
    segment = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    order = np.argsort(np.concatenate([part.minute for part in parts]), kind="stable")
    row, entity, nth, minute, lines, size = (
        np.concatenate([getattr(part, name) for part in parts])[order]
        for name in ("row", "entity", "nth", "minute", "lines", "size")
    )
    counts = [
        int(math.fsum(getattr(part, name) for part in parts)) for name in ("returning", "new", "anonymous", "joined")
    ]
    return Orders(row, entity, nth, minute, lines, size, *counts), segment[order]


class Open:
    """Whose work is open, under numbers that are used again when it is finished, unless somebody follows it.

    worth : of each (kernels/worth.py); standing : of all that is open together
    """

    def __init__(self, again: bool = True) -> None:
        self.again = again
        self.segment, self.row, self.fill = np.zeros(1024, np.int64), np.zeros(1024, np.int64), np.zeros(1024)
        self.worth, self.standing = np.zeros((1024, WORTH)), np.zeros(WORTH)
        self.free = np.empty(0, np.int64)
        self.used = 0

    def noted(self, visits: Callers) -> np.ndarray:
        """A number for each visit."""
        count, used = len(visits), self.used
        again, tags = min(count, len(self.free)), np.empty(count, np.int64)
        self.used += count - again
        if self.used > len(self.row):
            self.segment, self.row, self.fill, self.worth = (
                with_room(column, self.used) for column in (self.segment, self.row, self.fill, self.worth)
            )
        kernel.noted(
            self.free, used, visits.segment, visits.row, visits.fill, visits.worth, tags, self.segment, self.row,
            self.fill, self.worth, self.standing,
        )  # fmt: skip
        self.free = self.free[again:]
        return tags

    def settled(self, ended: np.ndarray) -> np.ndarray:
        """What the work was worth that ended: of what was finished, given up and scrapped."""
        sums = np.zeros((ENDS, WORTH))
        settled(ended, self.worth, sums, self.standing)
        return sums

    def closed(self, tags: np.ndarray) -> None:
        """These numbers may be used again."""
        if self.again:
            self.free = np.concatenate([self.free, np.sort(tags)])
