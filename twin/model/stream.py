"""A stream of people without names, for a business that knows only how many come."""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.baskets import Baskets
from twin.model.chance import Purpose
from twin.model.competition import orders_kept
from twin.model.day_shape import DayShape
from twin.model.inputs import Plan, Values, Vectors
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import poisson, power
from twin.model.orders import Orders

if TYPE_CHECKING:
    from twin.model.business import Business


class Stream(mesa.Agent):
    """Everybody who comes, as many as the forecast says: nobody is known, remembers or leaves."""

    def __init__(self, business: "Business", vectors: Vectors) -> None:
        super().__init__(business)
        self.chance, self.hours = business.chance, DayShape(vectors["hour_share"])
        self.baskets = Baskets(business, business.values, vectors, known=False) if business.structure.items else None

    def expected(self) -> tuple[float, float]:
        """Who is to be expected, before the day's factor: one, so that the factor is the forecast itself."""
        return 0.0, 1.0

    def order(self, day: int, factors: tuple[float, float], levers: Values, plan: Plan) -> Orders:
        """Those who come on a day, in order of time."""
        values = self.model.values
        came = factors[1] * levers["demand"] * orders_kept(values, levers)
        if self.baskets:
            came *= self.baskets.effect_on_orders(day, levers, plan)
        elif "price" in levers:
            came *= power(levers["price"] / values["price"], values["price_effect"])
        number = int(poisson(draw(self.chance[Purpose.ANONYMOUS], 0, day, 0), came))
        weekday = (self.model.inputs.first_weekday + day) % 7
        orders = Orders.empty(number, anonymous=number)
        self.hours.arrive(self.chance[Purpose.ARRIVAL_TIME], day, weekday, orders)
        return self.baskets.fill(day, orders, np.ones(1), levers) if self.baskets else orders

    def price_index(self, day: int, plan: Plan) -> float:
        """The price index of the day's single prices; 1 where none changes, or nothing is sold."""
        return self.baskets.price_index(day, plan) if self.baskets else 1.0

    def settle(self, rows: np.ndarray, outcomes: np.ndarray) -> None:
        """Nobody brings memories along."""

    def remember(self, rows: np.ndarray, outcomes: np.ndarray) -> None:
        """Nobody comes back who could."""

    def leave(self, day: int) -> int:
        """Nobody is lost who was never known."""
        return 0

    def active(self) -> tuple[int, float]:
        """Nobody is known."""
        return 0, 1.0

    def income(self, day: int) -> float:
        """Nobody pays a fee."""
        return 0.0
