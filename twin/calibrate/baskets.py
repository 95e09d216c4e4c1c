"""What is in an order: how many lines, what it is worth, and how customers differ in it."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.estimate import Estimate, Part, clustered_covariance, joined
from twin.calibrate.tables import Tables, weeks_before

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FEWEST_ORDERS = 30


def baskets(tables: Tables, history: pd.DataFrame) -> Part:
    """Lines and value of an order for known and for anonymous buyers, with each customer's usual size of order."""
    year = tables.year
    known = year[year["customer_id"].notna()]
    people = pd.factorize(known["customer_id"])[0]
    scatter, spend, sure = spending(tables.orders, history["customer_id"].to_numpy(np.int64))
    sizes = {} if scatter is None else {"basket_scatter": scatter}
    return joined([
        of_buyers(tables, known, people, "", "customer"), orders_without_customer(tables),
        Part(sizes, [], {"customer_spend": spend}, evidence={"customer_spend": sure}),
    ])  # fmt: skip


def orders_without_customer(tables: Tables) -> Part:
    """Lines and value of an order for buyers without an identity."""
    unknown = tables.year[tables.year["customer_id"].isna()]
    return of_buyers(tables, unknown, weeks_before(unknown["day"], tables.morning), "anonymous_", "week")


def of_buyers(tables: Tables, orders: pd.DataFrame, clusters: Ints, prefix: str, unit: str) -> Part:
    """The same for one kind of buyers; nothing where there are too few orders."""
    if len(orders) < FEWEST_ORDERS:
        return Part()
    rows = f"{len(orders):,} orders of the last {tables.year_days} days, error clustered by {unit}"
    found, names, matrix = basket(orders, clusters, prefix, rows)
    return Part(found, [(names, matrix)])


def basket(
    orders: pd.DataFrame, clusters: Ints, prefix: str, rows: str
) -> tuple[dict[str, Estimate], tuple[str, ...], Floats]:
    """Middle and spread of the number of lines and the mean value of an order, with their joint covariance.

    The spread is chosen so that middle and mean number of lines are both met, as the mean decides how much work there
    is to pick.
    """
    lines, value = orders["lines"].to_numpy(float), orders["revenue"].to_numpy(float)
    logs, mean = np.log(lines), lines.mean()
    middle = logs.mean()
    spread = float(np.sqrt(max(2 * (np.log(mean) - middle), 1e-6)))
    d_middle = logs - middle
    d_spread = ((lines - mean) / mean - d_middle) / spread
    covariance = clustered_covariance(np.stack([d_middle, d_spread, value - value.mean()], axis=1), clusters)
    errors = np.sqrt(np.diag(covariance))
    names = (f"{prefix}lines_log_mean", f"{prefix}lines_log_sd", f"{prefix}basket_value")
    methods = (
        f"mean logarithm of the lines of {rows}",
        f"spread that with that middle gives {mean:.1f} lines on average, as found (plain standard deviation of "
        f"logarithms {logs.std():.2f}); {rows}",
        f"mean value of {rows}",
    )
    values = (middle, spread, value.mean())
    found = {
        name: Estimate(float(number), float(error), len(orders), method)
        for name, number, error, method in zip(names, values, errors, methods, strict=True)
    }
    return found, names, covariance


def spending(orders: pd.DataFrame, customer_id: Ints) -> tuple[Estimate | None, Floats, dict[str, float]]:
    """How much one customer's orders vary, and how large each customer's orders are against the average order.

    A customer's own average of logarithms is drawn towards everyone's, the more so the fewer orders there are
    (empirical Bayes); order by order the sizes average to 1.
    """
    known = orders[orders["customer_id"].notna() & (orders["revenue"] > 0)]
    who = np.searchsorted(customer_id, known["customer_id"].to_numpy(np.int64))
    logs = np.log(known["revenue"].to_numpy(float))
    counts = np.bincount(who, minlength=len(customer_id)).astype(float)
    repeated = counts[who] > 1
    if repeated.sum() < FEWEST_ORDERS:
        return None, np.ones(len(customer_id)), {}
    within, between, middle = _variances(logs, who, counts)
    means = np.bincount(who, logs, len(customer_id)) / np.maximum(counts, 1)
    weight = np.where(counts > 0, between / np.maximum(between + within / np.maximum(counts, 1), 1e-12), 0.0)
    spend = np.exp(weight * (means - middle) + between * (1 - weight) / 2)
    spend /= (spend * counts).sum() / counts.sum()
    scatter = _scatter(logs[repeated], np.log(known["lines"].to_numpy(float))[repeated], who[repeated])
    return scatter, spend, {"between_sd": float(np.sqrt(between)), "within_sd": float(np.sqrt(within))}


def _variances(logs: Floats, who: Ints, counts: Floats) -> tuple[float, float, float]:
    """Variance within and between customers, and the middle of the customers, by the usual analysis of variance."""
    means = np.bincount(who, logs, len(counts)) / np.maximum(counts, 1)
    people = counts > 0
    total, groups = counts.sum(), people.sum()
    within = float(((logs - means[who]) ** 2).sum() / max(total - groups, 1))
    grand = logs.mean()
    spread = float((counts * (means - grand) ** 2)[people].sum() - (groups - 1) * within)
    between = max(spread / max(total - (counts**2).sum() / total, 1e-9), 0.0)
    precision = np.where(people, 1 / np.maximum(between + within / np.maximum(counts, 1), 1e-12), 0.0)
    return within, between, float((precision * means).sum() / precision.sum())


def _scatter(logs: Floats, lines: Floats, who: Ints) -> Estimate:
    """What remains of the ups and downs of one customer's orders once their number of lines is accounted for."""
    who = pd.factorize(who)[0]
    counts = np.bincount(who)
    y, x = (values - (np.bincount(who, values) / counts)[who] for values in (logs, lines))
    slope = float(x @ y / (x @ x)) if x @ x > 1e-12 else 0.0
    squares = (y - slope * x) ** 2
    freedom = len(y) - len(counts) - 1
    variance = squares.sum() / freedom
    sums = np.bincount(who, squares) - variance * (counts - 1)
    error = np.sqrt((sums**2).sum()) / freedom / (2 * np.sqrt(max(variance, 1e-12)))
    method = (
        f"residual spread of the logarithm of order value within {len(counts):,} customers, number of lines accounted "
        f"for (slope {slope:.2f}); error clustered by customer"
    )
    return Estimate(float(np.sqrt(variance)), float(error), len(y), method)
