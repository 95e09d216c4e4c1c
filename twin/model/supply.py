"""The supply chain of a business: outlets whose shelves orders empty, and all that fills them again."""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.chance import Purpose
from twin.model.inputs import Values, Vectors
from twin.model.kernels import baskets
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import located, power, running_sums
from twin.model.network import Network
from twin.model.orders import Orders
from twin.spec.parts import number

if TYPE_CHECKING:
    from twin.model.business import Business


class Sale:
    """What a day's orders took from the shelves.

    totals  units demanded, units shipped, order lines, units substituted. The fill rate is that of what was asked
            for: pieces taken instead of something missing are sold, but in neither demanded nor shipped
    """

    def __init__(self, orders: int, items: int) -> None:
        self.revenue, self.fill = np.zeros(orders), np.ones(orders)
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
        self.item_sums = running_sums(vectors["item_line_share"].astype(float))
        self.guide = baskets.guide(self.item_sums)
        self.quantity = vectors["item_quantity"].astype(float)
        self.substitution = values.get("substitution_share", 0.0)  # without it nobody takes anything else
        self.network = self._network(business)
        self.unit_cost[:-1] = self.network.unit_cost[: self.tracked]  # a good may say what it costs
        self.sites = [Site(business, self.network, k) for k in range(len(self.network.nodes))]
        self.outlets = [self.sites[k] for k in self.network.sellers.tolist()]
        nodes = [business.structure.nodes[one.name] for one in self.outlets]
        self.outlet_sums = running_sums(np.array([number(node.demand_share, values) for node in nodes]))

    def _network(self, business: "Business") -> Network:
        """Shelves for the best-selling items, and for whatever else has a name."""
        vectors, declared = self.vectors, business.structure.network
        known = [str(one) for one in vectors["item_id"][:-1].tolist()]
        more = [one for one in declared.goods if one not in set(known)]
        usual, cost = np.zeros(len(known) + len(more)), np.zeros(len(known) + len(more))
        usual[: self.tracked], cost[: self.tracked] = vectors["item_units_per_day"][:-1], self.unit_cost[:-1]
        first = float(self.ahead[0])
        return Network(declared, self.values, [*known, *more], usual, cost, self.chance, vectors, first)

    def deliver(self, day: int) -> None:
        """The morning: what is due comes in."""
        self.network.morning(day)

    def outlet_of(self, entities: np.ndarray) -> np.ndarray:
        """At which outlet each of these buyers orders: the same one each time, wherever their luck has put them."""
        if len(self.outlets) == 1:
            return np.zeros(len(entities), np.int64)
        key = self.chance[Purpose.OUTLET]
        return np.array([located(self.outlet_sums, draw(key, one, 0, 0)) for one in entities.tolist()], np.int64)

    def sell(self, day: int, orders: Orders, prices: np.ndarray, effect: np.ndarray) -> Sale:
        """Take the day's orders from the shelves, in order of time."""
        whole, where = Sale(len(orders), self.items), self.outlet_of(orders.entity)
        for place, outlet in enumerate(self.outlets):
            mine = np.flatnonzero(where == place) if len(self.outlets) > 1 else slice(None)
            sale = self._sell_at(outlet, day, [column[mine] for column in (
                orders.entity, orders.nth, orders.lines, orders.size)], prices, effect)  # fmt: skip
            whole.revenue[mine], whole.fill[mine] = sale.revenue, sale.fill
            whole.totals += sale.totals
            whole.sold += sale.sold
        return whole

    def _sell_at(
        self, outlet: Site, day: int, columns: list[np.ndarray], prices: np.ndarray, effect: np.ndarray
    ) -> Sale:
        """The same at one outlet, where customers go without, or wait for what is missing."""
        sale, waits = Sale(len(columns[0]), self.items), bool(self.network.nodes[outlet.place]["backorders"])
        if waits:
            self.network.lend(outlet.place)
        entities, nth, lines, sizes = columns
        baskets.filled(
            self.chance[Purpose.ITEM], self.chance[Purpose.QUANTITY], self.chance[Purpose.SUBSTITUTE], day,
            entities, nth, lines, sizes, self.item_sums, self.guide, self.quantity, effect, prices, self.tracked,
            self.substitution, outlet.stock, sale.revenue, sale.fill, sale.totals, sale.sold,
        )  # fmt: skip
        if waits:
            sale.totals[1] -= self.network.reclaim(outlet.place)
        self.network.sold(outlet.place, float(sale.totals[0]), float(sale.totals[1]), sale.sold[: self.tracked])
        return sale

    def replay(self, first: int, last: int) -> np.ndarray:
        """Take recorded orders from the shelves; returns which share of each could be delivered."""
        v, fill = self.vectors, np.ones(last - first)
        offsets, items = v["replay_line_offsets"], v["replay_line_item"]
        if len(self.outlets) == 1:
            baskets.filled_as_recorded(
                first, last, offsets, items, v["replay_line_quantity"], self.tracked, self.outlets[0].stock, fill
            )
            return fill
        where = self._recorded_outlets(first, last)
        for n in range(last - first):  # one by one: those of one outlet do not stand together
            stock, one = self.outlets[where[n]].stock, slice(n, n + 1)
            baskets.filled_as_recorded(
                first + n, first + n + 1, offsets, items, v["replay_line_quantity"], self.tracked, stock, fill[one]
            )
        return fill

    def _recorded_outlets(self, first: int, last: int) -> np.ndarray:
        """Where recorded orders were placed: as recorded, by the outlet's place in the structure, or by luck."""
        told = self.vectors.get("replay_outlet")
        return self.outlet_of(self.vectors["replay_number"][first:last]) if told is None else told[first:last]

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
