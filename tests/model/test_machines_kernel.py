"""Machines, room and scrap against their plain Python twin, on businesses that hypothesis makes up."""

import math
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_machines
from tests.model.made_up_stations import HORIZON, OVER, Case, line, plants
from twin.model.floor import Floor
from twin.model.kernels.machines import gamma_function
from twin.model.kernels.queues import BALKED, DONE, GONE, SCRAPPED
from twin.model.machines import MACHINE_SUMS, manned
from twin.spec.structure import Structure

MANY, FEW = settings(max_examples=100, deadline=None), settings(max_examples=40, deadline=None)
CUTS = st.lists(st.floats(0.0, OVER), max_size=6).map(sorted)
NEAR: dict[str, Any] = {"rel": 1e-7, "abs": 1e-7}
TICKS_NEAR: dict[str, Any] = {"rel": 1e-6, "abs": 2e-3}  # sums are kept in whole ticks of a minute
VISIT = ("tag", "entity", "kind", "arrived", "ended", "waited", "down", "how", "condition", "result", "steps")
LEVERS = {
    "count": [1.0, 2.0, 3.0], "running": [1.0, 2.0, math.inf], "life_hours": [0.1, 0.4, math.inf], "life_shape": [1, 2],
    "maintain_every_days": [0.02, 0.03, math.inf], "setup_minutes": [0.0, 2.0], "repair_minutes": [2.0, 9.0],
}  # fmt: skip
STATES = ("idle", "setup", "running", "blocked", "failed", "maintenance", "off")


@MANY
@given(plants())
def test_machines_are_the_plain_ones(case: Case) -> None:
    assert_the_same(case)


@pytest.mark.parametrize("seed", range(40))
def test_lines_are_the_plain_ones(seed: int) -> None:
    assert_the_same(line(seed))


@pytest.mark.parametrize("seed", range(0, 40, 3))
def test_levers_work_as_the_plain_ones(seed: int) -> None:
    case, luck = line(seed), Random(seed)
    content = case.structure.model_dump()
    content["machines"]["mills"] |= {name: name for name in LEVERS} | {"repair": None}
    moved = replace(case, structure=Structure.model_validate(content))
    values = [{name: luck.choice(choices) for name, choices in LEVERS.items()} for _ in range(4)]
    floor, slow = moved.floor(values=values[0]), moved.plain(values[0])
    assert isinstance(slow, plain_machines.Floor)
    for minute, numbers in zip((17.0, 40.5, 90.0), values[1:], strict=True):
        floor.advance(minute)
        slow.advance(minute)
        floor.tune(numbers)
        slow.tune(numbers)
    floor.advance(OVER)
    slow.advance(OVER)
    assert_the_same_story(floor, slow)


def assert_the_same_story(floor: Floor, slow: plain_machines.Floor) -> None:
    told = [(what, tag, station, team) for _, tag, station, what, team in floor.log.tolist()]
    assert told == [(what, tag, station, team) for _, tag, station, what, team in slow.log]
    assert floor.log["minute"] == pytest.approx([one[0] for one in slow.log], **NEAR)


def assert_the_same(case: Case) -> None:
    floor, slow = case.floor(), case.plain()
    assert isinstance(slow, plain_machines.Floor)
    done = floor.advance(OVER)
    slow.advance(OVER)
    assert_the_same_story(floor, slow)
    expected = sorted(slow.ended, key=lambda visit: (visit.ended, visit.tag))
    mine = np.sort(done.visits, order=["ended", "tag"])
    for name in VISIT:
        assert mine[name] == pytest.approx([getattr(visit, name) for visit in expected], **NEAR), name
    for name in ("arrivals", "begins", "finished", "balks", "wait_sum", "down_sum", "queue_minutes", "busy_minutes"):
        assert done.stations[name] == pytest.approx([getattr(sums, name) for sums in slow.sums], **TICKS_NEAR), name
    assert done.teams["busy_minutes"] == pytest.approx([sums.busy_minutes for sums in slow.labour], **TICKS_NEAR)
    for state in STATES:
        expected_minutes = [sums.minutes[state] for sums in slow.plant]
        assert done.machines[f"{state}_minutes"] == pytest.approx(expected_minutes, **TICKS_NEAR), state
    counted = {"ideal_minutes": "ideal", "good_minutes": "good_ideal", "good": "good", "scrapped": "scrapped"}
    for mine_name, name in (counted | {"failures": "failures"}).items():
        assert done.machines[mine_name] == pytest.approx([getattr(sums, name) for sums in slow.plant], **TICKS_NEAR)
    assert floor.open == slow.inside()


