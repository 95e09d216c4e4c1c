"""Production for shelves: what a node orders again is made at stations, and lies on its shelf when it is finished."""

from collections.abc import Callable

import numpy as np

from twin.model.callers import UNCUT, Callers
from twin.model.chance import entity
from twin.model.inputs import Values
from twin.model.kernels import callers as kernel
from twin.model.network import Network
from twin.spec.structure import Structure

NOBODY, NOTHING = -1, -1
NODE, ITEM, PIECES, DAY = range(4)  # columns of what the network hands out


class Production:
    """All orders to make something for a shelf, from the evening on which they are placed until they are finished.

    An order takes its materials in the evening on which all of them are there, orders of customers coming first, and
    is at its first station the next morning. Its luck belongs to its kind of work and the day on which it was placed.

    node_of, item_of : of each kind of work, whose shelf it is for and what it makes; -1 where it is for none
    in_work          : the kind of each order that is at the stations, by its tag
    """

    def __init__(self, structure: Structure, network: Network) -> None:
        self.network, kinds, w = network, list(structure.kinds), network.wiring
        self.node_of, self.item_of = np.full(len(kinds), NOTHING), np.full(len(kinds), NOTHING)
        for kind, node in structure.produced.items():
            (good,) = structure.network.kept(node)
            self.node_of[kinds.index(kind)], self.item_of[kinds.index(kind)] = w.node_names.index(node), w.place[good]
        self.kind_at = {int(node): kind for kind, node in enumerate(self.node_of) if node >= 0}
        self.names = np.array([entity(name) for name in kinds], np.int64)
        self.released, self.in_work = np.zeros((0, 4)), dict[int, int]()
        self.placed = self.waiting = 0.0

    @property
    def kinds(self) -> np.ndarray:
        """Of each kind of work, whether it is for a shelf."""
        return np.asarray(self.node_of >= 0)

    @property
    def kind(self) -> np.ndarray:
        """Of what has its materials and begins next morning, the kind of work."""
        return np.array([self.kind_at[int(node)] for node in self.released[:, NODE]], np.int64)

    def begun(self, minute: float) -> Callers:
        """The morning: what got its materials last evening comes to its first station."""
        kind, count = self.kind, len(self.released)
        numbers, nobody = np.empty(count, np.int64), np.full(count, NOBODY)
        for n, (name, day) in enumerate(zip(self.names[kind], self.released[:, DAY].astype(np.int64), strict=True)):
            kernel.numbered(name[None], day, nobody[n : n + 1], numbers[n : n + 1])
        none = np.zeros(count, np.int64)
        units, self.released = self.released[:, PIECES].copy(), np.zeros((0, 4))
        return Callers(numbers, np.full(count, minute), kind, none, units, nobody, nobody, np.full(count, UNCUT))

    def finish(self, day: int, kind: int, good: float, scrap: float) -> None:
        """An order has left its last station: what is good lies on the shelf next morning."""
        self.network.finished(day, int(self.node_of[kind]), int(self.item_of[kind]), good, scrap)

    def evening(self) -> None:
        """What the network has placed, and what of all that waited got its materials."""
        self.released, self.placed = self.network.orders_out.copy(), self.network.placed_to_make
        self.waiting += self.placed - len(self.released)

    def stand(self, units: np.ndarray, came: Callable[[int], int], short: dict[int, int]) -> None:
        """The first morning after days that were played as recorded: what is open then is on order again.

        units : pieces by tag;  came : on which day;  short : the kind of each that waits for materials, by tag
        """
        for orders, released in ((self.in_work, True), (short, False)):
            for tag, kind in orders.items():
                node, item = int(self.node_of[kind]), int(self.item_of[kind])
                self.network.take_up(node, item, float(units[tag]), came(tag), released)
        self.waiting = float(len(short))

    def record(self) -> Values:
        """The day's production orders, and how many are open in the evening."""
        every = self.waiting + len(self.released) + len(self.in_work)
        return {
            "production_orders": self.placed,
            "production_orders_open": every,
            "production_orders_short": self.waiting,
        }
