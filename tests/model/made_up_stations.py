"""Businesses that hypothesis makes up: stations in a route, teams, kinds of work, visits and changes of staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.model import plain_machines, plain_visits
from tests.model import plain_stations as plain
from twin.model.chance import Chance, Purpose
from twin.model.floor import PURPOSES, Floor
from twin.model.machines import PURPOSES as MACHINE_PURPOSES
from twin.spec.structure import Structure

INF = float("inf")
NO_VALUES: Mapping[str, float] = {}
SHIFTS = {"all": {"start": "00:00", "end": "24:00", "people": 1}}
HORIZON = 300.0
STATIONS, TEAMS, KINDS = ("door", "desk", "back"), ("one", "two", "three"), ("red", "green", "blue")
WHOLE = st.integers(0, 90).map(float)  # whole minutes, so that many things happen at one moment
MINUTE = st.one_of(WHOLE, st.floats(0.0, 90.0))
OVER = HORIZON + 700.0


@dataclass(frozen=True)
class Case:
    """A business with all that happens to it from outside."""

    structure: Structure
    visits: list[tuple[float, int, int, int, float]]  # minute, entity, kind, condition, units
    changes: list[tuple[float, int, int, float]]  # minute, team, people, speed
    seed: int

    def floor(self, log: int = 10_000, in_turn: bool = True, values: Mapping[str, float] = NO_VALUES) -> Floor:
        """The stations as the kernel plays them, all that comes from outside put in beforehand."""
        floor = Floor(self.structure, values, Chance(self.seed, 0), log, in_turn)
        for minute, team, people, speed in self.changes:
            floor.staff(team, minute, people, speed)
        columns = [np.array(column) for column in zip(*self.visits, strict=True)] or [np.empty(0)] * 5
        floor.accept(*columns)
        return floor

    def plain(self, values: Mapping[str, float] = NO_VALUES) -> plain.Floor:
        """The same in plain Python."""
        keys = [int(Chance(self.seed, 0)[one]) for one in (*PURPOSES, *MACHINE_PURPOSES)]
        if self.structure.needs_plant:
            floor: plain.Floor = plain_machines.Floor(self.structure, keys[:4]).start(keys[4:], dict(values))
            floor.coming = [plain_machines.Piece(*visit, tag=tag) for tag, visit in enumerate(self.visits)]
        else:
            floor = plain.Floor(self.structure, keys[:4])
            floor.coming = [plain_visits.Visit(*visit, tag=tag) for tag, visit in enumerate(self.visits)]
        floor.changes = list(self.changes)
        return floor


def _shares(names: list[str]) -> st.SearchStrategy[dict[str, float]]:
    """Where work goes: up to two next stations, at least a fifth leaves."""
    share = st.sampled_from([0.0, 0.25, 0.4])
    return st.dictionaries(st.sampled_from([*names]), share, max_size=2)


@st.composite
def _station(draw: st.DrawFn, teams: list[str], names: list[str], kinds: list[str]) -> dict[str, Any]:
    minutes = st.sampled_from([0.0, 1.0, 5.0, 7.5, 20.0])
    patience = st.sampled_from([INF, INF, 3.0, 30.0])
    station: dict[str, Any] = {
        "teams": draw(st.lists(st.sampled_from(teams), min_size=1, unique=True)),
        "times": draw(st.sampled_from(["fixed", "exponential", "lognormal"])),
        "minutes": draw(minutes),
        "minutes_per_unit": draw(st.sampled_from([0.0, 0.5])),
        "minutes_of": draw(st.dictionaries(st.sampled_from(kinds), minutes, max_size=1)),
        "scatter": draw(st.sampled_from([0.0, 0.5, 2.0])),
        "patience_minutes": draw(patience),
        "patience_of": draw(st.dictionaries(st.sampled_from(kinds), patience, max_size=1)),
        "balk_at": draw(st.sampled_from([INF, INF, 0.0, 2.0])),
        "capacity": draw(st.sampled_from([INF, INF, 1.0, 2.0])),
        "next": draw(_shares(names)),
    }
    if draw(st.booleans()):
        station["test"] = {"sensitivity": 0.8, "specificity": 0.7, "next": draw(_shares(names))}
    return station


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Anything that the structure can say, small."""
    names, teams = list(STATIONS[: draw(st.integers(1, 3))]), list(TEAMS[: draw(st.integers(1, 3))])
    kinds = list(KINDS[: draw(st.integers(1, 3))])
    structure = Structure.model_validate(
        {
            "kinds": {kind: {"rank": draw(st.integers(0, 2)), "start": draw(st.sampled_from(names))} for kind in kinds},
            "teams": {
                team: {
                    "shifts": SHIFTS,
                    "shift_end": draw(st.sampled_from(["finish", "pause"])),
                    "overtime_hours": draw(st.sampled_from([0.0, 0.1, 0.5])),
                    "skills": draw(st.dictionaries(st.sampled_from(names), st.sampled_from([0.0, 0.5, 2.0]))),
                }
                for team in teams
            },
            "stations": {name: draw(_station(teams, names, kinds)) for name in names},
        }
    )
    visit = st.tuples(
        MINUTE, st.integers(0, 99), st.integers(0, len(kinds) - 1), st.integers(0, 1), st.sampled_from([0.0, 1.0, 3.0])
    )
    visits = sorted(draw(st.lists(visit, max_size=25)), key=lambda one: one[0])
    change = st.tuples(
        st.one_of(WHOLE, st.floats(0.0, HORIZON)), st.integers(0, len(teams) - 1), st.integers(0, 3),
        st.sampled_from([1.0, 1.0, 0.5, 2.0]),
    )  # fmt: skip
    changes = draw(st.lists(change, max_size=8))
    opening = [(0.0, team, draw(st.integers(0, 3)), 1.0) for team in range(len(teams))]
    return Case(structure, visits, opening + changes, draw(st.integers(0, 5)))


