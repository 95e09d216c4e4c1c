"""How the business is doing: the last four weeks beside the same weeks a year ago, or the four before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.advise.amounts import THIN, amount, figures
from twin.advise.days import Days
from twin.advise.words import capitalised, span
from twin.spec.measures import Good, Measure
from twin.spec.template import Template
from twin.spec.trade import counted

WINDOW_DAYS = 28
YEAR_DAYS = 364  # 52 whole weeks, so that each weekday meets its own kind
STEADY = 0.02
OBSERVED = (
    "late_loans_share",
    "default_share",
    "late_share",
    "units_made",
    "scrap_share",
    "abandoned_share",
    "balked_share",
    "active_customers",
    "visits_open",
)  # in the order of what a manager asks
MOST = 4


@dataclass(frozen=True)
class Figure:
    """A big number with what it was before; `good` is the direction in which it should move.

    finest : the place to which a share is rounded
    """

    label: str
    help: str
    unit: str
    now: float
    before: float | None
    good: Good = "up"
    finest: float = 0.001

    @property
    def change(self) -> float | None:
        """The change: of a share as a difference, else as a share of what it was; None without anything to compare."""
        if self.before is None or not np.isfinite([self.now, self.before]).all():
            return None
        if self.unit == "share":
            return self.now - self.before
        return self.now / self.before - 1.0 if self.before else None

    def shown(self, currency: str) -> str:
        """The number as it is shown."""
        if not np.isfinite(self.now):
            return "not defined"
        if self.unit in ("currency", "share", "minutes"):
            return amount(self.now, self.unit, currency, self.finest if self.unit == "share" else None)
        return figures(self.now, 1.0)

    @property
    def change_shown(self) -> str | None:
        """The change with an ASCII sign, from which the arrow takes its direction."""
        if self.change is None:
            return None
        return "as then" if self.same else f"{self.rounded:+.{self.decimals}f}{THIN}{self.unit_of_change}"

    @property
    def same(self) -> bool:
        """Whether it is what it was, as far as it is shown."""
        return self.change is not None and self.rounded == 0.0

    @property
    def rounded(self) -> float:
        """The change in per cent or points, to the place that is shown."""
        return round((self.change or 0.0) * 100, self.decimals)

    @property
    def decimals(self) -> int:
        """How many decimals of a change are shown."""
        return 0 if self.unit != "share" else 1 if self.finest >= 0.001 else 2

    @property
    def unit_of_change(self) -> str:
        """A share moves by points, all else by a share of what it was."""
        return "points" if self.unit == "share" else "%"


@dataclass(frozen=True)
class Standing:
    """The last four complete weeks and what they are compared with, in a sentence and in figures."""

    first: date
    last: date
    against: str
    sentence: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Window:
    """The last four weeks, what they are compared with, and how that is called; `before` is None without it."""

    now: Days
    before: Days | None
    against: str

    def both(self, of: Callable[[Days], float]) -> tuple[float, float | None]:
        """A number of these weeks, and of those before."""
        return of(self.now), of(self.before) if self.before else None


def standing(days: Days, template: Template) -> Standing | None:
    """The last four weeks beside the best thing to compare them with; None with fewer than 28 days."""
    if len(days.day) < WINDOW_DAYS:
        return None
    window = window_of(days)
    found = shop_figures(window, template) if template.structure.driven == "orders" else visit_figures(window, template)
    first, last = window.now.day[0], window.now.day[-1]
    told = shop_sentence if template.structure.driven == "orders" else visit_sentence
    sentence = told(found, window.against)
    if found[0].change is None:
        came = counted(template.structure.driven, template.words)
        sentence = f"In the last {WINDOW_DAYS} complete days, {span(first, last)}, {found[0].shown('')} {came} came in"
    return Standing(first, last, window.against, sentence, tuple(found))


def window_of(days: Days) -> Window:
    """The last four weeks with the same weeks of the year before, or the four before where there is no such year."""
    length = len(days.day)
    a_year = length >= WINDOW_DAYS + YEAR_DAYS
    back = YEAR_DAYS if a_year else WINDOW_DAYS
    first, last = length - WINDOW_DAYS, length
    before = days.cut(first - back, last - back) if first >= back else None
    return Window(days.cut(first, last), before, "in the same weeks a year ago" if a_year else "in the 28 days before")


# ------------------------------------------------------------------ a business that takes orders


def shop_figures(window: Window, template: Template) -> list[Figure]:
    """Orders, revenue, what an order is worth, and new customers or, where nobody is known, how much was there."""

    def total(field: str) -> Callable[[Days], float]:
        return lambda days: days.total(field)

    return [
        Figure("Orders", "Orders of the last 28 complete days.", "orders", *window.both(total("orders"))),
        Figure(
            "Revenue",
            "What goods were sold for in the last 28 complete days, before returns.",
            "currency",
            *window.both(total("revenue")),
        ),
        Figure(
            "Value of an order",
            "Revenue over orders.",
            "currency",
            *window.both(lambda days: days.total("revenue") / max(1.0, days.total("orders"))),
        ),
        *last_of_shop(window, template),
    ]


def last_of_shop(window: Window, template: Template) -> list[Figure]:
    """New customers where customers are known; else the share of pieces that could be delivered, if records tell it."""
    if "orders_new" in window.now.fields:
        new = window.both(lambda days: days.total("orders_new"))
        return [Figure("New customers", "Customers whose first order came in these days.", "customers", *new)]
    fill = template.measures.get("fill_rate_share")
    return [observed_figure(fill, window)] if fill is not None and window.now.hold(fill) else []


def shop_sentence(found: list[Figure], against: str) -> str:
    """Whether business grows, from orders and revenue."""
    orders, revenue = (found[n].change or 0.0 for n in (0, 1))
    one, other = f"{more(orders, 'fewer')} orders", f"{more(revenue, 'less')} revenue"
    if not same(orders) and not same(revenue):
        return f"{verb(revenue)} {one} and {other} than {against}"
    if same(orders) and same(revenue):
        return f"{verb(revenue)} as many orders and as much revenue as {against}"
    if same(orders):
        return f"{verb(revenue)} {other} than {against}, from as many orders"
    return f"{verb(revenue)} {one} than {against}, and as much revenue"


def same(change: float) -> bool:
    """Whether a change rounds to nothing.

    >>> same(0.004), same(-0.006)
    (True, False)
    """
    return round(abs(change) * 100.0) == 0


def verb(change: float) -> str:
    """How a sentence about the business begins, from the change in revenue."""
    if change > STEADY:
        return "Business is growing:"
    return "Business is shrinking:" if change < -STEADY else "Business is steady:"


def more(change: float, less: str) -> str:
    """How much more or less there was."""
    return f"{abs(change) * 100:.0f}{THIN}% {less if round(change, 2) < 0 else 'more'}"


# ------------------------------------------------------------------ a business that people come to


def visit_figures(window: Window, template: Template) -> list[Figure]:
    """How much came in, and up to three of the template's measures that records tell."""
    came = capitalised(counted("visits", template.words))
    found = [Figure(came, f"{came} of the last 28 complete days.", "visits", *window.both(visits), "neither")]
    for name in OBSERVED:
        measure = template.measures.get(name)
        if measure is not None and window.now.hold(measure):
            found.append(observed_figure(measure, window))
    return found[:MOST]


