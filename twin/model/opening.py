"""How a supply chain stands on the first morning, where records tell it: shelves that were counted, open orders."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from twin.model.inputs import Vectors

NAMES = ("stock", "lane", "item", "pieces", "ordered", "left")


@dataclass(frozen=True)
class Opening:
    """What lies on the shelves and what was ordered and has not come in.

    stock   pieces, shape (nodes, items), nodes as the structure names them; nan where nobody counted
    lane, item, pieces  of each open order: its lane's place among those of the structure, what, and how much
    ordered, left  the days of these, before the first and so negative; 0 for what has not left yet
    """

    stock: np.ndarray
    lane: np.ndarray
    item: np.ndarray
    pieces: np.ndarray
    ordered: np.ndarray
    left: np.ndarray

    @classmethod
    def of(cls, vectors: Vectors) -> Self | None:
        """From the vectors `opening_stock`, `opening_lane` and so on; None where records do not tell."""
        if f"opening_{NAMES[0]}" not in vectors:
            return None
        return cls(*(vectors[f"opening_{name}"] for name in NAMES))