GROUPS = ("mills", "ovens")


@st.composite
def _machines(draw: st.DrawFn, kinds: list[str]) -> dict[str, Any]:
    """A group of machines; its crews do kinds of work that there are."""
    errands = [None, None, *({"kind": kind} for kind in kinds[1:])]
    return {
        "count": draw(st.integers(1, 3)),
        "running": draw(st.sampled_from([INF, INF, 1.0, 2.0])),
        "life_hours": draw(st.sampled_from([INF, 0.02, 0.2, 0.6])),
        "life_shape": draw(st.sampled_from([1.0, 0.7, 3.0])),
        "repair": draw(st.sampled_from(errands)),
        "repair_minutes": draw(st.sampled_from([0.0, 5.0, 30.0])),
        "repair_times": draw(st.sampled_from(["fixed", "exponential", "lognormal"])),
        "maintain_every_hours": draw(st.sampled_from([INF, 0.1, 0.5])),
        "maintain_every_days": draw(st.sampled_from([INF, 0.02, 0.1])),
        "maintenance": draw(st.sampled_from(errands)),
        "maintenance_minutes": draw(st.sampled_from([0.0, 10.0])),
        "setup_minutes": draw(st.sampled_from([0.0, 2.0])),
        "setup_minutes_of": draw(st.dictionaries(st.sampled_from(kinds), st.sampled_from([0.0, 4.0]), max_size=1)),
    }


