"""The customers: some thousand people, each with a rate, a patience and a satisfaction of their own."""

import math
from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.chance import Purpose
from twin.model.inputs import Plan, Values, Vectors
from twin.model.kernels import customers as kernel
from twin.model.kernels.baskets import sized
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import logarithm, poisson, power, running_sums
from twin.model.orders import Orders, with_room

if TYPE_CHECKING:
    from twin.model.business import Business

COLUMNS = ("alive", "rate", "hazard", "patience", "satisfaction", "spend", "entity")
BIN_MINUTES = 60.0


class Customers(mesa.Agent):
    """Everybody who may order: known customers (a row each), new ones, and buyers without a number."""

    def __init__(self, business: "Business", values: Values, vectors: Vectors) -> None:
        super().__init__(business)
        self.chance, self.values, self.vectors = business.chance, values, vectors
        self.count = len(vectors["customer_id"])
        self.spends = np.ascontiguousarray(vectors["customer_spend"]) if self.count else np.ones(1)
        self.alive, self.rate, self.hazard, self.patience = self._posterior()
        self.rate *= float(vectors["orders_per_purchase_day"][0])
        self.satisfaction = np.ones(self.count)
        self.spend = vectors["customer_spend"].astype(float)
        self.entity = np.arange(self.count, dtype=np.int64)
        self.reference = 1.0
        open_share = float(vectors["open_share"][0])  # streams are counted a calendar day and come on open days
        self.new = values["new_customers_per_day"] / open_share
        self.unknown = values["anonymous_orders_per_day"] / open_share
        self.hours = [running_sums(share) for share in self._hour_shares(vectors["hour_share"])]
        self.scales = (
            float(vectors["basket_scale"][0]) * values["basket_value_ratio"],
            float(vectors["basket_scale"][1]) * values["anonymous_basket_value_ratio"],
        )

    def _posterior(self) -> tuple[np.ndarray, ...]:
        v, luck = self.vectors, self.chance
        purposes = (Purpose.ALIVE, Purpose.RATE, Purpose.DROPOUT_A, Purpose.DROPOUT_B, Purpose.DROPOUT_TIME)
        history = (v["customer_repeats"], v["customer_recency_days"], v["customer_age_days"])
        return kernel.posterior(*history, *self._fitted(), *(luck[purpose] for purpose in purposes))

    def _fitted(self) -> tuple[float, float, float, float]:
        """The four numbers of the BG/NBD model: r, alpha, a and b."""
        value = self.values
        return value["rate_shape"], value["rate_scale_days"], value["dropout_a"], value["dropout_b"]

    @staticmethod
    def _hour_shares(shares: np.ndarray) -> list[np.ndarray]:
        """The day's hours for each weekday; a weekday without orders takes the week's own shape."""
        by_day = shares.reshape(7, 24)
        week = by_day.T.copy()
        whole = np.array([math.fsum(week[hour]) for hour in range(24)])
        return [day.copy() if day.any() else whole.copy() for day in by_day]

    def settle(self, rows: np.ndarray, outcomes: np.ndarray) -> None:
        """Start from the last recorded weeks: everyone from their mean, then each from their own orders."""
        mean = math.fsum(outcomes.tolist()) / len(outcomes) if len(outcomes) else 1.0
        self.satisfaction[:] = mean
        kernel.remembered(rows, outcomes, self.values["satisfaction_memory"], self.satisfaction)
        _, self.reference = kernel.active(self.count, self.alive, self.satisfaction)

    def expected(self) -> tuple[float, float]:
        """Orders to be expected on an open day, before the day's factors: of known customers, and of streams."""
        returning = kernel.expected_returning(
            self.count, self.alive, self.rate, self.satisfaction, self.reference, self.values["return_response"]
        )
        return returning, self.new + self.unknown

    def order(self, day: int, factors: tuple[float, float], levers: Values, plan: Plan) -> Orders:
        """The orders of one day in order of time, each with its buyer, minute, lines and size.

        factors : of the day, for those who come back, and for new customers and anonymous buyers
        """
        effect = levers["demand"] * self.price_effect_on_orders(day, levers["price"], plan)
        known = self._known(day, factors[0] * effect)
        joined = self._joined(day, factors[1] * effect * self.new * self.marketing_effect(levers["marketing"]))
        anonymous = self._anonymous(day, factors[1] * effect * self.unknown)
        return self._in_order_of_time(day, known, joined, anonymous, self._quantity_effect(levers["price"]))

    def price_effect_on_orders(self, day: int, price: float, plan: Plan) -> float:
        """How many orders the prices of a day bring against today's prices: 1 where nothing changes."""
        value = self.values
        level = price * self.price_index(day, plan)
        return power(level, value["price_effect"] * value["price_effect_on_orders_share"])

    def price_index(self, day: int, plan: Plan) -> float:
        """The price index of the day's single prices, weighted by what each item sells; 1 where none changes."""
        if plan.item_prices is None:
            return 1.0
        weights = zip(self.vectors["item_revenue_share"].tolist(), plan.item_prices[day].tolist(), strict=True)
        return 1.0 + math.fsum(share * (ratio - 1.0) for share, ratio in weights)

    def _quantity_effect(self, price: float) -> float:
        value = self.values
        return power(price, value["price_effect"] * (1.0 - value["price_effect_on_orders_share"]))

    def marketing_effect(self, spending: float) -> float:
        """How many new customers come against today: the part that marketing brings grows with diminishing returns."""
        share, today = self.values["marketing_share"], self.values["marketing"]
        if spending == today or today <= 0.0:
            return 1.0
        ratio = power(spending / today, self.values["marketing_effect"]) if spending > 0.0 else 0.0
        return 1.0 - share + share * ratio

    def _known(self, day: int, appetite: float) -> np.ndarray:
        buyers = np.empty(0, np.int64)
        number = 2 * self.count + 64
        while number > len(buyers):
            buyers = np.empty(number, np.int64)
            number = kernel.returning_orders(
                self.chance[Purpose.BUYING], day, self.count, self.alive, self.rate, self.satisfaction, self.reference,
                self.values["return_response"], appetite, self.entity, buyers,
            )  # fmt: skip
        return buyers[:number]

    def _joined(self, day: int, mean: float) -> np.ndarray:
        """Rows of the customers who order for the first time today."""
        number = poisson(draw(self.chance[Purpose.NEW_CUSTOMERS], 0, day, 0), mean)
        self._grow(number)
        purposes = (Purpose.RATE, Purpose.DROPOUT_A, Purpose.DROPOUT_B, Purpose.DROPOUT_TIME, Purpose.SPEND)
        keys = np.array([self.chance[purpose] for purpose in purposes], dtype=np.uint64)
        columns = (self.alive, self.rate, self.hazard, self.patience, self.satisfaction)
        kernel.joining(
            self.count,
            number,
            day,
            *self._fitted(),
            keys,
            self.spends,
            *columns,
            self.reference,
            self.spend,
            self.entity,
        )
        rows = np.arange(self.count, self.count + number)
        self.rate[rows] *= float(self.vectors["orders_per_purchase_day"][0])
        self.count += number
        return rows

    def _grow(self, more: int) -> None:
        for name in COLUMNS:
            setattr(self, name, with_room(getattr(self, name), self.count + more))

    def _anonymous(self, day: int, mean: float) -> int:
        return int(poisson(draw(self.chance[Purpose.ANONYMOUS], 0, day, 0), mean))

    def _in_order_of_time(
        self, day: int, known: np.ndarray, joined: np.ndarray, anonymous: int, effect: float
    ) -> Orders:
        rows = np.concatenate([known, joined, np.full(anonymous, -1, np.int64)])
        entities = np.empty(len(rows), np.int64)
        named = len(known) + len(joined)
        entities[:named] = self.entity[rows[:named]]
        entities[named:] = kernel.ANONYMOUS + np.arange(anonymous)
        orders = Orders.empty(len(rows), returning=len(known), new=len(joined), anonymous=anonymous)
        nth = orders.nth
        nth[1 : len(known)] = known[1:] == known[:-1]
        for place in range(1, len(known)):
            nth[place] = nth[place - 1] + 1 if nth[place] else 0
        weekday = (self.model.inputs.first_weekday + day) % 7
        luck = self.chance[Purpose.ARRIVAL_TIME]
        kernel.arrival_minutes(luck, day, entities, nth, self.hours[weekday], BIN_MINUTES, orders.minute)
        self._size(day, orders, rows, entities, effect)
        return orders.sorted(rows, entities)

    def _size(self, day: int, orders: Orders, rows: np.ndarray, entities: np.ndarray, effect: float) -> None:
        """How many lines each order has, and how large its quantities are."""
        value, month = self.values, self.model.inputs.months[day]
        longer, larger = self.vectors["season_lines"][:, month], self.vectors["season_size"][:, month]
        means = [
            value["lines_log_mean"] + logarithm(longer[0]),
            value["anonymous_lines_log_mean"] + logarithm(longer[1]),
        ]
        sized(
            self.chance[Purpose.LINES], self.chance[Purpose.ORDER_SIZE], day, rows, entities, orders.nth, self.spend,
            np.array(means), np.array([value["lines_log_sd"], value["anonymous_lines_log_sd"]]),
            np.array(self.scales) * larger * effect, value["basket_scatter"], orders.lines, orders.size,
        )  # fmt: skip

    def remember(self, rows: np.ndarray, outcomes: np.ndarray) -> None:
        """What an order was like stays with its customer."""
        kernel.remembered(rows, outcomes, self.values["satisfaction_memory"], self.satisfaction)

    def leave(self) -> int:
        """Customers whose patience is used up are gone for good; returns how many today."""
        return kernel.leaving(
            self.count,
            self.alive,
            self.hazard,
            self.patience,
            self.satisfaction,
            self.reference,
            self.values["dropout_response"],
        )

    def active(self) -> tuple[int, float]:
        """How many customers there are, and how satisfied they are on average."""
        return kernel.active(self.count, self.alive, self.satisfaction)
