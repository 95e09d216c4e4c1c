"""At which outlet buyers order, against plain Python; and that a share moves only those whom it must."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.plain import draw
from twin.model.kernels.customers import ANONYMOUS
from twin.model.kernels.outlets import outlets_of, recorded_at_outlets
from twin.model.supply import chosen

KEY = 12345678901234567
WEIGHTS = st.lists(st.floats(0.01, 1.0), min_size=2, max_size=6)


def plain_outlet(key: int, day: int, entity: int, usual: list[float], target: list[float]) -> int:
    when = day if entity >= ANONYMOUS else 0
    place = first_above(usual, draw(key, entity, when, 0))
    if target[place] < usual[place] and draw(key, entity, when, 1) >= target[place] / usual[place]:
        place = first_above([max(0.0, b - a) for a, b in zip(usual, target, strict=True)], draw(key, entity, when, 2))
    return place


def first_above(weights: list[float], u: float) -> int:
    sums = np.cumsum(weights) / np.sum(weights)
    return min(int(np.searchsorted(sums, u, side="right")), len(weights) - 1)


def shares(weights: list[float]) -> np.ndarray:
    return np.array(weights) / sum(weights)


@settings(deadline=None)
@given(WEIGHTS, st.integers(0, 400), st.floats(0.0, 0.9), st.booleans())
def test_buyers_choose_as_the_plain_ones(weights: list[float], day: int, share: float, anonymous: bool) -> None:
    usual = shares(weights)
    now = usual.copy()
    now[0] = share
    entities = np.arange(40) + (ANONYMOUS if anonymous else 0)
    found = np.zeros(40, np.int64)
    outlets_of(np.uint64(KEY), day, entities, *chosen(usual, now), found)
    target = np.r_[share, usual[1:] * ((1 - share) / (1 - usual[0]))]
    told = [plain_outlet(KEY, day, one, usual.tolist(), target.tolist()) for one in entities.tolist()]
    assert np.mean(found == told) >= 0.97  # a draw may lie within rounding of a boundary
    if share != usual[0]:
        before = np.zeros(40, np.int64)
        outlets_of(np.uint64(KEY), day, entities, *chosen(usual, usual), before)
        moved = found != before
        assert set(found[moved]) <= ({0} if share > usual[0] else set(range(1, len(usual))))


def test_shares_that_do_not_move_are_no_change_and_a_moved_one_is_met() -> None:
    usual, number = np.array([0.5, 0.3, 0.2]), 40000
    entities, found = ANONYMOUS + np.arange(number), np.zeros(number, np.int64)
    running, kept, _ = chosen(usual, usual)
    assert kept.tolist() == [1.0, 1.0, 1.0]
    assert running.tolist() == [0.5, 0.8, 1.0]
    outlets_of(np.uint64(KEY), 3, entities, *chosen(usual, np.array([0.5, 0.6, 0.2])), found)
    for place, share in enumerate((0.4 * 0.5 / 0.7, 0.6, 0.4 * 0.2 / 0.7)):
        error = np.sqrt(share * (1 - share) / number)
        assert abs(np.mean(found == place) - share) <= 4 * error


def test_buyers_without_a_name_choose_anew_each_day_and_known_ones_do_not() -> None:
    usual = chosen(np.full(4, 0.25), np.full(4, 0.25))
    found = np.zeros((2, 2, 500), np.int64)
    for kind, first in enumerate((0, ANONYMOUS)):
        for day in range(2):
            outlets_of(np.uint64(KEY), day + 5, first + np.arange(500), *usual, found[kind, day])
    assert (found[0, 0] == found[0, 1]).all()
    assert 0.2 < np.mean(found[1, 0] == found[1, 1]) < 0.3


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(0, 8), st.integers(1, 4))
def test_recorded_orders_empty_the_shelves_of_their_outlets(seed: int, orders: int, outlets: int) -> None:
    luck = np.random.default_rng(seed)
    offsets = np.concatenate([[0], np.cumsum(luck.integers(0, 4, orders))]).astype(np.int64)
    items, pieces = luck.integers(0, 4, offsets[-1]).astype(np.int32), luck.integers(1, 6, offsets[-1]).astype(np.int32)
    where, places = luck.integers(0, outlets, orders), 1 + luck.permutation(outlets).astype(np.int64)
    stock, fill = luck.integers(0, 7, (outlets + 1, 4)).astype(float), np.ones(orders)
    plain, told = stock.copy(), []
    recorded_at_outlets(0, orders, offsets, items, pieces, where.astype(np.int64), places, 3, stock, fill)
    for n in range(orders):
        asked = given_out = 0.0
        for line in range(offsets[n], offsets[n + 1]):
            item, wanted = int(items[line]), float(pieces[line])
            got = wanted if item >= 3 else min(wanted, plain[places[where[n]], item])
            plain[places[where[n]], item] -= got if item < 3 else 0.0
            asked, given_out = asked + wanted, given_out + got
        told.append(given_out / asked if asked else 1.0)
    assert (stock.tolist(), fill.tolist()) == (plain.tolist(), told)
