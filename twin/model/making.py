"""Making to order: an order takes its materials from a shelf, goes through the stations, and is sold when it leaves."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.callers import Callers, following
from twin.model.chance import Purpose
from twin.model.inputs import Values, Vectors
from twin.model.kernels import making as kernel
from twin.model.kernels import supply_layout as at
from twin.model.kernels.queues import DONE
from twin.model.network import Network
from twin.model.opening import Opening
from twin.model.orders import with_room
from twin.spec.structure import kind_shares, number

if TYPE_CHECKING:
    from twin.model.business import Business

NOTHING = -1
TOLD = "replay_wait_minutes"  # the vector that says when recorded orders began, whatever lay on the shelves


@dataclass
class Ended:
    """What became of the orders that ended on a day: pieces by order and kind, and what they were worth."""

    units: np.ndarray
    scrapped: np.ndarray
    revenue: float
    cost_of_goods: float
    waste_cost: float


class Making(mesa.Agent):
    """All goods that are made to order, with the materials on the shelves of the nodes that make them.

    An order that finds a material missing waits until it comes in; those who wait are looked at in order of time, and
    whoever finds all there begins. Materials taken are an asset until the order leaves: then good pieces are sold, and
    what was in the others is wasted.
    """

    def __init__(self, business: "Business", values: Values, vectors: Vectors) -> None:
        super().__init__(business)
        structure = business.structure
        self.kinds, self.goods, self.values = list(structure.kinds.values()), structure.goods, values
        self.chance, self.vectors, self.names = business.chance, vectors, list(structure.goods)
        self.network = Network(
            structure.network, values, self.names, np.zeros(len(self.names)), np.zeros(len(self.names)), self.chance,
            vectors, asked=self._asked(values),
        )  # fmt: skip
        nodes = self.network.wiring.node_names
        self.node_of = np.array([nodes.index(one.maker) if one.makes else NOTHING for one in self.kinds], np.int64)
        self.item_of = np.array([self.names.index(one.makes) if one.makes else NOTHING for one in self.kinds], np.int64)
        self.made = np.flatnonzero(self.item_of >= 0)
        self.units, self.cost, self.came = np.zeros(0), np.zeros(0), np.zeros(0)  # of each open order, by its tag
        self.short, self.short_tags, self.short_since = Callers.nobody(), np.empty(0, np.int64), np.empty(0)
        self.pieces_in_work = self.begun = self.had_waited = self.waited = 0.0
        self.due = np.empty(0)  # when those who wait begin, on recorded days
        self.ended = Ended(np.empty(0), np.empty(0), 0.0, 0.0, 0.0)

    def _asked(self, values: Values) -> dict[str, np.ndarray]:
        """How many pieces of each good a node is usually asked for on a calendar day."""
        structure, vectors = self.model.structure, self.vectors
        a_day = vectors.get("work_per_day")
        usual = float(len(vectors["replay_day"]) / len(vectors["replay_open"]) if a_day is None else a_day[0])
        shares, found = kind_shares(structure, values), dict[str, np.ndarray]()
        for name, kind in structure.kinds.items():
            if kind.makes:
                row = found.setdefault(kind.maker, np.zeros(len(self.names)))
                row[self.names.index(kind.makes)] += usual * shares.get(name, 0.0) * number(kind.units or 1.0, values)
        return found

    # ------------------------------------------------------------ pieces and materials

    def pieces(self, entity: np.ndarray, kind: np.ndarray, units: np.ndarray, numbers: Values) -> np.ndarray:
        """The pieces of the day's orders, by their own luck."""
        means = np.array([0.0 if one.units is None else number(one.units, numbers) for one in self.kinds])
        kernel.pieces_drawn(self.chance[Purpose.ORDER_UNITS], entity, kind, means, units)
        return units

    def deliver(self, day: int) -> None:
        """The morning: materials that are due come in."""
        if day >= 0 or not self.is_told:
            self.network.morning(day)

    @property
    def is_told(self) -> bool:
        """Whether records say what lies on the shelves today and when recorded orders began."""
        return TOLD in self.vectors

    def begin(self, day: int, came: Callers, minute: np.ndarray, tags: np.ndarray, start: float) -> "Begun":
        """Which orders begin today, and when: those that waited and now find their materials, then those that come.

        came   : in order of time;  minute : when they come, on the clock of the stations
        start  : when the day begins there
        """
        every = following(self.short, came)
        since, labels = np.concatenate([self.short_since, minute]), np.concatenate([self.short_tags, tags])
        self._note(labels, every.units, since)
        if day < 0 and self.is_told:
            begins, when = self._as_recorded(day, len(came), since, start)
        else:
            begins, when = self._by_materials(every, labels, len(came)), np.maximum(since, start)
        self.short, self.short_tags, self.short_since = every.chosen(~begins), labels[~begins], since[~begins]
        order = np.argsort(when[begins], kind="stable")
        rows = np.flatnonzero(begins)[order]
        return self._begun(every, labels, when, since, rows)

    def _note(self, tags: np.ndarray, units: np.ndarray, since: np.ndarray) -> None:
        """Remember of each order how many pieces it has and when it came."""
        most = int(tags.max()) + 1 if len(tags) else 0
        self.units, self.cost, self.came = (with_room(one, most) for one in (self.units, self.cost, self.came))
        self.units[tags], self.came[tags] = units, since

    def _by_materials(self, every: Callers, tags: np.ndarray, new: int) -> np.ndarray:
        """Which of them find all their materials; these take them."""
        w, network = self.network.wiring, self.network
        begins, cost, is_new = np.zeros(len(every), np.bool_), np.zeros(len(every)), np.ones(len(every), np.bool_)
        is_new[: len(every) - new] = False
        used = np.zeros(len(network.nodes))
        kernel.released(
            every.kind, every.units, is_new, self.node_of, self.item_of, w.parts_from, w.parts, w.counts,
            network.unit_cost, network.cells, used, cost, begins,
        )  # fmt: skip
        network.book[:, at.USED] += used
        self.cost[tags[begins]] = cost[begins]
        return begins

    def _as_recorded(self, day: int, new: int, since: np.ndarray, start: float) -> tuple[np.ndarray, np.ndarray]:
        """The same of a recorded day: they begin when records say, whatever lay on the shelves."""
        waits, first = self.vectors["replay_wait_minutes"], int(np.searchsorted(self.vectors["replay_day"], day))
        ends = start + self.model.work.length
        own = since[len(since) - new :] + waits[first : first + new]
        when = np.concatenate([self.due, own])
        begins = when < ends
        self.due = when[~begins]
        return begins, np.maximum(when, start)

    def _begun(
        self, every: Callers, tags: np.ndarray, when: np.ndarray, since: np.ndarray, rows: np.ndarray
    ) -> "Begun":
        made = self.item_of[every.kind[rows]] >= 0
        late = made & (when[rows] > since[rows])
        self.begun, self.had_waited = float(made.sum()), float(late.sum())
        self.waited = math.fsum((when[rows] - since[rows])[late].tolist())
        self.pieces_in_work += float(every.units[rows][made].sum())
        return Begun(every.chosen(rows), tags[rows], when[rows])

    # ------------------------------------------------------------ what is finished

    def end(self, visits: np.ndarray, numbers: Values) -> None:
        """Orders that ended: they came when they came, not when they began; good pieces are sold, the rest is scrap.

        visits : of the stations (kernels/queues.py, ENDED); one that was not finished is scrap as a whole
        """
        tags, kind = visits["tag"], visits["kind"]
        visits["arrived"] = self.came[tags]
        made = self.item_of[kind] >= 0
        units, share = np.where(made, self.units[tags], 0.0), np.array(self._scrap(numbers))[kind]
        scrap = np.zeros(len(tags), np.int64)
        kernel.scrapped(self.chance[Purpose.PIECE_SCRAP], visits["entity"], units, share, scrap)
        scrapped = np.where(visits["how"] == DONE, scrap.astype(float), units)
        good, cost = units - scrapped, self.cost[tags]
        sold = np.divide(cost * good, units, out=np.zeros(len(tags)), where=units > 0.0)
        revenue = good * np.array(self.prices(numbers))[kind]
        self.ended = Ended(units, scrapped, *(math.fsum(one.tolist()) for one in (revenue, sold, cost - sold)))
        self.cost[tags] = 0.0
        self.pieces_in_work -= float(units.sum())

    def _scrap(self, numbers: Values) -> list[float]:
        return [number(one.scrap_share, numbers) for one in self.kinds]

    def prices(self, numbers: Values) -> list[float]:
        """What a piece of each kind of order is sold for today."""
        level = numbers.get("price", 1.0)
        declared = [self.goods[one.makes].price if one.makes else 0.0 for one in self.kinds]
        return [number(price or 0.0, numbers) * level for price in declared]

    @property
    def good_share(self) -> float:
        """Of the pieces that were finished today, which share is good; 1 where there were none."""
        finished = float(self.ended.units.sum())
        return 1.0 - float(self.ended.scrapped.sum()) / finished if finished else 1.0

    def work_in_process(self) -> float:
        """What the materials of all orders cost that have begun and not ended."""
        return math.fsum(self.cost[self.cost > 0.0].tolist())

    # ------------------------------------------------------------ the evening

    def take_orders(self, day: int, levers: Values) -> None:
        """The evening: materials that run low are ordered again."""
        if day >= 0 or not self.is_told:
            self.network.tune(levers)
            self.network.evening(day)

    def stand(self) -> None:
        """The first morning: where records tell what lies there and what is on order, it is that."""
        opening = Opening.of(self.vectors)
        if opening is not None:
            self.network.stand(opening)

    @property
    def purchases(self) -> float:
        """What the materials cost that suppliers delivered today."""
        return self.network.purchases

    def replayed_purchases(self, day: int) -> float:
        """The same of a day before the first, as recorded where it is."""
        told = self.vectors.get("replay_purchases")
        return self.purchases if told is None or not self.is_told else float(told[day])

    def sold(self) -> Values:
        """What the day's finished orders brought and had cost."""
        one = self.ended
        return {"revenue": one.revenue, "cost_of_goods": one.cost_of_goods, "waste_cost": one.waste_cost}

    def record(self, came: Callers) -> Values:
        """The day's orders by their pieces, and how things stand in the evening."""
        made = self.item_of[came.kind] >= 0
        return {
            "units_ordered": float(came.units[made].sum()),
            "units_finished": float(self.ended.units.sum()),
            "units_scrapped": float(self.ended.scrapped.sum()),
            "units_in_work": self.pieces_in_work,
            "visits_released": self.begun,
            "visits_short": self.had_waited,
            "short_minutes_sum": self.waited,
            "visits_unreleased": float(len(self.short)),
            "work_in_process": self.work_in_process(),
        }

    def evening(self) -> Values:
        """What the day brought, what it cost, and how the shelves stand when it is over."""
        values = self.values
        costs = self.network.costs(values.get("holding_cost_share", 0.0), values.get("ordering_cost", 0.0))
        found = self.network.record() | costs
        found["waste_cost"] += self.ended.waste_cost
        found["units_made"] = float((self.ended.units - self.ended.scrapped).sum())
        return found


@dataclass
class Begun:
    """The orders that begin on a day, in order of time, with their tags and the minute on the clock of the stations."""

    orders: Callers
    tags: np.ndarray
    minute: np.ndarray
