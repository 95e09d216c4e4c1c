"""The stock room and its supplier: shelves that orders empty and deliveries fill."""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.chance import Purpose
from twin.model.inputs import Values, Vectors
from twin.model.kernels import baskets, stock
from twin.model.kernels.elementary import power, running_sums
from twin.model.orders import Orders, with_room

if TYPE_CHECKING:
    from twin.model.business import Business


class Sale:
    """What a day's orders took from the shelf.

    totals  units demanded, units shipped, order lines, units substituted. The fill rate is that of what was asked
            for: pieces taken instead of something missing are sold, but in neither demanded nor shipped
    """

    def __init__(self, orders: int, items: int) -> None:
        self.revenue, self.fill = np.zeros(orders), np.ones(orders)
        self.totals = np.zeros(4)
        self.sold = np.zeros(items)


class StockRoom(mesa.Agent):
    """Shelves for the best-selling items; everything else is bought as it is sold and never runs out."""

    def __init__(self, business: "Business", values: Values, vectors: Vectors) -> None:
        super().__init__(business)
        self.chance, self.values, self.vectors = business.chance, values, vectors
        self.items = len(vectors["item_price"])
        self.tracked = self.items - 1
        self.price = vectors["item_price"].astype(float)
        self.unit_cost = self.price * values["unit_cost_share"]
        self.daily = vectors["item_units_per_day"][:-1].astype(float)
        self.ahead, self.replayed = vectors["demand_ahead"], len(vectors["replay_open"])
        self.item_sums = running_sums(vectors["item_line_share"].astype(float))
        self.quantity = vectors["item_quantity"].astype(float)
        self.substitution = values.get("substitution_share", 0.0)  # without it nobody takes anything else
        self.stock, self.on_order = np.zeros(self.items), np.zeros(self.items)
        stock.opening_stock(
            self.chance[Purpose.OPENING_STOCK],
            values["reorder_point"],
            values["order_up_to_level"],
            self.usual_demand(-self.replayed),
            self.stock,
        )

    def usual_demand(self, day: int) -> np.ndarray:
        """Pieces a day of each item that its buyer reckons with: the year's average, times the season ahead."""
        return self.daily * float(self.ahead[self.replayed + day])

    def sell(self, day: int, orders: Orders, prices: np.ndarray, effect: np.ndarray) -> Sale:
        """Take the day's orders from the shelf, in order of time."""
        sale = Sale(len(orders), self.items)
        baskets.filled(
            self.chance[Purpose.ITEM], self.chance[Purpose.QUANTITY], self.chance[Purpose.SUBSTITUTE], day,
            orders.entity, orders.nth, orders.lines, orders.size,
            self.item_sums, self.quantity, effect, prices, self.tracked, self.substitution, self.stock,
            sale.revenue, sale.fill, sale.totals, sale.sold,
        )  # fmt: skip
        return sale

    def replay(self, first: int, last: int) -> np.ndarray:
        """Take recorded orders from the shelf; returns which share of each could be delivered."""
        v, fill = self.vectors, np.ones(last - first)
        baskets.filled_as_recorded(
            first,
            last,
            v["replay_line_offsets"],
            v["replay_line_item"],
            v["replay_line_quantity"],
            self.tracked,
            self.stock,
            fill,
        )
        return fill

    def item_effect(self, ratio: np.ndarray, index: float) -> np.ndarray:
        """How prices of single items against today's move the pieces of each in an order: 1 where nothing changes.

        ratio, index : of each item, and of all together by what they sell. In the end the pieces sold of each item
        follow its own price with the whole effect: what the index takes from orders is given back in pieces.
        """
        effect = self.values["price_effect"]
        orders = power(index, effect * self.values["price_effect_on_orders_share"])
        return np.array([power(one, effect) / orders for one in ratio.tolist()])

    def evening(self) -> tuple[float, float, int]:
        """Pieces on the shelf, what they cost, and how many items have run out."""
        return stock.on_shelf(self.stock, self.unit_cost[:-1])


class Supplier(mesa.Agent):
    """Whoever refills the shelves: takes orders in the evening and delivers after a random lead time."""

    def __init__(self, business: "Business", room: StockRoom) -> None:
        super().__init__(business)
        self.chance, self.room = business.chance, room
        most = max(64, 12 * room.items)
        self.count = 0
        self.item, self.pieces, self.due = np.zeros(most, np.int64), np.zeros(most), np.zeros(most, np.int64)

    def deliver(self, day: int) -> tuple[float, float]:
        """Bring what is due this morning; returns the pieces and what they cost."""
        room = self.room
        self.count, received, paid = stock.delivered(
            day, self.count, self.item, self.pieces, self.due, room.stock, room.on_order, room.unit_cost
        )
        return received, paid

    def take_orders(self, day: int, levers: Values) -> int:
        """Order again, by the (s,S) rule, what runs low; returns the number of orders placed."""
        room = self.room
        for name in ("item", "pieces", "due"):
            setattr(self, name, with_room(getattr(self, name), self.count + room.tracked))
        self.count, placed = stock.reordered(
            self.chance[Purpose.LEAD_TIME], day, levers["reorder_point"], levers["order_up_to_level"],
            room.usual_demand(day),
            levers["lead_time_days"], room.values["lead_time_scatter"], room.stock, room.on_order, self.count,
            self.item, self.pieces, self.due,
        )  # fmt: skip
        return placed
