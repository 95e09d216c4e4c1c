"""Small businesses for the tests of the stations, and what queueing theory says of some."""

import math
from typing import Any

import numpy as np

from twin.model.chance import Chance
from twin.model.floor import Floor
from twin.spec.structure import Structure


def always(people: int | str = 1, **more: Any) -> dict[str, Any]:
    """A team whose number never changes."""
    return {"shifts": {"all": {"start": "00:00", "end": "24:00", "people": people}}, **more}


def desk(people: int = 1, minutes: float = 10.0, times: str = "fixed", **more: Any) -> Structure:
    """One station of one team; `team` and `kinds` may be given."""
    team, kinds = more.pop("team", {}), more.pop("kinds", {"all": {"start": "desk"}})
    station = {"teams": ["crew"], "times": times, "minutes": minutes, **more}
    return Structure.model_validate(
        {"kinds": kinds, "teams": {"crew": always(people, **team)}, "stations": {"desk": station}}
    )


def floor_of(structure: Structure, *changes: tuple[float, int, int], arrivals: list[float], **more: Any) -> Floor:
    """A floor with these changes of staff (minute, team, people), and visits at these minutes."""
    floor = Floor(structure, more.pop("values", {}), Chance(1, 0), log=1000)
    for minute, team, people in changes:
        floor.staff(team, minute, people)
    floor.accept(arrivals, np.arange(len(arrivals)), more.pop("kind", np.zeros(len(arrivals), int)), **more)
    return floor


def erlang_c(servers: int, work: float) -> float:
    """The share of visits that wait at all in M/M/c; `work` is rate times service time."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = work * blocked / (n + work * blocked)
    return blocked / (1.0 - work / servers * (1.0 - blocked))


def mean_wait(servers: int, rate: float, minutes: float) -> float:
    """The mean wait of M/M/c (Erlang C)."""
    work = rate * minutes
    return erlang_c(servers, work) * minutes / (servers - work)


def abandoned_share(servers: int, rate: float, minutes: float, patience: float) -> float:
    """Who gives up in M/M/c+M (Erlang A), from the balance of its states."""
    chance, chances = 1.0, [1.0]
    for n in range(1, 400):
        chance *= rate / (min(n, servers) / minutes + max(0, n - servers) / patience)
        chances.append(chance)
    waiting = math.fsum(max(0, n - servers) * one for n, one in enumerate(chances)) / math.fsum(chances)
    return waiting / patience / rate


def assert_mean(found: list[float], expected: float, precise: float = 0.05) -> None:
    """Within three standard errors over replications, and those are small enough to tell."""
    error = float(np.std(found, ddof=1)) / math.sqrt(len(found))
    assert error < precise * expected
    assert abs(float(np.mean(found)) - expected) < 3.0 * error
