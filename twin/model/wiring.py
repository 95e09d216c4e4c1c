"""A declared supply network as the arrays that its kernels read, and which number of them each lever moves."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial

import numpy as np

from twin.errors import TwinError
from twin.model.chance import entity
from twin.model.kernels import supply_layout as at
from twin.model.kernels.supply_shipping import ENDLESS
from twin.spec.choices import CHOICES, NUMBERS
from twin.spec.parts import Number, Values, number
from twin.spec.supply import Lane, Network, Node
from twin.spec.supply_soundness import NEAR

POLICIES = {"(s,S)": at.REORDER_UP_TO, "(R,Q)": at.FIXED_QUANTITY, "base stock": at.UP_TO, "periodic": at.UP_TO}
RULES = {"first come": at.FIRST_COME, "proportional": at.PROPORTIONAL, "priority": at.BY_PRIORITY}
ALLOCATIONS = [RULES[way] for way in CHOICES["allocation"]]
LEVELS = {"reorder_point": at.LOW_SET, "order_up_to_level": at.HIGH_SET, "order_quantity": at.LOT_SET}
NODE_NUMBERS = {
    "delivers": "delivers", "capacity_per_day": "capacity", "review_days": "review_days", "safety_factor": "safety",
}  # fmt: skip
LANE_NUMBERS = {
    "lead_time_days": "lead", "lead_time_scatter": "scatter", "delay_days": "delay", "information_days": "information",
    "share": "share", "rush_below_days": "rush_below", "capacity_per_day": "capacity",
}  # fmt: skip
TERMS = {"pack": at.PACK, "minimum_order": at.MINIMUM}
NODE_COSTS = ("shortage_cost", "backorder_cost")
LANE_COSTS = ("transport_cost_per_order", "transport_cost_per_unit")
Put = Callable[[float], None]
NOTHING_ASKED: Mapping[str, np.ndarray] = {}


class Wiring:
    """Nodes, lanes, cells and bills of materials by number.

    names    of all goods;  usual : pieces of each that all customers together buy a day; or what they
    would buy at each selling node if all came there, shape (selling nodes, goods)
    vectors  numbers by item, by the names that the network gives them
    asked    pieces of each that a node is usually asked for besides, as of what it makes to order
    Raises TwinError where a vector is missing, or the lanes that lead somewhere do not share an item out.
    """

    def __init__(
        self,
        spec: Network,
        values: Values,
        names: Sequence[str],
        usual: np.ndarray,
        vectors: Mapping[str, np.ndarray],
        asked: Mapping[str, np.ndarray] = NOTHING_ASKED,
    ) -> None:
        self.spec, self.names, self.vectors, self.asked = spec, list(names), vectors, asked
        self.place = {name: n for n, name in enumerate(self.names)}
        self.node_names, self.stocking = list(spec.nodes), [list(spec.nodes).index(name) for name in spec.stocking]
        self.sellers = np.array([self.node_names.index(name) for name in spec.selling], np.int64)
        self.lanes_in_order = sorted(spec.lanes.items(), key=lambda one: self.node_names.index(one[1].to_node))
        self.lane_names = [name for name, _ in self.lanes_in_order]
        self.makers = [name for name, node in spec.nodes.items() if node.makes]
        self.sequence = np.array([self.node_names.index(name) for name in spec.upwards()], np.int64)
        self._cells()
        self._materials(values)
        self._puts = [(one, put) for one, put in self._numbers(values)]
        for one, put in self._puts:
            put(number(one, values))
        self._last = {one: float(values[one]) for one, _ in self._puts if isinstance(one, str)}
        self._tuned: Values = {}
        self.holding_declared = not np.isnan(self.node_costs[:, 0]).all()
        self.ordering_declared = not np.isnan(self.lane_costs[:, 0]).all()
        self._check_shares()
        self._usual_demand = usual
        self._usual([number(spec.nodes[name].demand_share, values) for name in spec.selling])
        self._histories(values)

    def tune(self, levers: Values) -> None:
        """Use what these levers are today; numbers that they do not name stay, and the very same dict moves none."""
        if levers is self._tuned:
            return
        self._tuned = levers
        moved = {name for name, was in self._last.items() if levers.get(name, was) != was}
        for one, put in self._puts if moved else ():
            if one in moved:
                put(float(levers[str(one)]))
        self._last |= {name: float(levers[name]) for name in moved}

    def share_out(self, shares: Sequence[float]) -> None:
        """Customers are shared out among the selling nodes anew: levels in days follow, all the way up.

        A node that reckons with the orders it has seen lately goes on doing so.
        """
        self.cells[at.USUAL] = 0.0
        self._usual(shares)
        self.nodes["ahead"] = math.nan  # so that the levels are set anew this evening

    # ------------------------------------------------------------ what there is

    def _cells(self) -> None:
        count, items = len(self.node_names), len(self.names)
        self.nodes = np.zeros(count, at.NODE)
        self.lanes = np.zeros(len(self.lane_names) + len(self.makers), at.LANE)
        self.cells = np.zeros((at.CELLS, count, items))
        self.terms = np.zeros((3, len(self.lanes), items))
        self.terms[at.PACK] = 1.0
        self.cells[at.LOW_SET] = -1.0  # not kept here, until a lane brings it
        for k, node in enumerate(self.spec.nodes.values()):
            self._node(k, node)
        held = self.spec.held(self.names)
        for n, (name, lane) in enumerate(self.lanes_in_order):
            self._lane(n, name, lane, held)
        for n, name in enumerate(self.makers, start=len(self.lane_names)):
            k = self.node_names.index(name)
            self.nodes[k]["making"], self.lanes[n]["origin"], self.lanes[n]["destination"] = n, k, k
            self.lanes[n]["tag"], self.lanes[n]["capacity"] = entity(name), ENDLESS
            self._serve(n, k, np.isin(self.names, list(self.spec.kept(name))))

    def _node(self, k: int, node: Node) -> None:
        row, name = self.nodes[k], self.node_names[k]
        first = next((n for n in self.stocking), -1)
        row["endless"], row["sells"] = node.role == "supplier", node.role == "outlet"
        row["policy"] = POLICIES[node.policy]
        row["steady"] = node.forecast == "steady"
        row["in_pieces"], row["returns"] = node.levels_in == "pieces", node.returns
        row["backorders"] = node.role == "outlet" and node.unmet == "backordered"
        row["rank"], row["hooked"] = node.rank, bool(node.station)
        row["materials"] = self.node_names.index(self.spec.materials_of(name))
        row["tag"] = 0 if k == first else entity(name)  # the first had its luck before nodes had names
        row["rush"], row["making"], row["ahead"] = at.NONE, at.NONE, math.nan

    def _lane(self, n: int, name: str, lane: Lane, held: Mapping[str, set[str]]) -> None:
        row, k = self.lanes[n], self.node_names.index(lane.to_node)
        row["origin"], row["destination"] = self.node_names.index(lane.from_node), k
        row["tag"] = 0 if name == next(iter(self.spec.lanes)) else entity(name)
        row["rush"], row["rank"] = lane.rush, lane.rank
        if self.nodes[k]["last_lane"] == 0:
            self.nodes[k]["first_lane"] = n
        self.nodes[k]["last_lane"] = n + 1
        if lane.rush:
            self.nodes[k]["rush"] = n
        brought = self.spec.brought(lane, set(self.names)) & held[lane.from_node]
        serves = np.array([one in brought for one in self.names], bool)
        if isinstance(lane.items, str):
            serves &= self.vector(f"lanes.{name}.items", lane.items) > 0.0
        if lane.rush:
            self.terms[at.SERVES, n] = serves
        else:
            self._serve(n, k, serves)

    def _serve(self, n: int, k: int, serves: np.ndarray) -> None:
        self.terms[at.SERVES, n] = serves
        self.cells[at.LOW_SET, k, serves] = 0.0

    def vector(self, where: str, name: str) -> np.ndarray:
        """Numbers by item; what the data do not hold is said."""
        if name not in self.vectors or len(self.vectors[name]) != len(self.names):
            raise TwinError(
                f"{where} is by item, '{name}', and the twin holds no {len(self.names)} numbers of that name."
            )
        return np.asarray(self.vectors[name], float)

    def _materials(self, values: Values) -> None:
        """Bills of materials in rows, what goods cost, how long they keep, and in which order they are looked at."""
        goods, items = self.spec.goods, len(self.names)
        rows = [
            [(self.place[part], number(count, values)) for part, count in goods[name].of.items()]
            if name in goods else [] for name in self.names
        ]  # fmt: skip
        self.parts_from = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        self.parts = np.array([part for row in rows for part, _ in row], np.int64)
        self.counts = np.array([count for row in rows for _, count in row], float)
        order = [self.place[name] for name in self.spec.parts_first() if name in self.place]
        plain = sorted(set(range(items)) - set(order))
        self.item_order = np.array([*plain, *order], np.int64)
        lives = [number(goods[name].shelf_life_days, values) if name in goods else math.inf for name in self.names]
        self.lives = np.array([0 if math.isinf(life) else max(1, int(life)) for life in lives], np.int64)
        self.starts = np.concatenate([[0], np.cumsum(np.where(self.lives > 0, self.lives + 1, 0))]).astype(np.int64)
        keep = len(self.node_names) if self.lives.any() else 0
        self.batches, self.shelved = np.zeros((keep, self.starts[-1])), np.zeros((keep, items if keep else 0))

    def costs(self, values: Values, usual: np.ndarray) -> np.ndarray:
        """What a piece of each costs: as given, as its good says, or what its parts cost."""
        found = usual.astype(float).copy()
        for item in reversed(self.item_order.tolist()):
            good = self.spec.goods.get(self.names[item])
            if good is not None and good.unit_cost is not None:
                found[item] = number(good.unit_cost, values)
            elif good is not None and good.of:
                rows = range(self.parts_from[item], self.parts_from[item + 1])
                found[item] = math.fsum(self.counts[row] * found[self.parts[row]] for row in rows)
        return found

    # ------------------------------------------------------------ numbers

    def _numbers(self, values: Values) -> Iterator[tuple[Number, Put]]:
        """Every number with the place where it is put."""
        for k, node in enumerate(self.spec.nodes.values()):
            for field, column in NODE_NUMBERS.items():
                yield getattr(node, field), partial(self._put_node, k, column)
            yield NUMBERS.get(node.allocation, node.allocation), partial(self._put_allocation, k)
            for field, cell in LEVELS.items():
                if field in node.by_item:
                    given = self.vector(f"nodes.{self.node_names[k]}.by_item.{field}", node.by_item[field])
                    self._put_levels(k, cell, given)
                else:
                    yield getattr(node, field), partial(self._put_levels, k, cell)
        for n, (name, lane) in enumerate(self.lanes_in_order):
            for field, column in LANE_NUMBERS.items():
                yield getattr(lane, field), partial(self._put_lane, n, column)
            for field, term in TERMS.items():
                if field in lane.by_item:
                    given = self.vector(f"lanes.{name}.by_item.{field}", lane.by_item[field])
                    yield getattr(lane, f"{field}_factor"), partial(self._put_terms_by_item, n, term, given)
                else:
                    yield getattr(lane, field), partial(self._put_terms, n, term)
        for n, name in enumerate(self.makers, start=len(self.lane_names)):
            yield self.spec.nodes[name].making_days, partial(self._put_lane, n, "lead")
            yield self.spec.nodes[name].making_scatter, partial(self._put_lane, n, "scatter")
        yield from self._cost_numbers()

    def _cost_numbers(self) -> Iterator[tuple[Number, Put]]:
        """Costs of nodes and lanes; those that are not declared stay nan."""
        self.node_costs = np.full((len(self.node_names), 3), math.nan)
        self.lane_costs = np.full((len(self.lanes), 3), math.nan)
        self.node_costs[:, 1:] = self.lane_costs[:, 1:] = 0.0
        for k, node in enumerate(self.spec.nodes.values()):
            for column, one in enumerate((node.holding_cost, *(getattr(node, field) for field in NODE_COSTS))):
                if one is not None:
                    yield one, partial(self.node_costs.__setitem__, (k, column))
        for n, (_, lane) in enumerate(self.lanes_in_order):
            for column, one in enumerate((lane.ordering_cost, *(getattr(lane, field) for field in LANE_COSTS))):
                if one is not None:
                    yield one, partial(self.lane_costs.__setitem__, (n, column))

    def _put_node(self, k: int, column: str, value: float) -> None:
        self.nodes[column][k] = min(value, ENDLESS)

    def _put_allocation(self, k: int, way: float) -> None:
        self.nodes["allocation"][k] = ALLOCATIONS[round(way)]

    def _put_lane(self, n: int, column: str, value: float) -> None:
        self.lanes[column][n] = min(value, ENDLESS)

    def _put_levels(self, k: int, cell: int, value: float | np.ndarray) -> None:
        kept = self.cells[at.LOW_SET, k] >= 0.0
        self.cells[cell, k] = np.where(kept, value, self.cells[cell, k])
        self.nodes["ahead"][k] = math.nan  # so that the levels are set anew this evening

    def _put_terms(self, n: int, term: int, value: float) -> None:
        self.terms[term, n] = np.maximum(value, self._packs) if term == at.PACK else value

    @cached_property
    def _packs(self) -> np.ndarray:
        """Pieces of each good that come together at least."""
        packs = np.ones(len(self.names))
        for name, good in self.spec.goods.items():
            if name in self.place and not isinstance(good.pack, str):
                packs[self.place[name]] = good.pack
        return packs

    def _put_terms_by_item(self, n: int, term: int, given: np.ndarray, factor: float) -> None:
        pieces = np.floor(given * factor + 0.5)
        self.terms[term, n] = np.maximum(pieces, 1.0) if term == at.PACK else pieces

    def _check_shares(self) -> None:
        """The usual lanes to a node share each item out."""
        for k in self.stocking:
            mine = slice(self.nodes["first_lane"][k], self.nodes["last_lane"][k])
            share = np.where(self.lanes["rush"][mine] == 0, self.lanes["share"][mine], 0.0)
            total = (self.terms[at.SERVES, mine] * share[:, None]).sum(axis=0)
            wrong = np.flatnonzero((total > 0.0) & (np.abs(total - 1.0) > NEAR))
            if len(wrong):
                item, found = self.names[wrong[0]], total[wrong[0]]
                raise TwinError(
                    f"The shares of the lanes that bring '{item}' to {self.node_names[k]} sum to {found:g}; "
                    "together they are 1."
                )

    def _usual(self, shares: Sequence[float]) -> None:
        """Usual demand a day at each node: its customers', and that of those to whom it sends.

        shares : of all customers, at each selling node
        """
        rows, usual = self.cells[at.USUAL], self._usual_demand
        share_of = dict(zip(self.spec.selling, shares, strict=True))
        for k in self.sequence.tolist():
            node = self.spec.nodes[self.node_names[k]]
            if "usual_demand" in node.by_item:
                rows[k] += self.vector(f"nodes.{self.node_names[k]}.by_item.usual_demand", node.by_item["usual_demand"])
            elif node.role == "outlet":
                here = usual if usual.ndim == 1 else usual[self.spec.selling.index(self.node_names[k])]
                rows[k] += here * share_of[self.node_names[k]]
            if self.node_names[k] in self.asked:
                rows[k] += self.asked[self.node_names[k]]
            for item in self.item_order.tolist() if node.makes else ():
                if self.names[item] in node.makes:
                    store = int(self.nodes["materials"][k])
                    for row in range(self.parts_from[item], self.parts_from[item + 1]):
                        rows[store, self.parts[row]] += self.counts[row] * rows[k, item]
            for n in range(self.nodes["first_lane"][k], self.nodes["last_lane"][k]):
                if not self.lanes["rush"][n]:
                    rows[self.lanes["origin"][n]] += rows[k] * self.terms[at.SERVES, n] * self.lanes["share"][n]

    def _histories(self, values: Values) -> None:
        """Room for the orders seen lately, as if they had always been the usual."""
        windows = [
            max(1, round(number(node.forecast_days, values))) if node.forecast == "moving average" else 0
            for node in self.spec.nodes.values()
        ]
        self.nodes["window"] = windows
        self.nodes["history"] = np.concatenate([[0], np.cumsum(windows)])[:-1]
        self.histories = np.zeros((int(np.asarray(windows, np.int64).sum()), len(self.names)))
        for k, window in enumerate(windows):
            if window:
                usual = np.floor(self.cells[at.USUAL, k] + 0.5)
                start = int(self.nodes["history"][k])
                self.histories[start : start + window] = usual
                self.cells[at.SUM, k], self.cells[at.SQUARES, k] = window * usual, window * usual * usual
