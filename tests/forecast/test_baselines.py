import numpy as np

from twin.forecast.baselines import seasonal_naive
from twin.forecast.history import History

DAYS = np.arange("2023-01-02", "2024-01-29", dtype="datetime64[D]")  # 56 weeks from a Monday


def future(days: int) -> np.ndarray:
    return DAYS[-1] + np.arange(1, days + 1)


def test_each_day_repeats_its_weekday_of_last_week_over_and_over() -> None:
    history = History(DAYS, np.arange(len(DAYS)) + 1.0, np.ones(len(DAYS), dtype=bool))
    forecast = seasonal_naive(history, future(21), np.ones(21, dtype=bool), 7).forecast
    assert forecast.tolist() == history.value[-7:].tolist() * 3


def test_a_year_ago_is_the_same_weekday_52_weeks_before() -> None:
    history = History(DAYS, np.arange(len(DAYS)) + 1.0, np.ones(len(DAYS), dtype=bool))
    forecast = seasonal_naive(history, future(366), np.ones(366, dtype=bool), 364).forecast
    assert forecast[:364].tolist() == history.value[-364:].tolist()
    assert forecast[364:].tolist() == history.value[-364:-362].tolist()


def test_a_closed_day_is_stood_in_for_by_the_open_one_a_week_earlier() -> None:
    opened = np.ones(len(DAYS), dtype=bool)
    opened[-3] = False
    history = History(DAYS, np.where(opened, np.arange(len(DAYS)) + 1.0, 0), opened)
    coming = np.array([True] * 6 + [False])
    forecast = seasonal_naive(history, future(7), coming, 7).forecast
    assert forecast[4] == history.value[-10]
    assert forecast[6] == 0


def test_a_weekday_never_open_has_no_forecast() -> None:
    opened = np.arange(len(DAYS)) % 7 != 6
    history = History(DAYS, opened * 5.0, opened)
    forecast = seasonal_naive(history, future(7), np.ones(7, dtype=bool), 7).forecast
    assert np.isnan(forecast).tolist() == [False] * 6 + [True]
