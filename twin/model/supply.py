"""The supply chain of a business: outlets whose shelves orders empty, and all that fills them again."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.chance import Purpose
from twin.model.inputs import Values, Vectors
from twin.model.kernels import baskets
from twin.model.kernels.elementary import power, running_sums
from twin.model.kernels.outlets import outlets_of, recorded_at_outlets
from twin.model.kernels.worth import REVENUE, WORTH, recorded
from twin.model.network import Network
from twin.model.opening import Opening
from twin.model.orders import Orders
from twin.model.parcels import NOTHING_HELD, Load
from twin.spec.parts import number

if TYPE_CHECKING:
    from twin.model.business import Business

Columns = list[np.ndarray]


class Sale:
    """What a day's orders took from the shelves.

    totals  units demanded, units shipped, order lines, units substituted. The fill rate is that of what was asked
            for: pieces taken instead of something missing are sold, but in neither demanded nor shipped
    worth   of each order (kernels/worth.py);  load : what each holds, where it may have to go back
    """

    load: Load = NOTHING_HELD

    def __init__(self, orders: int, items: int) -> None:
        self.worth, self.fill = np.zeros((orders, WORTH)), np.ones(orders)
        self.totals = np.zeros(4)
        self.sold = np.zeros(items)


class Site(mesa.Agent):
    """One place of the supply chain: what lies there, and what is on order for it, by item."""

    def __init__(self, business: "Business", network: Network, place: int) -> None:
        super().__init__(business)
        self.name, self.place = network.wiring.node_names[place], place
        self.stock, self.on_order = network.stock[place], network.on_order[place]


class Supply(mesa.Agent):
    """All goods of a business: shelves for the best-selling items, at one outlet or several, and their supply.

    Everything else is bought as it is sold and never runs out.
    """

    def __init__(self, business: "Business", values: Values, vectors: Vectors) -> None:
        super().__init__(business)
        self.chance, self.values, self.vectors = business.chance, values, vectors
        self.items = len(vectors["item_price"])
        self.tracked = self.items - 1
        self.price = vectors["item_price"].astype(float)
        self.unit_cost = self.price * values["unit_cost_share"]
        self.ahead, self.replayed = vectors["demand_ahead"], len(vectors["replay_open"])
        self.quantity, self.unmoved = sizes_of(vectors), np.ones(self.items)
        self.substitution = values.get("substitution_share", 0.0)  # without it nobody takes anything else
        self.network = self._network(business)
        self.unit_cost[:-1] = self.network.unit_cost[: self.tracked]  # a good may say what it costs
        self.sites = [Site(business, self.network, k) for k in range(len(self.network.nodes))]
        self.outlets = [self.sites[k] for k in self.network.sellers.tolist()]
        self.sums = [running_sums(mix) for mix in mixes_of(vectors, len(self.outlets))]
        self.guides = [baskets.guide(sums) for sums in self.sums]
        self.shares = [business.structure.nodes[one.name].demand_share for one in self.outlets]
        self.usual_shares = np.array([number(share, values) for share in self.shares])
        self.choice, self.divided_by = chosen(self.usual_shares, self.usual_shares), dict[str, float]()
        self.shares_now = self.usual_shares
        self.goes_back = business.structure.may_be_given_up
        self.recorded_worth = self._recorded_worth()

    def _network(self, business: "Business") -> Network:
        """Shelves for the best-selling items, and for whatever else has a name."""
        vectors, declared = self.vectors, business.structure.network
        known = [str(one) for one in vectors["item_id"][:-1].tolist()]
        more = [one for one in declared.goods if one not in set(known)]
        mixes = mixes_of(vectors, len(declared.selling))
        each = np.maximum(vectors["item_line_share"].astype(float), 1e-300)
        usual, cost = np.zeros((len(mixes), len(known) + len(more))), np.zeros(len(known) + len(more))
        usual[:, : self.tracked] = (vectors["item_units_per_day"] * (mixes / each))[:, :-1]
        cost[: self.tracked] = self.unit_cost[:-1]
        first = float(self.ahead[0])
        return Network(declared, self.values, [*known, *more], usual, cost, self.chance, vectors, first)

    def deliver(self, day: int) -> None:
        """The morning: what is due comes in."""
        self.network.morning(day)

    def outlet_of(self, day: int, entities: np.ndarray) -> np.ndarray:
        """At which outlet each of these buyers orders: known ones at the same each time, where luck has put them."""
        found = np.zeros(len(entities), np.int64)
        if len(self.outlets) > 1:
            outlets_of(self.chance[Purpose.OUTLET], day, entities, *self.choice, found)
        return found

    def divide(self, levers: Values) -> None:
        """Use today's shares of the outlets: one that is moved has its share, the others divide the rest as before.

        Levels in days of usual demand follow from this day on; those in pieces stay.
        """
        if levers is self.divided_by or len(self.outlets) == 1:
            return
        numbers, self.divided_by = self.values | levers, levers
        now = np.array([number(share, numbers) for share in self.shares])
        if not np.array_equal(now, self.shares_now):
            self.shares_now, self.choice = now, chosen(self.usual_shares, now)
            self.network.wiring.share_out(divided(self.usual_shares, now).tolist())

    def sell(self, day: int, orders: Orders, prices: np.ndarray, effect: np.ndarray) -> Sale:
        """Take the day's orders from the shelves, in order of time."""
        columns, where = [orders.entity, orders.nth, orders.lines, orders.size], self.outlet_of(day, orders.entity)
        load = Load.of_lines(where, orders.lines) if self.goes_back else NOTHING_HELD
        if len(self.outlets) == 1:
            sale = self._sell_at(0, day, columns, prices, effect, load)
            sale.load = load
            return sale
        whole = Sale(len(orders), self.items)
        for place in range(len(self.outlets)):
            mine = np.flatnonzero(where == place)
            held = replace(load, first=load.first[:-1][mine]) if self.goes_back else load
            sale = self._sell_at(place, day, [column[mine] for column in columns], prices, effect, held)
            whole.worth[mine], whole.fill[mine] = sale.worth, sale.fill
            whole.totals += sale.totals
            whole.sold += sale.sold
        whole.load = load
        return whole

    def _sell_at(
        self, which: int, day: int, columns: Columns, prices: np.ndarray, effect: np.ndarray, load: Load
    ) -> Sale:
        """The same at one outlet, where customers go without, or wait for what is missing."""
        outlet = self.outlets[which]
        sale, waits = Sale(len(columns[0]), self.items), bool(self.network.nodes[outlet.place]["backorders"])
        if waits:
            self.network.lend(outlet.place)
        self._fill(which, day, columns, prices, effect, outlet.stock, sale, load)
        if waits:
            sale.totals[1] -= self.network.reclaim(outlet.place)
        self.network.sold(outlet.place, float(sale.totals[0]), float(sale.totals[1]), sale.sold[: self.tracked])
        return sale

    def _fill(
        self, which: int, day: int, columns: Columns, prices: np.ndarray, effect: np.ndarray, stock: np.ndarray,
        sale: Sale, load: Load,
    ) -> None:  # fmt: skip
        """What orders at one outlet take from a shelf."""
        fill: Callable[..., None] = baskets.filled
        fill(
            self.chance[Purpose.ITEM], self.chance[Purpose.QUANTITY], self.chance[Purpose.SUBSTITUTE], day,
            *columns, self.sums[which], self.guides[which], self.quantity, effect, prices, self.unit_cost,
            self.tracked, self.substitution, stock, sale.worth, sale.fill, sale.totals, sale.sold,
            load.first, load.items, load.pieces,
        )  # fmt: skip

    def put_back(self, day: int, load: Load, orders: np.ndarray) -> float:
        """Put what these orders of a load had taken on its shelf again; returns how many pieces."""
        return self.network.put_back(day, load, orders, self.tracked)

    def _recorded_worth(self) -> np.ndarray:
        """What each replayed order brought and what its goods cost, at today's prices."""
        v = self.vectors
        worth = np.zeros((len(v["replay_line_offsets"]) - 1, WORTH))
        recorded(
            v["replay_line_offsets"], v["replay_line_item"], v["replay_line_quantity"], self.price, self.unit_cost,
            self.tracked, worth,
        )  # fmt: skip
        return worth

    def recorded_load(self, first: int, last: int) -> Load:
        """What recorded orders hold, where it may have to go back."""
        if not self.goes_back:
            return NOTHING_HELD
        v, places = self.vectors, np.zeros(last - first, np.int64)
        outlet = places if len(self.outlets) == 1 else self._recorded_outlets(first, last)
        starts = v["replay_line_offsets"][first : last + 1]
        lines = slice(int(starts[0]), int(starts[-1]))
        pieces = v["replay_line_quantity"][lines].astype(float)
        return Load(
            outlet, (starts - starts[0]).astype(np.int64), v["replay_line_item"][lines].astype(np.int64), pieces
        )

    def foretold(
        self, day: int, orders: Orders, nth: int, prices: np.ndarray, effect: np.ndarray
    ) -> tuple[int, np.ndarray, np.ndarray, float]:
        """What one of the day's orders will ask for and get, before any is served; no shelf is touched.

        Returns its outlet's place among the outlets, pieces asked for and given by item, and what they bring.
        """
        where = self.outlet_of(day, orders.entity)
        which, mine = int(where[nth]), np.flatnonzero(where == where[nth])
        told: list[tuple[np.ndarray, float]] = []
        for endless in (True, False):
            stock = self.outlets[which].stock.copy()
            if endless or self.network.nodes[self.outlets[which].place]["backorders"]:
                stock[:] = 2.0**40
            for chosen in (mine[mine < nth], mine[mine == nth]):
                sale = Sale(len(chosen), self.items)
                columns = [column[chosen] for column in (orders.entity, orders.nth, orders.lines, orders.size)]
                self._fill(which, day, columns, prices, effect, stock, sale, NOTHING_HELD)
            told.append((sale.sold, float(sale.worth[0, REVENUE]) / 100.0))
        return which, told[0][0], told[1][0], told[1][1]

    def replay(self, first: int, last: int) -> np.ndarray:
        """Take recorded orders from the shelves; returns which share of each could be delivered."""
        v, fill = self.vectors, np.ones(last - first)
        offsets, items = v["replay_line_offsets"], v["replay_line_item"]
        if len(self.outlets) == 1:
            baskets.filled_as_recorded(
                first, last, offsets, items, v["replay_line_quantity"], self.tracked, self.outlets[0].stock, fill
            )
            return fill
        recorded_at_outlets(
            first, last, offsets, items, v["replay_line_quantity"], self._recorded_outlets(first, last),
            self.network.sellers, self.tracked, self.network.stock, fill,
        )  # fmt: skip
        return fill

    def stand(self) -> None:
        """The first morning: where records tell what lies there and what is on order, it is that."""
        opening = Opening.of(self.vectors)
        if opening is not None:
            self.network.stand(opening)

    def _recorded_outlets(self, first: int, last: int) -> np.ndarray:
        """Where recorded orders were placed: as recorded, by the outlet's place in the structure, or by luck."""
        told = self.vectors.get("replay_outlet")
        if told is None:
            return self.outlet_of(0, self.vectors["replay_number"][first:last])
        return np.asarray(told[first:last], np.int64)

    def item_effect(self, ratio: np.ndarray, index: float) -> np.ndarray:
        """How prices of single items against today's move the pieces of each in an order: 1 where nothing changes.

        ratio, index : of each item, and of all together by what they sell. In the end the pieces sold of each item
        follow its own price with the whole effect: what the index takes from orders is given back in pieces.
        """
        effect = self.values["price_effect"]
        orders = power(index, effect * self.values["price_effect_on_orders_share"])
        return np.array([power(one, effect) / orders for one in ratio.tolist()])

    def take_orders(self, day: int, levers: Values) -> None:
        """The evening: every place orders what runs low, and sends what it was asked for."""
        self.network.tune(levers)
        self.network.evening(day, float(self.ahead[self.replayed + day]))

    @property
    def purchases(self) -> float:
        """What the goods cost that suppliers delivered today."""
        return self.network.purchases

    def replayed_purchases(self, day: int) -> float:
        """The same of a day before the first, as it was played again."""
        return self.purchases

    def evening(self) -> Values:
        """What the day brought, what it cost, and how things stand when it is over."""
        value = self.values
        return self.network.record() | self.network.costs(value["holding_cost_share"], value["ordering_cost"])


