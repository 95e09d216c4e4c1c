"""The chain in SimPy: shelves are containers; every outlet, delivery and transport is a process.

Orders of one evening are served in their order. The others let them share by lot, piece by piece, which raises the
share met at once by 0.02 points, a tenth of what is told here.
"""

from collections.abc import Generator
from random import Random

import simpy
from simpy.events import Event

from bench.chain import Chain
from bench.peers.plain_chain import lead_days

MORNING, NOON, EVENING, NIGHT = 0.1, 0.3, 0.6, 0.9
Process = Generator[Event, object, None]


def played(chain: Chain, seed: int, items: int) -> tuple[float, ...]:
    """One replication, item by item, since they do not touch each other; its measures."""
    demand, luck = chain.demand(seed, items), Random(seed)
    totals, cells = [0.0] * 5, chain.counted * items
    for item in range(items):
        Item(chain, luck, demand[:, :, item].tolist(), totals).env.run(until=chain.days)
    asked, met, shelf, store, orders = totals
    return met / asked, shelf / cells / chain.outlets, store / cells, orders / cells / chain.outlets


class Item:
    """The whole chain of one item; adds to pieces asked, met, on shelves, in store, and orders."""

    def __init__(self, chain: Chain, luck: Random, demand: list[list[int]], totals: list[float]) -> None:
        self.chain, self.luck, self.demand, self.totals, self.env = chain, luck, demand, totals, simpy.Environment()
        self.depot = simpy.Container(self.env, init=chain.depot_high)
        self.shelves = [simpy.Container(self.env, init=chain.high) for _ in range(chain.outlets)]
        self.coming, self.depot_coming, self.owing = [0] * chain.outlets, 0, 0
        for n in range(chain.outlets):
            self.env.process(self.outlet(n))
        self.env.process(self.warehouse())

    def outlet(self, n: int) -> Process:
        """Sells by day and orders when low."""
        shelf = self.shelves[n]
        yield self.env.timeout(NOON)
        for day in range(self.chain.days):
            given = min(self.demand[day][n], shelf.level)
            if given:
                yield shelf.get(given)
            orders = shelf.level + self.coming[n] <= self.chain.low
            if orders:
                pieces = self.chain.high - shelf.level - self.coming[n]
                self.coming[n] += pieces
                self.owing += pieces
                self.env.process(self.transport(n, pieces))
            if day >= self.chain.edge:
                for place, number in ((0, self.demand[day][n]), (1, given), (2, shelf.level), (4, orders)):
                    self.totals[place] += number
            yield self.env.timeout(1.0)

    def transport(self, n: int, pieces: int) -> Process:
        """An order of an outlet, sent evening by evening as far as the warehouse can."""
        yield self.env.timeout(EVENING - NOON)
        while pieces:
            sent = min(pieces, int(self.depot.level))
            if sent:
                yield self.depot.get(sent)
                pieces -= sent
                self.owing -= sent
                self.env.process(self.arrival(n, sent))
            if pieces:
                yield self.env.timeout(1.0)

    def arrival(self, n: int, pieces: int) -> Process:
        """Pieces on their way to an outlet."""
        yield self.env.timeout(1 + self.chain.transport - EVENING + MORNING)
        self.coming[n] -= pieces
        yield self.shelves[n].put(pieces)

    def warehouse(self) -> Process:
        """Orders from the supplier when low."""
        yield self.env.timeout(NIGHT)
        for day in range(self.chain.days):
            position = self.depot.level + self.depot_coming - self.owing
            if position <= self.chain.depot_low:
                self.depot_coming += self.chain.depot_high - position
                self.env.process(self.delivery(self.chain.depot_high - position, lead_days(self.chain, self.luck)))
            self.totals[3] += self.depot.level if day >= self.chain.edge else 0
            yield self.env.timeout(1.0)

    def delivery(self, pieces: int, days: int) -> Process:
        """Pieces on their way from the supplier."""
        yield self.env.timeout(1 + days - NIGHT + MORNING)
        self.depot_coming -= pieces
        yield self.depot.put(pieces)
