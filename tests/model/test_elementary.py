"""Our own exponential, logarithm, inverse normal and Poisson against Python's and SciPy's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from twin.model.kernels import elementary

EPSILON = 2.0**-52
UNIT = st.floats(2.0**-54, 1.0 - 2.0**-53)


@given(st.floats(-690.0, 700.0))
def test_exponential_is_right_to_two_units_in_the_last_place(x: float) -> None:
    assert elementary.exponential(x) == pytest.approx(math.exp(x), rel=2 * EPSILON)


def test_exponential_is_held_where_numbers_end() -> None:
    assert elementary.exponential(1e9) == elementary.exponential(700.0)
    assert 0.0 < elementary.exponential(-1e9) < 1e-300


@given(st.floats(2.3e-308, 1.7e308))  # the numbers with all their digits
def test_logarithm_is_right_to_two_units_in_the_last_place(x: float) -> None:
    assert elementary.logarithm(x) == pytest.approx(math.log(x), rel=2 * EPSILON, abs=2 * EPSILON)


@pytest.mark.parametrize("x", [0.0, -1.0, math.inf, -math.inf, math.nan, 5e-324])
def test_logarithm_of_what_has_none_still_comes_to_an_end(x: float) -> None:
    """A worker that looked for it for ever would hang the app; levers are checked so that nothing asks for one."""
    assert isinstance(elementary.logarithm(x), float)


@given(UNIT)
def test_normal_is_right_to_twelve_digits(u: float) -> None:
    assert elementary.normal(u) == pytest.approx(float(ndtri(u)), rel=1e-12, abs=1e-15)


@given(st.floats(0.01, 0.49))
def test_normal_is_symmetric(u: float) -> None:
    assert elementary.normal(u) == pytest.approx(-elementary.normal(1.0 - u), rel=1e-12)


@given(st.floats(1e-6, 1e6), st.floats(-5.0, 5.0))
def test_power_is_right(base: float, exponent: float) -> None:
    assert elementary.power(base, exponent) == pytest.approx(base**exponent, rel=1e-13)


@given(st.floats(-100.0, 100.0))
def test_one_to_any_power_is_exactly_one(exponent: float) -> None:
    assert elementary.power(1.0, exponent) == 1.0


@given(UNIT, st.floats(0.0, 199.9))
def test_poisson_is_the_inverse_of_its_distribution(u: float, mean: float) -> None:
    n = elementary.poisson(u, mean)
    assert stats.poisson.cdf(n - 1, mean) <= u * (1 + 1e-9) + 1e-12
    assert u <= stats.poisson.cdf(n, mean) * (1 + 1e-9) + 1e-12
    assert n <= 20 + 2 * mean + 9 * mean**0.5


@given(UNIT, st.floats(200.1, 1e6))
def test_poisson_of_many_is_near_its_distribution(u: float, mean: float) -> None:
    assert abs(elementary.poisson(u, mean) - stats.poisson.ppf(u, mean)) <= 2.0 + stats.norm.ppf(u) ** 2 / 4


@given(st.floats(1e-300, 1.0 - 1e-12), st.floats(0.0, 300.0), st.floats(0.0, 50.0))  # nearer to 1 rounding decides
def test_more_expected_never_brings_fewer_with_the_same_luck(u: float, mean: float, more: float) -> None:
    if (mean <= 200.0) == (mean + more <= 200.0):  # where the way of counting changes it may be one fewer
        assert elementary.poisson(u, mean) <= elementary.poisson(u, mean + more)


@given(UNIT, st.floats(0.01, 1e4), st.floats(0.01, 3.0))
def test_lognormal_has_the_median_and_spread_of_its_mean_and_cv(u: float, mean: float, cv: float) -> None:
    sigma = math.sqrt(math.log1p(cv * cv))
    expected = stats.lognorm.ppf(u, sigma, scale=mean * math.exp(-sigma * sigma / 2))
    assert elementary.lognormal(u, mean, cv) == pytest.approx(expected, rel=1e-10)


def test_lognormal_without_scatter_is_its_mean() -> None:
    assert elementary.lognormal(0.9, 7.0, 0.0) == 7.0
    assert elementary.lognormal(0.9, 0.0, 0.5) == 0.0


@given(st.lists(st.floats(0.0, 10.0), min_size=1, max_size=20).filter(lambda w: sum(w) > 0.01), UNIT)
def test_located_is_the_first_place_whose_sum_exceeds_the_draw(weights: list[float], u: float) -> None:
    sums = elementary.running_sums(np.array(weights))
    place = elementary.located(sums, u)
    assert sums[-1] == 1.0
    assert sums[place] > u
    assert place == 0 or sums[place - 1] <= u
    assert weights[place] > 0.0


@given(st.lists(UNIT | st.sampled_from([0.075, 0.925, 1e-12, 1.0 - 1e-12, 0.5]), max_size=80))
def test_many_normal_values_are_those_that_single_ones_are(draws: list[float]) -> None:
    values, tails, depths = np.empty(len(draws)), np.empty(len(draws) + 1, np.int64), np.empty(len(draws) + 1)
    elementary.normals(np.array(draws), values, tails, depths)
    assert values.tolist() == [elementary.normal(u) for u in draws]
