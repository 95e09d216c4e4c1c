"""Stations in a row, station by station: the event kernel's bytes, and the plain recursion's answers."""

import math
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_visits
from tests.model.made_up_stations import INF, KINDS, MINUTE, OVER, SHIFTS, WHOLE, Case
from tests.model.test_stations_kernel import CUTS, NEAR, bytes_of
from twin.model import floor as floors
from twin.model.chance import Chance
from twin.model.floor import Floor
from twin.model.kernels import arrivals
from twin.model.kernels import row as kernel
from twin.spec.structure import Structure

MANY, FEW = settings(max_examples=100, deadline=None), settings(max_examples=50, deadline=None)
NAMES = ("first", "second", "third", "fourth")


def row_structure(luck: Random, length: int, ends: tuple[str, ...] = ("finish", "pause")) -> Structure:
    """So many stations in a row, named in any order, with many things that happen at one moment."""
    names = luck.sample(NAMES[:length], length)
    stations: dict[str, Any] = {}
    for name, then in zip(names, [*names[1:], None], strict=True):
        stations[name] = {
            "teams": [f"of {name}"],
            "times": luck.choice(["fixed", "fixed", "exponential", "lognormal"]),
            "minutes": luck.choice([0.0, 1.0, 2.0, 5.0]),
            "minutes_of": {"green": luck.choice([0.0, 3.0])},
            "minutes_per_unit": luck.choice([0.0, 1.0]),
            "scatter": 0.5,
            "next": {then: 1.0} if then else {},
        }
    teams = {
        f"of {name}": {
            "shifts": SHIFTS,
            "shift_end": luck.choice(ends),
            "overtime_hours": luck.choice([0.0, 0.0, 0.3]),
            "skills": {name: luck.choice([1.0, 0.5])},
        }
        for name in names
    }
    return Structure.model_validate(
        {
            "kinds": {kind: {"start": names[0]} for kind in KINDS[:2]},
            "teams": teams,
            "stations": {name: stations[name] for name in NAMES[:length]},
        }
    )


@st.composite
def rows(draw: st.DrawFn) -> Case:
    """Stations in a row, whose staff changes now and then."""
    length = draw(st.integers(1, 4))
    structure = row_structure(Random(draw(st.integers(0, 999))), length)
    visit = st.tuples(MINUTE, st.integers(0, 99), st.integers(0, 1), st.integers(0, 1), st.sampled_from([0.0, 1.0]))
    visits = sorted(draw(st.lists(visit, max_size=40)), key=lambda one: one[0])
    change = st.tuples(WHOLE, st.integers(0, length - 1), st.integers(0, 4), st.sampled_from([1.0, 2.0]))
    opening = [(0.0, team, draw(st.integers(0, 4)), 1.0) for team in range(length)]
    return Case(structure, visits, opening + draw(st.lists(change, max_size=6)), draw(st.integers(0, 5)))


def crowded_row(seed: int) -> Case:
    """A row with long queues."""
    luck = Random(seed)
    structure = row_structure(luck, 1 + seed % 4)
    visits = sorted((float(luck.randint(0, 80)), n, luck.randint(0, 1), 0, 1.0) for n in range(120))
    teams = range(len(structure.teams))
    changes = [(minute, team, luck.randint(0, 4), 1.0) for minute in (0.0, 30.0, 60.0, 100.0, 150.0) for team in teams]
    return Case(structure, visits, changes, seed)


@MANY
@given(rows(), CUTS)
def test_a_row_gives_the_bytes_of_the_event_kernel(case: Case, cuts: list[float]) -> None:
    assert bytes_of(case.floor(log=0), cuts) == bytes_of(case.floor(log=0, in_turn=False), [])


