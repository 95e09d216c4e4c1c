"""What queueing theory and the BG/NBD papers say must come out of the kernels."""

import math

import numpy as np
import pytest

from tests import theory
from twin.model.kernels.chance import stem
from twin.model.kernels.customers import expected_rates, posterior

CDNOW = (0.243, 4.414, 0.793, 2.426)  # Fader, Hardie and Lee (2005), table 2, weeks


def alike(number: int, history: tuple[int, float, float], fitted: tuple[float, ...]) -> tuple[np.ndarray, ...]:
    """Many customers with the same history, as the model would start them."""
    x, recency, age = history
    columns = np.full(number, x, np.int64), np.full(number, float(recency)), np.full(number, float(age))
    found: tuple[np.ndarray, ...] = posterior(*columns, *fitted, *(np.uint64(stem(0, 0, n)) for n in range(1, 6)))
    return found


def within(found: np.ndarray, expected: float) -> bool:
    """Whether the mean lies within three standard errors of what it should be."""
    return bool(abs(found.mean() - expected) < 3.0 * found.std(ddof=1) / math.sqrt(len(found)))


@pytest.mark.parametrize("history", [(0, 0.0, 38.86), (2, 30.43, 38.86), (7, 20.0, 39.0), (26, 38.0, 38.5)])
def test_alive_rates_and_dropout_have_the_published_means(history: tuple[int, float, float]) -> None:
    (r, alpha, a, b), (x, recency, age) = CDNOW, history
    alive, rate, hazard, _ = alike(40_000, history, CDNOW)
    gone = a / (b + x - 1) * ((alpha + age) / (alpha + recency)) ** (r + x) if x else 0.0
    there = 1.0 / (1.0 + gone)
    assert within(alive.astype(float), there) or (x == 0 and alive.all())
    assert within(rate[alive], (r + x) / (alpha + age))
    assert within(hazard[alive], (r + x) / (alpha + age) * a / (a + b + x))
    columns = np.array([x]), np.array([recency]), np.array([age])
    assert expected_rates(*columns, *CDNOW)[0] == pytest.approx(there * (r + x) / (alpha + age))


@pytest.mark.parametrize("history", [(2, 30.43, 38.86), (0, 0.0, 20.0), (12, 36.0, 38.0)])
def test_orders_to_come_are_the_published_ones(history: tuple[int, float, float]) -> None:
    alive, rate, hazard, patience = alike(60_000, history, CDNOW)
    expected = float(theory.repeats_ahead(CDNOW, *history, 39.0))
    stays = np.minimum(39.0, np.divide(patience, hazard, out=np.zeros(len(rate)), where=hazard > 0))
    assert within(np.where(alive, rate * stays, 0.0), expected)