@st.composite
def plants(draw: st.DrawFn) -> Case:
    """Stations with machines, crews, finite room and scrap, small; those that could block each other for ever, too."""
    names, teams = list(STATIONS[: draw(st.integers(1, 3))]), list(TEAMS[: draw(st.integers(1, 2))])
    kinds, groups = list(KINDS[: draw(st.integers(1, 3))]), list(GROUPS[: draw(st.integers(1, 2))])
    stations = {}
    for name in names:
        own = draw(_station(teams, names, kinds))
        own["machines"] = draw(st.sampled_from([None, *groups]))
        if own["machines"] is not None and draw(st.booleans()):
            own["teams"] = []
        own["room"] = draw(st.sampled_from([INF, 0.0, 1.0, 2.0]))
        own["scrap_share"] = draw(st.sampled_from([0.0, 0.1, 0.2]))
        stations[name] = own
    structure = Structure.model_validate(
        {
            "kinds": {kind: {"rank": draw(st.integers(0, 1)), "start": draw(st.sampled_from(names))} for kind in kinds},
            "teams": {
                team: {
                    "shifts": SHIFTS,
                    "shift_end": draw(st.sampled_from(["finish", "pause"])),
                    "overtime_hours": draw(st.sampled_from([0.0, 0.5])),
                    "skills": draw(st.dictionaries(st.sampled_from(names), st.sampled_from([0.5, 2.0]))),
                }
                for team in teams
            },
            "machines": {group: draw(_machines(kinds)) for group in groups},
            "stations": stations,
        }
    )
    visit = st.tuples(
        MINUTE, st.integers(0, 99), st.integers(0, len(kinds) - 1), st.integers(0, 1), st.sampled_from([0.0, 1.0, 3.0])
    )
    visits = sorted(draw(st.lists(visit, max_size=25)), key=lambda one: one[0])
    change = st.tuples(WHOLE, st.integers(0, len(teams) - 1), st.integers(0, 3), st.sampled_from([1.0, 0.5]))
    opening = [(0.0, team, draw(st.integers(1, 3)), 1.0) for team in range(len(teams))]
    return Case(structure, visits, opening + draw(st.lists(change, max_size=5)), draw(st.integers(0, 5)))


def line(seed: int) -> Case:
    """A line of machines with little room between, crews and shifts, on which something always happens."""
    luck = Random(seed)
    names, groups = list(STATIONS), ["mills", "ovens", "presses"]
    crew = {"kind": "blue"} if luck.random() < 0.7 else None
    structure = Structure.model_validate(
        {
            "kinds": {"red": {"start": "door"}, "green": {"start": "door"}, "blue": {"start": "shop", "rank": 1}},
            "teams": {
                "one": {"shifts": SHIFTS, "shift_end": luck.choice(["finish", "pause"])},
                "two": {"shifts": SHIFTS, "overtime_hours": luck.choice([0.0, 0.5])},
            },
            "machines": {
                group: {
                    "count": luck.randint(1, 3), "life_hours": luck.choice([0.1, 0.3]),
                    "life_shape": luck.choice([1, 2]),
                    "repair": crew, "repair_minutes": 4.0, "setup_minutes": luck.choice([0.0, 1.0]),
                    "maintain_every_hours": luck.choice([INF, 0.2]), "maintenance_minutes": 3.0,
                    "maintain_every_days": luck.choice([INF, 0.03]), "maintenance": luck.choice([None, crew]),
                }
                for group in groups
            },
            "stations": {
                name: {
                    "teams": luck.choice([["one"], ["one", "two"], []]), "machines": group,
                    "times": luck.choice(["fixed", "exponential"]), "minutes": luck.choice([1.0, 2.0]),
                    "room": luck.choice([0.0, 1.0, 3.0]), "scrap_share": luck.choice([0.0, 0.1]),
                    "next": {after: 0.9} if after else {},
                }
                for name, group, after in zip(names, groups, [*names[1:], None], strict=True)
            }
            | {"shop": {"teams": ["two"], "times": "exponential", "minutes": 5.0}},
        }
    )  # fmt: skip
    visits = sorted((float(luck.randint(0, 120)), luck.randint(0, 999), luck.randint(0, 1), 0, 1.0) for _ in range(100))
    moments = [0.0, 30.0, 60.0, 100.0]
    changes = [(minute, team, luck.randint(1, 3), 1.0) for minute in moments for team in range(2)]
    return Case(structure, visits, changes, seed)


