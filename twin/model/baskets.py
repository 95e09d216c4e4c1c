"""What buyers put into an order: how many lines, how large they are, and what prices and offers do to that."""

import math
from typing import TYPE_CHECKING

import numpy as np

from twin.model.chance import Purpose
from twin.model.inputs import Plan, Values, Vectors
from twin.model.kernels.baskets import sized
from twin.model.kernels.elementary import logarithm, power
from twin.model.orders import Orders
from twin.model.promotion import order_effects, paid

if TYPE_CHECKING:
    from twin.model.business import Business

STREAM = "anonymous_"  # how numbers of buyers without a name begin; those of known customers have no such beginning


class Baskets:
    """The orders of a business that sells goods, whoever places them; `known`: whether some buyers have a name."""

    def __init__(self, business: "Business", values: Values, vectors: Vectors, known: bool) -> None:
        self.business, self.values, self.vectors = business, values, vectors
        self.kinds = ["" if known else STREAM, STREAM]  # of known customers, of the others
        self.scales = tuple(
            float(vectors["basket_scale"][place]) * values[f"{kind}basket_value_ratio"]
            for place, kind in enumerate(self.kinds)
        )
        self._offers: np.ndarray | None = None
        self._seasons: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}

    def effect_on_orders(self, day: int, levers: Values, plan: Plan) -> float:
        """How many orders the prices and offers of a day bring against today's: 1 where nothing changes."""
        value, level = self.values, levers["price"] * self.price_index(day, plan)
        return power(level, value["price_effect"] * value["price_effect_on_orders_share"]) * self.offers(plan)[day]

    def price_index(self, day: int, plan: Plan) -> float:
        """The price index of the day's single prices, weighted by what each item sells; 1 where none changes."""
        if plan.item_prices is None:
            return 1.0
        weights = zip(self.vectors["item_revenue_share"].tolist(), plan.item_prices[day].tolist(), strict=True)
        return 1.0 + math.fsum(share * (ratio - 1.0) for share, ratio in weights)

    def offers(self, plan: Plan) -> np.ndarray:
        """By how much promotions move the orders of each day."""
        if self._offers is None:
            path, is_open = self.business.path, self.business.inputs.open_days
            usual = np.where(is_open, 1.0 if path is None else path, 0.0) * plan.levers["demand"]
            self._offers = order_effects(self.values, plan, usual)
        return self._offers

    def fill(self, day: int, orders: Orders, spends: np.ndarray, levers: Values) -> Orders:
        """How many lines each order has, and how large its quantities are.

        spends : how large the orders of each known customer usually are
        """
        value, chance = self.values, self.business.chance
        means, sds, scales = self.season(int(self.business.inputs.months[day]))
        effect = power(paid(levers), value["price_effect"] * (1.0 - value["price_effect_on_orders_share"]))
        sized(
            chance[Purpose.LINES], chance[Purpose.ORDER_SIZE], day, orders.row, orders.entity, orders.nth, spends,
            means, sds, scales * effect, value["basket_scatter"], orders.lines, orders.size,
        )  # fmt: skip
        return orders

    def season(self, month: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of a calendar month: logarithms of lines, mean and spread, and how large quantities are; by kind of buyer."""
        if month not in self._seasons:
            value, longer = self.values, self.vectors["season_lines"][:, month]
            means = [value[f"{kind}lines_log_mean"] + logarithm(longer[n]) for n, kind in enumerate(self.kinds)]
            sds = [value[f"{kind}lines_log_sd"] for kind in self.kinds]
            scales = np.array(self.scales) * self.vectors["season_size"][:, month]
            self._seasons[month] = np.array(means), np.array(sds), scales
        return self._seasons[month]
