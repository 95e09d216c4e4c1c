"""What is said to a person: numbers with their units, differences with their range, scenarios as titles."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.advise import amounts, differences
from twin.advise.amounts import MINUS
from twin.advise.differences import difference_amount, difference_step, sides
from twin.advise.scenarios import dates_words, scenario_words
from twin.cli import written
from twin.clock import Horizon
from twin.experiment.statistics import Difference
from twin.spec.measures import CATALOGUE, Measure
from twin.spec.scenario import scenario
from twin.spec.template import template
from twin.spec.trade import counted

SHOP = template("shop")
LEVERS = SHOP.levers
TODAY = {name: lever.value for name, lever in LEVERS.items()}
HORIZON = Horizon(date(2011, 12, 9), 90)


def difference(measure: str, mean: float, low: float, high: float, verdict: str | None) -> Difference:
    """A difference as a comparison finds it."""
    return Difference(SHOP.measures[measure], 100.0, 100.0 + mean, mean, low, high, 0.1, 0.01, 32, verdict)  # type: ignore[arg-type]


def said(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (46191.9, "currency", "£46,200"),
        (-2659.9, "currency", "−£2,660"),
        (0.0759, "share", "7.6 %"),
        (115.5, "minutes", "116 min"),
        (14.0, "days", "14.0 days"),
        (200.0, "currency/day", "£200 a day"),
        (9.0, "currency/hour", "£9.00 an hour"),
        (6.0, "people", "6 people"),
    ],
)
def test_a_number_carries_its_unit(value: float, unit: str, expected: str) -> None:
    assert said(amounts.amount(value, unit, "GBP")) == expected


def test_the_currency_is_the_twins_own() -> None:
    assert amounts.amount(1200, "currency", "EUR") == "€1,200"
    assert said(amounts.amount(1200, "currency", "SEK")) == "SEK 1,200"


@given(st.floats(-1e9, 1e9, allow_nan=False), st.sampled_from(["currency", "share", "minutes", "days"]))
def test_nothing_is_ever_minus_zero(value: float, unit: str) -> None:
    shown = amounts.amount(value, unit, "GBP")
    assert not (shown.startswith("−") and not any(digit in shown for digit in "123456789"))


def test_a_range_stands_in_brackets_behind_what_rises() -> None:
    one = difference("profit", 2900, 1100, 4700, "better")
    assert said(differences.moved(one, "GBP")) == "**profit rises by £2,900 a month** (1,100 to 4,700)"


def test_what_falls_is_told_without_minus_signs() -> None:
    one = difference("late_share", -0.03, -0.036, -0.024, "better")
    assert (
        said(differences.moved(one, "GBP", bold=False)) == "the share of late orders falls by 3.0 points (2.4 to 3.6)"
    )


def test_a_difference_in_a_table_keeps_its_signs() -> None:
    one = difference("orders", -0.73, -1.39, -0.08, "worse")
    assert said(differences.difference_words(one, "GBP")) == "−0.7 (−1.4 to −0.1)"


def test_exactly_nothing_is_called_so() -> None:
    one = difference("wages", 0.0, 0.0, 0.0, "too small to matter")
    assert differences.verdict_of(one).words == "exactly no difference"
    assert differences.difference_words(one, "GBP") == "0"
    assert differences.answer({"wages": one}, "wages", "GBP").startswith("**Exactly no difference.**")


def test_too_few_plays_give_no_verdict() -> None:
    one = difference("profit", 2900, 1100, 4700, None)
    assert "too few" in differences.verdict_of(one).words
    assert "too few for a verdict" in differences.answer({"profit": one}, "profit", "GBP")


def test_the_headline_comes_first_and_cash_does_not_repeat_it() -> None:
    found = {
        "orders": difference("orders", -1.0, -1.5, -0.5, "worse"),
        "profit": difference("profit", 2900, 1100, 4700, "better"),
        "cash": difference("cash", 9000, 4000, 14000, "better"),
    }
    told = said(differences.answer(found, "profit", "GBP"))
    assert told.startswith("**Profit rises by £2,900 a month** (1,100 to 4,700).")
    assert "The number of orders falls by 1.0 a day" in told
    assert "ash" not in told


def test_no_clear_difference_is_not_told_as_a_rise() -> None:
    told = differences.answer({"profit": difference("profit", 300, -900, 1500, "no clear difference")}, "profit", "GBP")
    assert "rises" not in told
    assert "No clear difference in profit" in told.replace("**", "")


def test_an_arrow_points_only_where_a_number_is_left() -> None:
    assert differences.arrow(difference("late_share", -0.0003, -0.006, 0.005, "no clear difference")) == "off"
    assert differences.arrow(difference("profit", 2900, 1100, 4700, "better")) == "up"


@pytest.mark.parametrize("measure", [*CATALOGUE, *SHOP.measures.values()], ids=lambda measure: measure.name)
def test_every_measure_has_words_of_its_own(measure: Measure) -> None:
    assert measure.noun[0].islower()
    assert measure.label[0].isupper()
    assert measure.chart or measure.form != "mean"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], "As today"),
        (["price=+5%"], "Prices +5 %"),
        (["pickers_weekday=+2"], "Two more pickers on weekdays"),
        (["pickers_weekend=-1"], "One fewer picker at weekends"),
        (["pickers_weekday=8"], "Two more pickers on weekdays"),
        (["lead_time_days=+14"], "Lead time +14 days"),
        (["marketing=+50"], "Marketing a day +£50"),
        (["marketing=*1"], "Marketing a day as today"),
        (["absence_share=0.03"], "Absence 3.0 % instead of 5.0 %"),
        (["opening_hours=+0.5"], "Hours of packing a day +0.5 hours"),
        (["price[85123A]=-10%"], "Price of 85123A −10 %"),
        (
            ["pickers_weekday=+2", "price=+5%@2011-12-15"],
            "Two more pickers on weekdays and prices +5 % from 15 December",
        ),
    ],
)
def test_a_scenario_is_told_as_a_title(texts: list[str], expected: str) -> None:
    read = scenario(texts, LEVERS, HORIZON, TODAY)
    assert said(scenario_words(read, LEVERS, TODAY, "GBP", 2011)) == expected


def test_a_number_set_beside_an_estimate_is_told_with_both_ends() -> None:
    """Their difference, +1.027748 days, is no number that anybody has typed."""
    today = TODAY | {"lead_time_days": 12.972252}
    told = scenario_words(scenario(["lead_time_days=14"], LEVERS, HORIZON, today), LEVERS, today, "GBP", 2011)
    assert said(told) == "Lead time 14 days instead of 13.0 days"


def test_dates_name_the_year_only_where_it_is_another() -> None:
    assert dates_words(date(2011, 12, 15), date(2012, 1, 7), 2011) == " from 15 December to 7 January 2012"
    assert dates_words(date(2011, 12, 15), date(2011, 12, 15), 2011) == " on 15 December"
    assert dates_words(None, date(2011, 12, 23), 2011) == " until 23 December"


DESK = template("service-desk")
AT_DESK = {name: lever.value for name, lever in DESK.levers.items()}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["second_line_office=+1"], "Second line: one person more"),
        (["first_line_early=-2"], "First line, early: two people fewer"),
        (["premium_fee=+10"], "Fee a month, premium +€10"),
        (["overtime_hours=1"], "Overtime, at most +1 hours"),
    ],
)
def test_a_lever_that_names_no_people_is_told_with_its_label(texts: list[str], expected: str) -> None:
    read = scenario(texts, DESK.levers, HORIZON, AT_DESK)
    assert said(scenario_words(read, DESK.levers, AT_DESK, "EUR", 2011)) == expected


def test_what_is_counted_is_called_as_the_trade_calls_it() -> None:
    assert counted("visits", DESK.words) == "tickets"
    assert counted("orders", SHOP.words) == "orders"
    assert counted("customers", DESK.words) == "customers"


def test_a_share_differs_in_points_and_what_is_counted_without_a_unit() -> None:
    late, tickets = DESK.measures["late_share[urgent]"], DESK.measures["visits"]
    one = Difference(late, 0.2, 0.17, -0.03, -0.036, -0.024, 0.001, 0.01, 32, "better")
    assert said(differences.moved(one, "EUR", bold=False)) == (
        "the share of late urgent tickets falls by 3.0 points (2.4 to 3.6)"
    )
    assert said(differences.difference_alone(2.0, tickets, "EUR", 0.1)) == "+2.0"


def test_an_answer_names_what_gets_worse_beside_what_gets_better() -> None:
    found = {name: difference(name, 2.0, 1.0, 3.0, "better") for name in ("orders", "revenue", "profit")}
    found |= {"late_share": difference("late_share", 0.02, 0.01, 0.03, "worse")}
    found["late_share"] = replace(found["late_share"], chance=0.04)  # less sure than the others, yet not left out
    assert [one.measure.name for one in differences.notable(found, "profit")] == ["orders", "late_share"]
    surest = differences.notable({name: one for name, one in found.items() if name != "late_share"}, "profit")
    assert [one.measure.name for one in surest] == ["orders", "revenue"]
    worse = found | {"profit": difference("profit", -2.0, -3.0, -1.0, "worse")}
    assert [one.measure.name for one in differences.notable(worse, "profit")] == ["orders", "revenue"]


def number_of(text: str) -> Decimal:
    """The number that a text shows; a time in minutes."""
    hours, _, rest = text.replace(MINUS, "-").rpartition("\u00a0h ")
    whole, last = ("".join(one for one in part if one in "0123456789.-") for part in (hours, rest))
    minutes = Decimal(last)
    return minutes if not whole else Decimal(whole) * 60 + (-minutes if whole.startswith("-") else minutes)


@given(
    st.sampled_from(["profit", "wait_minutes", "late_share", "orders", "active_customers", "stock_value"]),
    st.floats(-3e6, 3e6) | st.floats(0.0, 50.0),
    st.floats(-1e6, 1e6) | st.floats(-3.0, 3.0),
    st.floats(0.0, 2.0),
)
def test_what_is_shown_adds_up(measure: str, before: float, change: float, wide: float) -> None:
    """As today and the difference make what if, to the last place that stands on the screen and in the text."""
    one = SHOP.measures[measure]
    if one.unit == "share":
        before, change = abs(before) % 1.0, change % 1.0 - 0.5
    reach = wide * abs(change)
    found = Difference(one, before, before + change, change, change - reach, change + reach, 0.0, 0.01, 32, "better")
    by = number_of(difference_amount(found, "GBP"))
    first, second = (number_of(text) for text in sides(found, "GBP"))
    assert second - first == by
    assert abs(float(by) / (100.0 if one.unit == "share" else 1.0) - change) <= 0.5001 * difference_step(found)
    told = [number_of(text) for text in written.sides(before, change, "share" if one.unit == "share" else "GBP")]
    assert told[1] - told[0] == told[2]


def test_sides_that_differ_by_little_keep_their_digits() -> None:
    wait = difference("wait_minutes", 0.13, 0.1, 0.16, "worse")
    wait = replace(wait, baseline=12.444, scenario=12.574)
    assert [said(text) for text in sides(wait, "GBP")] == ["12.4 min", "12.5 min"]
    assert said(difference_amount(wait, "GBP")) == "+0.1 min"
    revenue = replace(difference("revenue", 8.4, 2.0, 15.0, "better"), baseline=562671.4, scenario=562679.8)
    assert sides(revenue, "GBP") == ("£562,671", "£562,679")
