"""What queueing theory and the BG/NBD papers say must come out of the kernels."""

import math

import numpy as np
import pytest
from numba import njit
from scipy.special import hyp2f1

from twin.model.kernels.chance import draw, stem
from twin.model.kernels.customers import expected_rates, posterior
from twin.model.kernels.elementary import logarithm
from twin.model.kernels.picking import packed, picking_minutes

ORDERS, WARM_UP, REPLICATIONS = 12_000, 2_000, 24
CDNOW = (0.243, 4.414, 0.793, 2.426)  # Fader, Hardie and Lee (2005), table 2, weeks


@njit(cache=True)
def queue_of(key_gap, key_service, orders, gap, order_minutes, scatter, exponential_service):
    """Arrivals by exponential gaps, with their picking times."""
    arrived, service, clock = np.empty(orders), np.empty(orders), 0.0
    for n in range(orders):
        clock -= gap * logarithm(draw(key_gap, n, 0, 0))
        u = draw(key_service, n, 0, 0)
        arrived[n] = clock
        service[n] = (
            -order_minutes * logarithm(u)
            if exponential_service
            else picking_minutes(u, 1, 0.0, order_minutes, scatter, 1.0)
        )
    return arrived, service


def mean_waits(load: float, pickers: int, scatter: float | None) -> np.ndarray:
    """The mean wait of each replication of one very long day; picking takes a minute on average."""
    found = []
    for replication in range(REPLICATIONS):
        keys = [np.uint64(stem(11, replication, purpose)) for purpose in (1, 2)]
        gap = 1.0 / (load * pickers)
        arrived, service = queue_of(*keys, ORDERS, gap, 1.0, scatter or 0.0, scatter is None)
        out, tags = np.empty((ORDERS, 3)), np.empty(ORDERS, np.int64)
        _, _, done, _ = packed(
            0.0, 1e9, pickers, arrived, service, np.arange(ORDERS), 0, ORDERS,
            np.zeros((pickers + 1, 3)), np.zeros(pickers + 1, np.int64), 0, np.zeros(pickers), out, tags,
        )  # fmt: skip
        assert done == ORDERS
        found.append(float((out[WARM_UP:, 1] - out[WARM_UP:, 0]).mean()))
    return np.array(found)


def assert_mean(found: np.ndarray, expected: float) -> None:
    """Within three standard errors, and those are small enough to tell."""
    error = float(found.std(ddof=1)) / math.sqrt(len(found))
    assert error < 0.05 * expected
    assert abs(float(found.mean()) - expected) < 3.0 * error


def erlang_c(load: float, pickers: int) -> float:
    """The mean wait, in picking times, of M/M/c."""
    offered = load * pickers
    terms = [offered**k / math.factorial(k) for k in range(pickers)]
    last = offered**pickers / math.factorial(pickers) / (1.0 - load)
    return last / (sum(terms) + last) / (pickers * (1.0 - load))


@pytest.mark.parametrize(("load", "pickers"), [(0.5, 1), (0.5, 3), (0.8, 3), (0.8, 8)])
def test_waits_are_those_of_erlang(load: float, pickers: int) -> None:
    assert_mean(mean_waits(load, pickers, None), erlang_c(load, pickers))


@pytest.mark.parametrize("scatter", [0.0, 0.4, 1.2])
def test_one_pickers_waits_are_those_of_pollaczek_and_khinchine(scatter: float) -> None:
    load = 0.7
    assert_mean(mean_waits(load, 1, scatter), load * (1.0 + scatter**2) / 2.0 / (1.0 - load))


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


def orders_ahead(history: tuple[int, float, float], weeks: float) -> float:
    """Fader, Hardie and Lee (2005), equation 10."""
    (r, alpha, a, b), (x, recency, age) = CDNOW, history
    whole = alpha + age + weeks
    still = ((alpha + age) / whole) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, weeks / whole)
    gone = a / (b + x - 1) * ((alpha + age) / (alpha + recency)) ** (r + x) if x else 0.0
    return float((a + b + x - 1) / (a - 1) * (1 - still) / (1 + gone))


@pytest.mark.parametrize("history", [(2, 30.43, 38.86), (0, 0.0, 20.0), (12, 36.0, 38.0)])
def test_orders_to_come_are_the_published_ones(history: tuple[int, float, float]) -> None:
    alive, rate, hazard, patience = alike(60_000, history, CDNOW)
    stays = np.minimum(39.0, np.divide(patience, hazard, out=np.zeros(len(rate)), where=hazard > 0))
    assert within(np.where(alive, rate * stays, 0.0), orders_ahead(history, 39.0))


def test_the_papers_own_example_is_met() -> None:
    assert orders_ahead((2, 30.43, 38.86), 39.0) == pytest.approx(1.226, abs=0.001)
