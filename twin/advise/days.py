"""The days of a business as they were, and what is measured of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.spec.measures import Measure


@dataclass(frozen=True)
class Days:
    """Every complete day of a business, in order without gaps.

    open   : on which days anything came in
    fields : what was observed, by the name that it has in the record of a day
    """

    day: list[date]
    open: np.ndarray
    fields: Mapping[str, np.ndarray]

    def total(self, field: str) -> float:
        """All of a field."""
        return float(np.sum(self.fields[field]))

    def hold(self, measure: Measure) -> bool:
        """Whether a measure can be worked out from what was observed."""
        return measure.top in self.fields and (not measure.bottom or measure.bottom in self.fields)

    def by_block(self, measure: Measure, size: int) -> np.ndarray:
        """A measure over each `size` days that follow each other; the number of days is a multiple of it."""
        return self.blocks(measure.top, size) if not measure.bottom else self._share(measure, size)

    def blocks(self, field: str, size: int) -> np.ndarray:
        """The mean of a field over each `size` days."""
        found: np.ndarray = np.asarray(self.fields[field], dtype=float).reshape(-1, size).mean(axis=1)
        return found

    def _share(self, measure: Measure, size: int) -> np.ndarray:
        above, below = self.blocks(measure.top, size), self.blocks(measure.bottom, size)
        return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)

    def cut(self, first: int, last: int) -> "Days":
        """The days from one place up to another, which is not among them."""
        part = slice(first, last)
        return Days(self.day[part], self.open[part], {name: values[part] for name, values in self.fields.items()})
