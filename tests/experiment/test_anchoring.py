"""Demand follows the forecast and is counted once; a shop in balance stays in balance."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.small import CERTAIN, asked, baseline, field, pair, scenario_of, small, with_values
from tests.model.steady import LEVEL, steady
from twin.experiment.inputs import Uncertainties
from twin.experiment.outcome import RunOutcome
from twin.experiment.replicate import replicate
from twin.model.business import anchored
from twin.records import FACTORS

BUNDLE = small()
MANY = 64
SOME = st.just(0.0) | st.floats(1e-9, 500.0)


@pytest.fixture(scope="module")
def played() -> RunOutcome:
    return baseline(BUNDLE, MANY)


@pytest.fixture(scope="module")
def balanced() -> list[RunOutcome]:
    """Eight shops in balance, each with a past of its own."""
    on = Uncertainties(estimates=False)
    return [
        RunOutcome.stacked([replicate(shop, asked(shop, on=on), r)]) for r, shop in enumerate(map(steady, range(8)))
    ]


def paths(replications: int) -> np.ndarray:
    return BUNDLE.paths[np.arange(replications) % len(BUNDLE.paths)]


def errors_off(found: np.ndarray, expected: np.ndarray | float) -> np.ndarray:
    """By how many standard errors of the mean over replications the mean is off."""
    error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    return np.abs(found.mean(axis=0) - expected) / np.where(error > 0, error, 1.0)


def test_each_replication_expects_the_orders_of_its_own_path(played: RunOutcome) -> None:
    assert field(played, "demand_expected") == pytest.approx(paths(MANY), rel=1e-12)


@given(SOME, SOME, SOME)
def test_the_two_factors_meet_the_path_and_are_never_negative(path: float, returning: float, streams: float) -> None:
    known, unknown = anchored(path, returning, streams)
    assert min(known, unknown) >= 0.0
    if returning + streams > 0.0:
        assert known * returning + unknown * streams == pytest.approx(path, rel=1e-9, abs=1e-9)


def test_with_the_demand_switched_off_every_replication_expects_the_mean_path() -> None:
    outcome = baseline(BUNDLE, 3, on=Uncertainties(demand=False))
    assert field(outcome, "demand_expected") == pytest.approx(np.tile(BUNDLE.paths.mean(axis=0), (3, 1)), rel=1e-12)


def test_orders_meet_the_forecast_on_every_day(played: RunOutcome) -> None:
    assert errors_off(field(played, "orders"), BUNDLE.paths.mean(axis=0)).max() < 3.0  # 40 days are looked at


def test_orders_meet_their_own_path_on_every_day_and_together(played: RunOutcome) -> None:
    missed = field(played, "orders") - paths(MANY)
    assert errors_off(missed, 0.0).max() < 3.0
    assert errors_off(missed.sum(axis=1), 0.0) < 3.0


def test_orders_scatter_around_their_path_as_chance_does(played: RunOutcome) -> None:
    open_days = BUNDLE.open_days
    missed = (field(played, "orders") - paths(MANY))[:, open_days] / np.sqrt(paths(MANY)[:, open_days])
    assert missed.var() == pytest.approx(1.0, abs=4.0 * np.sqrt(2.0 / missed.size))


def test_a_scenario_uses_the_factors_of_its_baseline() -> None:
    before, after = pair(BUNDLE, "price=+20%", "pickers_weekday=-1", replications=3)
    for name in FACTORS:
        assert np.array_equal(field(before, name), field(after, name))
    assert not np.array_equal(field(before, "demand_expected"), field(after, "demand_expected"))


@pytest.mark.parametrize(("lever", "expected"), [("demand=*1.3", 1.3), ("price=+20%", 1.2**-0.55)])
def test_a_lever_moves_orders_by_what_it_says_and_no_more(lever: str, expected: float) -> None:
    """Feedback by satisfaction and by fewer new customers is switched off, so that only the lever is left."""
    shop = with_values(small(new_customers_per_day=1e-9), return_response=0.0, dropout_response=0.0)
    before, after = pair(shop, lever, replications=48, on=CERTAIN)
    one, other = (field(outcome, "orders").sum(axis=1) for outcome in (before, after))
    off = other - expected * one
    assert abs(off.mean()) < 3.0 * off.std(ddof=1) / np.sqrt(len(off))


def test_a_price_moves_quantities_by_the_rest_of_its_effect() -> None:
    shop = with_values(small(new_customers_per_day=1e-9, basket_value=400.0), return_response=0.0)
    before, after = pair(shop, "price=+20%", replications=24, on=CERTAIN)
    units = [field(outcome, "units_demanded").sum(axis=1) for outcome in (before, after)]
    off = units[1] - 1.2**-1.1 * units[0]
    assert abs(off.mean()) < 3.0 * off.std(ddof=1) / np.sqrt(len(off))


def test_a_price_rise_makes_no_customer_loyal() -> None:
    """Nobody new, and dropout deaf to satisfaction: as many are lost on every day, whatever the price."""
    shop, held = small(new_customers_per_day=0.0), {"dropout_response", "new_customers_per_day"}
    shop = replace(shop, uncertain=tuple(one for one in shop.uncertain if one.name not in held))
    before, after = pair(with_values(shop, dropout_response=0.0), "price=*2", replications=6)
    assert field(before, "customers_lost").sum() > 0
    assert np.array_equal(field(before, "customers_lost"), field(after, "customers_lost"))


def test_late_orders_drive_customers_away() -> None:
    shop = with_values(small(), dropout_response=10.0)
    before, after = pair(shop, "pickers_weekday=-1", "pickers_weekend=-1", replications=8, on=CERTAIN)
    assert field(after, "satisfaction_share")[:, -1].mean() < field(before, "satisfaction_share")[:, -1].mean()
    assert field(after, "customers_lost").sum() > field(before, "customers_lost").sum()
    assert field(after, "orders").sum() < field(before, "orders").sum()


def test_the_forecast_of_a_shop_in_balance_is_met_without_a_push(balanced: list[RunOutcome]) -> None:
    factor = np.array([field(outcome, "anchor_factor").mean() for outcome in balanced])
    assert errors_off(factor, 1.0) < 3.0
    assert factor.std() < 0.05
    assert field(balanced[0], "orders").mean() == pytest.approx(LEVEL, rel=4 / np.sqrt(LEVEL * 90))


@pytest.mark.parametrize("name", ["anchor_factor", "satisfaction_share", "visits_open"])
def test_a_shop_in_balance_shows_no_trend(balanced: list[RunOutcome], name: str) -> None:
    days = np.arange(90.0) - 44.5
    slopes = np.array([days @ field(outcome, name)[0] / (days @ days) for outcome in balanced])
    level = np.mean([field(outcome, name).mean() for outcome in balanced])
    assert errors_off(slopes, 0.0) < 3.0
    assert slopes.std(ddof=1) * 90 < 0.2 * level  # the test would see a drift of a few per cent


def test_lost_and_new_customers_balance(balanced: list[RunOutcome]) -> None:
    gained = np.array([field(outcome, "active_customers")[0, [0, -1]] @ [-1.0, 1.0] for outcome in balanced])
    assert errors_off(gained, 0.0) < 3.0


def test_a_scenario_takes_each_replications_own_factors() -> None:
    before = baseline(BUNDLE, 3)
    after = scenario_of(BUNDLE, before)
    assert after.sha256 == before.sha256
    assert len({row.tobytes() for row in field(before, "anchor_factor")}) == 3
