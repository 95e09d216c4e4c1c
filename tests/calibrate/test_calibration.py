"""A whole calibration: what it holds, that it can be stored, and what it says when records are poor."""

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.planted import TODAY, planted_shop
from twin.calibrate.calibration import Calibration
from twin.calibrate.estimates import calibrate
from twin.calibrate.items import OTHER
from twin.calibrate.tables import Tables, cut, tables_from
from twin.errors import TwinError
from twin.spec.template import template

SHOP = template("shop")


@pytest.fixture(scope="module")
def shop() -> Tables:
    return planted_shop(11)


@pytest.fixture(scope="module")
def found(shop: Tables) -> Calibration:
    return calibrate(shop, SHOP)


def test_every_number_of_the_template_has_a_value_inside_its_interval(found: Calibration) -> None:
    assert list(found.parameters) == list(SHOP.parameters)
    for name, one in found.parameters.items():
        assert one.low <= one.value <= one.high, name
        assert one.method, name
        assert (one.standard_error is not None and one.rows > 0) == (one.origin == "data"), name


def test_what_records_cannot_say_stays_an_assumption(found: Calibration) -> None:
    for name in ("picking_minutes_line", "lead_time_days", "wage", "unit_cost_share", "marketing_share"):
        one, declared = found.parameters[name], SHOP.declarations[name]
        assert (one.origin, one.value, (one.low, one.high)) == ("assumption", declared.value, declared.range)


def test_jointly_found_numbers_have_the_errors_of_their_covariance(found: Calibration) -> None:
    for names, matrix in found.covariances:
        for number, name in enumerate(names):
            one = found.parameters[name]
            on_scale = one.standard_error / one.value if one.scale == "log" else one.standard_error
            assert np.sqrt(matrix[number, number]) == pytest.approx(on_scale)
        assert (np.linalg.eigvalsh(matrix) > 0).all()


def test_the_last_60_days_are_replayed_as_they_were(shop: Tables, found: Calibration) -> None:
    vectors = found.vectors
    recent = shop.orders[shop.orders["day"] >= pd.Timestamp(TODAY - timedelta(60))]
    lines = shop.order_lines.set_index("order_id").loc[recent["order_id"]]
    assert len(vectors["replay_day"]) == len(recent)
    assert vectors["replay_day"].min() == -60
    assert vectors["replay_day"].max() == -1
    assert vectors["replay_line_offsets"][0] == 0
    assert vectors["replay_line_offsets"][-1] == len(vectors["replay_line_item"]) == len(lines)
    assert vectors["item_id"][vectors["replay_line_item"]].tolist() == lines["item_id"].tolist()
    assert vectors["replay_line_quantity"].tolist() == lines["quantity"].tolist()
    known = vectors["replay_customer"] >= 0
    assert known.tolist() == recent["customer_id"].notna().tolist()
    named = vectors["customer_id"][vectors["replay_customer"][known]]
    assert named.tolist() == recent["customer_id"].dropna().tolist()


def test_shares_sum_to_one(found: Calibration) -> None:
    assert found.vectors["hour_share"].sum() == pytest.approx(1)
    assert found.vectors["item_line_share"].sum() == pytest.approx(1)
    assert len(found.vectors["hour_share"]) == 168


def test_fewer_than_500_items_leave_the_others_empty(found: Calibration) -> None:
    assert len(found.vectors["item_id"]) == 21
    assert found.vectors["item_id"][-1] == OTHER
    assert found.vectors["item_line_share"][-1] == 0
    assert len(found.vectors["other_item_id"]) == len(found.vectors["other_item_revenue_share"]) == 0
    assert np.isfinite(found.vectors["item_price"]).all()


def test_more_than_500_items_put_the_rest_together() -> None:
    vectors = calibrate(planted_shop(5, items=700), SHOP).vectors
    assert len(vectors["item_id"]) == 501
    assert len(vectors["other_item_id"]) == 200
    assert vectors["other_item_revenue_share"].sum() == pytest.approx(1)
    assert (np.diff(vectors["item_line_share"][:500]) <= 0).all()
    assert not set(vectors["other_item_id"]) & set(vectors["item_id"])


