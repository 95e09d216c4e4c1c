import numpy as np
import pytest

from twin.forecast.history import Fit, Projection
from twin.forecast.paths import NORMAL_80, drawn_weeks, order_paths, shared_level, smoothed_weeks
from twin.forecast.published import MeasureForecast

PAST = np.arange("2022-01-03", "2024-01-01", dtype="datetime64[D]")  # 104 weeks from a Monday
DAY = np.arange("2024-01-01", "2024-04-01", dtype="datetime64[D]")


def fit_around(forecast: np.ndarray, residuals: np.ndarray | None = None) -> Fit:
    scatter = np.random.Generator(np.random.PCG64(5)).normal(0, 0.2, len(PAST)) if residuals is None else residuals
    projection = Projection(DAY, forecast > 0, forecast, np.full(len(DAY), 0.2))
    return Fit(projection, np.full(len(PAST), 60.0), scatter, np.zeros((1, len(DAY))))


def test_the_mean_over_paths_is_the_published_forecast(orders: MeasureForecast) -> None:
    assert orders.paths is not None
    assert orders.paths.shape == (512, 366)
    assert orders.paths.dtype == np.float64
    assert np.abs(orders.paths.mean(axis=0) - orders.forecast).max() < 1e-9


def test_nothing_is_sold_on_closed_days_and_never_less_than_nothing(orders: MeasureForecast) -> None:
    assert orders.paths is not None
    assert (orders.paths[:, ~orders.open] == 0).all()
    assert (orders.paths[:, orders.open] > 0).all()


def test_a_path_with_chance_on_top_fills_the_published_range(orders: MeasureForecast) -> None:
    assert orders.paths is not None
    drawn = np.random.Generator(np.random.PCG64(3)).poisson(orders.paths)
    inside = ((orders.low <= drawn) & (drawn <= orders.high))[:, orders.open]
    assert abs(inside.mean() - orders.level) < 0.02
    assert inside.mean(axis=0).min() > 0.68


def test_a_few_first_paths_already_mean_what_all_mean(orders: MeasureForecast) -> None:
    assert orders.paths is not None
    for first, furthest in ((16, 0.05), (32, 0.04), (64, 0.03)):
        off = orders.paths[:first].mean(axis=0)[orders.open] / orders.forecast[orders.open] - 1
        assert np.abs(off).mean() < furthest / 4
        assert np.abs(off).max() < furthest


def test_the_first_paths_scatter_like_the_rest(orders: MeasureForecast) -> None:
    assert orders.paths is not None
    totals = orders.paths[:, :90].sum(axis=1)
    assert 0.6 < totals[:64].std() / totals[64:].std() < 1.5


def test_no_scatter_is_left_where_chance_alone_fills_the_range() -> None:
    forecast = np.full(len(DAY), 25.0)
    paths = order_paths(fit_around(forecast), PAST, np.full(len(DAY), 0.9 * NORMAL_80 / 5), seed=1, paths=64)
    assert np.allclose(paths, 25.0, atol=1e-12)


def test_an_odd_number_of_paths_keeps_the_mean() -> None:
    forecast = np.where(np.arange(len(DAY)) % 7 == 5, 0.0, 60.0)
    paths = order_paths(fit_around(forecast), PAST, np.full(len(DAY), 0.4), seed=1, paths=33, level=0.1)
    assert paths.shape == (33, len(DAY))
    assert np.abs(paths.mean(axis=0) - forecast).max() < 1e-9


def test_a_busy_week_stays_a_busy_week() -> None:
    rng = np.random.Generator(np.random.PCG64(8))
    weekly = np.repeat(rng.normal(0, 0.3, 104), 7) + rng.normal(0, 0.05, 728)
    paths = order_paths(fit_around(np.full(len(DAY), 1e6), weekly), PAST, np.full(len(DAY), 0.3), seed=1, paths=512)
    logs = np.log(paths)
    assert np.corrcoef(logs[:, 0], logs[:, 6])[0, 1] > 0.9
    assert abs(np.corrcoef(logs[:, 6], logs[:, 7])[0, 1]) < 0.2


def test_past_weeks_are_laid_weekday_on_weekday() -> None:
    weeks = np.tile(np.arange(7.0), (5, 1))
    laid = drawn_weeks(
        weeks,
        np.array(["2024-01-03", "2024-01-04", "2024-01-08"], dtype="datetime64[D]")[:2],
        4,
        np.random.Generator(np.random.PCG64(1)),
    )
    assert laid.tolist() == [[2.0, 3.0]] * 4


def test_chance_is_taken_out_of_the_past_weeks() -> None:
    rng = np.random.Generator(np.random.PCG64(2))
    expected = np.full(728, 50.0)
    counted = rng.poisson(expected * np.exp(np.repeat(rng.normal(0, 0.2, 104), 7)))
    weeks = smoothed_weeks(PAST, np.log(counted / expected), expected)
    assert weeks.mean(axis=1).std() == pytest.approx(0.2, rel=0.15)
    assert (weeks - weeks.mean(axis=1, keepdims=True)).std() < 0.05


def test_the_shared_level_is_what_totals_were_off_beyond_the_paths_own_scatter() -> None:
    steady = np.full((64, 28), 1e8)
    assert shared_level(steady, np.array([0.1, -0.1] * 4), 28) == pytest.approx(0.1, rel=1e-3)
    assert shared_level(steady, np.array([0.1, np.nan, 0.1]), 28) == 0.0
    assert shared_level(steady * np.exp(np.linspace(-1, 1, 64))[:, None], np.array([0.1, -0.1] * 4), 28) == 0.0
