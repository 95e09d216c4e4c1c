"""Make the records of a fictional supply chain, of which every true number is known (truth.toml).

An independent simulation in plain Python and NumPy that shares no code with the twin, so that what the twin
estimates from the records can be held against the truth. Written again with `python data/supply-chain/generate.py`.
"""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # the module beside the folders of the businesses

import fictional  # noqa: E402
from fictional import Truth, day_factors, log_normal, luck  # noqa: E402

DEPOT = "depot"
NOTE = (
    "Fictional records of a supply chain that does not exist, made by data/supply-chain/generate.py of Understudy "
    "from the numbers in truth.toml. No person or company is described. CC0 1.0: no rights reserved."
)
SCHEMAS = {
    "items": {"item_id": pa.string(), "description": pa.string(), "price": pa.float64()},
    "order_lines": {
        "order_id": pa.string(),
        "ordered_at": pa.timestamp("s"),
        "item_id": pa.string(),
        "quantity": pa.int32(),
        "price": pa.float64(),
        "site": pa.string(),
        "shipped": pa.int32(),
    },
    "deliveries": {
        "delivery_id": pa.string(),
        "lane": pa.string(),
        "item_id": pa.string(),
        "ordered_on": pa.date32(),
        "shipped_on": pa.date32(),
        "received_on": pa.date32(),
        "quantity": pa.int32(),
        "received": pa.int32(),
    },
    "stock_counts": {"day": pa.date32(), "node": pa.string(), "item_id": pa.string(), "quantity": pa.int32()},
}


@dataclass(frozen=True)
class Item:
    """Something that is sold: how often, how many at a time, at what price, and how the depot buys it."""

    code: str
    supplier: str
    share: float  # of all lines
    mean_pieces: float
    price: float
    pack: int
    minimum: int


def items(truth: Truth) -> list[Item]:
    """Everything that is sold."""
    told, draws, number = truth["goods"], luck(truth, 0), truth["items"]
    rank = draws.permutation(number)
    popular = 1 / (rank + told["popularity_offset"]) ** told["popularity_power"]
    local = round(truth["parameters"]["mill_items_share"] * number)
    suppliers = np.where(draws.permutation(number) < local, "mill", "importer")
    found = []
    for n in range(number):
        price = round(20 * log_normal(draws, told["price_mean"], told["price_scatter"])) / 20
        mean, pack, least = (told[name][draws.randint(len(told[name]))] for name in ("quantity", "packs", "minimum"))
        share = float(popular[n] / popular.sum())
        found.append(Item(f"{40001 + n}", str(suppliers[n]), share, mean, max(price, 0.5), pack, least))
    return found


def usual_demand(truth: Truth, goods: list[Item]) -> dict[str, np.ndarray]:
    """Pieces of each item that are asked for on an average day, at each outlet and at all of them."""
    numbers, lines = truth["parameters"], truth["orders"]["lines"]
    per_day = numbers["orders_per_day"] * sum((n + 1) * share for n, share in enumerate(lines))
    pieces = per_day * drawn_shares(truth, goods) * np.array([item.mean_pieces for item in goods])
    return {DEPOT: pieces} | {site: pieces * numbers[share] for site, share in truth["sites"].items()}


def drawn_shares(truth: Truth, goods: list[Item]) -> np.ndarray:
    """Which share of all lines is of each item: near its share of draws, for no order has an item twice."""
    share = np.array([item.share for item in goods])
    lines = truth["orders"]["lines"]
    first, after = share.copy(), share.copy()
    total = first * 1.0
    reached = 1.0
    for n in range(1, len(lines)):
        after = after * (1 - first)
        first = after / after.sum()
        reached -= lines[n - 1]
        total += reached * first
    return total / total.sum()


@dataclass
class Node:
    """A place with shelves: what lies there and what is ordered but not there yet, by item."""

    name: str
    reorder: np.ndarray
    up_to: np.ndarray
    stock: np.ndarray
    on_order: np.ndarray


@dataclass
class Delivery:
    """Some pieces of an item on a lane; parts of an order that leave apart are deliveries of their own."""

    lane: str
    item: int
    ordered: int
    pieces: int
    shipped: int | None = None
    due: int | None = None


