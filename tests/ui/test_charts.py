"""Charts are plain values: bands break where nothing was sold, labels never lie over each other, grids are round."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.advise.picture import Line
from twin.ui import axes, charts, labels
from twin.ui import series as lines
from twin.ui.series import Scale, Series

DAYS = [date(2011, 12, 9) + timedelta(days=n) for n in range(14)]


def series(values: list[float]) -> Series:
    """A line with a band."""
    mean = np.array(values)
    return Series("what if", Line(DAYS[: len(values)], mean, mean - 1, mean + 1), "#0B7A75")


def test_a_closed_saturday_does_not_break_a_line_but_christmas_does() -> None:
    gap = float("nan")
    assert lines.pieces(np.array([1.0, gap, 2.0, 3.0])) == [slice(0, 4)]
    assert lines.pieces(np.array([1.0, gap, gap, gap, gap, 2.0])) == [slice(0, 1), slice(5, 6)]


def test_a_band_holds_no_gaps() -> None:
    gap = float("nan")
    for trace in charts.band(series([5.0, gap, 6.0])):
        assert len(trace["x"]) == len(trace["y"]) == 2


def test_everything_can_be_sent_as_json() -> None:
    import json

    one = series([5.0, float("nan"), 6.0])
    scale = Scale("currency", "GBP")
    json.dumps({"data": charts.traces([one], scale), "layout": charts.layout([one], scale, DAYS[0])}, allow_nan=False)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=4))
def test_labels_stay_apart_and_in_order(places: list[float]) -> None:
    found = labels.apart(places, 5.0)
    order = sorted(range(len(places)), key=lambda n: places[n])
    steps = [found[above] - found[below] for below, above in pairwise(order)]
    assert all(step >= 4.9 for step in steps)


@pytest.mark.parametrize("high", [1.0, 0.08, 47.0, 3.2e6])
def test_four_or_five_grid_lines(high: float) -> None:
    assert 2 <= high / axes.grid(0.0, high) <= 6


def test_differences_are_drawn_around_zero() -> None:
    low, high = axes.reach([series([-3.0, 2.0])], Scale("orders", "GBP", signed=True))
    assert low == -high
