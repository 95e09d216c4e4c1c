"""A supply network in plain Python: orders and shipments are objects in lists, one rule after the other."""

import math
from dataclasses import dataclass, field
from typing import Any

from tests.model.plain import draw, lognormal, mixed
from twin.model.chance import entity
from twin.spec.supply import Lane, Network, Node

NEAR = 1e-9
LONG = 7


@dataclass
class Order:
    lane: str
    item: int
    day: int
    seen: int
    open: float
    released: bool = False
    grant: float = 0.0


@dataclass
class Shipment:
    lane: str
    item: int
    pieces: float
    due: int
    expires: float


@dataclass
class Plain:
    """The whole network; cells are (node, item)."""

    spec: Network
    keys: tuple[int, int, int]
    names: list[str]
    usual: list[float]
    stock: dict[tuple[str, int], float]
    on_order: dict[Any, float] = field(default_factory=dict)
    by_rush: dict[Any, float] = field(default_factory=dict)
    owed: dict[Any, float] = field(default_factory=dict)
    giving: dict[Any, float] = field(default_factory=dict)
    seen: dict[Any, list[float]] = field(default_factory=dict)
    today: dict[Any, float] = field(default_factory=dict)
    batches: dict[Any, list[list[float]]] = field(default_factory=dict)  # [expires, pieces], the first first
    waiting: dict[Any, list[Order]] = field(default_factory=dict)
    making: dict[Any, list[Order]] = field(default_factory=dict)
    posts: list[Order] = field(default_factory=list)
    ways: list[Shipment] = field(default_factory=list)
    told: dict[str, float] = field(default_factory=dict)
    ahead: float = 1.0
    empty: dict[Any, int] = field(default_factory=dict)  # evenings in a row
    dry_from: dict[Any, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.held = {k: {self.names.index(n) for n in v} for k, v in self.spec.held(self.names).items()}
        self.first_node, self.first_lane = self.spec.stocking[0], next(iter(self.spec.lanes))
        self.usual_at = {name: [0.0] * len(self.names) for name in self.spec.nodes}
        self.foresee()
        for name in self.spec.stocking:
            for item in range(len(self.names)):
                cell = (name, item)
                window = round(float(self.spec.nodes[name].forecast_days))
                self.seen[cell] = [math.floor(self.usual_at[name][item] + 0.5)] * window
                if self.life(item):
                    self.batches[cell] = [[self.life(item), self.stock[cell]]]

    def foresee(self) -> None:
        for name in self.spec.upwards():
            node = self.spec.nodes[name]
            for item in range(len(self.names)):
                if node.role == "outlet":
                    self.usual_at[name][item] += self.usual[item] * float(node.demand_share)
            for product in self.spec.parts_first():
                if product in node.makes:
                    for part, count in self.spec.goods[product].of.items():
                        amount = float(count) * self.usual_at[name][self.names.index(product)]
                        self.usual_at[node.materials or name][self.names.index(part)] += amount
            for lane in self.lanes_into(name).values():
                if not lane.rush:
                    for item in self.brings(lane):
                        self.usual_at[lane.from_node][item] += self.usual_at[name][item] * float(lane.share)

    # ------------------------------------------------------------ what there is

    def get(self, what: dict[Any, float], cell: Any) -> float:
        return what.get(cell, 0.0)

    def add(self, what: dict[Any, float], cell: Any, pieces: float) -> None:
        what[cell] = what.get(cell, 0.0) + pieces

    def note(self, name: str, pieces: float) -> None:
        self.told[name] = self.told.get(name, 0.0) + pieces

    def life(self, item: int) -> int:
        good = self.spec.goods.get(self.names[item])
        return 0 if good is None or math.isinf(float(good.shelf_life_days)) else max(1, int(good.shelf_life_days))

    def lanes_into(self, node: str) -> dict[str, Lane]:
        return self.spec.into(node)

    def brings(self, lane: Lane) -> set[int]:
        named = {self.names.index(n) for n in self.spec.brought(lane, set(self.names))}
        return named & self.held[lane.from_node]

    def endless(self, node: str) -> bool:
        return self.spec.nodes[node].role == "supplier"

    def parts(self, item: int, pieces: float) -> dict[int, float]:
        of = self.spec.goods[self.names[item]].of
        return {self.names.index(n): math.ceil(float(c) * pieces - NEAR) for n, c in of.items()}

    def tag(self, name: str) -> int:
        return 0 if name in (self.first_lane, self.first_node) else entity(name)

    def asked(self, cell: tuple[str, int]) -> float:
        node, item = cell
        parts = [
            self.parts(self.names.index(product), order.open)[item]
            for name, maker in self.spec.nodes.items()
            if (maker.materials or name) == node
            for product in maker.makes
            if self.names[item] in self.spec.goods[product].of
            for order in self.making.get((name, self.names.index(product)), [])
            if not order.released
        ]
        return sum(order.open for order in self.waiting.get(cell, [])) + sum(parts)

    def position(self, cell: tuple[str, int]) -> float:
        return (
            self.stock[cell] + self.get(self.on_order, cell) - self.asked(cell) - self.get(self.owed, cell)
            - self.get(self.giving, cell)
        )  # fmt: skip

    def take(self, cell: tuple[str, int], pieces: float) -> list[tuple[float, float]]:
        """Pieces off a shelf, those first that go off first; as (expires, pieces)."""
        self.stock[cell] -= pieces
        if not self.life(cell[1]):
            return [(math.inf, pieces)]
        found = []
        for batch in sorted(self.batches[cell]):
            part = min(pieces, batch[1])
            if part > 0:
                found.append((batch[0], part))
                pieces -= part
                for one in self.batches[cell]:
                    if one[0] == batch[0]:
                        one[1] -= part
        return found

    # ------------------------------------------------------------ a day

    def morning(self, day: int) -> None:
        for way in [one for one in self.ways if one.due == day]:
            lane = self.spec.lanes.get(way.lane)
            cell = (lane.to_node if lane else way.lane, way.item)
            self.add(self.on_order, cell, -way.pieces)
            self.note("made" if lane is None else "received" if self.endless(lane.from_node) else "moved", way.pieces)
            if lane and lane.rush:
                self.add(self.by_rush, cell, -way.pieces)
            if way.expires < day:
                self.note("wasted", way.pieces)
                continue
            self.stock[cell] += way.pieces
            if self.life(way.item):
                same = [one for one in self.batches[cell] if one[0] == way.expires]
                if same:
                    same[0][1] += way.pieces
                else:
                    self.batches[cell].append([way.expires, way.pieces])
        self.ways = [one for one in self.ways if one.due > day]
        for name, node in self.spec.nodes.items():
            for item in range(len(self.names)) if not self.endless(name) else ():
                cell = (name, item)
                if node.returns:
                    self.give(cell)
                if node.unmet == "backordered" and node.role == "outlet":
                    first = sum(o.open for o in self.waiting.get(cell, []) if self.spec.lanes[o.lane].rank < node.rank)
                    pieces = min(self.get(self.owed, cell), max(0.0, self.stock[cell] - first))
                    self.add(self.owed, cell, -pieces)
                    self.take(cell, pieces)
                    self.note("late", pieces)

    def give(self, cell: tuple[str, int]) -> None:
        pieces = min(self.get(self.giving, cell), self.stock[cell])
        self.take(cell, pieces)
        self.add(self.giving, cell, -pieces)
        self.note("returned", pieces)

    def sell(self, demand: dict[tuple[str, int], float]) -> None:
        for cell, pieces in demand.items():
            given = min(pieces, self.stock[cell])
            self.take(cell, given)
            self.note("demanded", pieces)
            self.note("met", given)
            later = self.spec.nodes[cell[0]].unmet == "backordered"
            if later:
                self.add(self.owed, cell, pieces - given)
            self.today[cell] = pieces if later else given

    def evening(self, day: int) -> None:
        for batches in self.batches.values():
            for batch in batches:
                if batch[0] == day:
                    self.note("wasted", batch[1])
        for cell, batches in self.batches.items():
            gone = sum(one[1] for one in batches if one[0] == day)
            self.stock[cell] -= gone
            self.batches[cell] = [one for one in batches if one[0] != day]
        for order in [one for one in self.posts if one.seen == day]:
            self.see(order)
        self.posts = [one for one in self.posts if one.seen > day]
        self.left = {name: float(lane.capacity_per_day) for name, lane in self.spec.lanes.items()}
        for name in self.spec.upwards():
            if not self.endless(name):
                self.review(day, name, self.spec.nodes[name])
            if float(self.spec.nodes[name].delivers) > 0:
                self.send(day, name, self.spec.nodes[name])
                self.make(day, name, self.spec.nodes[name])
        self.look(day)

    def look(self, day: int) -> None:
        for cell in [(name, item) for name in self.spec.stocking for item in self.held[name]]:
            self.empty[cell] = self.empty.get(cell, 0) + 1 if self.stock[cell] <= 0 else 0
            if self.empty[cell] >= LONG:
                self.dry_from.setdefault(cell, max(0, day - LONG + 1))

    def levels(self, node: Node, cell: tuple[str, int]) -> tuple[float, float, float]:
        usual, scatter = 1.0, 0.0
        if node.forecast == "moving average":
            window, days = self.seen[cell], len(self.seen[cell])
            usual = sum(window) / days
            if days > 1:
                squares = sum(one * one for one in window)
                scatter = math.sqrt(max(0.0, (squares - sum(window) * usual) / (days - 1)))
        elif node.levels_in == "days":
            usual = self.usual_at[cell[0]][cell[1]] * (1.0 if node.forecast == "steady" else self.ahead)
        extra = float(node.safety_factor) * scatter

        def level(days: float) -> float:
            return math.ceil(days * usual + extra * math.sqrt(days)) if extra else math.ceil(days * usual)

        high, low = level(float(node.order_up_to_level)), level(float(node.reorder_point))
        if node.policy in ("base stock", "periodic"):
            low = high - 1.0
        return low, high, max(1.0, math.ceil(float(node.order_quantity) * usual))

    def review(self, day: int, name: str, node: Node) -> None:
        if node.forecast == "moving average":
            for item in range(len(self.names)):
                cell = (name, item)
                slot = day % len(self.seen[cell])
                self.seen[cell][slot] = self.get(self.today, cell)
                self.today[cell] = 0.0
        due = day % max(1, int(node.review_days)) == 0
        later = [self.names.index(one) for one in self.spec.parts_first() if one in self.names]
        for item in [n for n in range(len(self.names)) if n not in later] + later:
            cell = (name, item)
            if item not in self.held[name]:
                continue
            if node.returns:
                self.give(cell)
            if not due:
                continue
            self.rush(day, name, node, item)
            here = self.position(cell)
            low, high, lot = self.levels(node, cell)
            pieces = lot * (math.floor((low - here) / lot) + 1.0) if node.policy == "(R,Q)" else high - here
            if here <= low and pieces > 0:
                self.place(day, self.lane(day, name, item), name, item, pieces)
            elif pieces < 0 and node.policy != "(R,Q)" and node.returns:
                self.add(self.giving, cell, -pieces)
                first = next(iter(self.lanes_into(name)))
                self.place(day, first, name, item, pieces)
                self.give(cell)

    def rush(self, day: int, name: str, node: Node, item: int) -> None:
        for lane_name, lane in self.lanes_into(name).items():
            if lane.rush and item in self.brings(lane):
                cell = (name, item)
                usual = self.usual_at[name][item] * (1.0 if node.forecast == "steady" else self.ahead)
                if node.forecast == "moving average":
                    usual = sum(self.seen[cell]) / len(self.seen[cell])
                here = self.stock[cell] + self.get(self.by_rush, cell) - self.get(self.owed, cell) - self.asked(cell)
                pieces = math.ceil(float(lane.rush_below_days) * usual) - here
                if pieces > 0:
                    self.place(day, lane_name, name, item, pieces)

    def lane(self, day: int, name: str, item: int) -> str:
        if self.names[item] in self.spec.nodes[name].makes:
            return name
        usual = {n: o for n, o in self.lanes_into(name).items() if not o.rush and item in self.brings(o)}
        if len(usual) == 1:
            return next(iter(usual))
        u = draw(self.keys[1], item, day, self.tag(name))
        for lane_name, lane in usual.items():
            u -= float(lane.share)
            if u < 0:
                return lane_name
        return lane_name

    def place(self, day: int, lane_name: str, name: str, item: int, pieces: float) -> None:
        lane = self.spec.lanes.get(lane_name)
        cell = (name, item)
        if pieces > 0:
            pack = float(lane.pack) if lane else 1.0
            good = self.spec.goods.get(self.names[item])
            pack = max(pack, float(good.pack)) if good and lane else pack
            least = float(lane.minimum_order) if lane else 0.0
            pieces = math.ceil(max(pieces, least) / pack - NEAR) * pack
            self.add(self.on_order, cell, pieces)
            if lane and lane.rush:
                self.add(self.by_rush, cell, pieces)
        self.note("ordered", pieces)
        order = Order(lane_name, item, day, day, pieces)
        if lane is None:
            self.making.setdefault(cell, []).append(order)
            for part, needed in self.parts(item, pieces).items():
                self.add(self.today, (self.spec.nodes[name].materials or name, part), needed)
        elif float(lane.information_days) >= 1:
            order.seen = day + int(lane.information_days)
            self.posts.append(order)
        else:
            self.see(order)

    def see(self, order: Order) -> None:
        cell = (self.spec.lanes[order.lane].from_node, order.item)
        self.add(self.today, cell, order.open)
        if order.open > 0:
            self.waiting.setdefault(cell, []).append(order)

    # ------------------------------------------------------------ sending and making

    def send(self, day: int, name: str, node: Node) -> None:
        mine = {item: self.waiting.get((name, item), []) for item in range(len(self.names))}
        capacity, until = math.inf, [day]
        if not math.isinf(float(node.capacity_per_day)) and node.role != "maker":
            capacity = math.floor(float(node.capacity_per_day) * float(node.delivers) + NEAR)
            if sum(order.open for orders in mine.values() for order in orders) > capacity:
                until = sorted({order.seen for orders in mine.values() for order in orders})
        for last in until:
            for item, orders in mine.items():
                self.grant(day, last, name, node, item, [one for one in orders if one.seen <= last])
                for order in orders:
                    pieces = min(order.grant, self.left[order.lane], capacity) if order.seen <= last else 0.0
                    order.grant = 0.0
                    if pieces > 0:
                        capacity -= pieces
                        self.left[order.lane] -= pieces
                        order.open -= pieces
                        self.load(day, name, order, pieces)
                orders[:] = [one for one in orders if one.open > 0]

    def grant(self, day: int, last: int, name: str, node: Node, item: int, orders: list[Order]) -> None:
        there = math.inf if self.endless(name) else self.stock[name, item]
        asked = sum(one.open for one in orders)
        if asked <= there or node.allocation == "first come":
            self.in_turn(day, name, item, orders, there)
        elif node.allocation == "priority":
            for rank in range(10):
                there = self.in_turn(
                    day, name, item, [o for o in orders if self.spec.lanes[o.lane].rank == rank], there
                )
        else:
            self.divide(orders, there)
        if math.isinf(float(node.capacity_per_day)) and float(node.delivers) < 1:
            for order in orders:
                order.grant = min(order.grant, math.ceil(float(node.delivers) * order.open - NEAR))

    def in_turn(self, day: int, name: str, item: int, orders: list[Order], there: float) -> float:
        for seen in sorted({one.seen for one in orders}):
            group = [one for one in orders if one.seen == seen]
            asked = sum(one.open for one in group)
            if asked <= there or asked > 1000:
                self.divide(group, min(there, asked))
            else:
                key = mixed(self.keys[2], self.tag(name))
                for piece in range(int(there)):
                    aim = draw(key, item, day, piece) * (asked - piece)
                    for order in group:
                        aim -= order.open - order.grant
                        if aim < 0:
                            order.grant += 1
                            break
            there -= min(there, asked)
        return there

    def divide(self, orders: list[Order], there: float) -> None:
        asked = sum(one.open for one in orders)
        for order in orders:
            order.grant = math.floor(order.open * there / asked)
        left = there - sum(one.grant for one in orders)
        for order in orders:
            if left > 0 and order.grant < order.open:
                order.grant += 1
                left -= 1

    def arrives(self, day: int, order: Order, node: str) -> int:
        lane = self.spec.lanes.get(order.lane)
        lead, scatter, late = (
            (lane.lead_time_days, lane.lead_time_scatter, lane.delay_days) if lane
            else (self.spec.nodes[node].making_days, self.spec.nodes[node].making_scatter, 0.0)
        )  # fmt: skip
        tag = self.tag(order.lane) if lane else entity(node)
        wait = lognormal(draw(self.keys[0], order.item, order.day, tag), float(lead), float(scatter))
        return day + 1 + math.floor(wait + float(late) + 0.5)

    def load(self, day: int, name: str, order: Order, pieces: float) -> None:
        due, life = self.arrives(day, order, name), self.life(order.item)
        self.note("sent", pieces)
        if self.endless(name):
            self.ways.append(Shipment(order.lane, order.item, pieces, due, day + life if life else math.inf))
        else:
            for expires, part in self.take((name, order.item), pieces):
                self.ways.append(Shipment(order.lane, order.item, part, due, expires))

    def make(self, day: int, name: str, node: Node) -> None:
        mine = {item: self.making.get((name, item), []) for item in range(len(self.names))}
        every = [order for orders in mine.values() for order in orders]
        left = math.inf
        until = [day]
        if not math.isinf(float(node.capacity_per_day)):
            left = math.floor(float(node.capacity_per_day) * float(node.delivers) + NEAR)
            until = sorted({one.seen for one in every}) if sum(one.open for one in every) > left else [day]
        for last in until:
            for item, orders in mine.items():
                for order in [one for one in orders if one.seen <= last]:
                    parts, store = self.parts(item, order.open), node.materials or name
                    if not order.released and any(self.stock[store, part] < n for part, n in parts.items()):
                        break
                    if not order.released:
                        for part, needed in parts.items():
                            self.take((store, part), needed)
                            self.note("used", needed)
                        order.released = True
                    pieces = min(order.open, left)
                    if math.isinf(left):
                        pieces = min(pieces, math.ceil(float(node.delivers) * order.open - NEAR))
                    left -= pieces
                    order.open -= pieces
                    if pieces > 0:
                        due, life = self.arrives(day, order, name), self.life(item)
                        self.ways.append(Shipment(name, item, pieces, due, due + life if life else math.inf))
                orders[:] = [one for one in orders if one.open > 0]
