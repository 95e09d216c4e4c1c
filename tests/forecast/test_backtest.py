import numpy as np
import pytest

from twin.forecast.backtest import (
    LENGTH_DAYS,
    Attempt,
    attempts,
    band,
    origin_days,
    summary,
    widening,
)
from twin.forecast.history import Days, Flags, History, Projection
from twin.forecast.paths import NORMAL_80

DAYS = np.arange("2023-01-02", "2023-11-06", dtype="datetime64[D]")  # 44 weeks from a Monday


def flat(history: History, day: Days, opened: Flags) -> Projection:
    """Always 100, and sure of it to a tenth."""
    return Projection(day, opened, np.where(opened, 100.0, 0.0), np.full(len(day), 0.1))


def shop(value: np.ndarray | float = 100.0, closed: tuple[str, ...] = ()) -> History:
    opened = ~np.isin(DAYS, np.array(closed, dtype="datetime64[D]"))
    return History(DAYS, np.where(opened, value, 0.0), opened)


def tried(history: History, count: int, counts: bool = False) -> list[Attempt]:
    return attempts(history, flat, "GB", counts, origin_days(history, count))


def test_origins_end_with_the_history_and_leave_enough_past() -> None:
    starts = origin_days(shop(), 100)
    assert starts[-1] == DAYS[-1] - LENGTH_DAYS + 1
    assert set(np.diff(starts)) == {np.timedelta64(LENGTH_DAYS, "D")}
    assert starts[0] - DAYS[0] >= np.timedelta64(60, "D")
    assert starts[0] - LENGTH_DAYS - DAYS[0] < np.timedelta64(60, "D")


def test_a_closing_that_nobody_could_foresee_is_a_miss() -> None:
    attempt = tried(shop(closed=("2023-10-18",)), 1)[0]
    surprise = attempt.day == np.datetime64("2023-10-18")
    assert attempt.forecast[surprise] == 100
    assert attempt.observed[surprise] == 0
    assert summary([attempt])["wape"] == pytest.approx(1 / 27)
    assert summary([attempt])["coverage"] == pytest.approx(27 / 28)


def test_a_closing_rule_is_not_known_before_it_was_first_kept() -> None:
    first = tried(shop(closed=("2023-08-28",)), 3)[0]
    assert first.forecast[first.day == np.datetime64("2023-08-28")] == 100


def test_a_day_closed_as_expected_is_not_scored() -> None:
    sundays = tuple(str(day) for day in DAYS[6::7])
    attempt = tried(shop(closed=sundays), 1)[0]
    assert len(attempt.day) == 24
    assert not np.isin(attempt.day, DAYS[6::7]).any()


def test_a_range_is_as_wide_as_the_misses_before_it_and_not_its_own() -> None:
    wild = np.full(len(DAYS), 100.0)
    wild[-2 * LENGTH_DAYS : -LENGTH_DAYS] = 200.0
    wild_one, last = tried(shop(wild), 8)[-2:]
    assert wild_one.high.max() == pytest.approx(100)
    assert last.high.min() == pytest.approx(200)  # a fifth of the last five stretches: just beyond what 80 % leave out


def test_the_range_holds_the_share_of_misses_it_is_made_for() -> None:
    misses = [np.abs(np.random.Generator(np.random.PCG64(k)).normal(0, 2, 200)) for k in range(5)]
    factor = widening(misses)
    assert np.mean(np.concatenate(misses) <= factor) == pytest.approx(0.8, abs=0.002)
    assert factor == pytest.approx(2 * NORMAL_80, rel=0.1)
    assert widening([np.full(500, 9.0), *misses]) == factor
    assert widening([misses[0][:19]]) == NORMAL_80


def test_counts_never_get_a_range_narrower_than_chance_makes_it() -> None:
    day = DAYS[:1]
    sure = Projection(day, np.array([True]), np.array([25.0]), np.array([0.001]))
    low, high = band(sure, 1.0, counts=True)
    assert (np.log(high / 25), np.log(25 / low)) == (pytest.approx(NORMAL_80 / 5), pytest.approx(NORMAL_80 / 5))
    assert band(sure, 1.0, counts=False)[1] == pytest.approx(25 * np.exp(0.001))


def test_scores_without_meaning_are_missing_and_not_perfect() -> None:
    assert summary([]) == {"mase": None, "wape": None, "coverage": None}
    nothing = summary(tried(shop(0.0), 1))
    assert (nothing["wape"], nothing["mase"]) == (None, None)