def sizes_of(vectors: Vectors) -> np.ndarray:
    """Pieces of each item in a line before they are rounded to whole ones; the mean where that is all that is known."""
    return np.asarray(vectors["item_size" if "item_size" in vectors else "item_quantity"], float)


def mixes_of(vectors: Vectors, outlets: int) -> np.ndarray:
    """Which share of the lines is of each item, at each outlet: as told, or as at all. Shape (outlets, items)."""
    told = vectors.get("outlet_line_share")
    if told is not None and len(told) == outlets:
        return np.asarray(told, float)
    return np.tile(vectors["item_line_share"].astype(float), (max(outlets, 1), 1))


def divided(usual: np.ndarray, now: np.ndarray) -> np.ndarray:
    """The share of each outlet: those that have moved hold, the others divide what is left in their old proportion.

    >>> divided(np.array([0.5, 0.25, 0.25]), np.array([0.2, 0.25, 0.25])).round(2).tolist()
    [0.2, 0.4, 0.4]
    """
    moved = now != usual
    if not moved.any():
        return usual.copy()
    rest = float(usual[~moved].sum())
    left = max(0.0, 1.0 - float(now[moved].sum()))
    target = np.where(moved, now, usual * (left / rest if rest > 0.0 else 0.0))
    return np.asarray(target / (target.sum() if target.sum() > 0.0 else 1.0))


def chosen(usual: np.ndarray, now: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How buyers choose an outlet: running shares as usual, what each outlet keeps of its own, where the others go.

    usual, now : shares, see `divided`
    """
    target = divided(usual, now)
    kept = np.where(usual > 0.0, np.minimum(1.0, target / np.where(usual > 0.0, usual, 1.0)), 1.0)
    gained = np.maximum(target - usual, 0.0)
    return running_sums(usual), kept, running_sums(gained if gained.any() else usual)
