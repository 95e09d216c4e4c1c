"""The loops of making against plain Python: the same draws, the same answer."""

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
# By kind of work, what a piece needs: a chair, a table, nothing, a chair from the shelf by one who waits and by one who
# does not, and a chair whose materials were taken before.
BILLS = [{0: 3.0, 1: 1.0}, {0: 8.0, 2: 0.5}, {}, {3: 1.0}, {3: 1.0}, {0: 3.0, 1: 1.0}]
NODES, WAITS = [0, 1, -1, 1, 1, -1], [True, True, True, True, False, True]
PRICES = [4.0, 6.5, 1.25, 18.5]
FROM = np.cumsum([0, *map(len, BILLS)])
BILL = np.array([part for bill in BILLS for part in bill])
COUNTS = np.array([count for bill in BILLS for count in bill.values()])
ORDERS = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9), st.booleans()), max_size=14)
SHELVES = st.lists(st.integers(0, 60), min_size=8, max_size=8)


def needs(which: int, pieces: int) -> dict[int, float]:
    """What an order needs."""
    return {part: math.ceil(each * pieces) for part, each in BILLS[which].items()}


@given(ORDERS, SHELVES)
def test_orders_take_all_that_they_need_or_nothing(orders: list[tuple[int, int, bool]], shelves: list[int]) -> None:
    stock = np.array(shelves, float).reshape(2, 4)
    cells = np.zeros((at.CELLS, 2, 4))
    cells[at.STOCK] = stock
    kind, units, new = (np.array(column) for column in zip(*orders, strict=True)) if orders else np.zeros((3, 0))
    used, cost, begins = np.zeros(len(BILLS)), np.zeros(len(orders)), np.zeros(len(orders), np.bool_)
    making.released(
        kind.astype(np.int64), units.astype(float), new.astype(np.bool_), np.array(NODES), np.array(WAITS), FROM, BILL,
        COUNTS, np.array(PRICES), cells, used, cost, begins,
    )  # fmt: skip
    seen, taken = np.zeros((2, 4)), [0.0] * len(BILLS)
    for n, (which, pieces, is_new) in enumerate(orders):
        needed, node = needs(which, pieces), NODES[which]
        assert cost[n] == sum(PRICES[part] * count for part, count in needed.items())
        if node < 0:
            assert begins[n]
            continue
        there = all(stock[node, part] >= count for part, count in needed.items())
        assert begins[n] == there
        for part, count in needed.items():
            seen[node, part] += count if is_new and (there or WAITS[which]) else 0
            stock[node, part] -= count if there else 0
            taken[which] += count if there else 0
    assert np.array_equal(cells[at.STOCK], stock)
    assert np.array_equal(cells[at.SEEN], seen)
    assert used.tolist() == taken


@given(ORDERS)
def test_what_orders_need_costs_what_its_parts_cost(orders: list[tuple[int, int, bool]]) -> None:
    kind, units = (np.array([one[column] for one in orders]) for column in (0, 1))
    cost = np.full(len(orders), math.nan)
    making.costs(kind.astype(np.int64), units.astype(float), FROM, BILL, COUNTS, np.array(PRICES), cost)
    assert cost.tolist() == [
        sum(PRICES[part] * count for part, count in needs(which, pieces).items()) for which, pieces, _ in orders
    ]


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
