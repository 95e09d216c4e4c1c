"""How the business is doing, on days that are easy to add up."""

from datetime import date, timedelta

import numpy as np
import pytest

from twin.advise.days import Days
from twin.advise.picture import observed
from twin.advise.standing import standing
from twin.spec.template import template

SHOP = template("shop")


def days(length: int, early: float, late: float) -> Days:
    """A business that took `early` orders a day until 28 days ago, `late` since."""
    orders = np.where(np.arange(length) < length - 28, early, late)
    fields = {"orders": orders, "revenue": orders * 100.0, "orders_new": orders * 0.1}
    return Days([date(2010, 1, 1) + timedelta(days=n) for n in range(length)], np.ones(length, bool), fields)


def test_a_year_of_history_is_compared_with_the_same_weeks() -> None:
    found = standing(days(500, 10, 12), SHOP)
    assert found is not None
    assert found.sentence.replace("\u00a0", " ") == (
        "Business is growing: 20 % more orders and 20 % more revenue than in the same weeks a year ago"
    )


def test_less_history_is_compared_with_the_weeks_before() -> None:
    found = standing(days(60, 10, 5), SHOP)
    assert found is not None
    assert found.against == "in the 28 days before"
    assert "50\u00a0% fewer orders" in found.sentence


def test_too_few_days_say_nothing() -> None:
    assert standing(days(27, 1, 1), SHOP) is None


def test_weeks_are_means_of_whole_weeks_up_to_the_last_day() -> None:
    line = observed(days(30, 7, 14), SHOP.measures["orders"], 7, 28)
    assert len(line.day) == 4
    assert line.mean.tolist() == [14.0] * 4


DESK = template("service-desk")


def tickets(length: int, early: tuple[int, int], late: tuple[int, int]) -> Days:
    """A desk with so many finished tickets a day, of which so many late, until 28 days ago and since."""
    since = np.arange(length) >= length - 28
    finished, tardy = (np.where(since, late[n], early[n]).astype(float) for n in (0, 1))
    fields = {"visits": finished + 1, "visits_finished": finished, "visits_late": tardy, "visits_abandoned": tardy / 2}
    day = [date(2025, 1, 1) + timedelta(days=n) for n in range(length)]
    return Days(day, np.ones(length, bool), fields | {"visits_open": np.arange(length, dtype=float)})


def test_a_desk_is_told_by_its_tickets_and_how_many_were_late() -> None:
    found = standing(tickets(500, (49, 10), (59, 6)), DESK)
    assert found is not None
    assert found.sentence.replace("\u00a0", " ") == (
        "20 % more tickets than in the same weeks a year ago; 10.2 % late tickets, 10.2 points less"
    )
    assert [(one.label, one.good) for one in found.figures] == [
        ("Tickets", "neither"), ("Late tickets", "down"), ("Given up", "down"), ("Open tickets", "down")
    ]  # fmt: skip
    assert found.figures[1].now == 6 / 59
    assert found.figures[3].now == 499.0  # as it was on the last day


def test_a_desk_of_which_nothing_was_finished_says_only_what_came_in() -> None:
    found = standing(tickets(60, (0, 0), (0, 0)), DESK)
    assert found is not None
    assert found.sentence == "As many tickets as in the 28 days before"
    assert found.figures[1].shown("EUR") == "not defined"


def test_a_share_of_weeks_weighs_each_ticket_alike() -> None:
    uneven = Days(
        [date(2025, 1, 6) + timedelta(days=n) for n in range(7)],
        np.ones(7, bool),
        {"visits_finished": np.array([10.0, 0, 0, 0, 0, 0, 90]), "visits_late": np.array([10.0, 0, 0, 0, 0, 0, 0])},
    )
    assert observed(uneven, DESK.measures["late_share"], 7, 7).mean.tolist() == [pytest.approx(0.1)]
    assert np.isnan(observed(uneven, DESK.measures["late_share"], 1, 7).mean[1])


def test_what_did_not_change_has_no_direction() -> None:
    steady, smaller = days(500, 10, 10), days(500, 1000, 1001)
    smaller.fields["revenue"] = smaller.fields["revenue"] * np.where(np.arange(500) < 472, 1.0, 0.97)
    for played, told in (
        (steady, "Business is steady: as many orders and as much revenue as in the same weeks a year ago"),
        (smaller, "Business is shrinking: 3 % less revenue than in the same weeks a year ago, from as many orders"),
    ):
        found = standing(played, SHOP)
        assert found is not None
        assert found.sentence.replace("\u00a0", " ") == told
        assert (found.figures[0].change_shown, found.figures[0].same) == ("as then", True)
    assert (found.figures[1].change_shown, found.figures[1].same) == ("-3\u00a0%", False)


def test_what_is_counted_by_the_day_says_so() -> None:
    made = tickets(60, (10, 1), (10, 1))
    made.fields["units_made"] = np.full(60, 40.0)
    found = standing(made, template("factory"))
    assert found is not None
    assert ("Good pieces a day", "40") in [(one.label, one.shown("EUR")) for one in found.figures]
