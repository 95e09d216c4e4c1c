"""How the business is doing: the last four weeks beside the same weeks a year ago, or the four before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from twin.advise.words import THIN, amount, figures, span

WINDOW_DAYS = 28
YEAR_DAYS = 364  # 52 whole weeks, so that each weekday meets its own kind


@dataclass(frozen=True)
class Days:
    """Every complete day of a business, in order without gaps."""

    day: list[date]
    orders: np.ndarray
    revenue: np.ndarray
    orders_new: np.ndarray


@dataclass(frozen=True)
class Figure:
    """A big number with what it was before."""

    label: str
    help: str
    unit: str
    now: float
    before: float | None

    @property
    def change(self) -> float | None:
        """The change as a share of what it was; None where there is nothing to compare with."""
        return self.now / self.before - 1.0 if self.before else None

    def shown(self, currency: str) -> str:
        """The number as it is shown."""
        if self.unit == "currency":
            return amount(self.now, "currency", currency)
        return figures(self.now, 1.0)

    @property
    def change_shown(self) -> str | None:
        """The change in per cent with an ASCII sign, from which the arrow takes its direction."""
        return None if self.change is None else f"{self.change * 100:+.0f}{THIN}%"


@dataclass(frozen=True)
class Standing:
    """The last four complete weeks and what they are compared with."""

    first: date
    last: date
    against: str
    figures: tuple[Figure, ...]

    @property
    def sentence(self) -> str:
        """One sentence on how the business is doing."""
        when = span(self.first, self.last)
        orders, revenue = self.figures[0], self.figures[1]
        if orders.change is None or revenue.change is None:
            return f"In the last {WINDOW_DAYS} complete days, {when}, {figures(orders.now, 1.0)} orders came in"
        told = f"{direction(orders, 'orders')} and {direction(revenue, 'revenue')}"
        return f"{verb(revenue.change)} {told} than {self.against}"


def verb(change: float) -> str:
    """How a sentence about the business begins, from the change in revenue."""
    if change > 0.02:
        return "Business is growing:"
    return "Business is shrinking:" if change < -0.02 else "Business is steady:"


def direction(figure: Figure, noun: str) -> str:
    """A noun with how much more or less of it there was."""
    change = (figure.change or 0.0) * 100.0
    more = ("fewer" if noun == "orders" else "less") if change < 0 else "more"
    return f"{abs(change):.0f}{THIN}% {more} {noun}"


def standing(days: Days) -> Standing | None:
    """The last four weeks beside the best thing to compare them with; None with fewer than 28 days."""
    length = len(days.day)
    if length < WINDOW_DAYS:
        return None
    back, against = (
        (YEAR_DAYS, "in the same weeks a year ago")
        if length >= WINDOW_DAYS + YEAR_DAYS
        else (WINDOW_DAYS, "in the 28 days before")
    )
    now = slice(length - WINDOW_DAYS, length)
    before = slice(now.start - back, now.stop - back) if length >= WINDOW_DAYS + back else None
    return Standing(days.day[now.start], days.day[-1], against, tuple(_figures(days, now, before)))


def _figures(days: Days, now: slice, before: slice | None) -> list[Figure]:
    def both(of: Callable[[slice], float]) -> tuple[float, float | None]:
        return of(now), of(before) if before else None

    def orders(part: slice) -> float:
        return float(days.orders[part].sum())

    def revenue(part: slice) -> float:
        return float(days.revenue[part].sum())

    return [
        Figure("Orders", "Orders of the last 28 complete days.", "orders", *both(orders)),
        Figure(
            "Revenue",
            "What goods were sold for in the last 28 complete days, before returns.",
            "currency",
            *both(revenue),
        ),
        Figure(
            "Value of an order",
            "Revenue over orders.",
            "currency",
            *both(lambda part: revenue(part) / max(1.0, orders(part))),
        ),
        Figure(
            "New customers",
            "Customers whose first order came in these days.",
            "orders",
            *both(lambda part: float(days.orders_new[part].sum())),
        ),
    ]


def earlier(day: date) -> date:
    """The day a year of whole weeks before."""
    return day - timedelta(days=YEAR_DAYS)
