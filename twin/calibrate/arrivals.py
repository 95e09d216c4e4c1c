"""Who arrives when: new customers, buyers without an identity, and the hours of the week."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.estimate import Estimate, Part, joined
from twin.calibrate.tables import YEAR_DAYS, Tables, weeks_before

HOURS = 24 * 7
FEWEST_WEEKS = 8


def arrivals(tables: Tables, history: pd.DataFrame) -> Part:
    """How many customers join and how many anonymous orders come a day, and how orders spread over the week."""
    unknown = tables.year[tables.year["customer_id"].isna()]
    estimates = {
        "new_customers_per_day": new_customers_per_day(tables, history),
        "anonymous_orders_per_day": rate_per_day(
            unknown["day"],
            tables.morning,
            tables.year_days,
            f"orders without a customer number over the last {tables.year_days} days",
        ),
    }
    vectors = {"orders_per_purchase_day": np.array([orders_per_purchase_day(tables.year)])}
    return joined([Part(estimates, [], vectors), hours(tables)])


def hours(tables: Tables) -> Part:
    """How orders spread over the week, and on which share of days there are any."""
    share, errors = hour_share(tables.year["ordered_at"])
    open_share = tables.year["day"].nunique() / tables.year_days
    return Part(vectors={"hour_share": share, "open_share": np.array([open_share])}, errors={"hour_share": errors})


def new_customers_per_day(tables: Tables, history: pd.DataFrame) -> Estimate:
    """How many customers place their first order on an average calendar day.

    Records begin in the middle of the shop's life, so that old customers look new at first; only the last year counts,
    and never more than the later half of the records.
    """
    days = min(YEAR_DAYS, max(tables.history_days // 2, 1))
    recent = history.loc[(tables.morning - history["first_order"]).dt.days <= days, "first_order"]
    what = (
        f"first orders over the last {days} days (someone who had last ordered before the records begin counts as new)"
    )
    return rate_per_day(recent, tables.morning, days, what)


def rate_per_day(found: pd.Series, today: pd.Timestamp, days: int, what: str) -> Estimate:
    """An average number a calendar day; its error grows with how much more than pure chance the weeks vary."""
    count = len(found)
    if not count:
        return Estimate(0.0, 1 / days, 0, f"{what}: none found")
    weeks = days // 7
    excess = 1.0
    if weeks >= FEWEST_WEEKS:
        totals = np.bincount(weeks_before(found, today), minlength=weeks)[:weeks]
        excess = max(1.0, float(totals.var(ddof=1) / max(totals.mean(), 1e-9)))
    error = float(np.sqrt(excess * count)) / days
    return Estimate(
        count / days, error, count, f"{what}; error from the spread of weeks, {excess:.1f} times that of pure chance"
    )


def hour_share(ordered_at: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Which share of the orders comes in each hour of the week, Monday 0:00 first, with standard errors."""
    counts = np.bincount((ordered_at.dt.day_of_week * 24 + ordered_at.dt.hour).to_numpy(), minlength=HOURS).astype(
        float
    )
    share = counts / counts.sum()
    return share, np.sqrt(share * (1 - share) / counts.sum())


def orders_per_purchase_day(orders: pd.DataFrame) -> float:
    """How many orders a known customer places on a day on which they order at all."""
    known = orders[orders["customer_id"].notna()]
    days = len(known[["customer_id", "day"]].drop_duplicates())
    return len(known) / days if days else 1.0


def returning_orders_per_day(tables: Tables, history: pd.DataFrame) -> float:
    """How many orders a day came from customers after their first day, over the last year."""
    known = tables.year[tables.year["customer_id"].notna()]
    first = history.set_index("customer_id")["first_order"].reindex(known["customer_id"].astype("int64")).to_numpy()
    return float((known["day"].to_numpy() > first).sum() / tables.year_days)