def bytes_of(floor: Floor, cuts: list[float]) -> tuple[bytes, ...]:
    """All that a floor tells when it is advanced to these moments and to the horizon, put together."""
    dones = [floor.advance(cut) for cut in [*cuts, OVER]]
    machines = np.zeros(len(dones[0].machines), MACHINE_SUMS)
    for done in dones:
        for name in MACHINE_SUMS.names or ():
            machines[name] += done.machines[name]
    visits = np.concatenate([one.visits for one in dones])
    return visits.tobytes(), machines.tobytes(), floor.log.tobytes()


@MANY
@given(plants(), CUTS)
def test_any_step_gives_the_same_bytes(case: Case, cuts: list[float]) -> None:
    assert bytes_of(case.floor(), cuts) == bytes_of(case.floor(), [])


@pytest.mark.parametrize("seed", range(20))
def test_on_a_line_any_step_gives_the_same_bytes(seed: int) -> None:
    cuts = [float(minute) for minute in range(0, 200, 1 + seed % 7)]
    assert bytes_of(line(seed).floor(), cuts) == bytes_of(line(seed).floor(), [])


@FEW
@given(plants(), st.floats(0.0, HORIZON))
def test_changing_nothing_changes_no_byte(case: Case, minute: float) -> None:
    tuned = case.floor()
    tuned.advance(minute)
    tuned.tune({})
    plain = case.floor()
    plain.advance(minute)
    assert bytes_of(tuned, []) == bytes_of(plain, [])


@FEW
@given(plants(), st.integers(1, 30))
def test_whoever_came_left_was_scrapped_gave_up_turned_round_or_is_inside(case: Case, steps: int) -> None:
    floor, ended = case.floor(), 0
    for step in range(1, steps + 1):
        done = floor.advance(step * OVER / steps)
        assert set(done.how.tolist()) <= {DONE, SCRAPPED, GONE, BALKED}
        ended += len(done)
        assert sum(visit[0] < floor.clock for visit in case.visits) == ended + floor.open


@FEW
@given(plants(), st.integers(1, 30))
def test_each_minute_of_a_machine_is_told_once(case: Case, steps: int) -> None:
    floor = case.floor()
    count = np.array([group.count for group in case.structure.machines.values()])
    for step in range(1, steps + 1):
        before, done = floor.clock, floor.advance(step * OVER / steps)
        told = sum(np.round(done.machines[f"{state}_minutes"] * 2**20) for state in STATES)
        assert (told == count * (int(floor.clock * 2**20) - int(before * 2**20))).all()


@given(st.floats(1.0, 30.0))
def test_gamma_is_that_of_the_books(x: float) -> None:
    assert gamma_function(x) == pytest.approx(math.gamma(x), rel=1e-12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.lists(st.integers(0, 2**40), min_size=12, max_size=12), st.booleans()), max_size=5))
def test_where_nobody_was_there_only_what_ran_was_planned(pools: list[tuple[list[int], bool]]) -> None:
    sums, there = np.zeros(len(pools), MACHINE_SUMS), [one for _, one in pools]
    for row, (minutes, _) in zip(sums, pools, strict=True):
        for name, ticks in zip(MACHINE_SUMS.names or (), minutes, strict=True):
            row[name] = ticks / 2**20
    found, idle = manned(sums, there), ("idle_minutes", "blocked_minutes", "failed_minutes", "maintenance_minutes")
    for row, new, somebody in zip(sums, found, there, strict=True):
        expected = dict(zip(MACHINE_SUMS.names or (), row.tolist(), strict=True))
        if not somebody:
            expected["off_minutes"] += sum(expected[name] for name in idle)
            expected |= dict.fromkeys(idle, 0.0)
        assert dict(zip(MACHINE_SUMS.names or (), new.tolist(), strict=True)) == expected