def test_stored_and_read_again_it_is_the_same(found: Calibration) -> None:
    again = Calibration.from_bytes(found.to_bytes())
    assert again.to_bytes() == found.to_bytes()
    assert again.parameters == found.parameters
    assert again.contract() == found.contract()
    assert all(np.array_equal(again.vectors[name], values) for name, values in found.vectors.items())


def test_twice_the_same_records_give_the_same_bytes_in_any_order(shop: Tables, found: Calibration) -> None:
    orders, lines = (frame.sample(frac=1, random_state=1) for frame in (shop.orders, shop.order_lines))
    shuffled = tables_from(orders, lines, TODAY, shop.returns)
    assert calibrate(shuffled, SHOP).to_bytes() == found.to_bytes()


def test_the_command_line_gets_plain_json(found: Calibration) -> None:
    shown = json.loads(json.dumps(found.contract(), allow_nan=False))
    keys = {"value", "standard_error", "low", "high", "unit", "origin", "rows", "method"}
    assert all(set(entry) == keys for entry in shown.values())
    assert {"hour_share[0]", "item_price[10000]", "item_quantity[other items]"} <= set(shown)


def test_bytes_that_are_no_calibration_read_as_a_sentence() -> None:
    with pytest.raises(TwinError, match="Calibrate again"):
        Calibration.from_bytes(b"nothing")


def test_a_cut_knows_nothing_of_later_days(shop: Tables) -> None:
    earlier = TODAY - timedelta(100)
    later_gone = tables_from(
        shop.orders[shop.orders["day"] < pd.Timestamp(earlier)], shop.order_lines, earlier, shop.returns
    )
    assert calibrate(cut(shop, earlier), SHOP).to_bytes() == calibrate(later_gone, SHOP).to_bytes()
    with pytest.raises(TwinError, match="cannot be cut"):
        cut(shop, TODAY + timedelta(1))


def test_too_few_orders_say_how_many_are_needed(shop: Tables) -> None:
    few = replace(shop, orders=shop.orders.tail(7))
    with pytest.raises(TwinError, match=r"7 orders in the 365 days before 2024-07-01.*at least 50"):
        calibrate(few, SHOP)
    with pytest.raises(TwinError, match="no orders before"):
        calibrate(cut(shop, date(2020, 1, 1)), SHOP)


def test_a_missing_column_is_named(shop: Tables) -> None:
    with pytest.raises(TwinError, match="orders has no column revenue"):
        tables_from(shop.orders.drop(columns="revenue"), shop.order_lines, TODAY)


def test_without_identities_all_orders_are_anonymous(shop: Tables) -> None:
    unknown = tables_from(shop.orders.assign(customer_id=None), shop.order_lines, TODAY, shop.returns)
    found = calibrate(unknown, SHOP)
    assert found.parameters["rate_shape"].origin == "assumption"
    assert found.parameters["basket_value"].origin == "assumption"
    assert found.parameters["new_customers_per_day"].value == 0
    assert found.parameters["anonymous_orders_per_day"].value == pytest.approx(len(unknown.year) / 365)
    assert len(found.vectors["customer_id"]) == len(found.vectors["customer_spend"]) == 0
    assert set(found.vectors["replay_customer"]) == {-1}
    json.dumps(found.contract(), allow_nan=False)
    found.to_bytes()


def test_customers_with_names_instead_of_numbers_are_numbered_in_order(shop: Tables) -> None:
    named = shop.orders["customer_id"].map(lambda number: f"c{number:06d}", na_action="ignore")
    found = calibrate(tables_from(shop.orders.assign(customer_id=named), shop.order_lines, TODAY, shop.returns), SHOP)
    assert found.vectors["customer_id"].tolist() == list(range(1, len(found.vectors["customer_id"]) + 1))


def test_a_young_shop_can_be_calibrated(shop: Tables) -> None:
    young = cut(shop, date(2022, 7, 12) + timedelta(45))
    found = calibrate(young, SHOP)
    assert found.history_days < 60
    assert found.parameters["price_effect"].origin == "assumption"
    assert found.vectors["replay_open"].shape == (60,)
