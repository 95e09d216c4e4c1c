"""Promotions: what they bring on their days, what is missing afterwards, and what they must not touch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_customers
from tests.model.small import CERTAIN, baseline, field, pair, scenario_of, small, with_values
from twin.experiment.outcome import RunOutcome
from twin.model.inputs import Plan
from twin.model.promotion import order_effects, paid

VALUES = {
    "price_effect": -1.2, "price_effect_on_orders_share": 0.5, "promotion_effect": -1.0,
    "promotion_pull_forward_share": 0.3, "promotion_pull_forward_days": 10.0,
}  # fmt: skip
OFFERS = st.lists(st.tuples(st.sampled_from([0.0, 0.0, 0.2, 0.8]), st.sampled_from([0.0, 3.0, 50.0])), max_size=30)
WEEK = "@2024-01-08:2024-01-12"
FIRST, AFTER = 7, 12


def effects(offers: list[float], usual: list[float], **values: float) -> np.ndarray:
    return order_effects(VALUES | values, Plan({"promotion": np.array(offers)}), np.array(usual))


@settings(max_examples=100)
@given(OFFERS, st.floats(0.0, 1.0), st.integers(1, 12))
def test_offers_move_orders_as_the_plain_ones(days: list[tuple[float, float]], share: float, window: int) -> None:
    offers, usual = ([one[k] for one in days] for k in range(2))
    moved = effects(offers, usual, promotion_pull_forward_share=share, promotion_pull_forward_days=float(window))
    told = plain_customers.offered(offers, usual, -1.6, share, window)
    assert moved * np.array(usual) == pytest.approx(told, rel=1e-9, abs=1e-9)
    assert np.all(moved >= 0.0)


def test_what_is_brought_forward_is_missing_later_and_no_more() -> None:
    usual = [40.0] * 60
    moved = effects([0.0] * 5 + [0.2] * 3 + [0.0] * 52, usual) * 40.0
    extra = 3 * 40.0 * (0.8**-1.6 - 1.0)
    assert moved[:5].tolist() == usual[:5]
    assert moved.sum() - 60 * 40.0 == pytest.approx(0.7 * extra)
    assert np.all(np.diff(moved[8:15]) > 0.0)  # most of it is missing soon
    assert moved[18:].tolist() == usual[18:]


def test_what_a_closed_day_cannot_lack_is_missing_on_the_next() -> None:
    moved = effects([0.5, 0.0, 0.0, 0.0], [10.0, 0.0, 10.0, 10.0], promotion_pull_forward_days=1.0) * [10, 0, 10, 10]
    extra = 10.0 * (0.5**-1.6 - 1.0)
    assert moved == pytest.approx([10.0 + extra, 0.0, 10.0 - 0.3 * extra, 10.0])


def test_without_an_offer_nothing_moves_by_a_bit() -> None:
    assert effects([0.0] * 9, [7.3] * 9).tolist() == [1.0] * 9
    assert order_effects(VALUES, Plan({}), np.ones(4)).tolist() == [1.0] * 4
    assert paid({"price": 1.07, "promotion": 0.0}) == paid({"price": 1.07}) == 1.07


@pytest.fixture(scope="module")
def promoted() -> tuple[RunOutcome, RunOutcome]:
    """A shop with feedback switched off, as today and with a fifth off for a week, nobody out of stock."""
    shop = with_values(
        small(new_customers_per_day=1e-9, reorder_point=150.0, order_up_to_level=300.0, basket_value=400.0),
        return_response=0.0, dropout_response=0.0, price_effect=-1.2, promotion_effect=-1.0,
        promotion_pull_forward_share=0.3, promotion_pull_forward_days=10.0,
    )  # fmt: skip
    return pair(shop, f"promotion=0.2{WEEK}", replications=48, on=CERTAIN)


def off(found: np.ndarray) -> float:
    """By how many standard errors of the mean over replications this is not zero."""
    return float(abs(found.mean()) / (found.std(ddof=1) / np.sqrt(len(found))))


def test_no_day_before_a_promotion_differs_by_a_byte(promoted: tuple[RunOutcome, RunOutcome]) -> None:
    before, after = promoted
    assert before.days[:, :FIRST].tobytes() == after.days[:, :FIRST].tobytes()
    assert before.waits[:, :FIRST].tobytes() == after.waits[:, :FIRST].tobytes()
    assert not np.array_equal(before.days[:, FIRST], after.days[:, FIRST])


def test_an_offer_brings_orders_by_price_and_by_being_announced(promoted: tuple[RunOutcome, RunOutcome]) -> None:
    one, other = (field(outcome, "orders")[:, FIRST] for outcome in promoted)
    assert off(other - 0.8**-1.6 * one) < 3.0


def test_pieces_are_sold_at_the_discount(promoted: tuple[RunOutcome, RunOutcome]) -> None:
    """As many pieces as the price response says, each for a fifth less."""
    prices = [field(one, "sales_ordered")[:, FIRST] / field(one, "units_demanded")[:, FIRST] for one in promoted]
    assert abs(prices[1].mean() / prices[0].mean() - 0.8) < 0.02
    units = [field(one, "units_demanded")[:, FIRST] / field(one, "orders")[:, FIRST] for one in promoted]
    assert off(units[1] - 0.8**-0.6 * units[0]) < 3.0


def test_orders_are_missing_after_an_offer(promoted: tuple[RunOutcome, RunOutcome]) -> None:
    one, other = (field(outcome, "orders") for outcome in promoted)
    assert (other - one)[:, AFTER : AFTER + 6].sum() < 0.0
    gained, lost = (other - one)[:, FIRST:AFTER].sum(), (one - other)[:, AFTER:].sum()
    assert 0.0 < lost < gained
    extra = other.sum(axis=1) - one.sum(axis=1)
    assert extra.mean() > 0.0


def test_a_promotion_by_nothing_changes_no_record() -> None:
    before = baseline(small(), 3)
    for text in ("promotion=+0", "promotion=*3", f"promotion=0{WEEK}", "promotion=0.3@2024-01-06:2024-01-06"):
        assert scenario_of(small(), before, text).sha256 == before.sha256, text  # the sixth is a closed day
