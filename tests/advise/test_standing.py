"""How the business is doing, on days that are easy to add up."""

from datetime import date, timedelta

import numpy as np

from twin.advise.picture import observed
from twin.advise.standing import Days, standing


def days(length: int, early: float, late: float) -> Days:
    """A business that took `early` orders a day until 28 days ago, `late` since."""
    orders = np.where(np.arange(length) < length - 28, early, late)
    return Days([date(2010, 1, 1) + timedelta(days=n) for n in range(length)], orders, orders * 100.0, orders * 0.1)


def test_a_year_of_history_is_compared_with_the_same_weeks() -> None:
    found = standing(days(500, 10, 12))
    assert found is not None
    assert found.sentence.replace("\u00a0", " ") == (
        "Business is growing: 20 % more orders and 20 % more revenue than in the same weeks a year ago"
    )


def test_less_history_is_compared_with_the_weeks_before() -> None:
    found = standing(days(60, 10, 5))
    assert found is not None
    assert found.against == "in the 28 days before"
    assert "50\u00a0% fewer orders" in found.sentence


def test_too_few_days_say_nothing() -> None:
    assert standing(days(27, 1, 1)) is None


def test_weeks_are_means_of_whole_weeks_up_to_the_last_day() -> None:
    some = days(30, 7, 14)
    line = observed(some.day, some.orders, np.ones(30, bool), 7, 28)
    assert len(line.day) == 4
    assert line.mean.tolist() == [14.0] * 4
