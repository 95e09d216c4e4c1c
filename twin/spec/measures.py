"""Measures: the numbers shown to a person, each a small function of the records of days."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from twin.clock import MONTH_DAYS
from twin.records import COLUMN

Good = Literal["up", "down", "neither"]
Period = Literal["total", "per_day", "per_month", "end"]
Records = np.ndarray


@dataclass(frozen=True)
class Measure:
    """A number that is shown: what it is called, how it is counted, which direction is good.

    compute  from records of shape (replications, days, fields) to one number a replication
    daily    from the same records to one number a replication and day, for a chart
    matters  the smallest difference worth speaking of: in points for a share, else as a share of the baseline
    against  the measure whose baseline `matters` is a share of, where it is not this one's own (profit may be zero)
    """

    name: str
    label: str
    unit: str
    period: Period
    good: Good
    help: str
    compute: Callable[[Records], np.ndarray]
    daily: Callable[[Records], np.ndarray]
    matters: float
    chart: str = ""
    against: str = ""


def column(records: Records, name: str) -> np.ndarray:
    """One field of the records, shape (replications, days)."""
    return records[:, :, COLUMN[name]]


def total(name: str) -> Callable[[Records], np.ndarray]:
    """The field added up over all days."""
    return lambda records: column(records, name).sum(axis=1)


def per_day(name: str) -> Callable[[Records], np.ndarray]:
    """The field's mean over all calendar days."""
    return lambda records: column(records, name).mean(axis=1)


def per_month(name: str) -> Callable[[Records], np.ndarray]:
    """The field over an average month."""
    return lambda records: column(records, name).mean(axis=1) * MONTH_DAYS


def at_end(name: str) -> Callable[[Records], np.ndarray]:
    """The field on the last day."""
    return lambda records: column(records, name)[:, -1]


def ratio(top: str, bottom: str) -> Callable[[Records], np.ndarray]:
    """One field's sum over another's; undefined (NaN) where the other is zero."""

    def share(records: Records) -> np.ndarray:
        above, below = column(records, top).sum(axis=1), column(records, bottom).sum(axis=1)
        return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)

    return share


def each_day(name: str) -> Callable[[Records], np.ndarray]:
    """The field as it was each day."""
    return lambda records: column(records, name)


def each_day_ratio(top: str, bottom: str) -> Callable[[Records], np.ndarray]:
    """One field over another, day by day; undefined (NaN) where the other is zero."""

    def share(records: Records) -> np.ndarray:
        above, below = column(records, top), column(records, bottom)
        return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)

    return share


MEASURES: tuple[Measure, ...] = (
    Measure(
        "profit", "Profit", "currency", "per_month", "up",
        "What is left of the revenue after returns, goods, wages, marketing, stock and fixed costs, in a month.",
        per_month("profit"), each_day("profit"), 0.001, "Profit a day", "revenue",
    ),
    Measure(
        "revenue", "Revenue", "currency", "per_month", "up",
        "What goods were sold for, before returns, in an average month.",
        per_month("revenue"), each_day("revenue"), 0.005, "Revenue a day",
    ),
    Measure(
        "orders", "Orders", "orders", "per_day", "up",
        "How many orders come in on an average calendar day, days on which the shop is closed included.",
        per_day("orders"), each_day("orders"), 0.005, "Orders a day",
    ),
    Measure(
        "late_share", "Late orders", "share", "total", "down",
        "Which share of the packed orders was packed later than promised.",
        ratio("orders_late", "orders_packed"), each_day_ratio("orders_late", "orders_packed"), 0.005,
        "Share of orders packed late",
    ),
    Measure(
        "wait_minutes", "Wait until picked", "minutes", "total", "down",
        "How long an order waits on average before somebody begins to pick it, in minutes of packing time: "
        "nights and closed days do not count.",
        ratio("wait_minutes_sum", "orders_packed"), each_day_ratio("wait_minutes_sum", "orders_packed"), 0.05,
        "Wait until picked, minutes",
    ),
    Measure(
        "staff_utilisation_share", "Pickers busy", "share", "total", "neither",
        "Which share of the working time the pickers who turned up spend on orders.",
        ratio("staff_busy_minutes", "staff_present_minutes"),
        each_day_ratio("staff_busy_minutes", "staff_present_minutes"), 0.005,
        "Share of pickers' time spent on orders",
    ),
    Measure(
        "wages", "Wages", "currency", "per_month", "down",
        "What the rostered pickers cost in an average month.",
        per_month("wages"), each_day("wages"), 0.001, "Wages a day", "revenue",
    ),
    Measure(
        "fill_rate_share", "Goods delivered", "share", "total", "up",
        "Which share of the pieces asked for could be delivered from the shelf, among the best-selling items.",
        ratio("units_shipped", "units_demanded"), each_day_ratio("units_shipped", "units_demanded"), 0.002,
        "Share of pieces delivered from the shelf",
    ),
    Measure(
        "stock_value", "Stock", "currency", "total", "neither",
        "What the goods on the shelves cost, on an average evening.",
        per_day("stock_value"), each_day("stock_value"), 0.01, "Value of stock in the evening",
    ),
    Measure(
        "active_customers", "Active customers", "customers", "end", "up",
        "How many known customers have not left for good, on the last evening.",
        at_end("active_customers"), each_day("active_customers"), 0.005, "Active customers in the evening",
    ),
    Measure(
        "satisfaction_share", "Satisfaction", "share", "end", "up",
        "How satisfied the active customers are on the last evening: 1 is every order prompt and complete.",
        at_end("satisfaction_share"), each_day("satisfaction_share"), 0.002, "Satisfaction of active customers",
    ),
    Measure(
        "cash", "Cash", "currency", "end", "up",
        "What is in the bank on the last evening.",
        at_end("cash"), each_day("cash"), 0.01, "Cash in the evening", "revenue",
    ),
)  # fmt: skip
BY_NAME: dict[str, Measure] = {measure.name: measure for measure in MEASURES}
