"""Intervals hold what they say, and a verdict is given for the right reasons only."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from twin.experiment import statistics
from twin.experiment.statistics import (
    FEWEST,
    Difference,
    chance_of,
    chance_of_one_way,
    differences,
    holm,
    range_of_effect,
    sharp_enough,
    simulation_error,
    summary,
    verdict,
)
from twin.spec.measures import BY_NAME
from twin.spec.template import template

MEASURES = template("shop").measures
ONE = Difference(BY_NAME["orders"], 100.0, 103.0, 3.0, 1.0, 5.0, 0.5, 0.01, 32, None, 0.9, 0.5)
ROOM = np.random.default_rng(4)


def measured(number: int, **shifts: float) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Every measure of both sides: 100 with some scatter, and the shift with less of it."""
    before = {name: ROOM.normal(100.0, 5.0, number) for name in MEASURES}
    after = {name: values + ROOM.normal(shifts.get(name, 0.0), 0.01, number) for name, values in before.items()}
    return before, after


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40))
def test_the_two_intervals_are_the_textbooks(values: list[float]) -> None:
    pairs, n = np.array(values), len(values)
    low, high = range_of_effect(pairs)
    reach = stats.t.ppf(0.95, n - 1) * pairs.std(ddof=1) * (1 + 1 / n) ** 0.5
    assert (low, high) == pytest.approx((pairs.mean() - reach, pairs.mean() + reach), abs=1e-3)
    expected = stats.t.ppf(0.975, n - 1) * stats.sem(pairs)
    assert simulation_error(pairs) == pytest.approx(expected, abs=1e-6)
    assert 0.0 <= chance_of(pairs) <= 1.0


def test_chance_and_range_agree_on_what_is_convincing() -> None:
    for shift in (0.0, 1.0, 1.6, 1.7, 1.8, 3.0):
        pairs = ROOM.normal(size=32)
        pairs = (pairs - pairs.mean()) / pairs.std(ddof=1) + shift
        low, high = range_of_effect(pairs)
        assert (chance_of(pairs) <= 0.1) == (low >= 0.0 or high <= 0.0 or chance_of_one_way(pairs) < 1.0)


def test_chance_of_pairs_that_do_not_scatter() -> None:
    assert chance_of(np.zeros(16)) == 1.0
    assert chance_of(np.full(16, 0.2)) == 0.0


@pytest.mark.parametrize("replications", [4, 16, 32])
def test_the_range_holds_a_new_difference_nine_times_in_ten(replications: int) -> None:
    trials = 3000
    pairs = ROOM.normal(3.0, 2.0, (trials, replications + 1))
    ranges = np.array([range_of_effect(row[:-1]) for row in pairs])
    held = ((ranges[:, 0] <= pairs[:, -1]) & (pairs[:, -1] <= ranges[:, 1])).mean()
    assert abs(held - 0.9) < 4.0 * (0.09 / trials) ** 0.5


def test_the_simulation_error_holds_the_mean_nineteen_times_in_twenty() -> None:
    trials = 3000
    pairs = ROOM.normal(3.0, 2.0, (trials, 16))
    held = np.mean([abs(row.mean() - 3.0) <= simulation_error(row) for row in pairs])
    assert abs(held - 0.95) < 4.0 * (0.0475 / trials) ** 0.5


def test_under_no_effect_a_table_seldom_says_otherwise() -> None:
    """One replication's own future is judged, so errors are far below the level; none is above it."""
    found = 0
    for _ in range(40):
        before, _ = measured(16)
        after = {name: values + ROOM.normal(0.0, 1.0, 16) for name, values in before.items()}
        told = differences(MEASURES, before, after, "profit")
        found += any(one.verdict not in ("no clear difference", "too small to matter") for one in told.values())
    assert found <= 8


LINES = 14
NO_EFFECT = {
    "normal": lambda luck, shape: luck.normal(size=shape),
    "skewed about its median": lambda luck, shape: np.exp(1.5 * luck.normal(size=shape)) - 1.0,
    "heavy tails": lambda luck, shape: luck.standard_t(2, shape),
}


@pytest.mark.parametrize("law", NO_EFFECT)
@pytest.mark.parametrize("number", [16, 32, 64])
def test_without_an_effect_no_more_tables_say_otherwise_than_stated(law: str, number: int) -> None:
    luck, tables, level = np.random.default_rng(11), 400, 0.1
    wrong = 0
    for _ in range(tables):
        lines = NO_EFFECT[law](luck, (LINES, number))
        wrong += any(holm({str(n): chance_of(line) for n, line in enumerate(lines)}, level).values())
    assert wrong <= level * tables


