"""The studies of machines: failures, crews, maintenance and blocking, on stations that always have work."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests import theory
from tests.proof.queues import ALWAYS
from tests.proof.study import Size, Study
from twin.model.chance import Chance
from twin.model.done import Done
from twin.model.floor import Floor
from twin.spec.machines import MachineGroup
from twin.spec.structure import Kind, Shift, Station, Structure, Team

AHEAD = 2_000  # pieces that lie ready at the start; then more come than can be made
WARM_UP = 20_000.0
AVAILABLE, DOWN = "share of time that it runs", "machines down"
FAILURES, MADE, BETWEEN, BLOCKED = "failures in 100 running hours", "pieces a minute", "pieces between", "time blocked"
REPAIR = Kind(start="workshop", share=0.0)


def structure(
    stations: Mapping[str, dict[str, Any]],
    machines: Mapping[str, dict[str, Any]],
    fitters: int = 0,
    repair: float = 0.0,
) -> Structure:
    """Stations where machines work alone, and a workshop whose fitters repair them, where there are some."""
    places = {name: Station(**{"times": "exponential", **station}) for name, station in stations.items()}
    kinds, teams = {"piece": Kind(start=next(iter(stations)))}, dict[str, Team]()
    if fitters:
        kinds["breakdown"] = REPAIR
        teams["fitters"] = Team(shifts={"always": Shift(**ALWAYS, people=fitters)})
        places["workshop"] = Station(teams=["fitters"], times="exponential", minutes=repair)
    groups = {name: MachineGroup(**group) for name, group in machines.items()}
    return Structure(kinds=kinds, teams=teams, machines=groups, stations=places)


def played(of: Structure, people: int, minutes_a_piece: float, seed: int, replication: int, length: int) -> Done:
    """So many minutes of stations that never lack work, after a time that is left out."""
    floor = Floor(of, {}, Chance(seed, replication))
    for team in range(len(of.teams)):
        floor.staff(team, 0.0, people)
    count = int((WARM_UP + length) / minutes_a_piece) + 2 * AHEAD
    minute = np.maximum(0.0, (np.arange(count) - AHEAD) * minutes_a_piece)
    floor.accept(minute, np.arange(count), np.zeros(count, np.int64))
    floor.advance(WARM_UP)
    return floor.advance(WARM_UP + length)


def study(
    name: str, about: str, formula: str, source: str, values: Mapping[str, float], of: Structure,
    measure: Callable[[Done, float], Mapping[str, float]], full: Size, small: Size, people: int = 1,
    piece: float = 10.0,
) -> Study:  # fmt: skip
    """A structure as a study; its lengths are minutes."""

    def simulate(seed: int, replication: int, length: int) -> Mapping[str, float]:
        return measure(played(of, people, piece, seed, replication, length), float(length))

    return Study(name, about, formula, source, values, simulate, full, small)


def machines(done: Done) -> Any:
    """What the machines' time went to."""
    assert done.machines is not None
    return done.machines


def runs(done: Done, length: float) -> Mapping[str, float]:
    """How much of its time a machine runs."""
    assert machines(done)["idle_minutes"].sum() == 0.0
    return {AVAILABLE: float(machines(done)["running_minutes"][0]) / length}


def down(done: Done, length: float) -> Mapping[str, float]:
    """How many machines are down on average."""
    assert machines(done)["idle_minutes"].sum() == 0.0
    return {DOWN: float(machines(done)["failed_minutes"][0]) / length}


def failures(done: Done, length: float) -> Mapping[str, float]:
    """How often a machine fails in its running time."""
    return {FAILURES: float(machines(done)["failures"][0]) / float(machines(done)["running_minutes"][0]) * 6_000.0}


def line(done: Done, length: float) -> Mapping[str, float]:
    """Pieces made, pieces between the machines, and how much of its time the first machine is blocked."""
    second, first = done.stations[1], machines(done)[0]
    assert machines(done)["idle_minutes"][0] == 0.0
    held = float(machines(done)["running_minutes"][1] + machines(done)["failed_minutes"][1])
    waiting = float(second["queue_minutes"] - machines(done)["failed_minutes"][1])
    return {
        MADE: float(second["finished"]) / length,
        BETWEEN: (held + waiting + float(first["blocked_minutes"])) / length,
        BLOCKED: float(first["blocked_minutes"]) / length,
    }


