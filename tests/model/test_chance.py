"""A draw has no state: it is a hash, and its values are uniform and independent in every direction."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.model import plain
from twin.model import chance
from twin.model.chance import Chance, Purpose
from twin.model.kernels.chance import beta, draw, gamma, stem

WHOLE = st.integers(0, 2**62)
N = 4000
KEY = np.uint64(stem(0, 0, 1))
DIRECTIONS = {
    "entity": lambda n: draw(KEY, n, 0, 0),
    "day": lambda n: draw(KEY, 5, n, 0),
    "past day": lambda n: draw(KEY, 5, -n, 0),
    "nth": lambda n: draw(KEY, 5, 3, n),
    "replication": lambda n: draw(np.uint64(stem(0, n, 1)), 5, 3, 0),
    "seed": lambda n: draw(np.uint64(stem(n, 0, 1)), 5, 3, 0),
    "purpose": lambda n: draw(np.uint64(stem(0, 0, n)), 5, 3, 0),
    "new customers": lambda n: draw(KEY, (1 << 40) + (n // 7) * (1 << 16) + n % 7, n // 7, 0),
}


def values(direction: str) -> np.ndarray:
    return np.array([DIRECTIONS[direction](n) for n in range(N)])


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**6), st.integers(1, 99), WHOLE, st.integers(-60, 400), WHOLE)
def test_the_hash_is_the_plain_one(seed: int, replication: int, purpose: int, entity: int, day: int, n: int) -> None:
    key = stem(seed, replication, purpose)
    assert key == plain.stem(seed, replication, purpose)
    assert draw(np.uint64(key), entity, day, n) == plain.draw(key, entity, day, n)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_draws_are_uniform(direction: str) -> None:
    found = values(direction)
    assert found.min() > 0.0
    assert found.max() < 1.0
    assert stats.kstest(found, "uniform").pvalue > 0.001


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_neighbours_have_nothing_to_do_with_each_other(direction: str) -> None:
    found = values(direction) - 0.5
    for lag in (1, 2, 7, 256):
        correlation = float((found[lag:] * found[:-lag]).mean() * 12.0)
        assert abs(correlation) < 4.0 / np.sqrt(N - lag)


def test_two_directions_together_fill_the_square_evenly() -> None:
    cells = np.zeros((8, 8))
    for n in range(N):
        cells[int(8 * draw(KEY, n, 0, 0)), int(8 * draw(KEY, n, 1, 0))] += 1
    assert stats.chisquare(cells.ravel()).pvalue > 0.001


def test_no_two_of_a_replications_draws_are_the_same() -> None:
    keys = [np.uint64(stem(0, r, purpose)) for r, purpose in product(range(3), range(1, 8))]
    found = {draw(key, entity, day, n) for key, entity, day, n in product(keys, range(20), range(-5, 5), range(3))}
    assert len(found) == len(keys) * 20 * 10 * 3


def test_entity_day_and_place_do_not_stand_in_for_each_other() -> None:
    assert len({draw(KEY, *order) for order in product((1, 2, 3), repeat=3)}) == 27


def test_every_purpose_has_a_stem_of_its_own() -> None:
    assert len({int(Chance(0, 0)[purpose]) for purpose in Purpose}) == len(Purpose)
    assert len({int(Chance(seed, 0)[Purpose.BUYING]) for seed in range(50)}) == 50


def test_a_named_entity_keeps_its_number() -> None:
    assert chance.entity("price_effect") == 4738998935337803292
    assert 0 <= chance.entity("x") < 2**63


@pytest.mark.parametrize("shape", [0.05, 0.59, 1.0, 3.3, 250.0])
def test_gamma_is_the_plain_one_and_has_its_distribution(shape: float) -> None:
    found = np.array([gamma(KEY, n, shape) for n in range(N)])
    assert found[:300] == pytest.approx([plain.gamma(int(KEY), n, shape) for n in range(300)], rel=1e-9)
    assert stats.kstest(found, stats.gamma(shape).cdf).pvalue > 0.001


@pytest.mark.parametrize(("a", "b"), [(0.11, 1.3), (1.0, 1.0), (3.0, 40.0)])
def test_beta_has_its_distribution(a: float, b: float) -> None:
    other = np.uint64(stem(0, 0, 2))
    found = np.array([beta(KEY, other, n, a, b) for n in range(N)])
    assert found[0] == pytest.approx(plain.beta(int(KEY), int(other), 0, a, b), rel=1e-9)
    assert stats.kstest(found, stats.beta(a, b).cdf).pvalue > 0.001