@dataclass
class Chain:
    """Two suppliers, a depot and outlets, day after day."""

    truth: Truth
    goods: list[Item]
    nodes: dict[str, Node] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    due: dict[int, list[Delivery]] = field(default_factory=dict)
    waiting: dict[int, list[Delivery]] = field(default_factory=dict)  # at the depot, by item, first come first
    orders: int = 0
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    counts: list[tuple[int, str, list[int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.numbers, self.sites = self.truth["parameters"], list(self.truth["sites"])
        self.draws, self.ways = luck(self.truth, 1), luck(self.truth, 2)
        usual = usual_demand(self.truth, self.goods)
        for name, daily in usual.items():
            kind = "depot" if name == DEPOT else "outlet"
            low = np.ceil(self.numbers[f"{kind}_reorder_point"] * daily).astype(int)
            high = np.ceil(self.numbers[f"{kind}_order_up_to_level"] * daily).astype(int)
            stock = low + np.floor(self.ways.random_sample(len(low)) * (high - low + 1)).astype(int)
            self.nodes[name] = Node(name, low, high, stock, np.zeros(len(low), int))
        share = np.array([self.numbers[self.truth["sites"][site]] for site in self.sites])
        self.where = np.cumsum(share) / share.sum()
        self.which = np.cumsum([item.share for item in self.goods])
        self.many = np.cumsum(self.truth["orders"]["lines"])
        self.hours = {name: np.cumsum(told) / sum(told) for name, told in self.truth["hours"].items()}

    def play(self, day: int, date_: date, factor: float) -> None:
        """A day: goods come in, customers buy, and in the evening everybody orders again."""
        for delivery in self.due.pop(day, []):
            self.receive(delivery)
        for item in list(self.waiting):
            self.send(day, item)
        self.sell(day, date_, factor)
        for site in self.sites:
            self.review(day, self.nodes[site])
        self.review(day, self.nodes[DEPOT])
        last = date_ == self.truth["last_day"]
        if day >= 0 and (date_.day == 1 or last):
            self.counts += [(day, node.name, node.stock.tolist()) for node in self.nodes.values()]

    def receive(self, delivery: Delivery) -> None:
        """Put what comes in on the shelf."""
        node = self.nodes[delivery.lane.split("_")[1]]
        node.stock[delivery.item] += delivery.pieces
        node.on_order[delivery.item] -= delivery.pieces

    def sell(self, day: int, date_: date, factor: float) -> None:
        """Customers come in order of time; what is not there is not sold, and nobody comes back for it."""
        draws = self.draws
        shape = self.hours["weekend" if date_.weekday() >= 5 else "weekday"]
        number = draws.poisson(self.numbers["orders_per_day"] * factor)
        hour = np.searchsorted(shape, draws.random_sample(number), side="right")
        minutes = np.sort(hour * 60 + np.floor(draws.random_sample(number) * 60).astype(int))
        for minute in minutes.tolist():
            site = self.sites[int(np.searchsorted(self.where, draws.random_sample(), side="right"))]
            lines = 1 + int(np.searchsorted(self.many, draws.random_sample(), side="right"))
            self.order(day, minute, site, min(lines, len(self.many)))

    def order(self, day: int, minute: int, site: str, lines: int) -> None:
        """One customer takes what is there of some different items."""
        draws, stock, chosen = self.draws, self.nodes[site].stock, dict[int, int]()
        while len(chosen) < lines:
            item = min(int(np.searchsorted(self.which, draws.random_sample(), side="right")), len(self.goods) - 1)
            pieces = int(draws.geometric(1 / self.goods[item].mean_pieces))
            chosen.setdefault(item, pieces)
        self.orders += day >= 0
        for item, pieces in chosen.items():
            shipped = min(int(stock[item]), pieces)
            stock[item] -= shipped
            if day >= 0:
                self.lines.append((self.orders, day, minute, site, item, pieces, shipped))

    def review(self, day: int, node: Node) -> None:
        """Order every item whose shelf and way do not cover more than the reorder point."""
        position = node.stock + node.on_order
        if node.name == DEPOT:
            position = position - self.owed()
        for item in np.flatnonzero((position <= node.reorder) & (position < node.up_to)).tolist():
            missing = int(node.up_to[item] - position[item])
            if node.name == DEPOT:
                self.buy(day, item, missing)
            else:
                node.on_order[item] += missing
                asked = Delivery(f"{DEPOT}_{node.name}", item, day, missing)
                self.waiting.setdefault(item, []).append(asked)
                self.deliveries.append(asked)
                self.send(day, item)

    def owed(self) -> np.ndarray:
        """Pieces that outlets have ordered and the depot has not sent, by item."""
        found = np.zeros(len(self.goods), int)
        for item, orders in self.waiting.items():
            found[item] = sum(one.pieces for one in orders)
        return found

    def buy(self, day: int, item: int, missing: int) -> None:
        """The depot buys whole packs from the item's supplier, and no fewer than allowed; all of it is sent at once."""
        good = self.goods[item]
        pieces = math.ceil(max(missing, good.minimum) / good.pack) * good.pack
        self.nodes[DEPOT].on_order[item] += pieces
        bought = Delivery(f"{good.supplier}_{DEPOT}", item, day, pieces)
        self.deliveries.append(bought)
        self.leave(day, bought, good.supplier)

    def send(self, day: int, item: int) -> None:
        """The depot sends what it has to those who wait for an item, first come first; the rest goes on waiting."""
        depot, queue = self.nodes[DEPOT].stock, self.waiting.get(item, [])
        while queue and depot[item] > 0:
            asked = queue.pop(0)
            pieces = min(asked.pieces, int(depot[item]))
            if pieces < asked.pieces:
                rest = Delivery(asked.lane, item, asked.ordered, asked.pieces - pieces)
                self.deliveries.append(rest)
                queue.insert(0, rest)
            asked.pieces = pieces
            depot[item] -= pieces
            self.leave(day, asked, "transport")
        if not queue:
            self.waiting.pop(item, None)

    def leave(self, day: int, delivery: Delivery, way: str) -> None:
        """A delivery sets out; later ones may overtake it."""
        name = f"{way}_lead_time" if way != "transport" else way
        wait = log_normal(self.ways, self.numbers[f"{name}_days"], self.numbers[f"{name}_scatter"])
        delivery.shipped, delivery.due = day, day + 1 + math.floor(wait + 0.5)
        self.due.setdefault(delivery.due, []).append(delivery)


def made(truth: Truth, days: int | None = None) -> dict[str, pa.Table]:
    """The four tables of the supply chain, by name; of its first days only where a number of days is given."""
    goods, early = items(truth), truth["warm_up_days"]
    whole = fictional.calendar(truth | {"first_day": truth["first_day"] - timedelta(days=early)})
    factors = day_factors(truth, whole)
    factors /= factors[early:].mean()
    chain = Chain(truth, goods)
    until = len(whole) - early if days is None else days
    for n in range(early + until):
        chain.play(n - early, whole[n], float(factors[n]))
    rows = {
        "items": ((item.code, f"Item {n:03d}", item.price) for n, item in enumerate(goods, start=1)),
        "order_lines": line_rows(truth, chain),
        "deliveries": delivery_rows(truth, chain, until),
        "stock_counts": count_rows(truth, chain),
    }
    return {name: fictional.as_table(rows[name], SCHEMAS[name]) for name in SCHEMAS}


def line_rows(truth: Truth, chain: Chain) -> Iterator[tuple[Any, ...]]:
    """A row for each line of an order."""
    start = datetime.combine(truth["first_day"], datetime.min.time())
    for number, day, minute, site, item, pieces, shipped in chain.lines:
        good, at = chain.goods[item], start + timedelta(days=day, minutes=minute)
        yield f"B{number:06d}", at, good.code, pieces, good.price, site, shipped


def delivery_rows(truth: Truth, chain: Chain, until: int) -> Iterator[tuple[Any, ...]]:
    """A row for each delivery that came in or was still to come; suppliers do not say when they send."""

    def on(day: int | None) -> date | None:
        return truth["first_day"] + timedelta(days=day) if day is not None and day < until else None

    known = [one for one in chain.deliveries if one.due is None or one.due >= 0]
    for number, one in enumerate(known, start=1):
        left = on(one.shipped) if one.lane.startswith(DEPOT) else None
        came = on(one.due)
        pieces = one.pieces if came else None
        yield f"D{number:06d}", one.lane, chain.goods[one.item].code, on(one.ordered), left, came, one.pieces, pieces


def count_rows(truth: Truth, chain: Chain) -> Iterator[tuple[Any, ...]]:
    """A row for each item at each place on each evening on which it was counted."""
    for day, node, stock in chain.counts:
        counted = truth["first_day"] + timedelta(days=day)
        yield from ((counted, node, good.code, pieces) for good, pieces in zip(chain.goods, stock, strict=True))


if __name__ == "__main__":
    fictional.run("a fictional supply chain", HERE, made, NOTE)
