"""A business that cannot keep up is told from one with an ordinary queue."""

from dataclasses import replace

import numpy as np
import pytest

from tests.model.small_desk import DESK, LEVEL, desk, today, with_stations
from twin.experiment.growth import growth
from twin.records import COLUMN, DAY_FIELDS


def records(still: np.ndarray, came: float = 10.0) -> np.ndarray:
    """Records with so much open work by play and day."""
    days = np.zeros((*still.shape, len(DAY_FIELDS)))
    days[:, :, COLUMN["visits_open"]], days[:, :, COLUMN["visits"]] = still, came
    return days


LUCK = np.random.default_rng(4)
NOISE, DAY = LUCK.normal(0.0, 3.0, (8, 60)), np.arange(60)


@pytest.mark.parametrize(
    ("still", "grows"),
    [
        (2.0 * DAY + NOISE, True),
        (100.0 + NOISE, False),  # long, but no longer
        (100.0 * (1 - np.exp(-DAY / 5.0)) + NOISE, False),  # filled up, then steady
        (0.2 * DAY + NOISE / 9, False),  # rises, but to little more than a day's work
        (150.0 - 2.0 * DAY + NOISE, False),
    ],
)
def test_growth_is_told_from_an_ordinary_queue(still: np.ndarray, grows: bool) -> None:
    assert (growth(records(still)) is not None) == grows


def test_it_says_from_where_to_where() -> None:
    found = growth(records(2.0 * DAY + np.zeros((8, 1)) + NOISE / 9))
    assert found is not None
    assert (found.first, found.last) == pytest.approx((6.0, 112.0), abs=0.5)


def test_too_few_days_or_plays_say_nothing() -> None:
    assert growth(records((2.0 * DAY + NOISE)[:, :20])) is None
    assert growth(records((2.0 * DAY + NOISE)[:3])) is None


def test_a_desk_with_too_little_staff_is_found_out_and_a_usual_one_is_not() -> None:
    patient = with_stations(DESK.structure, first_line={"patience_minutes": np.inf})
    drowning = replace(desk(first_line_minutes=200.0), structure=patient)
    found = growth(today(drowning, 6).days)
    assert found is not None
    assert found.last > found.first + 5 * LEVEL
    assert growth(today(desk(), 6).days) is None
