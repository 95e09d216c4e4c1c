"""Calibration of the real demo shop: known counts, plausible numbers, and how long it takes."""

from datetime import date

import numpy as np
import pytest

from tests.calibrate.shop import RETAIL, TODAY, shop_tables
from twin.calibrate.calibration import Calibration
from twin.calibrate.estimates import calibrate
from twin.calibrate.tables import Tables, cut
from twin.spec.template import template

pytestmark = [
    pytest.mark.skipif(not RETAIL.exists(), reason="needs the demo data"),
    pytest.mark.xdist_group("gift-shop"),
]


@pytest.fixture(scope="module")
def shop() -> Tables:
    return shop_tables()


@pytest.fixture(scope="module")
def found(shop: Tables) -> Calibration:
    return calibrate(shop, template("shop"))


def test_numbers_agree_with_plain_counts(shop: Tables, found: Calibration) -> None:
    year = shop.orders[shop.orders["day"] >= "2010-12-09"]
    known, unknown = year[year["customer_id"].notna()], year[year["customer_id"].isna()]
    assert found.today == TODAY
    assert found.parameters["basket_value"].value == pytest.approx(known["revenue"].mean())
    assert found.parameters["anonymous_orders_per_day"].value == pytest.approx(len(unknown) / 365)
    assert len(found.vectors["customer_id"]) == shop.orders["customer_id"].nunique()
    assert len(found.vectors["item_id"]) == 501
    for prefix, orders in (("", known), ("anonymous_", unknown)):
        middle, spread = (found.parameters[f"{prefix}lines_log_{what}"].value for what in ("mean", "sd"))
        assert np.exp(middle + spread**2 / 2) == pytest.approx(orders["lines"].mean())


def test_the_effect_of_price_is_an_assumption_that_spans_five_readings(found: Calibration) -> None:
    effect, readings = found.parameters["price_effect"], found.evidence["price_effect"]
    assert len(readings) == 5
    assert effect.origin == "assumption"
    assert (effect.low, effect.high) == (
        min(one["estimate"] for one in readings),
        max(one["estimate"] for one in readings),
    )
    assert -2.1 < effect.low < effect.high < 0


def test_living_customers_imply_about_the_orders_that_were_seen(found: Calibration) -> None:
    assert 0.7 < found.evidence["returning"]["ratio"] < 1.4


def test_an_earlier_morning_gives_much_the_same_customers(shop: Tables, found: Calibration) -> None:
    earlier = calibrate(cut(shop, date(2011, 9, 1)), template("shop"))
    assert earlier.parameters["rate_shape"].value == pytest.approx(found.parameters["rate_shape"].value, rel=0.25)
    assert len(earlier.vectors["customer_id"]) < len(found.vectors["customer_id"])