@pytest.mark.parametrize("spread", [1.0, 1.5, 2.0])
def test_what_grows_a_hundredfold_in_every_play_is_clear(spread: float) -> None:
    """Its range by mean and spread may reach below zero; its direction is the same in 32 of 32."""
    luck, found = np.random.default_rng(12), []
    for _ in range(50):
        pairs = 90.0 * luck.lognormal(0.0, spread, 32)
        found.append(holm({"wait": chance_of(pairs)} | {str(n): 1.0 for n in range(LINES - 1)}, 0.1)["wait"])
        assert not chance_of_one_way(np.append(pairs, -0.1)) < 1.0
    assert np.mean(found) >= 0.9


@pytest.mark.parametrize(("number", "enough"), [(16, False), (18, False), (19, True), (32, True)])
def test_one_way_needs_so_many_that_one_more_would_hardly_go_the_other(number: int, enough: bool) -> None:
    pairs = np.append(np.linspace(1.0, 2.0, number - 1), 50.0)
    assert chance_of_one_way(-pairs) == chance_of_one_way(pairs) == (2.0 ** (1 - number) if enough else 1.0)
    assert chance_of_one_way(np.append(pairs[1:], 0.0)) == 1.0  # a play in which nothing changed is none for it


def test_sizes_that_scatter_evenly_are_judged_by_their_range() -> None:
    """So that what is convincing alone and not among others stays so where the range tells the truth."""
    luck = np.random.default_rng(14)
    told = [chance_of_one_way(np.abs(luck.normal(4.0, 1.0, 32))) < 1.0 for _ in range(2000)]
    assert np.mean(told) < 0.02
    towards_zero = 10.0 - luck.lognormal(0.0, 0.6, 64).clip(max=9.0)
    assert chance_of_one_way(towards_zero) == 1.0


def test_one_more_pair_goes_the_other_way_as_seldom_as_said() -> None:
    """Whatever the law: of 20 exchangeable pairs the last is alone on its side at most once in 20."""
    luck, tries = np.random.default_rng(13), 20_000
    pairs = luck.normal(1.6, 1.0, (tries, 20))
    alone = (pairs[:, :-1] > 0.0).all(axis=1) & (pairs[:, -1] <= 0.0)
    assert alone.mean() <= 1 / 20 + 3 * np.sqrt(0.05 * 0.95 / tries)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0.0, 1.0), max_size=8), st.floats(0.01, 0.5))
def test_holm_is_the_step_down_rule(chances: dict[str, float], error: float) -> None:
    found = holm(chances, error)
    ordered = sorted(chances.values())
    stops = next((k for k, p in enumerate(ordered) if p > error / (len(ordered) - k)), len(ordered))
    assert sum(found.values()) == stops
    assert all(chances[name] <= ordered[stops - 1] for name, stands in found.items() if stands)
    assert holm(dict(reversed(chances.items())), error).keys() == chances.keys()


@pytest.mark.parametrize(
    ("measure", "change", "convincing", "expected"),
    [
        ("orders", {}, True, "better"),
        ("orders", {"difference": -3.0, "low": -5.0, "high": -1.0}, True, "worse"),
        ("wait_minutes", {}, True, "worse"),
        ("wait_minutes", {"difference": -3.0, "low": -5.0, "high": -1.0}, True, "better"),
        ("stock_value", {}, True, "higher"),
        ("stock_value", {"difference": -3.0, "low": -5.0, "high": -1.0}, True, "lower"),
        ("orders", {}, False, "no clear difference"),
        ("orders", {"low": -0.4, "high": 0.4, "difference": 0.0}, False, "too small to matter"),
        ("orders", {"low": 0.1, "high": 0.4, "difference": 0.3}, True, "too small to matter"),
        ("orders", {"low": 0.1, "high": 0.7, "difference": 0.4}, True, "too small to matter"),
        ("orders", {"low": -0.3, "high": 0.7, "difference": 0.2}, False, "no clear difference"),
        ("orders", {"low": 0.0, "high": 0.0, "difference": 0.0, "matters": 0.0}, False, "too small to matter"),
        ("orders", {"low": 0.5, "high": 0.5, "difference": 0.5}, True, "too small to matter"),
        ("orders", {"low": 0.6, "high": 0.6, "difference": 0.6}, True, "better"),
    ],
)
def test_the_verdict_of_each_case(measure: str, change: dict[str, float], convincing: bool, expected: str) -> None:
    assert verdict(replace(ONE, measure=BY_NAME[measure], **change), convincing) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("number", "some"), [(2, False), (FEWEST - 1, False), (FEWEST, True), (64, True)])
