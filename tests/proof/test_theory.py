"""The closed forms against each other: where two of them speak of the same queue, they must agree."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import theory

LOADS = st.floats(0.05, 0.97)
SERVERS = st.integers(1, 12)


@given(LOADS, SERVERS)
def test_erlang_c_is_the_sum_in_the_textbooks(load: float, servers: int) -> None:
    offered = load * servers
    terms = [offered**k / math.factorial(k) for k in range(servers)]
    last = offered**servers / math.factorial(servers) / (1.0 - load)
    assert theory.erlang_c(offered, servers) == pytest.approx(last / (sum(terms) + last))


@given(st.floats(0.05, 0.9), SERVERS)
def test_endless_patience_is_erlang_c(load: float, servers: int) -> None:
    share, wait = theory.erlang_a(load * servers, 1.0, 1e9, servers)
    assert share < 1e-6
    assert wait == pytest.approx(theory.wait_erlang_c(load * servers, 1.0, servers), rel=1e-5)


@given(st.floats(0.1, 3.0), SERVERS)
def test_patience_as_long_as_service_is_a_floor_of_endless_width(load: float, servers: int) -> None:
    offered = load * servers
    weights = [math.exp(n * math.log(offered) - offered - math.lgamma(n + 1)) for n in range(400)]
    queue = sum(weight * max(n - servers, 0) for n, weight in enumerate(weights))
    assert theory.erlang_a(offered, 1.0, 1.0, servers)[1] == pytest.approx(queue / offered, rel=1e-6)


@given(LOADS)
def test_one_server_with_exponential_service_is_both_erlang_s_and_pollaczek_s(load: float) -> None:
    assert theory.pollaczek_khinchine(load, 1.0, 1.0) == pytest.approx(theory.wait_erlang_c(load, 1.0, 1))


@given(st.lists(st.floats(0.01, 0.3), min_size=1, max_size=3), SERVERS)
def test_priorities_only_hand_the_wait_on(loads: list[float], servers: int) -> None:
    rates = [load * servers for load in loads]
    waits = theory.cobham_servers(rates, 1.0, servers)
    shared = sum(rate * wait for rate, wait in zip(rates, waits, strict=True)) / sum(rates)
    assert shared == pytest.approx(theory.wait_erlang_c(sum(rates), 1.0, servers))  # Kleinrock's conservation law
    assert waits == sorted(waits)


def test_work_that_comes_back_makes_a_single_station_as_busy_as_more_arrivals() -> None:
    waiting, through = theory.jackson([0.3], [[0.5]], [1.0], [1])
    assert waiting == pytest.approx(2.0 * theory.wait_erlang_c(0.6, 1.0, 1))
    assert through == pytest.approx(waiting + 2.0)


def test_full_house_without_a_queue_is_erlang_b() -> None:
    assert theory.turned_round(3.0, 1.0, 4, 0) == pytest.approx(27 / 8 / (1 + 3 + 9 / 2 + 27 / 6 + 27 / 8))


def test_bass_grows_by_innovation_and_imitation() -> None:
    p, q, t, step = 0.03, 0.38, 4.0, 1e-5
    slope = (theory.bass(p, q, t + step) - theory.bass(p, q, t - step)) / (2 * step)
    won = theory.bass(p, q, t)
    assert slope == pytest.approx((p + q * won) * (1.0 - won))
    peak = theory.bass_peak(p, q)
    assert theory.bass(p, q, peak) == pytest.approx(0.5 - p / (2 * q))
    assert theory.bass_by_days(p / 365, q / 365, round(peak * 365)) == pytest.approx(0.5 - p / (2 * q), rel=2e-3)


def test_a_customer_without_a_history_is_a_new_one() -> None:
    fitted, none = (0.243, 4.414, 0.793, 2.426), np.zeros(1)
    ahead = theory.repeats_ahead(fitted, none, none, none, 39.0)
    assert ahead == pytest.approx(theory.repeats_since_joining(fitted, np.array([39.0])))


def test_orders_come_at_the_expected_rate_while_a_customer_stays() -> None:
    r, alpha, a, b = 2.0, 5.0, 1.5, 3.0
    luck = np.random.default_rng(1)
    rate = luck.gamma(r, 1 / alpha, 400_000)
    hazard = rate * luck.beta(a, b, 400_000)
    orders = rate * -np.expm1(-hazard * 20.0) / hazard
    expected = theory.repeats_since_joining((r, alpha, a, b), np.array([20.0]))[0]
    assert abs(orders.mean() - expected) < 3 * orders.std() / math.sqrt(400_000)
