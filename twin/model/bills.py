"""What an order needs: the materials of what it is to make, or the good itself that it takes from a shelf."""

from collections.abc import Callable, Mapping

import numpy as np

from twin.model.inputs import Values, Vectors
from twin.model.kernels import making as kernel
from twin.model.network import Network
from twin.spec.structure import Structure, kind_shares, number

NOTHING = -1


class Bills:
    """By kind of work, what a piece needs and where that lies.

    item_of  : the good that an order is for, -1 for none
    node_of  : on whose shelf lies what it takes when it begins; -1 where it takes nothing then
    made     : whether it is made to order
    """

    def __init__(self, structure: Structure, network: Network, produced: np.ndarray) -> None:
        """Of a business; produced : what is made for a shelf by each kind, whose materials the network takes."""
        kinds, w = list(structure.kinds.values()), network.wiring
        self.made, self.network = np.array([bool(one.makes) for one in kinds]), network
        goods = [one.makes or one.takes for one in kinds]
        self.item_of = np.array([w.place[good] if good else NOTHING for good in goods], np.int64)
        self.item_of = np.maximum(self.item_of, produced)
        shelves = [structure.network.materials_of(one.maker) if one.makes else one.shelf for one in kinds]
        self.node_of = np.array([w.node_names.index(name) if name else NOTHING for name in shelves], np.int64)
        rows = list[list[tuple[int, float]]]()
        for one, item in zip(kinds, self.item_of.tolist(), strict=True):
            of = slice(w.parts_from[item], w.parts_from[item + 1])
            parts = list(zip(w.parts[of].tolist(), w.counts[of].tolist(), strict=True)) if item >= 0 else []
            rows.append([(item, 1.0)] if one.takes else parts)
        self.first = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        self.parts = np.array([part for row in rows for part, _ in row], np.int64)
        self.counts = np.array([count for row in rows for _, count in row], float)

    def release(
        self, kind: np.ndarray, units: np.ndarray, is_new: np.ndarray, waits: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which orders find all that they need, and take it; what it costs, and the pieces taken by kind.

        is_new : whether it comes today;  waits : by kind, whether whoever finds too little waits
        """
        network, begins = self.network, np.zeros(len(kind), np.bool_)
        cost, used = np.zeros(len(kind)), np.zeros(len(self.made))
        release: Callable[..., None] = kernel.released
        release(
            kind, units, is_new, self.node_of, waits, self.first, self.parts, self.counts, network.unit_cost,
            network.cells, used, cost, begins,
        )  # fmt: skip
        return begins, cost, used

    def costs(self, kind: np.ndarray, units: np.ndarray) -> np.ndarray:
        """What that costs which so many pieces need."""
        cost, reckon = np.zeros(len(kind)), kernel.costs
        reckon(kind, units, self.first, self.parts, self.counts, self.network.unit_cost, cost)
        return cost


def usually_asked(structure: Structure, values: Values, vectors: Vectors, names: list[str]) -> Mapping[str, np.ndarray]:
    """How many pieces of each good a node is usually asked for by customers on a calendar day."""
    a_day = vectors.get("work_per_day")
    usual = float(len(vectors["replay_day"]) / len(vectors["replay_open"]) if a_day is None else a_day[0])
    shares, found = kind_shares(structure, values), dict[str, np.ndarray]()
    for name, kind in structure.kinds.items():
        if good := kind.makes or kind.takes:
            row = found.setdefault(kind.maker or kind.shelf, np.zeros(len(names)))
            pieces = number(1.0 if kind.units is None else kind.units, values)
            row[names.index(good)] += usual * shares.get(name, 0.0) * pieces
    return found
