"""Making: an order takes its materials from a shelf, goes through the stations, and is sold or shelved at the end."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.bills import Bills, usually_asked
from twin.model.callers import Callers, following
from twin.model.chance import Purpose
from twin.model.done import Done
from twin.model.finished_goods import FinishedGoods
from twin.model.inputs import Values, Vectors
from twin.model.kernels import making as kernel
from twin.model.kernels import supply_layout as at
from twin.model.kernels.queues import BALKED, DONE, SCRAPPED
from twin.model.network import Network
from twin.model.opening import Opening
from twin.model.orders import with_room
from twin.model.production import PIECES, Production
from twin.spec.structure import number

if TYPE_CHECKING:
    from twin.model.business import Business

TOLD = "replay_wait_minutes"  # the vector that says when recorded orders began, whatever lay on the shelves


@dataclass
class Ended:
    """What became of the orders that ended on a day: pieces of each, and what all were worth.

    units, scrapped : of each order of a customer;  finished, scrap : of all that was made, for shelves too
    """

    units: np.ndarray
    scrapped: np.ndarray
    finished: float
    scrap: float
    revenue: float
    cost_of_goods: float
    waste_cost: float


class Making(mesa.Agent):
    """All goods that are made, to order or for a shelf, with the materials on the shelves of the nodes that make them.

    An order that finds something missing waits until it comes in; those who wait are looked at in order of time, and
    whoever finds all there begins. What was taken is an asset until the order leaves: then good pieces are sold, or
    lie on the shelf for which they were made (production.py), and what was in the others is wasted.
    Orders for what lies on a shelf (finished_goods.py) take that as others take materials.
    """

    def __init__(self, business: "Business", values: Values, vectors: Vectors) -> None:
        super().__init__(business)
        structure = business.structure
        self.kinds, self.goods, self.values = list(structure.kinds.values()), structure.goods, values
        self.chance, self.vectors, self.names = business.chance, vectors, list(structure.goods)
        self.network = Network(
            structure.network, values, self.names, np.zeros(len(self.names)), np.zeros(len(self.names)), self.chance,
            vectors, asked=usually_asked(structure, values, vectors, self.names),
        )  # fmt: skip
        self.production = Production(structure, self.network)
        self.finished_goods = FinishedGoods(structure, self.network)
        self.bills = Bills(structure, self.network, self.production.item_of)
        self.units, self.cost, self.came = np.zeros(0), np.zeros(0), np.zeros(0)  # of each open order, by its tag
        self.short, self.short_tags, self.short_since = Callers.nobody(), np.empty(0, np.int64), np.empty(0)
        self.pieces_in_work = self.begun = self.had_waited = self.waited = 0.0
        self.due = np.empty(0)  # when those who wait begin, on recorded days
        self.ended = Ended(np.empty(0), np.empty(0), 0.0, 0.0, 0.0, 0.0, 0.0)

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
        waiting, made_to_keep = len(self.short), self.production.begun(start)
        every, since = following(self.short, came), np.concatenate([self.short_since, minute])
        labels = np.concatenate([self.short_tags, tags])
        if len(made_to_keep):
            every, since = following(every, made_to_keep), np.append(since, made_to_keep.minute)
            labels = np.append(labels, self.model.work.open.noted(made_to_keep))
        self._note(labels, every.units, since)
        if day < 0 and self.is_told:
            begins, when = self._as_recorded(day, every, labels, since, start)
            lost = np.zeros(len(every), np.bool_)
        else:
            begins, when = self._by_materials(every, labels, waiting), np.maximum(since, start)
            lost = self.finished_goods.serve(every, np.arange(len(every)) >= waiting, begins)
            self._turn_away(every, labels, when, lost)
        stays = ~begins & ~lost
        self.short, self.short_tags, self.short_since = every.chosen(stays), labels[stays], since[stays]
        self.finished_goods.owe(self.short)
        order = np.argsort(when[begins], kind="stable")
        rows = np.flatnonzero(begins)[order]
        return self._begun(every, labels, when, since, rows)

    def _turn_away(self, every: Callers, tags: np.ndarray, when: np.ndarray, lost: np.ndarray) -> None:
        """Whoever finds too little and does not wait."""
        self.units[tags[lost]] = 0.0
        self.finished_goods.leave(every.chosen(lost), tags[lost], when[lost], BALKED)

    def _note(self, tags: np.ndarray, units: np.ndarray, since: np.ndarray) -> None:
        """Remember of each order how many pieces it has and when it came."""
        most = int(tags.max()) + 1 if len(tags) else 0
        self.units, self.cost, self.came = (with_room(one, most) for one in (self.units, self.cost, self.came))
        self.units[tags], self.came[tags] = units, since

    def _by_materials(self, every: Callers, tags: np.ndarray, waiting: int) -> np.ndarray:
        """Which of them find all that they need; these take it. The first have waited, the others are new."""
        is_new, made = np.arange(len(every)) >= waiting, self.bills.made
        begins, cost, used = self.bills.release(every.kind, every.units, is_new, ~self.finished_goods.lost)
        np.add.at(self.network.book[:, at.USED], self.bills.node_of[made], used[made])
        self.cost[tags[begins]] = cost[begins]
        return begins

    def _as_recorded(
        self, day: int, every: Callers, tags: np.ndarray, since: np.ndarray, start: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """The same of a recorded day: they begin when records say, whatever lay on the shelves."""
        waits, first = self.vectors["replay_wait_minutes"], int(np.searchsorted(self.vectors["replay_day"], day))
        ends, new = start + self.model.work.length, len(every) - len(self.due)
        own = since[len(since) - new :] + waits[first : first + new]
        when = np.concatenate([self.due, own])
        begins = when < ends
        self.due = when[~begins]
        self.cost[tags[begins]] = self.bills.costs(every.kind[begins], every.units[begins])
        return begins, np.maximum(when, start)

    def _begun(
        self, every: Callers, tags: np.ndarray, when: np.ndarray, since: np.ndarray, rows: np.ndarray
    ) -> "Begun":
        kind = every.kind[rows]
        made, own = self.bills.made[kind], self.production.kinds[kind]
        late = made & (when[rows] > since[rows])
        self.begun, self.had_waited = float(made.sum()), float(late.sum())
        self.waited = math.fsum((when[rows] - since[rows])[late].tolist())
        self.pieces_in_work += float(every.units[rows][self.bills.item_of[kind] >= 0].sum())
        self.production.in_work.update(zip(tags[rows][own].tolist(), kind[own].tolist(), strict=True))
        at_once = self.finished_goods.at_once[kind]
        self.finished_goods.leave(every.chosen(rows[at_once]), tags[rows[at_once]], when[rows[at_once]], DONE)
        rows = rows[~at_once]
        return Begun(every.chosen(rows), tags[rows], when[rows])

    # ------------------------------------------------------------ what is finished

    def end(self, day: int, done: Done, numbers: Values) -> Done:
        """Orders that ended: they came when they came, not when they began; good pieces are sold, the rest is scrap.

        done : of the stations; work that was not finished is scrap as a whole, but for goods of customers who give up
        Returns the same for the work of customers: what was made for a shelf lies there next morning.
        """
        visits = self.finished_goods.joined(done.visits)
        tags, kind, how = visits["tag"], visits["kind"], visits["how"]
        visits["arrived"] = self.came[tags]
        own, taken = self.production.kinds[kind], self.finished_goods.kinds[kind]
        units = np.where(self.bills.item_of[kind] >= 0, self.units[tags], 0.0)
        back = taken & (how != DONE) & (how != SCRAPPED)
        scrapped = np.where(how == DONE, self._scrapped(visits, units, numbers), np.where(back, 0.0, units))
        self._account(kind, tags, units, scrapped, own, back, numbers)
        self.finished_goods.put_back(kind[back], units[back])
        self._shelve(day, kind[own], tags[own], units[own] - scrapped[own], scrapped[own])
        made = ~taken
        self.ended.finished, self.ended.scrap = float(units[made].sum()), float(scrapped[made].sum())
        self.ended.units, self.ended.scrapped = units[~own], scrapped[~own]
        self.cost[tags] = 0.0
        self.pieces_in_work -= float(units.sum())
        return done.of(visits[~own] if own.any() else visits)

    def _scrapped(self, visits: np.ndarray, units: np.ndarray, numbers: Values) -> np.ndarray:
        """How many pieces of each are scrap, each by its own luck."""
        share, scrap = np.array(self._scrap(numbers))[visits["kind"]], np.zeros(len(visits), np.int64)
        kernel.scrapped(self.chance[Purpose.PIECE_SCRAP], visits["entity"], units, share, scrap)
        return scrap.astype(float)

    def _account(
        self, kind: np.ndarray, tags: np.ndarray, units: np.ndarray, scrapped: np.ndarray, own: np.ndarray,
        back: np.ndarray, numbers: Values,
    ) -> None:  # fmt: skip
        """What it brought and what it had cost; what goes on a shelf is worth what such a piece costs there."""
        good, cost, keeps = units - scrapped, self.cost[tags], own | back
        sold = np.divide(cost * good, units, out=np.zeros(len(tags)), where=(units > 0.0) & ~keeps)
        kept = np.where(keeps, good * self.network.unit_cost[self.bills.item_of[kind]], 0.0)
        revenue = np.where(keeps, 0.0, good * np.array(self.prices(numbers))[kind])
        sums = (math.fsum(one.tolist()) for one in (revenue, sold, cost - sold - kept))
        self.ended = Ended(units, scrapped, 0.0, 0.0, *sums)

    def _shelve(self, day: int, kinds: np.ndarray, tags: np.ndarray, good: np.ndarray, scrap: np.ndarray) -> None:
        """What was made for a shelf is on its way there; on days that are played as recorded, the shelf is as told."""
        told = day < 0 and self.is_told
        for one, tag, pieces, lost in zip(*(column.tolist() for column in (kinds, tags, good, scrap)), strict=True):
            del self.production.in_work[tag]
            if not told:
                self.production.finish(day, one, pieces, lost)
        self.model.work.open.closed(tags)

    def _scrap(self, numbers: Values) -> list[float]:
        return [number(one.scrap_share, numbers) for one in self.kinds]

    def prices(self, numbers: Values) -> list[float]:
        """What a piece of each kind of order is sold for today."""
        level = numbers.get("price", 1.0)
        sold = [one.makes or one.takes for one in self.kinds]
        declared = [self.goods[one].price if one else 0.0 for one in sold]
        return [number(price or 0.0, numbers) * level for price in declared]

    @property
    def good_share(self) -> float:
        """Of the pieces that were finished today, which share is good; 1 where there were none."""
        finished = self.ended.finished
        return 1.0 - self.ended.scrap / finished if finished else 1.0

    def work_in_process(self) -> float:
        """What that cost which all orders have taken that have not ended, those included that begin tomorrow."""
        ahead = self.bills.costs(self.production.kind, self.production.released[:, PIECES].copy())
        return math.fsum([*self.cost[self.cost > 0.0].tolist(), *ahead.tolist()])

    # ------------------------------------------------------------ the evening

    def take_orders(self, day: int, levers: Values) -> None:
        """The evening: materials that run low are ordered again."""
        if day >= 0 or not self.is_told:
            self.network.tune(levers)
            self.network.evening(day)
            self.production.evening()

    def stand(self) -> None:
        """The first morning: where records tell what lies there and what is on order, it is that."""
        opening = Opening.of(self.vectors)
        if opening is not None:
            self.network.stand(opening)
        if self.is_told:
            self._take_up()
        self.finished_goods.owe(self.short)

    def _take_up(self) -> None:
        """Production orders that are open after the recorded days; those without materials wait where others do."""
        own, clock, length = self.production.kinds[self.short.kind], self.model.work.floor.clock, self.model.work.length
        short = dict(zip(self.short_tags[own].tolist(), self.short.kind[own].tolist(), strict=True))
        self.production.stand(self.units, lambda tag: int((self.came[tag] - clock) // length), short)
        self.model.work.open.closed(self.short_tags[own])
        self.short, self.short_tags, self.short_since = (
            self.short.chosen(~own), self.short_tags[~own], self.short_since[~own],
        )  # fmt: skip

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
        of_goods = self.bills.item_of[came.kind] >= 0
        return {
            "units_ordered": float(came.units[of_goods].sum()),
            "units_finished": self.ended.finished,
            "units_scrapped": self.ended.scrap,
            "visits_released": self.begun,
            "visits_short": self.had_waited,
            "short_minutes_sum": self.waited,
            "visits_unreleased": float(self.bills.made[self.short.kind].sum()),
        }

    def evening(self) -> Values:
        """What the day brought, what it cost, and how the shelves stand when it is over."""
        values = self.values
        costs = self.network.costs(values.get("holding_cost_share", 0.0), values.get("ordering_cost", 0.0))
        found = self.network.record() | costs
        found["waste_cost"] += self.ended.waste_cost
        found["units_made"] = self.ended.finished - self.ended.scrap
        ahead = float(self.production.released[:, PIECES].sum())
        found |= {"units_in_work": self.pieces_in_work + ahead, "work_in_process": self.work_in_process()}
        if self.finished_goods.kinds.any() or self.production.kinds.any():
            found |= self.production.record() | self.finished_goods.record()
        return found


@dataclass
class Begun:
    """The orders that begin on a day, in order of time, with their tags and the minute on the clock of the stations."""

    orders: Callers
    tags: np.ndarray
    minute: np.ndarray
