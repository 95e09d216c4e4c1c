"""Customers with a contract: they pay a fee, come when they need something, and may leave when it is due."""

from typing import TYPE_CHECKING

import numpy as np

from twin.model.chance import Purpose
from twin.model.competition import orders_kept, pull
from twin.model.crowd import Crowd
from twin.model.day_shape import DayShape
from twin.model.inputs import Plan, Values, Vectors
from twin.model.kernels import subscribers as kernel
from twin.model.kernels.chance import draw
from twin.model.kernels.customers import expected_returning
from twin.model.kernels.elementary import poisson
from twin.model.orders import Orders
from twin.spec.structure import Number, Segment, number

if TYPE_CHECKING:
    from twin.model.business import Business

MONTH_DAYS = 365.25 / 12.0


class Subscribers(Crowd):
    """The contracts of a segment, a row each: how often the customer comes, and when the contract is due.

    Visits are Poisson around each customer's own rate, and rates are Gamma, so that visits are NBD. They come
    because something is wrong, not because the last visit was pleasant: satisfaction moves churn, not visits.
    Each contract is due every renewal_days, on a day of its own; then it ends with the probability
    churn_share x (1 + churn_response x satisfaction lost). Source: Fader and Hardie (2007) for contractual settings.
    """

    columns = (*Crowd.columns, "due", "renewals")

    def __init__(
        self, business: "Business", values: Values, vectors: Vectors, segment: Segment, index: int = 0
    ) -> None:
        super().__init__(business, values, vectors, segment, index)
        self.numbers, self.pull = values, 1.0
        v, luck = self.vectors, self.chance[Purpose.VISIT_RATE]
        self.rate = kernel.rates(luck, self.offset, v["customer_visits"], v["customer_days"], *self._fitted())
        self.due = v["customer_renews_in_days"].astype(np.int64)
        self.renewals = np.zeros(self.count, np.int64)
        self.hours = DayShape(vectors["hour_share"])
        self.open_share = float(vectors["open_share"][0])  # rates are counted a calendar day, visits come on open days
        self.begin()

    def _fitted(self) -> tuple[float, float]:
        """The two numbers of the Gamma of rates: r and alpha."""
        return self._now(self.segment.rate_shape), self._now(self.segment.rate_scale_days)

    def _now(self, of: Number) -> float:
        return number(of, self.numbers)

    @property
    def cycle(self) -> int:
        """For how many days a contract holds until it is due again."""
        return max(1, round(self._now(self.segment.renewal_days)))

    def expected(self) -> tuple[float, float]:
        """Visits to be expected on a day, before the day's factor; new customers come from the next day on."""
        columns = (self.alive, self.rate, self.satisfaction)
        return expected_returning(self.count, *columns, self.reference, 0.0) / self.open_share, 0.0

    def order(self, day: int, factors: tuple[float, float], levers: Values, plan: Plan) -> Orders:
        """The visits of one day in order of time, one piece of work each; new customers join meanwhile."""
        self.numbers, self.pull = self.values | levers, pull(self.values, levers)
        rows = self.coming(day, factors[0] * levers.get("demand", 1.0) / self.open_share, 0.0)
        weekday, joined = (self.model.inputs.first_weekday + day) % 7, self._join(day, levers)
        orders = Orders.empty(len(rows), returning=len(rows), joined=joined)
        luck = self.chance[Purpose.ARRIVAL_TIME]
        return self.hours.arrive(luck, day, weekday, orders, rows, entity=self.entity)

    def _join(self, day: int, levers: Values) -> int:
        """Let today's new customers in; returns how many."""
        self.acquisition.spend(levers.get("marketing", 0.0))
        mean = self.acquisition.expected(self.numbers, *self.active(), self.acquisition.marketing_effect())
        mean *= orders_kept(self.values, levers)
        joined = poisson(draw(self.chance[Purpose.NEW_CUSTOMERS], self.index, day, 0), mean)
        self.grow(joined)
        kernel.joining(
            self.count, joined, day, *self._fitted(), self.cycle, self.chance[Purpose.VISIT_RATE], self.alive,
            self.rate, self.satisfaction, self.reference, self.due, self.renewals, self.entity, self.offset,
        )  # fmt: skip
        self.welcome(joined)
        return int(joined)

    def leave(self, day: int) -> int:
        """Customers whose contract is due today and who do not renew it; returns how many."""
        _, lost = kernel.churned(
            self.chance[Purpose.CHURN], day, self.cycle, min(1.0, self._now(self.segment.churn_share) * self.pull),
            self.values.get("churn_response", 0.0), self.reference, self.count, self.alive, self.satisfaction,
            self.entity, self.due, self.renewals,
        )  # fmt: skip
        return int(lost)

    def income(self, day: int) -> float:
        """The fees of one day: a twelfth of a year's days makes a month."""
        return self.active()[0] * self._now(self.segment.fee) / MONTH_DAYS