def availability(shape: float, repairs: str, full: Size) -> Study:
    """One machine, lives of different laws."""
    group = {"life_hours": 4.0, "life_shape": shape, "repair_minutes": 45.0, "repair_times": repairs}
    how = {"exponential": "exponential", "lognormal": "log-normal with scatter 1"}[repairs]
    return study(
        f"Availability, shape {shape:g}",
        f"One machine that always has work; Weibull lives of shape {shape:g} and 4 hours on average, repairs of 45 "
        f"minutes, {how}.",
        "`life / (life + repair)`, whatever the laws",
        "Barlow and Proschan (1965)",
        {AVAILABLE: theory.availability(240.0, 45.0)},
        structure({"mill": {"machines": "mills", "minutes": 10.0}}, {"mills": group}),
        runs,
        full,
        Size(20, 100_000),
    )  # fmt: skip


def interference(fitters: int) -> Study:
    """Some machines, few who can repair them."""
    group = {"count": 6, "life_hours": 2.0, "repair": {"kind": "breakdown"}}
    return study(
        f"Machine interference, {fitters} {'fitter' if fitters == 1 else 'fitters'}",
        f"Six machines that always have work and run for 2 hours on average; a crew of {fitters} repairs them, each "
        "in 20 minutes; all exponential.",
        "birth-death recursion of the finite source: up by `(N - n) / life`, down by `min(n, c) / repair`",
        "Palm (1943)",
        {DOWN: theory.machines_down(6, fitters, 120.0, 20.0)},
        structure({"mill": {"machines": "mills", "minutes": 10.0}}, {"mills": group}, fitters, 20.0),
        down,
        Size(40, 400_000),
        Size(20, 60_000),
        fitters,
        10.0 / 6,
    )  # fmt: skip


def two_machines(room: int) -> Study:
    """Two machines in a line, little room between."""
    groups = {
        "first": {"life_hours": 1.5, "repair_minutes": 10.0, "repair_times": "exponential"},
        "second": {"life_hours": 1.0, "repair_minutes": 8.0, "repair_times": "exponential"},
    }
    stations = {
        "mill": {"machines": "first", "minutes": 2.0, "next": {"drill": 1.0}},
        "drill": {"machines": "second", "minutes": 1.8, "room": room},
    }
    made, between, blocked = theory.two_machine_line((2.0, 1.8), (90.0, 60.0), (10.0, 8.0), room)
    return study(
        f"Two machines, room for {room} between",
        f"Work of 2 and of 1.8 minutes, lives of 90 and 60, repairs of 10 and 8, all exponential; room for {room} "
        "between; the first always has work.",
        "the Markov chain of pieces between and machines up, solved exactly",
        "Gershwin (1994)",
        {MADE: made, BETWEEN: between, BLOCKED: blocked},
        structure(stations, groups),
        line,
        Size(60, 200_000),
        Size(20, 40_000),
        piece=2.0,
    )  # fmt: skip


def maintenance(shape: float, hours: float) -> Study:
    """One machine that is maintained at an age, or never."""
    group = {"life_hours": 10.0, "life_shape": shape, "repair_minutes": 30.0, "maintain_every_hours": hours}
    rate = 1.0 / 600.0 if np.isinf(hours) else theory.failures_with_maintenance(600.0, shape, hours * 60.0, 10.0)
    when = (
        "never maintained"
        if np.isinf(hours)
        else f"maintained after {hours:g} hours of running, when its piece is done"
    )
    return study(
        f"Maintenance, shape {shape:g}, {'never' if np.isinf(hours) else f'{hours:g} hours'}",
        f"One machine that always has work of 10 minutes, exponential; lives of 10 hours on average; {when}.",
        "failures of a renewal cycle over its running time, `F(T) / integral of R to T`, T the age at that",
        "Barlow and Proschan (1965)",
        {FAILURES: rate * 6_000.0},
        structure(
            {"mill": {"machines": "mills", "minutes": 10.0}}, {"mills": group | {"maintenance_minutes": 15.0}}
        ),
        failures,
        Size(100, 1_500_000),
        Size(20, 200_000),
    )  # fmt: skip


def machine_studies() -> list[Study]:
    """The studies of machines."""
    return [
        availability(1.0, "exponential", Size(40, 400_000)),
        availability(2.5, "lognormal", Size(40, 400_000)),
        availability(0.7, "lognormal", Size(60, 400_000)),
        interference(1),
        interference(2),
        two_machines(0),
        two_machines(3),
        maintenance(3.0, np.inf),
        maintenance(3.0, 6.0),
        maintenance(1.0, 6.0),
    ]
