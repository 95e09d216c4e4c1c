"""One more picker, same luck: nobody begins an order later."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.test_kernels import Room

ORDERS = st.lists(st.tuples(st.floats(0.0, 540.0), st.floats(0.1, 700.0)), max_size=8)
WEEK = st.lists(st.tuples(st.integers(0, 4), st.sampled_from([0.0, 300.0, 540.0]), ORDERS), min_size=1, max_size=5)


def beginnings(week: list[tuple[int, float, list[tuple[float, float]]]], more: int) -> dict[int, float]:
    """When each order is begun, with so many more pickers; afterwards everything is worked off."""
    room, began = Room(), {}
    for pickers, length, orders in [*week, (1, 1e6, [])]:
        out, tags, _ = room.day(pickers + more, length, orders)
        began |= dict(zip(tags, out[:, 1].tolist(), strict=True))
    return began


@settings(max_examples=150)
@given(WEEK, st.integers(1, 3))
def test_with_more_pickers_no_order_begins_later(
    week: list[tuple[int, float, list[tuple[float, float]]]], more: int
) -> None:
    before, after = beginnings(week, 0), beginnings(week, more)
    assert before.keys() == after.keys()
    assert all(after[order] <= before[order] + 1e-6 for order in before)


@settings(max_examples=60)
@given(WEEK)
def test_orders_are_begun_in_the_order_in_which_they_came(
    week: list[tuple[int, float, list[tuple[float, float]]]],
) -> None:
    began = beginnings(week, 0)
    assert np.all(np.diff([began[order] for order in sorted(began)]) >= 0.0)
