"""The stations against their plain Python twin, on businesses that hypothesis makes up, and against themselves."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_visits
from tests.model.made_up_stations import HORIZON, OVER, Case, cases, crowded, plain_cases
from tests.model.plain import draw
from twin.model.chance import Chance, Purpose, key
from twin.model.done import STATION_SUMS
from twin.model.floor import Floor
from twin.model.kernels import arrivals, calendar
from twin.model.kernels import queues as kernel
from twin.model.visits import poisson_visits

MANY, FEW = settings(max_examples=120, deadline=None), settings(max_examples=60, deadline=None)
SUMS = (
    "arrivals",
    "begins",
    "finished",
    "abandons",
    "balks",
    "wait_sum",
    "down_sum",
    "gone_sum",
    "queue_minutes",
    "busy_minutes",
)
CUTS = st.lists(st.floats(0.0, OVER), max_size=6).map(sorted)
NEAR: dict[str, Any] = {"rel": 1e-9, "abs": 1e-9}
TICKS_NEAR: dict[str, Any] = {"rel": 1e-6, "abs": 1e-3}  # sums are kept in whole ticks of a minute


def bytes_of(floor: Floor, cuts: list[float]) -> tuple[bytes, ...]:
    """All that a floor tells when it is advanced to these moments and to the horizon, put together."""
    dones = [floor.advance(cut) for cut in [*cuts, OVER]]
    stations, teams = dones[0].stations.copy(), dones[0].teams.copy()
    for done in dones[1:]:
        for sums, new in ((stations, done.stations), (teams, done.teams)):
            for name in sums.dtype.names or ():
                sums[name] = new[name] if name == "waiting" else sums[name] + new[name]
    visits, waited = np.concatenate([one.visits for one in dones]), np.concatenate([one.waited for one in dones])
    return visits.tobytes(), waited.tobytes(), stations.tobytes(), teams.tobytes(), floor.log.tobytes()


@MANY
@given(cases())
def test_stations_are_the_plain_ones(case: Case) -> None:
    assert_the_same(case)


@pytest.mark.parametrize("seed", range(40))
def test_crowded_stations_are_the_plain_ones(seed: int) -> None:
    assert_the_same(crowded(seed))
    assert_the_same(crowded(seed, plain_one=True))


@pytest.mark.parametrize("seed", range(40))
def test_in_a_crowd_any_step_and_the_faster_way_give_the_same_bytes(seed: int) -> None:
    cuts = [float(minute) for minute in range(0, 200, 1 + seed % 7)]
    assert bytes_of(crowded(seed).floor(), cuts) == bytes_of(crowded(seed).floor(), [])
    alike = crowded(seed, plain_one=True)
    for some in (cuts, [30.0], []):
        assert bytes_of(alike.floor(log=0), some) == bytes_of(alike.floor(log=0, in_turn=False), [])
    fast, general = (against_the_order(alike, in_turn) for in_turn in (True, False))
    assert fast == general


def against_the_order(case: Case, in_turn: bool) -> bytes:
    """Visits as they end when the tags run against the order of arrival."""
    floor = Floor(case.structure, {}, Chance(case.seed, 0), in_turn=in_turn)
    floor.staff(0, 0.0, case.changes[0][2])
    columns = [np.array(column) for column in zip(*case.visits, strict=True)]
    floor.accept(*columns, tag=np.arange(len(case.visits))[::-1])
    return floor.advance(OVER).visits.tobytes()


def assert_the_same(case: Case) -> None:
    floor, slow = case.floor(), case.plain()
    done = floor.advance(OVER)
    slow.advance(OVER)
    assert [tuple(event)[1:] for event in floor.log.tolist()] == [event[1:] for event in slow.log]
    assert floor.log["minute"] == pytest.approx([event[0] for event in slow.log], **NEAR)
    expected = sorted(slow.ended, key=lambda visit: visit.tag)
    mine = np.sort(done.visits, order="tag")
    for name in ("tag", "entity", "kind", "arrived", "ended", "waited", "down", "how", "condition", "result", "steps"):
        assert mine[name] == pytest.approx([getattr(visit, name) for visit in expected], **NEAR), name
    for name in SUMS:
        assert done.stations[name] == pytest.approx([getattr(sums, name) for sums in slow.sums], **TICKS_NEAR), name
    for name in ("busy_minutes", "overtime_minutes"):
        assert done.teams[name] == pytest.approx([getattr(sums, name) for sums in slow.labour], **TICKS_NEAR), name
    assert [floor.waiting(n) for n in range(len(slow.queue))] == [len(queue) for queue in slow.queue]
    assert floor.open == slow.inside()


@MANY
@given(cases(), CUTS)
def test_any_step_gives_the_same_bytes(case: Case, cuts: list[float]) -> None:
    assert bytes_of(case.floor(), cuts) == bytes_of(case.floor(), [])


@MANY
@given(plain_cases(), CUTS)
def test_the_faster_way_gives_the_same_bytes(case: Case, cuts: list[float]) -> None:
    fast = case.floor(log=0)
    assert bytes_of(fast, cuts) == bytes_of(case.floor(log=0, in_turn=False), [])


@FEW
@given(plain_cases())
def test_the_faster_way_is_the_plain_recursion(case: Case) -> None:
    people = case.changes[0][2]
    floor = Case(case.structure, case.visits, case.changes[:1], case.seed).floor(log=0)
    done = np.sort(floor.advance(math.inf).visits, order="tag")
    station = case.structure.stations["desk"]
    slow = case.plain()
    service = [slow.service(visit) / case.structure.teams["one"].skills["desk"] for visit in slow.coming]  # type: ignore[operator]
    served = plain_visits.first_come(people, [visit[0] for visit in case.visits], service)
    assert station.teams == ["one"]
    assert done["ended"] == pytest.approx([end for _, end in served], **NEAR)
    assert done["waited"] == pytest.approx(
        [began - visit[0] for (began, _), visit in zip(served, case.visits, strict=True)], **NEAR
    )


@FEW
@given(cases())
def test_those_who_end_are_told_in_order(case: Case) -> None:
    done = case.floor().advance(OVER)
    told = list(zip(done.ended.tolist(), done.tag.tolist(), strict=True))
    assert told == sorted(told)


@FEW
@given(st.lists(st.one_of(st.none(), st.integers(0, 5).map(float)), max_size=60))
def test_the_calendar_is_a_sorted_list(steps: list[float | None]) -> None:
    """Each number notes an event; None takes off the one that is due first."""
    times, orders, whats = np.empty(64), np.empty(64, np.int64), np.empty(64, np.int64)
    counters, noted = np.zeros(kernel.COUNTERS, np.int64), list[tuple[float, int, int]]()
    visits = np.zeros(64, kernel.VISIT)
    for n, time in enumerate(steps):
        if time is not None:
            calendar.schedule(times, orders, whats, counters, time, calendar.FINISHES, n, 7)
            noted.append((time, int(counters[calendar.ORDER]), calendar.packed(calendar.FINISHES, n, 7)))
            visits[n]["stamp"] = 7 if n % 3 else 8  # every third is stale from the start
        elif noted:
            first = min(noted)
            assert (times[0], orders[0], whats[0]) == first
            noted.remove(first)
            calendar.drop_first(times, orders, whats, counters)
    calendar.sweep(visits, times, orders, whats, counters)
    for first in sorted(one for one in noted if (one[2] >> 30) % 3):
        assert (times[0], orders[0], whats[0]) == first
        calendar.drop_first(times, orders, whats, counters)
    assert counters[calendar.EVENTS] == 0


def test_arrivals_are_the_plain_ones() -> None:
    stem = key(3, 1, Purpose.ARRIVAL_TIME)
    minute = np.empty(50)
    found = arrivals.moments(stem, 0, 0.0, 0.4, 60.0, minute)
    assert minute[:found] == pytest.approx(plain_visits.moments(int(stem), 0.4, 60.0, 50), **NEAR)
    visits = poisson_visits(
        0.4, days=2.0, seed=3, replication=1, shares=(0.2, 0.5, 0.3), condition_shares=(0.0, 0.5, 1.0)
    )
    kinds = [
        plain_visits.kind_of(draw(int(key(3, 1, Purpose.KIND)), n, 0, 0), [0.2, 0.5, 0.3]) for n in range(len(visits))
    ]
    assert visits.kind.tolist() == kinds
    has = [draw(int(key(3, 1, Purpose.CONDITION)), n, 0, 0) < (0.0, 0.5, 1.0)[kind] for n, kind in enumerate(kinds)]
    assert visits.condition.tolist() == has


def test_arrivals_of_days_are_the_first_of_more() -> None:
    some, more = poisson_visits(2.0, days=1.5), poisson_visits(2.0, count=6000)
    assert some.minute.tobytes() == more.minute[: len(some)].tobytes()
    assert some.minute[-1] < 1.5 * 1440.0 <= more.minute[len(some)]
    assert STATION_SUMS.names is not None
    assert HORIZON < OVER
