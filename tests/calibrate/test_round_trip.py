"""What was put in comes back, inside the stated interval as often as stated."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from tests.calibrate.planted import SPEND_SD, TODAY, TRUTH, planted_orders, planted_prices, planted_shop
from twin.calibrate import price
from twin.calibrate.estimates import calibrate
from twin.calibrate.tables import tables_from
from twin.spec.parameter import Parameter
from twin.spec.template import template

SHOPS = 40
PRICE_LISTS = 20
UNLIKELY = 0.001
LEVEL = 0.9
MEAN_VALUE = 20 * np.exp(TRUTH["lines_log_mean"] + TRUTH["lines_log_sd"] ** 2 / 2)


def fewest(tries: int, share: float = LEVEL) -> int:
    """How few hits of a fair interval would be unlikely."""
    return int(binom.ppf(UNLIKELY, tries, share))


@pytest.fixture(scope="module")
def found() -> list[dict[str, Parameter]]:
    return [calibrate(planted_shop(seed), template("shop")).parameters for seed in range(SHOPS)]


@pytest.mark.parametrize(("name", "truth"), [*TRUTH.items(), ("basket_value", MEAN_VALUE)])
def test_the_interval_holds_the_truth_as_often_as_it_says(
    found: list[dict[str, Parameter]], name: str, truth: float
) -> None:
    hits = sum(one[name].low <= truth <= one[name].high for one in found)
    assert all(one[name].origin == "data" for one in found)
    assert hits >= fewest(SHOPS), f"{hits} of {SHOPS}"


@pytest.mark.parametrize(("name", "truth"), [*TRUTH.items(), ("basket_value", MEAN_VALUE)])
def test_the_stated_error_is_about_the_size_of_the_real_one(
    found: list[dict[str, Parameter]], name: str, truth: float
) -> None:
    misses = np.array([(one[name].value - truth) / one[name].standard_error for one in found])
    assert abs(misses.mean()) < 3.3 / np.sqrt(SHOPS) + 0.2
    assert 0.6 < misses.std() < 1.5


def test_large_customers_are_found_and_shrunk() -> None:
    orders, size = planted_orders(7)
    lines = pd.DataFrame({"order_id": orders["order_id"], "item_id": "10001", "quantity": 1, "price": 1.0})
    calibration = calibrate(tables_from(orders, lines, TODAY), template("shop"))
    spend, counts = calibration.vectors["customer_spend"], orders["customer_id"].value_counts().sort_index()
    assert (spend * counts).sum() / counts.sum() == pytest.approx(1)
    true = np.log(size[calibration.vectors["customer_id"] - 1])
    slope = np.cov(true, np.log(spend))[0, 1] / np.var(np.log(spend), ddof=1)
    assert slope == pytest.approx(1, abs=0.1)
    assert calibration.evidence["customer_spend"]["between_sd"] == pytest.approx(SPEND_SD, abs=0.05)
    assert np.log(spend).std() < SPEND_SD


@pytest.fixture(scope="module")
def price_effects() -> list[Parameter]:
    declared = template("shop").declarations["price_effect"]
    lists = (planted_prices(seed, on_lines=-1.2) for seed in range(PRICE_LISTS))
    return [price.price_effect(price.readings(lines, pd.Timestamp(TODAY)), declared) for lines in lists]


def test_a_planted_effect_of_price_comes_back_as_data(price_effects: list[Parameter]) -> None:
    agreed = [one for one in price_effects if one.origin == "data"]
    assert len(agreed) >= fewest(PRICE_LISTS)
    hits = sum(one.low <= -1.2 <= one.high for one in agreed)
    assert hits >= fewest(len(agreed))
    assert np.mean([one.value for one in agreed]) == pytest.approx(-1.2, abs=0.08)
    assert all("association, not experiment" in one.method for one in agreed)


def test_readings_that_disagree_are_an_assumption_that_spans_them() -> None:
    lines = planted_prices(1, on_lines=-0.2, on_quantity=-1.5)
    readings = price.readings(lines, pd.Timestamp(TODAY))
    effect = price.price_effect(readings, template("shop").declarations["price_effect"])
    estimates = [one.estimate for one in readings]
    assert len(estimates) == 5
    assert effect.origin == "assumption"
    assert (effect.low, effect.high) == (min(estimates), max(estimates))
    assert effect.value == pytest.approx((effect.low + effect.high) / 2)
    assert "association, not experiment" in effect.method
    assert all(one.name in effect.method for one in readings)


def test_a_quantity_break_is_not_an_effect_of_price() -> None:
    """From some week on most buyers take enough for a rebate; the list price and what is sold stay as they were."""
    lines = planted_prices(2, on_lines=-1.2)
    large = lines["quantity"] > lines.groupby("item_id")["quantity"].transform("median")
    begun = lines["day"] >= pd.Timestamp(TODAY) - pd.to_timedelta(lines["item_id"].astype(int) % 50 * 7 + 100, unit="D")
    rebate = lines["price"].where(~(large | (lines["quantity"] % 5 == 0)) | ~begun, (lines["price"] * 0.7).round(2))
    usual = price.readings(lines.assign(price=rebate), pd.Timestamp(TODAY))[0]
    assert usual.estimate == pytest.approx(-1.2, abs=4 * usual.standard_error)


def test_without_price_steps_the_assumption_of_the_template_stays() -> None:
    lines = planted_prices(3, on_lines=-1.2).assign(price=4.0)
    declared = template("shop").declarations["price_effect"]
    effect = price.price_effect(price.readings(lines, pd.Timestamp(TODAY)), declared)
    assert (effect.origin, effect.value, (effect.low, effect.high)) == ("assumption", declared.value, declared.range)
