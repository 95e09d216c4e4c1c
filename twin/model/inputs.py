"""What a business starts from: plain numbers and arrays, nothing that knows where they came from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from twin.spec.structure import Structure

Values = dict[str, float]
Vectors = dict[str, np.ndarray]


@dataclass(frozen=True)
class Inputs:
    """Everything about a business that does not change from replication to replication.

    structure      what the business consists of; its numbers name values
    values         every number of the template by name, as estimated or assumed
    vectors        what was estimated by customer, item, hour and recorded order (see docs/model.md)
    open_days      whether the business is open, for each day of the horizon, shape (days,)
    months         calendar month of each day, January is 0, shape (days,)
    first_weekday  of the horizon's first day, Monday is 0
    paths          expected orders or visits by path and day, shape (paths, days)
    """

    structure: Structure
    values: Values
    vectors: Vectors
    open_days: np.ndarray
    months: np.ndarray
    first_weekday: int
    paths: np.ndarray

    @property
    def days(self) -> int:
        """How many days are played."""
        return len(self.open_days)


@dataclass(frozen=True)
class Plan:
    """What the levers are on each day of one replication.

    levers        by name, shape (days,)
    item_prices   price against today's by item, shape (days, items), or None where no single price changes
    """

    levers: Vectors
    item_prices: np.ndarray | None = None

    def on(self, day: int) -> Values:
        """The levers of one day; days that follow each other without a change have the very same ones."""
        return self._days[day]

    @cached_property
    def _days(self) -> list[Values]:
        found, before = list[Values](), None
        for numbers in zip(*(values.tolist() for values in self.levers.values()), strict=True):
            found.append(found[-1] if numbers == before else dict(zip(self.levers, numbers, strict=True)))
            before = numbers
        return found


@dataclass
class Outcome:
    """What one replication brought: a record a day, and waits by length.

    days, waits  shapes (days, fields) and (days, bins), columns as in twin.records
    dry_from     of each item at each place, the first evening, from 1, of the first time that its shelf was empty for a
                 week or longer; 0: never, -1: not kept there. Shape (nodes, items), empty where nothing has a shelf
    """

    days: np.ndarray
    waits: np.ndarray
    dry_from: np.ndarray
