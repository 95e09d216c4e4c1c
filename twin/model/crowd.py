"""The people of one segment as columns: what all kinds of customers have in common."""

import math
from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.acquisition import Acquisition
from twin.model.chance import Purpose
from twin.model.inputs import Values, Vectors
from twin.model.kernels import customers as kernel
from twin.model.orders import with_room
from twin.spec.structure import Segment

if TYPE_CHECKING:
    from twin.model.business import Business


class Crowd(mesa.Agent):
    """A segment of customers, a row each: who is still there, how often each comes, how satisfied each is.

    index : the segment's place among all segments; luck and names of its people differ from all others'
    """

    columns: tuple[str, ...] = ("alive", "rate", "satisfaction", "entity", "luck")

    def __init__(
        self,
        business: "Business",
        values: Values,
        vectors: Vectors,
        segment: Segment,
        index: int,
        active_share: float = 1.0,
    ) -> None:
        super().__init__(business)
        self.chance, self.values, self.segment, self.index = business.chance, values, segment, index
        self.vectors = own(vectors, index)
        self.count = len(self.vectors["customer_id"])
        self.offset = index * kernel.SEGMENT
        self.entity = self.offset + np.arange(self.count, dtype=np.int64)
        self.luck = np.empty(self.count, np.uint64)  # the start of each one's draws of coming
        kernel.lucks(self.chance[Purpose.BUYING], self.entity, self.luck)
        self.alive = np.ones(self.count, np.bool_)
        self.rate, self.satisfaction = np.zeros(self.count), np.ones(self.count)
        self.reference = 1.0
        self.acquisition = Acquisition(segment, values, active_share)

    def settle(self, rows: np.ndarray, outcomes: np.ndarray) -> None:
        """Start from the last recorded weeks: everyone from their mean, then each from their own orders."""
        mean = math.fsum(outcomes.tolist()) / len(outcomes) if len(outcomes) else 1.0
        self.satisfaction[:] = mean
        self.remember(rows, outcomes)
        self.begin()

    def begin(self) -> None:
        """Take today's satisfaction and number of customers as usual: what records tell was observed under these."""
        number, self.reference = self.active()
        self.acquisition.begin(number, self.reference)

    def remember(self, rows: np.ndarray, outcomes: np.ndarray) -> None:
        """What an order or a visit was like stays with its customer."""
        kernel.remembered(rows, outcomes, self.values["satisfaction_memory"], self.satisfaction)

    def active(self) -> tuple[int, float]:
        """How many customers there are, and how satisfied they are on average."""
        return kernel.active(self.count, self.alive, self.satisfaction)

    def income(self, day: int) -> float:
        """What customers pay that day for being customers: nothing, unless they have a contract."""
        return 0.0

    def grow(self, more: int) -> None:
        """Make room for so many more rows."""
        if self.count + more <= len(self.entity):
            return
        for name in self.columns:
            setattr(self, name, with_room(getattr(self, name), self.count + more))

    def welcome(self, joined: int) -> None:
        """So many more are customers, who have their rows already."""
        new = slice(self.count, self.count + joined)
        kernel.lucks(self.chance[Purpose.BUYING], self.entity[new], self.luck[new])
        self.count += joined

    def coming(self, day: int, appetite: float, response: float) -> np.ndarray:
        """Rows of the known customers who come today, as often as each comes.

        response : how much less often somebody comes who has lost all satisfaction
        """
        rows = np.empty(0, np.int64)
        number = 2 * self.count + 64
        while number > len(rows):
            rows = np.empty(number, np.int64)
            number = kernel.returning_orders(
                self.luck, day, self.count, self.alive, self.rate, self.satisfaction, self.reference, response,
                appetite, rows,
            )  # fmt: skip
        return rows[:number]


def own(vectors: Vectors, index: int) -> Vectors:
    """The vectors with only those customers that belong to one segment; all of them where there is but one."""
    if "customer_segment" not in vectors:
        return vectors
    mine = vectors["customer_segment"] == index
    return {name: vector[mine] if name.startswith("customer_") else vector for name, vector in vectors.items()}