def visits(days: Days) -> float:
    """How much came in."""
    return days.total("visits")


def observed_figure(measure: Measure, window: Window) -> Figure:
    """One measure over four weeks, or as it was on the last of their days."""

    def of(days: Days) -> float:
        if measure.form == "end":
            return float(days.fields[measure.top][-1])
        return float(days.by_block(measure, len(days.day))[0])

    label = f"{measure.label} a day" if measure.form == "mean" and measure.unit != "share" else measure.label
    return Figure(label, measure.help, measure.unit, *window.both(of), measure.good, measure.finest)


def visit_sentence(found: list[Figure], against: str) -> str:
    """How much came in, and how much of it was late."""
    change, came = found[0].change or 0.0, found[0].label.lower()
    sentence = f"As many {came} as {against}" if same(change) else f"{more(change, 'fewer')} {came} than {against}"
    late = next((one for one in found[1:2] if one.unit == "share" and one.change is not None), None)
    if late is None:
        return sentence
    return f"{sentence}; {late.shown('')} {late.label.lower()}, {points(late.change or 0.0)}"


def points(change: float) -> str:
    """How far a share has moved."""
    size = f"{abs(change) * 100:.1f}"
    return "as then" if size == "0.0" else f"{size}{THIN}points {'less' if change < 0 else 'more'}"
