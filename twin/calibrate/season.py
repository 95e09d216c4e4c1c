"""How orders change with the time of the year: more lines before Christmas, larger quantities in January."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.estimate import Part
from twin.calibrate.tables import YEAR_DAYS, Tables

Floats = NDArray[np.float64]
MONTHS = 12
FEWEST_ORDERS = 10
NO_SEASON = np.ones(MONTHS)


def season(tables: Tables) -> Part:
    """The number of lines and the size of quantities of an order by calendar month, against the year's average.

    Vectors `season_lines` and `season_size`, shape (2, 12): known buyers, then anonymous ones; January first. All 1
    with less than a year of records. A month's own ratio is drawn towards 1, the more so the less the same month of
    several years agrees, or the fewer orders it rests on.
    """
    orders = tables.orders.assign(ago=tables.days_ago)
    unknown = orders["customer_id"].isna()
    found = [of_stream(orders[~unknown], tables.history_days), of_stream(orders[unknown], tables.history_days)]
    lines, sizes = (np.stack([stream[n] for stream in found]) for n in (0, 1))
    return Part(vectors={"season_lines": lines, "season_size": sizes})


def of_stream(orders: pd.DataFrame, history_days: int) -> tuple[Floats, Floats]:
    """Ratios by calendar month of lines in an order, and of the value of a line, for one stream of buyers."""
    if history_days < YEAR_DAYS or len(orders) < MONTHS * FEWEST_ORDERS:
        return NO_SEASON.copy(), NO_SEASON.copy()
    lines, revenue = orders["lines"].to_numpy(float), orders["revenue"].to_numpy(float)
    year = (orders["ago"].to_numpy() - 1) // YEAR_DAYS
    month = orders["day"].dt.month.to_numpy() - 1
    whole = year < history_days // YEAR_DAYS
    weights = np.bincount(month[whole & (year == 0)], minlength=MONTHS).astype(float)
    of_lines = ratios(lines[whole], year[whole], month[whole])
    of_value = ratios(revenue[whole], year[whole], month[whole])
    levelled_lines = levelled(of_lines, weights)
    return levelled_lines, levelled(of_value, weights) / levelled_lines


def ratios(values: Floats, year: NDArray[np.int64], month: NDArray[np.int64]) -> Floats:
    """A month's mean against its year's mean, over several years, drawn towards 1 as far as it is uncertain."""
    years = int(year.max()) + 1
    cell = year * MONTHS + month
    counts = np.bincount(cell, minlength=years * MONTHS).astype(float).reshape(years, MONTHS)
    sums = np.bincount(cell, values, years * MONTHS).reshape(years, MONTHS)
    squares = np.bincount(cell, values**2, years * MONTHS).reshape(years, MONTHS)
    enough = counts >= FEWEST_ORDERS
    means = np.divide(sums, counts, out=np.ones_like(sums), where=counts > 0)
    level = sums.sum(axis=1, keepdims=True) / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    logs = np.log(np.maximum(means, 1e-9) / np.maximum(level, 1e-9))
    spread = np.maximum(squares / np.maximum(counts, 1) - means**2, 0.0)
    chance = spread / np.maximum(counts, 1) / np.maximum(means, 1e-9) ** 2
    own = np.where(enough, logs, 0.0).sum(axis=0) / np.maximum(enough.sum(axis=0), 1)
    apart = np.where(enough, (logs - own) ** 2, 0.0).sum() / max(enough.sum() - (enough.sum(axis=0) > 0).sum(), 1)
    noise = np.maximum(apart, np.where(enough, chance, 0.0).sum(axis=0) / np.maximum(enough.sum(axis=0), 1))
    noise = noise / np.maximum(enough.sum(axis=0), 1)
    true = max(float(own.var() - noise.mean()), 0.0)
    return np.asarray(np.exp(own * true / np.maximum(true + noise, 1e-12)))


def levelled(found: Floats, weights: Floats) -> Floats:
    """The same ratios, scaled so that the year's orders average to 1."""
    if weights.sum() <= 0:
        return found
    return found * weights.sum() / float((found * weights).sum())
