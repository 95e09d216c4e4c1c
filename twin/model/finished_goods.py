"""Orders for what lies on a shelf: they take all of their pieces, wait for them, or go without."""

import math

import numpy as np

from twin.model.callers import Callers
from twin.model.inputs import Values
from twin.model.kernels import queues
from twin.model.kernels import supply_layout as at
from twin.model.network import Network
from twin.spec.structure import Structure

NOTHING = -1


class FinishedGoods:
    """The shelves from which orders are served, and who is served or turned away at once, without any station.

    An order is delivered whole: it gets all of its pieces or none. Where a node's unmet is 'backordered' it waits until
    all of them are there, and its pieces are owed until then; else it is lost.
    node_of, item_of, lost, at_once : by kind of work: from which shelf it takes what, -1 for none; whether it is lost
    where too little is there; whether it is handed over at once and goes to no station
    """

    def __init__(self, structure: Structure, network: Network) -> None:
        self.network, kinds, w = network, structure.kinds.values(), network.wiring
        self.node_of = np.array([w.node_names.index(one.shelf) if one.takes else NOTHING for one in kinds], np.int64)
        self.item_of = np.array([w.place[one.takes] if one.takes else NOTHING for one in kinds], np.int64)
        self.lost = np.array([bool(one.takes) and structure.nodes[one.shelf].unmet == "lost" for one in kinds])
        self.at_once = np.array([not one.start for one in kinds])
        self.left: list[np.ndarray] = []  # who has ended today without a station

    @property
    def kinds(self) -> np.ndarray:
        """Of each kind of work, whether it is for what lies on a shelf."""
        return np.asarray(self.node_of >= 0)

    def serve(self, orders: Callers, is_new: np.ndarray, begins: np.ndarray) -> np.ndarray:
        """Book what orders asked for and got on a day; returns which of them are lost."""
        mine = self.kinds[orders.kind]
        if not mine.any():
            return mine
        waited, lost = mine & ~is_new & begins, mine & is_new & ~begins & self.lost[orders.kind]
        booked = {at.DEMANDED: mine & is_new, at.MET: mine & is_new & begins, at.FILLED_LATE: waited, at.LOST: lost}
        for column, which in booked.items():
            np.add.at(self.network.book[:, column], self.node_of[orders.kind[which]], orders.units[which])
        return lost

    def owe(self, waiting: Callers) -> None:
        """Those who wait are owed their pieces, for as long as they wait."""
        kinds, owed = self.kinds, self.network.cells[at.OWED]
        owed[self.node_of[kinds], self.item_of[kinds]] = 0.0
        mine = kinds[waiting.kind]
        np.add.at(owed, (self.node_of[waiting.kind[mine]], self.item_of[waiting.kind[mine]]), waiting.units[mine])

    def put_back(self, kind: np.ndarray, units: np.ndarray) -> None:
        """What orders had taken that are given up lies on its shelf again."""
        np.add.at(self.network.cells[at.STOCK], (self.node_of[kind], self.item_of[kind]), units)

    def leave(self, orders: Callers, tags: np.ndarray, minute: np.ndarray, how: int) -> None:
        """These end now, without any station: served, or turned away."""
        if len(orders):
            ended = np.zeros(len(orders), queues.ENDED)
            ended["tag"], ended["entity"], ended["kind"], ended["how"] = tags, orders.entity, orders.kind, how
            ended["ended"], ended["condition"], ended["result"] = minute, orders.condition, NOTHING
            self.left.append(ended)

    def joined(self, ended: np.ndarray) -> np.ndarray:
        """Work that ended at the stations today, and these, in order of ending."""
        if not self.left:
            return ended
        every = np.concatenate([ended, *self.left])
        self.left = []
        return every[np.argsort(every["ended"], kind="stable")]

    def record(self) -> Values:
        """The pieces that were asked for and delivered at once, at all shelves."""
        book = self.network.book
        return {
            "units_demanded": math.fsum(book[:, at.DEMANDED].tolist()),
            "units_shipped": math.fsum(book[:, at.MET].tolist()),
        }