@pytest.mark.parametrize("seed", range(40))
def test_a_crowded_row_gives_the_bytes_of_the_event_kernel_at_any_step(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    general = bytes_of(crowded_row(seed).floor(log=0, in_turn=False), [])
    for most in (2048, 7):
        monkeypatch.setattr(floors, "MOST", most)
        for cuts in ([], [30.0], [float(minute) for minute in range(0, 200, 1 + seed % 7)]):
            assert bytes_of(crowded_row(seed).floor(log=0), cuts) == general


@FEW
@given(st.integers(0, 999), st.integers(0, 5))
def test_a_row_is_the_plain_recursion_station_by_station(number: int, seed: int) -> None:
    luck = Random(number)
    structure = row_structure(luck, 1 + number % 4)
    visits = sorted((luck.uniform(0.0, 90.0), n, luck.randint(0, 1), 0, 1.0) for n in range(60))
    changes = [(0.0, team, luck.randint(1, 4), 1.0) for team in range(len(structure.teams))]
    case = Case(structure, visits, changes, seed)
    done = np.sort(case.floor(log=0).advance(math.inf).visits, order="tag")
    expected = recursion(case)
    assert done["ended"] == pytest.approx([ended for ended, _ in expected], **NEAR)
    assert done["waited"] == pytest.approx([waited for _, waited in expected], **NEAR)
    assert (done["steps"] == len(structure.stations)).all()


def recursion(case: Case) -> list[tuple[float, float]]:
    """When each visit ends and how long it waits in all: station by station, in plain Python."""
    slow, names = case.plain(), list(case.structure.stations)
    name, waited = next(iter(case.structure.kinds.values())).start, [0.0] * len(case.visits)
    came = [(visit[0], tag) for tag, visit in enumerate(case.visits)]
    for step in range(len(names)):
        station, place = case.structure.stations[name], names.index(name)
        skill = float(case.structure.teams[station.teams[0]].skills[name])  # type: ignore[arg-type]
        service = []
        for _, tag in came:
            slow.coming[tag].station, slow.coming[tag].steps = place, step
            service.append(slow.service(slow.coming[tag]) / skill)
        team = list(case.structure.teams).index(station.teams[0])
        served = plain_visits.first_come(case.changes[team][2], [minute for minute, _ in came], service)
        for (minute, tag), (began, _) in zip(came, served, strict=True):
            waited[tag] += began - minute
        came = sorted(((end, tag) for (_, end), (_, tag) in zip(served, came, strict=True)), key=lambda one: one[0])
        name = next(iter(station.next), name)
    return [(end, waited[tag]) for end, tag in sorted(came, key=lambda one: one[1])]


def test_the_kernel_of_rows_is_what_plays_them(monkeypatch: pytest.MonkeyPatch) -> None:
    played = list[int]()
    play = kernel.play
    monkeypatch.setattr(kernel, "play", lambda *given: (played.append(1), play(*given))[1])
    crowded_row(3).floor(log=0).advance(OVER)
    assert played
    played.clear()
    crowded_row(3).floor(log=10).advance(OVER)
    crowded_row(3).floor(log=0, in_turn=False).advance(OVER)
    assert not played


SIMPLE = {"teams": ["a"], "minutes": 1.0, "next": {"back": 1.0}}
BACK = {"teams": ["b"], "minutes": 1.0}


def business(front: dict[str, Any], back: dict[str, Any], **kinds: dict[str, Any]) -> Structure:
    teams = {name: {"shifts": SHIFTS} for name in ("a", "b")}
    stations = {"front": SIMPLE | front, "back": BACK | back}
    return Structure.model_validate(
        {"kinds": kinds or {"one": {"start": "front"}}, "teams": teams, "stations": stations}
    )


def test_stations_one_after_the_other_are_a_row() -> None:
    assert Floor(business({}, {}), {}, Chance(1, 0)).layout.row.tolist() == [0, 1]


@pytest.mark.parametrize(
    "structure",
    [
        business({"patience_minutes": 5.0}, {}),
        business({}, {"balk_at": 3.0}),
        business({}, {"capacity": 1.0}),
        business({"next": {"back": 0.5}}, {}),
        business({}, {"next": {"front": 0.5}}),
        business({"test": {"sensitivity": 0.9, "specificity": 0.9, "next": {"back": 1.0}}}, {}),
        business({}, {"teams": ["b", "a"]}),
        business({}, {"teams": ["a"]}),
        business({}, {}, one={"start": "front"}, two={"start": "back"}),
        business({}, {}, one={"start": "front", "rank": 0}, two={"start": "front", "rank": 1}),
        business({"next": {}}, {}),
    ],
)
def test_anything_else_is_not_a_row(structure: Structure) -> None:
    assert len(Floor(structure, {}, Chance(1, 0)).layout.row) == 0


def test_a_lever_that_ends_the_row_goes_on_from_where_it_stands() -> None:
    structure = business({"patience_minutes": "patience"}, {})
    found = []
    for in_turn in (True, False):
        floor = Floor(structure, {"patience": INF}, Chance(1, 0), in_turn=in_turn)
        for team in (0, 1):
            floor.staff(team, 0.0, 1)
        floor.accept(np.arange(40) * 0.7, np.arange(40), np.zeros(40, np.int64))
        dones = [floor.advance(11.3)]
        floor.tune({"patience": 2.0})
        dones += [floor.advance(20.0), floor.advance(OVER)]
        found.append(b"".join(done.visits.tobytes() + done.stations.tobytes() for done in dones))
    assert found[0] == found[1]


@FEW
@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0, 2.0, INF, math.nan])), st.sampled_from([0.0, 1.0]))
def test_who_comes_is_checked_as_by_hand(minutes: list[float], clock: float) -> None:
    rising = all(first <= second for first, second in zip([clock, *minutes], minutes, strict=False))
    assert arrivals.in_order(np.array(minutes), clock) == (rising and all(minute < INF for minute in minutes))
    kinds = [int(minute) for minute in minutes if minute < INF]
    assert arrivals.of_kinds(np.array(kinds, np.int64), 2) == all(kind in (0, 1) for kind in kinds)
