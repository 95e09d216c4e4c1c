"""How far customers' own rates are scaled: of what comes by itself, appointments left out."""

from datetime import date

import numpy as np
import pytest

from twin.advise.picture import anchor
from twin.records import COLUMN


def records(**fields: float) -> np.ndarray:
    """Two plays of two weeks on which each day is the same, closed on every seventh."""
    found = np.zeros((2, 14, len(COLUMN)))
    for name, value in fields.items():
        found[:, np.arange(14) % 7 != 6, COLUMN[name]] = value
    return found


def test_the_factor_is_that_of_the_days() -> None:
    found = anchor(records(demand_expected=30.0, anchor_factor=1.2), date(2026, 11, 2))
    assert found.mean == pytest.approx([1.2, 1.2])


def test_appointments_are_not_scaled_and_weigh_nothing() -> None:
    played = records(demand_expected=50.0, booked_expected=20.0, anchor_factor=1.5)
    played[:, 0, COLUMN["anchor_factor"]] = 3.0  # ten of its thirty would have come by themselves
    found = anchor(played, date(2026, 11, 2))
    assert found.mean == pytest.approx([6 * 30 / (5 * 20 + 10), 1.5])
