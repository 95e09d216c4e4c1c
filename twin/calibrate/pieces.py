"""How many pieces a line has where nobody is known: how much the quantities of one item vary from line to line."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtri

from twin.calibrate.estimate import Estimate, Part

Floats = NDArray[np.float64]
FEWEST_LINES = 200
GRID = 256  # quantiles that stand for the log-normal size of an order
MOST = 3.0
ROUNDS = 60


def pieces(sold: pd.DataFrame, days: int, today: pd.Timestamp) -> Part:
    """How much the size of orders varies where nobody is known.

    sold : one row for each order line, columns item_id, day, quantity
    The model scales all quantities of an order by a log-normal number, rounds to whole pieces and takes at least one.
    Its spread is that with which quantities vary about their item's mean as much as recorded, and with it `sizes` gives
    the quantity of each item, before rounding, with which its mean is as recorded.
    """
    recent = sold[(today - sold["day"]).dt.days <= days]
    code, _ = pd.factorize(recent["item_id"], sort=True)
    quantity = recent["quantity"].to_numpy(float)
    lines, units = (np.bincount(code, weight).astype(float) for weight in (np.ones_like(quantity), quantity))
    mean = units / np.maximum(lines, 1)
    squares = (quantity - mean[code]) ** 2
    if len(recent) < FEWEST_LINES or not squares.any():
        return Part(reasons={"basket_scatter": f"{len(recent):,} order lines, {FEWEST_LINES} needed"})
    scatter = matching(mean, lines, float(squares.sum()))
    error = np.sqrt(((squares - squares.mean()) ** 2).sum()) / slope(mean, lines, scatter)
    method = f"spread with which quantities of one item vary as in {len(recent):,} order lines of the last {days} days"
    return Part({"basket_scatter": Estimate(scatter, float(error), len(recent), method)})


def matching(mean: Floats, lines: Floats, squares: float) -> float:
    """The spread at which the squares about the items' means sum to so much."""

    def missing(scatter: float) -> float:
        return summed(mean, lines, scatter) - squares

    if missing(0.0) >= 0.0:
        return 0.0
    return MOST if missing(MOST) <= 0.0 else float(brentq(missing, 0.0, MOST, xtol=1e-10))


def slope(mean: Floats, lines: Floats, scatter: float, step: float = 1e-3) -> float:
    """How fast these squares grow with the spread."""
    low, high = max(0.0, scatter - step), scatter + step
    return max((summed(mean, lines, high) - summed(mean, lines, low)) / (high - low), 1e-9)


def summed(mean: Floats, lines: Floats, scatter: float) -> float:
    """The squares about their means that so many lines have on average."""
    wanted = np.maximum(1.0, sizes(mean, scatter)[:, None] * factors(scatter))
    part = wanted - np.floor(wanted)
    second = (wanted**2 + part * (1.0 - part)).mean(axis=1)
    return float((lines * (second - mean**2)).sum())


def sizes(mean: Floats, scatter: float) -> Floats:
    """The quantities that are this on average once they are at least one piece."""
    low, high, grid = np.zeros(len(mean)), np.maximum(mean, 1.0), factors(scatter)
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        too_small = np.maximum(1.0, middle[:, None] * grid).mean(axis=1) < mean
        low, high = np.where(too_small, middle, low), np.where(too_small, high, middle)
    return high


def factors(scatter: float) -> Floats:
    """Sizes of orders against the usual, equally likely; their mean is 1."""
    found = np.exp(scatter * ndtri((np.arange(GRID) + 0.5) / GRID))
    return np.asarray(found / found.mean())
