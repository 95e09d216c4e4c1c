"""The chain as one would first write it: lists, dicts, and loops over days, outlets and items."""

import math
from collections import Counter, defaultdict
from random import Random

from bench.chain import Chain


class Played:
    """One replication of the chain."""

    def __init__(self, chain: Chain, seed: int, items: int) -> None:
        self.chain, self.luck, self.items = chain, Random(seed), items
        self.stock = [[chain.high] * items for _ in range(chain.outlets)]
        self.on_order = [[0] * items for _ in range(chain.outlets)]
        self.depot, self.depot_on_order = [chain.depot_high] * items, [0] * items
        self.waiting: list[list[list[int]]] = [[] for _ in range(items)]  # day, outlet, pieces
        self.to_depot: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.to_outlet: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self.asked = self.met = self.shelf = self.store = self.orders = 0
        for day, demand in enumerate(chain.demand(seed, items).tolist()):
            self.receive(day)
            for outlet in range(chain.outlets):
                self.sell(outlet, day, demand[outlet])
            for item in range(items):
                self.supply(item, day)
                self.store += self.depot[item] if day >= chain.edge else 0

    def receive(self, day: int) -> None:
        """What is due."""
        for item, pieces in self.to_depot.pop(day, ()):
            self.depot[item] += pieces
            self.depot_on_order[item] -= pieces
        for outlet, item, pieces in self.to_outlet.pop(day, ()):
            self.stock[outlet][item] += pieces
            self.on_order[outlet][item] -= pieces

    def sell(self, outlet: int, day: int, demand: list[int]) -> None:
        """A day of an outlet."""
        counts = day >= self.chain.edge
        here, coming, low, high = self.stock[outlet], self.on_order[outlet], self.chain.low, self.chain.high
        for item in range(self.items):
            wanted = demand[item]
            given = min(here[item], wanted)
            here[item] -= given
            if counts:
                self.asked += wanted
                self.met += given
                self.shelf += here[item]
            if here[item] + coming[item] <= low:
                pieces = high - here[item] - coming[item]
                coming[item] += pieces
                self.waiting[item].append([day, outlet, pieces])
                self.orders += counts

    def supply(self, item: int, day: int) -> None:
        """The evening of the warehouse."""
        chain, waiting = self.chain, self.waiting[item]
        position = self.depot[item] + self.depot_on_order[item] - sum(pieces for _, _, pieces in waiting)
        if position <= chain.depot_low:
            self.depot_on_order[item] += chain.depot_high - position
            self.to_depot[day + 1 + lead_days(chain, self.luck)].append((item, chain.depot_high - position))
        while waiting and self.depot[item]:
            self.send(item, day, [order for order in waiting if order[0] == waiting[0][0]])
            self.waiting[item] = waiting = [order for order in waiting if order[2]]

    def send(self, item: int, day: int, orders: list[list[int]]) -> None:
        """What is there, to orders of one day: where it is too little for all, they share by lot, piece by piece."""
        there, wanted = self.depot[item], [order[2] for order in orders]
        if sum(wanted) > there:
            lots = Counter(self.luck.sample(range(len(orders)), there, counts=wanted))
            wanted = [lots[n] for n in range(len(orders))]
        for order, sent in zip(orders, wanted, strict=True):
            if sent:
                self.depot[item] -= sent
                self.to_outlet[day + 1 + self.chain.transport].append((order[1], item, sent))
                order[2] -= sent


def played(chain: Chain, seed: int, items: int) -> tuple[float, ...]:
    """One replication; its measures."""
    one, cells = Played(chain, seed, items), chain.counted * items
    return one.met / one.asked, one.shelf / cells / chain.outlets, one.store / cells, one.orders / cells / chain.outlets


def lead_days(chain: Chain, luck: Random) -> int:
    """Whole days from supplier to warehouse."""
    variance = math.log(1.0 + chain.scatter**2)
    time = luck.lognormvariate(math.log(chain.lead) - variance / 2.0, math.sqrt(variance))
    return math.floor(time + 0.5)
