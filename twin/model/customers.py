"""The customers of a shop: some thousand people, each with a rate, a patience and a satisfaction of their own."""

from typing import TYPE_CHECKING

import numpy as np

from twin.model.baskets import Baskets
from twin.model.chance import Purpose
from twin.model.competition import orders_kept, pull
from twin.model.crowd import Crowd
from twin.model.day_shape import DayShape
from twin.model.inputs import Plan, Values, Vectors
from twin.model.kernels import customers as kernel
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import poisson
from twin.model.orders import Orders
from twin.spec.structure import Segment, number

if TYPE_CHECKING:
    from twin.model.business import Business

SHOPPERS = Segment(
    rate_shape="rate_shape",
    rate_scale_days="rate_scale_days",
    dropout_a="dropout_a",
    dropout_b="dropout_b",
    new_per_day="new_customers_per_day",
)

JOINING = (Purpose.RATE, Purpose.DROPOUT_A, Purpose.DROPOUT_B, Purpose.DROPOUT_TIME, Purpose.SPEND)


class Customers(Crowd):
    """Everybody who may order: known customers (a row each), new ones, and buyers without a number."""

    columns = (*Crowd.columns, "hazard", "patience", "spend")

    def __init__(
        self, business: "Business", values: Values, vectors: Vectors, segment: Segment = SHOPPERS, index: int = 0
    ) -> None:
        open_share = float(vectors["open_share"][0])  # streams are counted a calendar day and come on open days
        super().__init__(business, values, vectors, segment, index, open_share)
        self.spends = np.ascontiguousarray(self.vectors["customer_spend"]) if self.count else np.ones(1)
        self.alive, self.rate, self.hazard, self.patience = self._posterior()
        until_noon(self.alive, self.hazard, self.patience)
        self.orders_per_purchase_day = float(vectors["orders_per_purchase_day"][0])
        self.rate *= self.orders_per_purchase_day
        self.joining = np.array([self.chance[purpose] for purpose in JOINING], np.uint64)
        self.spend = self.vectors["customer_spend"].astype(float)
        self.unknown = values["anonymous_orders_per_day"] / open_share if index == 0 else 0.0
        self.hours = DayShape(vectors["hour_share"])
        self.baskets = Baskets(business, values, vectors, known=True)
        self.told: tuple[float, int, float] | None = None  # how all stand, from the evening to the next day's orders
        self.pull, self.levers, self.numbers = 1.0, dict[str, float](), values
        self.begin()

    def _posterior(self) -> tuple[np.ndarray, ...]:
        v, luck = self.vectors, self.chance
        purposes = (Purpose.ALIVE, Purpose.RATE, Purpose.DROPOUT_A, Purpose.DROPOUT_B, Purpose.DROPOUT_TIME)
        history = (v["customer_repeats"], v["customer_recency_days"], v["customer_age_days"])
        names = (*(luck[purpose] for purpose in purposes), self.offset)
        return kernel.posterior(*history, *self._fitted(), *names)

    def _fitted(self) -> tuple[float, float, float, float]:
        """The four numbers of the BG/NBD model: r, alpha, a and b."""
        own = self.segment
        spread = (number(own.rate_shape, self.values), number(own.rate_scale_days, self.values))
        return *spread, number(own.dropout_a, self.values), number(own.dropout_b, self.values)

    def expected(self) -> tuple[float, float]:
        """Orders to be expected on an open day, before the day's factors: of known customers, and of streams."""
        returning, number, satisfied = self._standing()
        return returning, self.acquisition.expected(self.values, number, satisfied) + self.unknown

    def _standing(self) -> tuple[float, int, float]:
        """Orders of known customers to be expected, how many these are, and how satisfied: as the evening told it."""
        found: tuple[float, int, float] = self.told or kernel.standing(
            self.count, self.alive, self.rate, self.satisfaction, self.reference, self.values["return_response"]
        )
        return found

    def active(self) -> tuple[int, float]:
        """How many customers there are, and how satisfied they are on average."""
        return self.told[1:] if self.told else super().active()

    def order(self, day: int, factors: tuple[float, float], levers: Values, plan: Plan) -> Orders:
        """The orders of one day in order of time, each with its buyer, minute, lines and size.

        factors : of the day, for those who come back, and for new customers and anonymous buyers
        """
        effect = levers["demand"] * self.baskets.effect_on_orders(day, levers, plan) * orders_kept(self.values, levers)
        self.pull, response = pull(self.values, levers), self.values["return_response"]
        self.acquisition.spend(levers["marketing"])
        if levers is not self.levers:
            self.levers, self.numbers = levers, self.values | levers
        new = self.acquisition.expected(self.numbers, *self.active(), self.acquisition.marketing_effect())
        self.told = None
        known = self.coming(day, factors[0] * effect, response)
        joined = self._joined(day, factors[1] * effect * new)
        anonymous = self._anonymous(day, factors[1] * effect * self.unknown)
        return self._in_order_of_time(day, known, joined, anonymous, levers)

    def price_index(self, day: int, plan: Plan) -> float:
        """The price index of the day's single prices, weighted by what each item sells; 1 where none changes."""
        return self.baskets.price_index(day, plan)

    def _joined(self, day: int, mean: float) -> int:
        """Let those in who order for the first time today; their rows are the last. Returns how many."""
        joined = int(poisson(draw(self.chance[Purpose.NEW_CUSTOMERS], self.index, day, 0), mean))
        self.grow(joined)
        columns = (self.alive, self.rate, self.hazard, self.patience, self.satisfaction)
        kernel.joining(
            self.count, joined, day, *self._fitted(), self.joining, self.spends, *columns, self.reference, self.spend,
            self.entity, self.offset,
        )  # fmt: skip
        self.rate[self.count : self.count + joined] *= self.orders_per_purchase_day
        self.welcome(joined)
        return joined

    def _anonymous(self, day: int, mean: float) -> int:
        return int(poisson(draw(self.chance[Purpose.ANONYMOUS], 0, day, 0), mean))

    def _in_order_of_time(self, day: int, known: np.ndarray, joined: int, anonymous: int, levers: Values) -> Orders:
        number = len(known) + joined + anonymous
        orders = Orders.empty(number, returning=len(known), new=joined, anonymous=anonymous, joined=joined)
        weekday, luck = (self.model.inputs.first_weekday + day) % 7, self.chance[Purpose.ARRIVAL_TIME]
        self.hours.arrive(luck, day, weekday, orders, known, self.count - joined, joined, self.entity)
        return self.baskets.fill(day, orders, self.spend, levers)

    def leave(self, day: int) -> int:
        """Customers whose patience is used up are gone for good; returns how many today."""
        columns, value = (self.alive, self.rate, self.hazard, self.patience, self.satisfaction), self.values
        lost, self.told = kernel.evening(
            self.count, *columns, self.reference, value["dropout_response"], self.pull, value["return_response"]
        )
        return int(lost)


def until_noon(alive: np.ndarray, hazard: np.ndarray, patience: np.ndarray) -> None:
    """Let those go who leave before noon of the first day.

    Records end in the morning, a day's orders come at noon on average, and whoever leaves goes in the evening.
    """
    patience -= 0.5 * hazard
    alive &= patience >= 0.0
