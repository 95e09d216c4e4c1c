"""The supply chain that engines play: a supplier, a warehouse and outlets, (s,S) everywhere, many items."""

from dataclasses import dataclass

import numpy as np

MEASURES = (
    "share met at once",
    "pieces on the outlets' shelves",
    "pieces at the warehouse",
    "orders of outlets, a day",
)


@dataclass(frozen=True)
class Chain:
    """What is played; all items are alike, and each has luck of its own.

    outlets, items, days : how many;  edge : days at the beginning that do not count
    mean : pieces of an item that are asked for at an outlet on a day (Poisson); who finds too little goes without
    low, high : s and S at an outlet, in pieces;  depot_low, depot_high : at the warehouse
    lead, scatter : days from supplier to warehouse, log-normal;  transport : days from there to an outlet
    """

    outlets: int = 19
    items: int = 500
    days: int = 365
    edge: int = 60
    mean: float = 2.0
    low: int = 8
    high: int = 20
    depot_low: int = 400
    depot_high: int = 900
    lead: float = 7.0
    scatter: float = 0.3
    transport: int = 2

    def demand(self, replication: int, items: int | None = None) -> np.ndarray:
        """What is asked for, shape (days, outlets, items); drawn by NumPy for every engine."""
        luck = np.random.default_rng([7, replication])
        return luck.poisson(self.mean, (self.days, self.outlets, items or self.items))

    @property
    def counted(self) -> int:
        """Days that count."""
        return self.days - self.edge
