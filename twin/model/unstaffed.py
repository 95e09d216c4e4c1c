"""A business without stations: whatever customers bring is done at once, at no cost of time or people."""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.callers import Callers
from twin.model.inputs import Values, Vectors
from twin.model.kernels.worth import ENDS, SOLD, WORTH
from twin.model.satisfaction import experience
from twin.records import WAIT_BINS

if TYPE_CHECKING:
    from twin.model.business import Business


class Unstaffed(mesa.Agent):
    """In place of the work, where customers, goods and money are to be played alone."""

    def __init__(self, business: "Business", values: Values) -> None:
        super().__init__(business)
        self.values = values

    def kinds_of(self, entity: np.ndarray, numbers: Values) -> np.ndarray:
        """There is one kind of work."""
        return np.zeros(len(entity), np.int64)

    def units_of(self, entity: np.ndarray, kind: np.ndarray, units: np.ndarray, numbers: Values) -> np.ndarray:
        """Nothing is made."""
        return units

    def conditions_of(self, entity: np.ndarray, kind: np.ndarray, numbers: Values) -> np.ndarray:
        """There is nothing to be found out."""
        return np.zeros(len(entity), np.int64)

    def booked(self, day: int, is_open: bool, numbers: Values) -> None:
        """There are no appointments."""

    def booked_expected(self, day: int) -> float:
        """Nobody has an appointment."""
        return 0.0

    def settle(self, vectors: Vectors) -> None:
        """There are no machines."""

    def day(self, day: int, is_open: bool, visits: Callers, numbers: Values) -> "DoneAtOnce":
        """A day on which nobody waits."""
        return DoneAtOnce(self, visits)


class DoneAtOnce:
    """What such a day was like."""

    wages = 0.0

    def __init__(self, unstaffed: Unstaffed, visits: Callers) -> None:
        self.unstaffed, self.visits = unstaffed, visits
        self.settled, self.standing = np.zeros((ENDS, WORTH)), np.zeros(WORTH)
        self.settled[SOLD] = visits.worth.sum(axis=0)  # exact in any order

    def experiences(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """For each segment, who came today and what it was like."""
        came, found = self.visits, []
        what = experience(self.unstaffed.values, missing=1.0 - came.fill)
        for segment in range(len(self.unstaffed.model.segments)):
            mine = (came.segment == segment) & (came.row >= 0)
            found.append((came.row[mine], what[mine]))
        return found

    def finished(self) -> tuple[np.ndarray, np.ndarray]:
        """Whose work was finished: all who came."""
        return self.visits.segment, self.visits.row

    def record(self) -> Values:
        """The day's fields."""
        return {"visits": float(len(self.visits)), "visits_finished": float(len(self.visits))}

    def waits(self) -> np.ndarray:
        """Nobody waits: all in the shortest bin."""
        histogram = np.zeros(WAIT_BINS)
        histogram[0] = len(self.visits)
        return histogram
