"""A works as a business: what its machines did stands in the records, and a change moves nothing before its day."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.model.small import TODAY, horizon
from tests.model.small_desk import get, today
from tests.model.small_plant import PLANT, plant
from twin.experiment.inputs import Bundle
from twin.experiment.life import life
from twin.experiment.outcome import RunOutcome, factors_of
from twin.experiment.question import Question
from twin.experiment.replicate import replicate
from twin.spec.measures import measure
from twin.spec.scenario import Change, Scenario

STATES = ("maintenance", "failed", "setup", "running", "blocked", "idle")


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The works."""
    return plant()


@pytest.fixture(scope="module")
def played(bundle: Bundle) -> RunOutcome:
    """The works as it is."""
    return today(bundle, 3)


def changed(bundle: Bundle, played: RunOutcome, *changes: Change) -> RunOutcome:
    """The works with changes, on the factors of its baseline."""
    question, factors = Question(Scenario(changes), horizon(bundle), 1), factors_of(played.days)
    return RunOutcome.stacked([replicate(bundle, question, r, factors[r]) for r in range(played.replications)])


def test_the_states_of_machines_add_up_to_planned_time(bundle: Bundle, played: RunOutcome) -> None:
    parts = [get(bundle, played, f"machine_{state}_minutes") for state in STATES]
    assert np.array_equal(sum(parts), get(bundle, played, "machine_planned_minutes"))
    assert np.array_equal(get(bundle, played, "machine_planned_minutes"), np.full((3, 30), 4 * 1440.0))
    assert all(part.sum() > 0 for part in parts)
    for field in ("machine_running_minutes", "pieces_good", "machine_failures", "machine_good_minutes"):
        apart = sum(get(bundle, played, f"{field}[{name}]") for name in PLANT.machines)
        assert apart == pytest.approx(get(bundle, played, field), rel=1e-12)


def test_whatever_comes_is_finished_scrapped_or_open(bundle: Bundle, played: RunOutcome) -> None:
    came, done, scrapped, still = (
        get(bundle, played, f"visits{end}") for end in ("", "_finished", "_scrapped", "_open")
    )
    assert np.array_equal(np.diff(still, axis=1), (came - done - scrapped)[:, 1:])
    assert scrapped.sum() > 0
    assert np.array_equal(scrapped, get(bundle, played, "pieces_scrapped"))
    assert np.array_equal(get(bundle, played, "visits[breakdown]"), np.zeros((3, 30)))


def test_effectiveness_is_availability_times_performance_times_quality(bundle: Bundle, played: RunOutcome) -> None:
    for group in ("", "[mills]", "[ovens]"):
        whole, *parts = (
            measure(f"{name}_share{group}", PLANT.targets, PLANT.columns).compute(played.days)
            for name in ("oee", "availability", "performance", "quality")
        )
        assert whole == pytest.approx(parts[0] * parts[1] * parts[2], rel=1e-12)
        assert all(((part > 0.0) & (part < 1.1)).all() for part in parts)
        assert (parts[2] < 1.0).all()


def test_fitters_are_busy_with_repairs(bundle: Bundle, played: RunOutcome) -> None:
    busy = get(bundle, played, "staff_busy_minutes[fitters]").sum()
    failures = get(bundle, played, "machine_failures[mills]").sum()
    assert failures > 40
    assert abs(busy / failures - 120.0) < 3.0 * 120.0 / failures**0.5  # scatter 1: two hours, give or take two


def test_a_change_of_nothing_is_nothing(bundle: Bundle, played: RunOutcome) -> None:
    same = changed(bundle, played, Change("mills_running", "add", 0.0), Change("mill_life", "scale", 1.0))
    assert same.days.tobytes() == played.days.tobytes()


@pytest.mark.parametrize(
    "change",
    [Change("mills_running", "set", 1.0), Change("mill_life", "scale", 0.2), Change("mill_life", "scale", 3.0)],
)
def test_nothing_differs_before_a_breakdown(bundle: Bundle, played: RunOutcome, change: Change) -> None:
    later = replace(change, first=TODAY + timedelta(days=12))
    shock = changed(bundle, played, later)
    assert shock.days[:, :12].tobytes() == played.days[:, :12].tobytes()
    assert (shock.days[:, 12:] != played.days[:, 12:]).any()


def test_machines_that_may_not_run_are_not_planned(bundle: Bundle, played: RunOutcome) -> None:
    first, last = TODAY + timedelta(days=5), TODAY + timedelta(days=9)
    shock = changed(bundle, played, Change("mills_running", "set", 1.0, first=first, last=last))
    planned = get(bundle, shock, "machine_planned_minutes[mills]")
    assert np.array_equal(planned[:, 6:10], np.full((3, 4), 1440.0))
    assert np.array_equal(planned[:, 10:], np.full((3, 20), 3 * 1440.0))
    assert (planned[:, 5] < 3 * 1440.0).all()
    assert (get(bundle, shock, "visits_open")[:, 9] > get(bundle, played, "visits_open")[:, 9]).all()


def test_one_life_tells_of_machines(bundle: Bundle) -> None:
    told = set[str]()
    for n in range(40):
        question = Question(Scenario(), horizon(bundle), 1)
        told |= {event.what for event in life(bundle, question, 0, None, f"visit {n // 8}/{n % 8}")}
    assert told >= {"has a machine set up for it", "is stopped, its machine fails", "has its machine repaired"}
    assert told >= {"finds no room to go on", "is finished here", "is finished"}
