"""Competitors: known answers, nothing before they move, and nothing where they do as today."""

import numpy as np
import pytest

from tests.model.small import CERTAIN, baseline, field, pair, small, with_values
from twin.model.competition import orders_kept, pull

VALUES = {"competitor_effect": 0.4, "competitor_pull": 3.0}
FIRST = 7
CALM = small(pickers_weekday=20.0, pickers_weekend=20.0)  # so that satisfaction stays as it is


def test_competitors_who_do_as_today_change_not_a_bit() -> None:
    assert orders_kept(VALUES, {}) == orders_kept(VALUES, {"competitor_price": 1.0, "competitor_share": 0.0}) == 1.0
    assert pull(VALUES, {}) == pull({}, {"competitor_share": 0.5}) == 1.0


def test_orders_follow_prices_by_their_elasticity_and_the_share_that_is_left() -> None:
    assert orders_kept(VALUES, {"competitor_price": 0.8}) == pytest.approx(0.8**0.4)
    assert orders_kept(VALUES, {"competitor_price": 0.8, "competitor_share": 0.25}) == pytest.approx(0.75 * 0.8**0.4)
    assert pull(VALUES, {"competitor_share": 0.1}) == pytest.approx(1.3)


@pytest.mark.parametrize("change", ["competitor_price=0.5", "competitor_share=0.4"])
def test_a_competitor_takes_orders_from_the_first_day_and_not_before(change: str) -> None:
    as_today, moved = pair(CALM, f"{change}@2024-01-08", replications=24, on=CERTAIN)
    assert np.array_equal(as_today.days[:, :FIRST], moved.days[:, :FIRST])
    before, after = (field(one, "orders")[:, FIRST:].sum() for one in (as_today, moved))
    kept = 0.5**0.3 if "price" in change else 0.6
    error = 3.0 * np.sqrt(before) * np.sqrt(1.0 - kept)
    assert after <= before * kept + error
    if "price" in change:  # nobody leaves for good because of a price, so that orders are what the elasticity says
        assert after >= before * kept - error


def test_a_new_competitor_takes_some_customers_for_good() -> None:
    as_today, moved = pair(CALM, "competitor_share=0.4", replications=24, on=CERTAIN)
    lost, more = (field(one, "customers_lost").sum() for one in (as_today, moved))
    assert lost < more <= lost * (1.0 + 2.0 * 0.4) + 3.0 * np.sqrt(lost)


def test_the_baseline_is_as_it_was() -> None:
    assert baseline(CALM, 2).days.tobytes() == baseline(with_values(CALM, competitor_effect=0.9), 2).days.tobytes()
