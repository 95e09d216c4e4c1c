"""Visits in plain Python: when they come, of which kind, what is known of each inside, and the sums."""

import math
from dataclasses import dataclass

from tests.model.plain import draw


def moments(key: int, rate: float, end: float, most: int) -> list[float]:
    """Moments of a Poisson process: gaps are exponential, each from its own draw."""
    found, time = list[float](), 0.0
    for n in range(most):
        time -= math.log(draw(key, n, 0, 0)) / rate
        if time >= end:
            break
        found.append(time)
    return found


def kind_of(u: float, shares: list[float]) -> int:
    """The first kind whose running share lies above u; what rounding leaves over is of the last."""
    return next((n for n in range(len(shares)) if u < sum(shares[: n + 1])), len(shares) - 1)


def first_come(servers: int, arrived: list[float], service: list[float]) -> list[tuple[float, float]]:
    """Begin and end of each visit: whoever comes next is served by whoever is free first."""
    free, served = [0.0] * servers, list[tuple[float, float]]()
    for minute, minutes in zip(arrived, service, strict=True):
        began = max(minute, min(free))
        free[free.index(min(free))] = began + minutes
        served.append((began, began + minutes))
    return served


@dataclass(eq=False)
class Visit:
    """Somebody who comes; `left` is None until work on the visit has begun."""

    arrived: float
    entity: int
    kind: int
    condition: int
    units: float
    tag: int
    station: int = 0
    since: float = 0.0
    turn: float = 0.0
    left: float | None = None
    began: float = 0.0
    begun_as: int = 0
    pace: float = 1.0
    team: int = -1
    steps: int = 0
    waited: float = 0.0
    down: float = 0.0
    result: int = -1
    ended: float = 0.0
    how: int = 0


@dataclass(eq=False)
class Group:
    """People of a team who stay on after their shift."""

    team: int
    people: int
    deadline: float


@dataclass
class Sums:
    """What a station or a team adds up; integrals over time are taken from event to event."""

    arrivals: int = 0
    begins: int = 0
    finished: int = 0
    abandons: int = 0
    balks: int = 0
    wait_sum: float = 0.0
    down_sum: float = 0.0
    gone_sum: float = 0.0
    queue_minutes: float = 0.0
    busy_minutes: float = 0.0
    overtime_minutes: float = 0.0
