"""How long work takes: known answers, names in several places, and work that is not finished."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from tests.calibrate.small_visits import FIRST, at, counter, records, served, step, visit
from twin.calibrate.service import Times, fitted, service
from twin.calibrate.worktime import WorkTime

DATASETS = 150
LOG_NORMAL = {"minutes": "minutes", "scatter": "scatter"}
MINUTES = [2.0, 4.0, 8.0, 16.0, 32.0] * 8


def log_normal(draws: np.random.Generator, mean: float, scatter: float, number: int) -> np.ndarray:
    variance = np.log1p(scatter**2)
    return mean * np.exp(np.sqrt(variance) * draws.standard_normal(number) - variance / 2)


def test_without_open_work_the_fit_is_the_textbook_s() -> None:
    logs = np.log(MINUTES)
    found = service(records(*served(MINUTES)), counter(counter=LOG_NORMAL))
    mean, scatter = found.estimates["minutes"], found.estimates["scatter"]
    assert mean.value == pytest.approx(np.exp(logs.mean() + logs.var() / 2), rel=1e-6)
    assert scatter.value == pytest.approx(np.sqrt(np.expm1(logs.var())), rel=1e-6)
    assert mean.rows == len(MINUTES)
    error_of_log = np.sqrt(logs.var() / len(logs) + logs.var() ** 2 / (2 * len(logs)))
    assert mean.standard_error == pytest.approx(mean.value * error_of_log, rel=1e-4)
    assert "40 finished steps" in mean.method


def test_exponential_and_fixed_times() -> None:
    tables = records(*served(MINUTES))
    waiting = service(tables, counter(counter={"minutes": "minutes", "times": "exponential"})).estimates["minutes"]
    assert waiting.value == pytest.approx(np.mean(MINUTES))
    assert waiting.standard_error == pytest.approx(np.mean(MINUTES) / np.sqrt(40), rel=1e-4)
    fixed = service(tables, counter(counter={"minutes": "minutes", "times": "fixed"})).estimates["minutes"]
    assert fixed.value == pytest.approx(np.mean(MINUTES))
    assert fixed.standard_error == pytest.approx(np.std(MINUTES) / np.sqrt(40), rel=1e-4)


def test_a_literal_number_is_not_estimated() -> None:
    found = service(records(*served(MINUTES)), counter(counter={"minutes": 5.0, "scatter": "scatter"}))
    assert list(found.estimates) == ["scatter"]


def test_a_name_in_two_places_is_estimated_from_both_together() -> None:
    visits, steps = served([3.0, 5.0, 9.0] * 20)
    more, others = served([6.0, 10.0, 18.0] * 20, station="desk", first=60)
    shared = {"minutes": "minutes", "scatter": "scatter"}
    found = service(records([*visits, *more], [*steps, *others]), counter(counter=shared, desk=shared))
    logs = np.log([3.0, 5.0, 9.0, 6.0, 10.0, 18.0])
    assert found.estimates["minutes"].value == pytest.approx(np.exp(logs.mean() + logs.var() / 2), rel=1e-6)
    assert found.estimates["minutes"].rows == 120
    apart = {"minutes": "other_minutes", "scatter": "scatter"}
    found = service(records([*visits, *more], [*steps, *others]), counter(counter=shared, desk=apart))
    assert found.estimates["other_minutes"].value == pytest.approx(2 * found.estimates["minutes"].value, rel=1e-6)
    assert [names for names, _ in found.covariances] == [("minutes", "scatter", "other_minutes")]


def test_kinds_with_minutes_of_their_own() -> None:
    visits, steps = served([4.0] * 35 + [6.0] * 35)
    more, others = served([8.0] * 35 + [12.0] * 35, kind="hard", first=70)
    blueprint = counter(
        kinds={"usual": {"start": "counter", "share": 0.5}, "hard": {"start": "counter", "share": 0.5}},
        counter={"minutes": "minutes", "minutes_of": {"hard": "hard_minutes"}, "scatter": "scatter"},
    )
    found = service(records([*visits, *more], [*steps, *others]), blueprint).estimates
    assert found["hard_minutes"].value == pytest.approx(2 * found["minutes"].value, rel=1e-6)


def test_too_few_steps_say_how_many_are_needed() -> None:
    found = service(records(*served(MINUTES[:7])), counter(counter=LOG_NORMAL))
    assert found.estimates == {}
    assert found.reasons["minutes"] == "7 finished steps, 30 needed"


def test_units_that_the_records_do_not_hold_leave_the_minutes_open() -> None:
    found = service(records(*served(MINUTES)), counter(counter=LOG_NORMAL | {"minutes_per_unit": 1.0}))
    assert found.estimates == {}


def test_work_that_is_not_finished_counts_as_longer_than_so_far() -> None:
    """Half of the work is still open on the morning: dropping it would call the work far too short."""
    hits, naive = 0, []
    for seed in range(DATASETS):
        draws = np.random.default_rng(seed)
        minutes, so_far = log_normal(draws, 100.0, 1.2, 300), draws.uniform(5, 150, 300)
        over = minutes <= so_far
        times = Times("minutes", "scatter", "lognormal", minutes[over], so_far[~over])
        reached = fitted(["minutes", "scatter"], [times], {})
        reach = 1.645 * np.sqrt(reached.covariance[0, 0])
        hits += abs(reached.place[0] - np.log(100.0)) <= reach
        naive.append(minutes[over].mean())
    assert binom.ppf(0.001, DATASETS, 0.9) <= hits <= binom.ppf(0.999, DATASETS, 0.9)
    assert np.mean(naive) < 60


def test_what_is_open_today_is_seen_in_the_tables() -> None:
    visits, steps = served([20.0] * 20 + [40.0] * 20)
    begun = 1440 * 69 + 1400.0  # forty minutes before today
    open_one = visit(900, begun, None, "open"), step(900, begun, begun, None)
    short = service(records(visits, steps), counter(counter=LOG_NORMAL)).estimates["minutes"]
    tables = records([*visits, open_one[0]], [*steps, open_one[1]])
    longer = service(tables, counter(counter=LOG_NORMAL)).estimates["minutes"]
    assert longer.value > short.value
    assert "1 unfinished" in longer.method


def test_a_fast_team_s_minutes_are_put_back_to_the_usual_speed() -> None:
    shifts = {"day": {"start": "09:00", "end": "17:00", "people": 2}}
    fast = {"clerks": {"shifts": shifts, "speed": 2.0, "skills": {"counter": 1.5}}}
    slow = service(records(*served(MINUTES)), counter(counter=LOG_NORMAL)).estimates["minutes"]
    found = service(records(*served(MINUTES)), counter(teams=fast, counter=LOG_NORMAL)).estimates["minutes"]
    assert found.value == pytest.approx(3 * slow.value, rel=1e-6)


def test_a_team_that_pauses_at_night_is_not_counted_at_night() -> None:
    clerks = {"shifts": {"day": {"start": "09:00", "end": "17:00", "days": "mon-fri", "people": 2}}}
    begun, ended = 16.5 * 60, 1440 + 9.5 * 60  # half an hour on Monday evening, half an hour on Tuesday morning
    visits = [visit(n, begun, ended) for n in range(40)]
    steps = [step(n, begun, begun, ended) for n in range(40)]
    fixed = {"minutes": "minutes", "times": "fixed"}
    for shift_end, minutes in (("pause", 60.0), ("finish", ended - begun)):
        blueprint = counter(teams={"clerks": clerks | {"shift_end": shift_end}}, counter=fixed)
        assert service(records(visits, steps), blueprint).estimates["minutes"].value == pytest.approx(minutes)


def test_a_night_shift_ends_on_the_next_day() -> None:
    watch = {"shifts": {"night": {"start": "22:00", "end": "06:00", "people": 2}}, "shift_end": "pause"}
    begun, ended = 1440 + 1410.0, 3 * 1440 + 60.0  # 23:30 on Tuesday to 1:00 on Thursday
    visits = [visit(n, begun, ended) for n in range(40)]
    steps = [step(n, begun, begun, ended) for n in range(40)]
    blueprint = counter(teams={"clerks": watch}, counter={"minutes": "minutes", "times": "fixed"})
    found = service(records(visits, steps), blueprint).estimates["minutes"]
    assert found.value == pytest.approx(30 + 360 + 120 + 60)


def test_time_within_stretches_of_the_week() -> None:
    office = WorkTime.over([(day * 1440 + 540, day * 1440 + 1020) for day in range(5)])

    def between(first: float, last: float) -> float:
        return float(office.between(pd.Series([at(first)]), pd.Series([at(last)]))[0])

    assert FIRST.day_of_week == 0
    assert between(0, 7 * 1440) == 5 * 480
    assert between(600, 600.5) == pytest.approx(0.5)
    assert between(1020, 1440 + 540) == 0
    assert between(4 * 1440 + 960, 7 * 1440 + 600) == 60 + 60
    night = WorkTime.over([(6 * 1440 + 1320, 7 * 1440 + 360)])  # Sunday 22:00 to Monday 6:00
    assert night.between(pd.Series([at(0)]), pd.Series([at(1440)]))[0] == 360