@st.composite
def plain_cases(draw: st.DrawFn) -> Case:
    """One station, one team, first come, first served; sometimes the number of people changes."""
    structure = Structure.model_validate(
        {
            "kinds": {kind: {"start": "desk"} for kind in KINDS[:2]},
            "teams": {
                "one": {
                    "shifts": SHIFTS,
                    "shift_end": draw(st.sampled_from(["finish", "pause"])),
                    "overtime_hours": draw(st.sampled_from([0.0, 0.5])),
                    "skills": {"desk": draw(st.sampled_from([1.0, 0.5]))},
                }
            },
            "stations": {
                "desk": {
                    "teams": ["one"],
                    "times": draw(st.sampled_from(["fixed", "exponential", "lognormal"])),
                    "minutes": draw(st.sampled_from([0.0, 2.0, 7.5])),
                    "minutes_per_unit": draw(st.sampled_from([0.0, 1.0])),
                    "minutes_of": {"green": 5.0},
                }
            },
        }
    )
    visit = st.tuples(
        MINUTE, st.integers(0, 99), st.integers(0, 1), st.integers(0, 1), st.sampled_from([0.0, 1.0, 3.0])
    )
    visits = sorted(draw(st.lists(visit, max_size=40)), key=lambda one: one[0])
    change = st.tuples(WHOLE, st.just(0), st.integers(0, 4), st.sampled_from([1.0, 2.0]))
    changes = draw(st.lists(change, max_size=2))
    return Case(structure, visits, [(0.0, 0, draw(st.integers(1, 4)), 1.0), *changes], draw(st.integers(0, 5)))


def crowded(seed: int, plain_one: bool = False) -> Case:
    """A business with long queues, in which many things happen at one moment: hypothesis prefers small ones."""
    luck = Random(seed)
    names, teams, kinds = list(STATIONS), list(TEAMS), list(KINDS)
    if plain_one:
        names, teams = names[:1], teams[:1]
    stations = {}
    for name in names:
        stations[name] = {
            "teams": luck.sample(teams, luck.randint(1, len(teams))),
            "times": luck.choice(["fixed", "fixed", "exponential", "lognormal"]),
            "minutes": luck.choice([1.0, 2.0, 5.0]),
            "minutes_of": {"green": luck.choice([0.0, 3.0])},
        }
        if not plain_one:
            stations[name] |= {
                "patience_of": {"red": luck.choice([5.0, 30.0, INF])},
                "balk_at": luck.choice([INF, INF, 4.0]),
                "capacity": luck.choice([INF, INF, 2.0]),
                "next": {luck.choice(names): 0.4},
            }
    structure = Structure.model_validate(
        {
            "kinds": {
                kind: {"rank": 0 if plain_one else n % 2, "start": luck.choice(names)} for n, kind in enumerate(kinds)
            },
            "teams": {
                team: {
                    "shifts": SHIFTS,
                    "shift_end": luck.choice(["finish", "pause"]),
                    "overtime_hours": luck.choice([0.0, 0.3]),
                }
                for team in teams
            },
            "stations": stations,
        }
    )
    visits = sorted((float(luck.randint(0, 80)), n, luck.randint(0, 2), 0, 1.0) for n in range(80))
    visits = [(minute, luck.randint(0, 999), *rest) for minute, _, *rest in visits]
    moments = [0.0, 20.0, 45.0, 60.0, 100.0, 150.0]
    changes = [(minute, team, luck.randint(1, 3), 1.0) for minute in moments for team in range(len(teams))]
    return Case(structure, visits, changes, seed)


assert PURPOSES == (Purpose.SERVICE, Purpose.PATIENCE, Purpose.ONWARD, Purpose.RESULT)  # as plain.Floor has its keys
