"""What must hold whatever happens on the floor: nobody is lost, waits add up, and luck is nobody else's."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.model.made_up_stations import HORIZON, OVER, Case, cases, plain_cases
from twin.model.chance import Chance
from twin.model.done import Done, DoneInTurn
from twin.model.floor import Floor
from twin.model.kernels.queues import BALKED, GONE, PUT_DOWN, SERVED, WAITING

FEW = settings(max_examples=60, deadline=None)
COUNTS = ("arrivals", "finished", "abandons", "balks")


@FEW
@given(cases(), st.integers(1, 40))
def test_whoever_came_in_left_gave_up_turned_round_or_is_inside(case: Case, steps: int) -> None:
    floor, ended, totals = case.floor(), 0, np.zeros((len(case.structure.stations), len(COUNTS)))
    for step in range(1, steps + 1):
        done = floor.advance(step * OVER / steps)
        ended += len(done)
        assert sum(visit[0] < floor.clock for visit in case.visits) == ended + floor.open
        assert done.kinds[["finished", "abandons", "balks"]].tolist() == how_they_ended(done)
        totals += np.stack([done.stations[name] for name in COUNTS], axis=1)
        served = floor.layout.stations["served"]
        assert (totals[:, 0] == totals[:, 1:].sum(axis=1) + done.stations["waiting"] + served).all()
        assert served.sum() + done.stations["waiting"].sum() == floor.open
        assert floor.layout.teams["busy"].sum() == served.sum()


def how_they_ended(done: Done) -> list[tuple[float, ...]]:
    ways = [(3, GONE, BALKED)] * len(done.kinds)
    return [
        tuple(float(sum((done.kind == kind) & (done.how == how))) for how in hows) for kind, hows in enumerate(ways)
    ]


@FEW
@given(cases())
def test_queue_length_over_time_is_the_sum_of_waits(case: Case) -> None:
    """Little's law as an identity, against the queues as the log tells them."""
    floor = case.floor()
    stations = floor.advance(OVER).stations
    since, over_time = dict[int, float](), defaultdict[int, float](float)
    for minute, tag, station, what, _ in floor.log.tolist():
        if what in (WAITING, PUT_DOWN):
            since[tag] = minute
        elif what in (SERVED, GONE, BALKED):
            over_time[station] += minute - since.pop(tag)
    waits = stations["wait_sum"] + stations["down_sum"] + stations["gone_sum"]
    assert [over_time[n] for n in range(len(stations))] == pytest.approx(waits.tolist(), rel=1e-6, abs=1e-3)
    if since:
        missing = float((stations["queue_minutes"] - waits).sum())
        assert missing == pytest.approx(sum(OVER - minute for minute in since.values()), rel=1e-6, abs=1e-3)
    else:
        assert (stations["queue_minutes"] == waits).all()


@FEW
@given(plain_cases())
def test_with_one_more_server_nobody_waits_longer(case: Case) -> None:
    changes = [(minute, team, people + 1, speed) for minute, team, people, speed in case.changes]
    patient = Case(case.structure, case.visits, [one for one in case.changes if one[0] == 0.0][:1], case.seed)
    helped = replace(patient, changes=changes[:1])
    waits = [np.sort(one.floor().advance(OVER).visits, order="tag")["waited"] for one in (patient, helped)]
    assert (waits[1] <= waits[0] + 1e-9).all()


@FEW
@given(cases(), st.floats(0.0, HORIZON))
def test_changing_nothing_changes_no_byte(case: Case, minute: float) -> None:
    assume(all(change[0] != minute for change in case.changes))  # of one moment the last one given holds
    plain, tuned = case.floor(), case.floor()
    tuned.advance(minute)
    plain.advance(minute)
    tuned.tune({})
    for n, team in enumerate(tuned.layout.teams):
        tuned.staff(n, minute, int(team["staff"]), float(team["speed"]))
    assert everything(tuned) == everything(plain)


@FEW
@given(cases(), st.floats(0.0, HORIZON))
def test_nothing_differs_before_a_change(case: Case, minute: float) -> None:
    floors = [case.floor(), replace(case, changes=[*case.changes, (minute, 0, 9, 1.0)]).floor()]
    assert len({floor.advance(minute).visits.tobytes() for floor in floors}) == 1
    assert len({floor.log.tobytes() for floor in floors}) == 1


def everything(floor: Floor) -> tuple[bytes, ...]:
    done = floor.advance(OVER)
    return done.visits.tobytes(), done.stations.tobytes(), done.teams.tobytes(), floor.log.tobytes()


@FEW
@given(cases(), st.lists(st.floats(0.0, HORIZON), max_size=5).map(sorted))
def test_it_does_not_matter_when_visits_and_staff_are_told(case: Case, moments: list[float]) -> None:
    """All at the start, or each stretch just before it is played."""
    piecemeal = Floor(case.structure, {}, Chance(case.seed, 0), log=10_000)
    low = 0.0
    parts = list[bytes]()
    for high in [*moments, OVER]:
        for minute, team, people, speed in case.changes:
            if low <= minute < high:
                piecemeal.staff(team, minute, people, speed)
        rows = [(*visit, tag) for tag, visit in enumerate(case.visits) if low <= visit[0] < high]
        if rows:
            piecemeal.accept(*[np.array(column) for column in zip(*rows, strict=True)])
        parts.append(piecemeal.advance(high).visits.tobytes())
        low = high
    whole = case.floor()
    assert whole.advance(OVER).visits.tobytes() == b"".join(parts)
    assert whole.log.tobytes() == piecemeal.log.tobytes()


@given(plain_cases())
@settings(max_examples=30, deadline=None)
def test_the_faster_way_is_taken_where_it_may_be(case: Case) -> None:
    steady = replace(case, changes=case.changes[:1])
    assert isinstance(steady.floor(log=0).advance(OVER), DoneInTurn)
    assert not isinstance(steady.floor(log=0, in_turn=False).advance(OVER), DoneInTurn)
