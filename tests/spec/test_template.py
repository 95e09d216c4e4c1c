"""A template says everything once, and one that cannot be used says where and why."""

import tomllib
from typing import Any

import pytest

from tests.spec.template_file import TAKE_OUT, changed
from twin.errors import TwinError, UnknownName
from twin.spec.parameter import assumed
from twin.spec.template import FOLDER, parsed, template, template_names

CONTENT = tomllib.loads((FOLDER / "shop.toml").read_text())
SHOP = template("shop")
LEVERS = (
    "price", "marketing", "promotion", "competitor_price", "competitor_share", "pickers_weekday", "pickers_weekend",
    "picking_speed", "absence_share",
    "opening_hours",
    "reorder_point", "order_up_to_level", "lead_time_days", "supplier_delivers", "demand",
    "customer_payment_days", "paid_at_once_share", "supplier_payment_days", "wage_day", "overdraft_rate",
)  # fmt: skip


def test_the_shop_has_its_levers() -> None:
    assert sorted(SHOP.levers) == sorted(LEVERS)
    assert template_names() == ["clinic", "factory", "lender", "service-desk", "shop", "supply-chain"]


@pytest.mark.parametrize("name", SHOP.declarations)
def test_every_number_says_what_it_is(name: str) -> None:
    one = SHOP.declarations[name]
    assert one.group in SHOP.groups
    assert one.label
    assert one.help.endswith((".", "]."))
    assert one.unit
    assert one.allowed[0] <= one.value <= one.allowed[1]
    assert one.plan == (one.range is None)  # a plan is known, everything else has a range
    assert not one.lever or one.step


def test_what_the_shop_starts_from_is_called_an_assumption() -> None:
    wage, roster = (assumed(SHOP.declarations[name]) for name in ("wage", "pickers_weekday"))
    assert (wage.origin, wage.low, wage.high, wage.standard_error, wage.uncertain) == (
        "assumption",
        8.0,
        10.0,
        None,
        True,
    )
    assert (roster.low, roster.high, roster.uncertain) == (6.0, 6.0, False)
    by_hand = wage.overridden(9.5)
    assert (by_hand.value, by_hand.origin, by_hand.uncertain) == (9.5, "override", False)


def test_the_headline_is_a_measure() -> None:
    assert SHOP.headline in SHOP.measures
    assert list(SHOP.measures)[:4] == ["profit", "revenue", "orders", "late_share"]  # the big numbers


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("parameters/price/value", "much", r"parameters\.price\.value: .*number.*found 'much'"),
        ("parameters/price/value", 3.0, r"parameters\.price: .*within allowed, 0\.5 to 2; found \[3\.0\]"),
        ("parameters/price/value", float("nan"), r"parameters\.price: .*within allowed"),
        ("parameters/price/allowed", [2.0, 0.5], r"parameters\.price: .*within allowed, 2 to 0\.5"),
        ("parameters/price/allowed", [1.0], r"parameters\.price\.allowed"),
        ("parameters/price/step", 0, r"parameters\.price\.step: .*greater than 0.*found 0"),
        ("parameters/price/colour", "red", r"parameters\.price\.colour: .*not permitted.*found 'red'"),
        ("parameters/price/unit", TAKE_OUT, r"parameters\.price\.unit: Field required"),
        ("parameters/price/scale", "cubic", r"parameters\.price\.scale: .*'linear' or 'log'.*found 'cubic'"),
        ("parameters/wage/range", [10.0, 12.0], r"parameters\.wage: .*value 9 lies outside its own range 10 to 12"),
        ("parameters/wage/range", [-5.0, 12.0], r"parameters\.wage: .*within allowed, 0 to 200"),
        ("parameters/price/group", "nowhere", r"parameters\.price\.group.*'nowhere'.*commerce"),
        ("headline", "happiness", r"headline.*'happiness'.*profit"),
        ("headline", TAKE_OUT, "headline: Field required"),
        ("parameters", "none", "parameters: .*dictionary.*found 'none'"),
    ],
)
def test_a_template_that_cannot_be_used_says_where_and_why(path: str, value: Any, words: str) -> None:
    with pytest.raises(TwinError, match=words) as caught:
        parsed(changed(CONTENT, path, value), "shop.toml")
    assert str(caught.value).startswith("The template shop.toml cannot be used: ")


def test_an_unknown_template_names_those_there_are() -> None:
    with pytest.raises(UnknownName, match=r"There is no template 'shops'\. Did you mean 'shop'"):
        template("shops")
