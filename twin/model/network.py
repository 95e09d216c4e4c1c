"""A supply network at work: goods arrive, customers take them, nodes order again, and send what they were asked for."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from twin.errors import TwinError
from twin.model.chance import Chance, Purpose
from twin.model.inputs import Values
from twin.model.kernels import supply_layout as at
from twin.model.kernels import supply_opening as kernel
from twin.model.kernels import supply_reviews as reviews
from twin.model.kernels import supply_shelves as shelves
from twin.model.kernels import supply_shipping as shipping
from twin.model.opening import Opening
from twin.model.orders import with_room
from twin.model.parcels import Load
from twin.model.wiring import Wiring
from twin.spec.supply import Network as Declared

PURPOSES = (Purpose.LEAD_TIME, Purpose.LANE, Purpose.ALLOCATION)
LENT = 2.0**40  # pieces, more than anybody orders; whole numbers of this size are exact
UNITS, VALUE, OUT, OWED, COMING = range(5)
NO_VECTORS: Mapping[str, np.ndarray] = {}


class Network:
    """All nodes of a supply chain. A day is `morning`, then what customers take, then `evening`.

    names      of all goods;  usual : pieces of each that all customers together buy a day, see `Wiring`
    asked      pieces of each that a node is usually asked for besides, as of what it makes to order
    unit_cost  of a piece of each;  ahead : how large demand is against the usual on the first day
    book       what the day has brought so far by node (kernels/supply_layout.py), lane_book : by lane
    """

    def __init__(
        self,
        spec: Declared,
        values: Values,
        names: Sequence[str],
        usual: np.ndarray,
        unit_cost: np.ndarray,
        chance: Chance,
        vectors: Mapping[str, np.ndarray] = NO_VECTORS,
        ahead: float = 1.0,
        asked: Mapping[str, np.ndarray] = NO_VECTORS,
    ) -> None:
        wired = self.wiring = Wiring(spec, values, names, usual, vectors, asked)
        self.unit_cost = wired.costs(values, unit_cost)
        self.cells, self.nodes, self.lanes, self.sellers = wired.cells, wired.nodes, wired.lanes, wired.sellers
        self._under_way = chance[Purpose.UNDER_WAY]
        self._keys = np.array([chance[purpose] for purpose in PURPOSES], np.uint64)
        count, items = self.cells.shape[1:]
        self.book, self.lane_book = np.zeros((count, at.BOOK)), np.zeros((len(self.lanes), at.LANE_BOOK))
        self.state = np.zeros((count, 5))
        self._orders, self._ways = np.zeros(0, at.ORDER), np.zeros(0, at.SHIPMENT)
        self._counters = np.zeros(at.COUNTERS, np.int64)
        self._counters[[at.FREE_ORDER, at.FREE_WAY]] = at.NONE
        self._lists = np.full((4, count, items), at.NONE)
        self._posts, self._due = np.full((2, at.RING), at.NONE), np.full((2, at.RING), at.NONE)
        self._handed = np.zeros((0, 4))
        self._new_orders = int((wired.cells[at.LOW_SET] >= 0.0).sum()) * (2 if wired.lanes["rush"].any() else 1)
        self._batches = wired.batches.size
        stocking = wired.stocking if len(wired.stocking) > 1 else []
        self._apart = [(k, self._fields_apart(wired.node_names[k])) for k in stocking]
        for k in wired.stocking:
            reviews.set_levels(k, ahead, self.nodes, self.cells)
            shelves.opening(chance[Purpose.OPENING_STOCK], k, self.nodes[k]["tag"], self.cells)
            self._keep_fresh(k)

    def _keep_fresh(self, k: int, day: int = 0) -> None:
        """What lies on a shelf at the start goes off as if it had just come."""
        wired = self.wiring
        for item in np.flatnonzero(wired.lives) if wired.batches.size else ():
            wired.batches[k, wired.starts[item] : wired.starts[item] + wired.lives[item] + 1] = 0.0
            wired.batches[k, wired.starts[item] + (day + wired.lives[item]) % (wired.lives[item] + 1)] = self.stock[
                k, item
            ]
            wired.shelved[k, item] = self.stock[k, item]

    @property
    def stock(self) -> np.ndarray:
        """Pieces on the shelf, shape (nodes, items)."""
        return np.asarray(self.cells[at.STOCK])

    @property
    def on_order(self) -> np.ndarray:
        """Pieces ordered and not yet there, shape (nodes, items)."""
        return np.asarray(self.cells[at.ON_ORDER])

    @property
    def open_orders(self) -> int:
        """How many orders wait to be seen, sent or made."""
        return int(self._counters[at.OPEN_ORDERS])

    @property
    def shipments(self) -> np.ndarray:
        """What is on the way (kernels/supply_layout.py, SHIPMENT), in no order."""
        free, n = np.zeros(int(self._counters[at.TOP_WAY]), bool), int(self._counters[at.FREE_WAY])
        while n >= 0:
            free[n], n = True, int(self._ways[n]["next"])
        return np.asarray(self._ways[: len(free)][~free])

    def put(self, stock: np.ndarray, day: int = 0) -> None:
        """Let the shelves hold this, shape (nodes, items), before the first day."""
        self.cells[at.STOCK] = stock
        for k in self.wiring.stocking:
            self._keep_fresh(k, day)

    def stand(self, opening: Opening) -> None:
        """Let everything be as records tell it on the first morning, instead of as the days before have left it."""
        w = self.wiring
        pools = (self._orders, self._ways, self._counters, self._lists)
        kernel.cleared(self.nodes, self.lanes, self.cells, *pools, self._posts, self._due)
        self._orders = with_room(self._orders, int(self._counters[at.TOP_ORDER]) + len(opening.lane))
        self._ways = with_room(self._ways, int(self._counters[at.TOP_WAY]) + len(opening.lane))
        lanes = np.array([w.lane_names.index(name) for name in w.spec.lanes], np.int64)
        kernel.stand(
            self._under_way, self._padded(opening.stock), lanes[opening.lane], opening.item, opening.pieces,
            opening.ordered, opening.left, w.lives, self.nodes, self.lanes, self.cells, self._orders, self._ways,
            self._counters, self._lists, self._due,
        )  # fmt: skip
        for k in w.stocking:
            self._keep_fresh(k)

    def _padded(self, stock: np.ndarray) -> np.ndarray:
        """The same with nothing told of goods that records do not know."""
        whole = np.full(self.stock.shape, np.nan)
        whole[:, : stock.shape[1]] = stock
        return whole

    @property
    def dry_from(self) -> np.ndarray:
        """The first evening, from 1, of the first long time that a shelf was empty; 0: never, -1: not kept there.

        Shape (nodes, items); long is a week (kernels/supply_layout.py).
        """
        return np.where(self.cells[at.LOW_SET] < 0.0, -1.0, self.cells[at.DRY_FROM]).astype(np.int16)

    def tune(self, levers: Values) -> None:
        """Use what these levers are today."""
        self.wiring.tune(levers)

    # ------------------------------------------------------------ a day

    def morning(self, day: int) -> None:
        """Put on the shelf what is due, and give customers what they are owed."""
        self.book[:], self.lane_book[:] = 0.0, 0.0
        w = self.wiring
        shelves.receive(
            day, self.nodes, self.lanes, self.cells, self._ways, self._due, self._counters, self._orders, self._lists,
            w.lives, w.starts, w.batches, w.shelved, self.unit_cost, self.book,
        )  # fmt: skip

    def sell(self, day: int, demand: np.ndarray) -> None:
        """Let customers take what they ask for: pieces, shape (days, selling nodes, items)."""
        shelves.sell(day, self.nodes, self.sellers, demand, self.cells, self.book)

    def lend(self, k: int) -> None:
        """Let the shelves of a node whose customers wait seem endless; `reclaim` ends that."""
        shelves.lent(k, 1.0, LENT, self.cells)

    def reclaim(self, k: int) -> float:
        """Take back what was lent; what customers took beyond the shelf is owed to them. Returns how many pieces."""
        return float(shelves.lent(k, -1.0, LENT, self.cells))

    def sold(self, k: int, asked: float, met: float, pieces: np.ndarray) -> None:
        """Note what customers asked for and got at a node, where something else than `sell` has served them.

        pieces : taken or owed, by item
        """
        self.book[k, at.DEMANDED] += asked
        self.book[k, at.MET] += met
        if not self.nodes[k]["backorders"]:
            self.book[k, at.LOST] += asked - met
        if self.nodes[k]["window"]:
            self.cells[at.SEEN, k, : len(pieces)] += pieces

    def put_back(self, day: int, load: Load, orders: np.ndarray, tracked: int) -> float:
        """Put what these orders of a load had taken on its shelf again; returns how many pieces.

        tracked : how many of the items that orders name have shelves
        """
        w = self.wiring
        back = shelves.put_back(
            day, orders, load.outlet, load.first, load.items, load.pieces, self.sellers, tracked, w.lives, w.starts,
            w.batches, w.shelved, self.cells,
        )  # fmt: skip
        return float(back)

    def evening(self, day: int, ahead: float = 1.0) -> None:
        """Throw away what went off; order again what is low; send and make what was asked for.

        ahead : how large demand will be soon against the usual
        """
        self._make_room()
        w = self.wiring
        self._counters[at.HANDED_OUT] = 0
        shipping.evening(
            day, ahead, self._keys, w.sequence, w.item_order, w.parts_from, w.parts, w.counts, self.nodes, self.lanes,
            self.cells, w.terms, self._orders, self._ways, self._counters, self._lists, self._posts, self._due,
            w.histories, w.lives, w.starts, w.batches, w.shelved, self.unit_cost, self._handed, self.book,
            self.lane_book,
        )  # fmt: skip
        shelves.standing(day, self.cells, self.unit_cost, self.state)

    def _make_room(self) -> None:
        """Room for all orders that may be placed, and all shipments that may leave, this evening."""
        open_orders, open_ways = int(self._counters[at.OPEN_ORDERS]), int(self._counters[at.OPEN_WAYS])
        self._orders = with_room(self._orders, open_orders + self._new_orders)
        self._ways = with_room(self._ways, open_ways + open_orders + self._new_orders + self._batches)
        if self.nodes["hooked"].any() and len(self._handed) < open_orders + self._new_orders:
            self._handed = np.zeros((2 * (open_orders + self._new_orders), 4))

    # ------------------------------------------------------------ making by others

    @property
    def orders_out(self) -> np.ndarray:
        """Orders released this evening, for the stations to make: node, item, pieces, day on which it was placed."""
        return self._handed[: int(self._counters[at.HANDED_OUT])]

    def finished(self, day: int, node: int, item: int, good: float, scrap: float = 0.0) -> None:
        """Pieces that were handed out are made; good ones lie on the shelf next morning, or making_days later.

        Raises TwinError where more were made than handed out.
        """
        self._make_room()
        w = self.wiring
        over = shipping.finished(
            day, node, item, float(good), float(scrap), self._keys, self.nodes, self.lanes, self.cells, self._orders,
            self._ways, self._counters, self._lists, self._due, w.lives,
        )  # fmt: skip
        if over > 0.0:
            name = w.node_names[node]
            raise TwinError(f"{name} finished {over:g} pieces of {w.names[item]} more than it was to make.")

    def take_up(self, node: int, item: int, pieces: float, day: int, released: bool) -> None:
        """On the first morning, an order to make something that was placed on a day before, and is not finished.

        released : whether its parts were taken, and others work on it; else it waits for them
        """
        self._make_room()
        w = self.wiring
        kernel.taken_up(
            node, item, float(pieces), day, int(released), self.nodes, self.cells, self._orders, self._counters,
            self._lists, w.parts_from, w.parts, w.counts,
        )  # fmt: skip

    @property
    def placed_to_make(self) -> float:
        """How many orders were placed this evening for others to make."""
        first = len(self.wiring.lane_names)
        placed = zip(self.wiring.makers, self.lane_book[first:, at.LANE_ORDERS].tolist(), strict=True)
        return math.fsum(count for name, count in placed if self.wiring.spec.nodes[name].station)

    # ------------------------------------------------------------ the record

    @property
    def purchases(self) -> float:
        """What the goods cost that suppliers delivered today."""
        return math.fsum(self.book[:, at.PAID].tolist())

    def record(self) -> Values:
        """The day's record, summed over nodes, and apart where there are several with shelves; see twin/records.py."""
        book, state, coming = self.book.T.tolist(), self.state.T.tolist(), self.nodes["under_way"].tolist()
        found = {name: math.fsum(book[column]) for name, column in BOOKED.items()}
        found |= {name: math.fsum(state[column]) for name, column in STANDING.items()}
        found["units_on_the_way"] = math.fsum(coming)
        for k, names in self._apart:
            told = (*(book[column][k] for column in APART.values()), *(state[column][k] for column in STOOD), coming[k])
            found.update(zip(names, told, strict=True))
        return found

    def _fields_apart(self, name: str) -> list[str]:
        """The fields of one node in the record."""
        return [f"{field}[{name}]" for field in (*APART, *STANDING_APART, "units_on_the_way")]

    def costs(self, holding_share: float = 0.0, ordering_cost: float = 0.0) -> Values:
        """The day's costs of transport and shortage; of holding and ordering where a node or lane declares its own.

        holding_share, ordering_cost : for nodes and lanes that declare none: a year's share of the value, and of an
        order to a supplier
        """
        wired = self.wiring
        nodes, lanes = wired.node_costs.T.tolist(), wired.lane_costs.T.tolist()
        book, lane_book, state = self.book.T.tolist(), self.lane_book.T.tolist(), self.state.T.tolist()
        asked, met = book[at.DEMANDED], book[at.MET]
        sent = zip(lanes[1], lane_book[at.LANE_SHIPMENTS], lanes[2], lane_book[at.LANE_PIECES], strict=True)
        short = zip(nodes[1], asked, met, nodes[2], state[OWED], strict=True)
        found = {
            "transport_cost": math.fsum(order * orders + piece * pieces for order, orders, piece, pieces in sent),
            "shortage_cost": math.fsum(one * (came - got) + other * owed for one, came, got, other, owed in short),
        }
        if wired.holding_declared:
            each = zip(nodes[0], state[VALUE], state[UNITS], strict=True)
            found["holding_cost"] = math.fsum(
                value * holding_share / 365.0 if math.isnan(own) else own * units for own, value, units in each
            )
        if wired.ordering_declared:
            outside = (self.nodes["endless"][self.lanes["origin"]] > 0).tolist()
            ways = zip(lanes[0], outside, lane_book[at.LANE_ORDERS], strict=True)
            found["ordering_cost"] = math.fsum(
                (ordering_cost * far if math.isnan(own) else own) * orders for own, far, orders in ways
            )
        return found


BOOKED = {
    "units_received": at.RECEIVED, "supplier_orders": at.BOUGHT_ORDERS, "own_orders": at.OWN_ORDERS,
    "units_moved": at.MOVED_IN, "units_made": at.MADE, "units_used": at.USED, "units_delivered_late": at.FILLED_LATE,
    "units_wasted": at.WASTED, "units_returned": at.RETURNED, "units_lost": at.LOST, "purchases": at.PAID,
    "waste_cost": at.WASTED_VALUE,
}  # fmt: skip
STANDING = {
    "stock_units": UNITS, "stock_value": VALUE, "items_out": OUT, "units_backordered": OWED, "value_on_the_way": COMING,
}  # fmt: skip
APART = {
    "units_demanded": at.DEMANDED, "units_shipped": at.MET, "units_received": at.RECEIVED, "units_moved": at.MOVED_IN,
    "units_wasted": at.WASTED, "units_lost": at.LOST,
}  # fmt: skip
STANDING_APART = {"stock_units": UNITS, "stock_value": VALUE, "items_out": OUT, "units_backordered": OWED}
STOOD = tuple(STANDING_APART.values())
