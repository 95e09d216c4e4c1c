"""A business that runs out of cash is told from one that does not, with the day in the middle play."""

from datetime import date

import numpy as np
import pytest

from twin.advise.liquidity import both_cash_words, cash_words
from twin.experiment.liquidity import Shortfall, shortfall
from twin.records import COLUMN, DAY_FIELDS

TODAY = date(2024, 1, 1)


def records(*cash: list[float]) -> np.ndarray:
    """Records with so much cash by play and day."""
    days = np.zeros((len(cash), len(cash[0]), len(DAY_FIELDS)))
    days[:, :, COLUMN["cash"]] = cash
    return days


@pytest.mark.parametrize(
    ("cash", "found"),
    [
        (([5.0, 1.0, 0.0], [3.0, 2.0, 1.0]), None),  # nothing left is not yet nothing to pay with
        (([5.0, -1.0, 9.0], [3.0, 2.0, 1.0]), Shortfall(1, 2, 1)),
        (([5.0, -1.0, 0.0], [3.0, 2.0, -1.0], [1.0, 1.0, -2.0]), Shortfall(3, 3, 2)),
        (([-5.0, -1.0, 0.0], [-3.0, 2.0, 1.0]), None),  # overdrawn from the start: nothing runs out
    ],
)
def test_the_first_evening_without_cash_is_found(cash: tuple[list[float], ...], found: Shortfall | None) -> None:
    assert shortfall(records(*cash)) == found


def test_both_sides_are_told_apart_and_the_same_is_said_once() -> None:
    one, other = Shortfall(1, 4, 0), Shortfall(3, 4, 31)
    assert both_cash_words(None, None, TODAY) == cash_words(None, TODAY) == ""
    assert both_cash_words(one, one, TODAY) == "On both sides: cash runs out in 1 of 4 plays, on 1 January 2024."
    told = both_cash_words(one, other, TODAY)
    assert told.startswith(
        "As today: cash runs out in 1 of 4 plays, on 1 January 2024. What if: cash runs out in 3 of 4"
    )
    assert told.endswith("in the middle one of these, on 1 February 2024.")