def test_there_is_no_verdict_before_sixteen_replications(number: int, some: bool) -> None:
    found = differences(MEASURES, *measured(number, orders=5.0), "profit")
    assert all((one.verdict is not None) == some for one in found.values())
    assert not some or found["orders"].verdict == "better"


def test_a_measure_that_is_undefined_is_left_out_and_one_that_often_is_gets_no_verdict() -> None:
    before, after = measured(20, profit=5.0)
    before["wait_minutes"][:] = np.nan
    after["late_share"][:5] = np.nan
    after["fill_rate_share"][1:] = np.nan
    found = differences(MEASURES, before, after, "profit")
    assert "wait_minutes" not in found
    assert "fill_rate_share" not in found
    assert (found["late_share"].replications, found["late_share"].verdict) == (15, None)
    assert found["profit"].verdict == "better"
    assert all(np.isfinite([one.low, one.high, one.difference]).all() for one in found.values())
    assert differences(MEASURES, before, after, "wait_minutes").keys() == found.keys()
    assert summary(before["wait_minutes"]) is None


def test_the_headline_is_judged_alone_and_the_others_as_a_table() -> None:
    pairs = ROOM.normal(size=20)
    pairs = (pairs - pairs.mean()) / pairs.std(ddof=1) * 4.0 + 8.0  # convincing alone, not among twelve
    before, _ = measured(20)
    after = {name: values + pairs for name, values in before.items()}
    found = differences(MEASURES, before, after, "orders")
    assert 0.1 / 12 < found["orders"].chance <= 0.1
    assert found["orders"].verdict == "better"
    assert found["revenue"].verdict == "no clear difference"


def test_what_matters_of_profit_is_a_share_of_revenue() -> None:
    before, after = measured(16)
    before["profit"] -= 100.0
    found = differences(MEASURES, before, after, "profit")
    assert found["profit"].matters == pytest.approx(0.001 * before["revenue"].mean())
    assert found["late_share"].matters == MEASURES["late_share"].matters


def test_more_replications_are_asked_for_by_width_only() -> None:
    wide, narrow = replace(ONE, simulation_error=2.0), replace(ONE, simulation_error=0.9)
    assert not sharp_enough({"orders": wide}, "orders")
    assert sharp_enough({"orders": narrow}, "orders")
    mirrored = replace(narrow, difference=-3.0, low=-5.0, high=-1.0)
    assert sharp_enough({"orders": mirrored}, "orders")
    assert not sharp_enough({"orders": replace(narrow, replications=8)}, "orders")
    assert not sharp_enough({}, "orders")


@pytest.mark.parametrize(
    ("most", "sizes"),
    [(2, [2]), (16, [16]), (20, [16, 20]), (32, [16, 32]), (64, [16, 32, 64]), (512, [16, 32, 64, 128, 256, 512])],
)
def test_answers_come_in_batches(most: int, sizes: list[int]) -> None:
    assert list(statistics.batches(most)) == sizes


def test_a_summary_is_the_mean_and_the_middle_four_fifths() -> None:
    found = summary(np.arange(101.0))
    assert found is not None
    assert (found.mean, found.low, found.high, found.level) == (50.0, pytest.approx(10.0), pytest.approx(90.0), 0.8)


def test_a_measure_of_one_kind_of_work_is_judged_like_any_other() -> None:
    desk = template("service-desk").measures
    before = {name: ROOM.normal(0.2, 0.01, 20) for name in desk}
    after = {name: values - 0.05 for name, values in before.items()}
    after["visits_open"] = np.full(20, np.nan)
    found = differences(desk, before, after, "late_share")
    assert list(found) == [name for name in desk if name != "visits_open"]
    assert found["late_share[urgent]"].measure is desk["late_share[urgent]"]
    assert found["late_share[urgent]"].verdict == "better"


def test_a_range_stops_where_the_measure_does() -> None:
    late, wait, profit = (BY_NAME[name] for name in ("late_share", "wait_minutes", "profit"))
    before = np.array([0.1, 0.2])
    assert statistics.possible(late, before, -0.5, 1.2) == (-0.2, 0.9)
    assert statistics.possible(late, before, -0.1, 0.3) == (-0.1, 0.3)
    assert statistics.possible(wait, 100 * before, -50.0, 1e6) == (-20.0, 1e6)
    assert statistics.possible(profit, before, -50.0, 1e6) == (-50.0, 1e6)
