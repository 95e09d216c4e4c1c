"""The loops of making to order against plain Python: the same draws, the same answer."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.model.kernels import making
from twin.model.kernels import supply_layout as at
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import poisson

KEY = np.uint64(0x1234567890ABCDEF)
NAMES = st.lists(st.integers(0, 2**62), min_size=1, max_size=12)
BILLS = [{0: 3.0, 1: 1.0}, {0: 8.0, 2: 0.5}]  # of goods 3 and 4, at nodes 0 and 1
ORDERS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9), st.booleans()), max_size=12)
SHELVES = st.lists(st.integers(0, 60), min_size=6, max_size=6)


@given(ORDERS, SHELVES)
def test_orders_take_all_their_materials_or_none(orders: list[tuple[int, int, bool]], shelves: list[int]) -> None:
    stock, prices = np.array(shelves, float).reshape(2, 3), [4.0, 6.5, 1.25]
    cells = np.zeros((at.CELLS, 2, 5))
    cells[at.STOCK, :, :3] = stock
    kind, units, new = (np.array(column) for column in zip(*orders, strict=True)) if orders else np.zeros((3, 0))
    used, cost, begins = np.zeros(2), np.zeros(len(orders)), np.zeros(len(orders), np.bool_)
    making.released(
        kind.astype(np.int64), units.astype(float), new.astype(np.bool_), np.array([0, 1, -1]), np.array([3, 4, -1]),
        np.array([0, 0, 0, 0, 2, 4]), np.array([0, 1, 0, 2]), np.array([3.0, 1.0, 8.0, 0.5]),
        np.array([*prices, 0.0, 0.0]), cells, used, cost, begins,
    )  # fmt: skip
    seen, taken = np.zeros((2, 3)), 0.0
    for n, (which, pieces, is_new) in enumerate(orders):
        if which == 2:
            assert begins[n]
            continue
        needed = {part: math.ceil(each * pieces) for part, each in BILLS[which].items()}
        there = all(stock[which, part] >= count for part, count in needed.items())
        assert begins[n] == there
        for part, count in needed.items():
            seen[which, part] += count if is_new else 0
            stock[which, part] -= count if there else 0
            taken += count if there else 0
        assert cost[n] == sum(prices[part] * count for part, count in needed.items())
    assert np.array_equal(cells[at.STOCK, :, :3], stock)
    assert np.array_equal(cells[at.SEEN, :, :3], seen)
    assert used.sum() == taken


@given(NAMES, st.floats(0.0, 1.0), st.integers(0, 30))
def test_each_piece_is_scrap_by_its_own_luck(names: list[int], share: float, pieces: int) -> None:
    entity, count = np.array(names, np.int64), len(names)
    found, more = np.zeros(count, np.int64), np.zeros(count, np.int64)
    making.scrapped(KEY, entity, np.full(count, float(pieces)), np.full(count, share), found)
    making.scrapped(KEY, entity, np.full(count, float(pieces)), np.full(count, min(1.0, share + 0.1)), more)
    assert found.tolist() == [sum(draw(KEY, one, 0, n) < share for n in range(pieces)) for one in names]
    assert (more >= found).all()


@given(NAMES, st.floats(1.0, 300.0))
def test_an_order_has_one_piece_and_a_poisson_number_of_more(names: list[int], mean: float) -> None:
    entity = np.array(names, np.int64)
    units, kind = np.full(len(names), 7.0), np.arange(len(names)) % 2
    making.pieces_drawn(KEY, entity, kind, np.array([mean, 0.0]), units)
    plain = [1.0 + poisson(draw(KEY, one, 0, 0), mean - 1.0) if n % 2 == 0 else 7.0 for n, one in enumerate(names)]
    assert units.tolist() == plain
