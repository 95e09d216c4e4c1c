"""Little's law on every queue: its mean length is the rate of those who come times their mean wait.

In a run that begins and ends empty it holds exactly, whatever the priorities, patience and routes. Length and waits are
counted apart: one adds up how many wait from moment to moment, the other how long each of them did.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.proof.queues import Floor
from twin.model.kernels.queues import BALKED, GONE, PUT_DOWN, SERVED, WAITING

LARGEST_DIFFERENCE = 1e-9  # as a share: rounding, nothing else
EVERYTHING = Floor(
    0.25,
    {
        "reception": {"minutes": 5.0, "patience_minutes": 30.0, "next": {"treatment": 0.6, "checks": 0.3}},
        "treatment": {"minutes": 15.0, "times": "lognormal", "scatter": 1.2, "next": {"checks": 0.4, "reception": 0.1}},
        "checks": {"minutes": 4.0, "times": "fixed", "balk_at": 6, "next": {"reception": 0.2}},
    },
    {"reception": 2, "treatment": 4, "checks": 1},
    {"urgent": {"share": 0.2, "rank": 0}, "normal": {"share": 0.5, "rank": 1}, "booked": {"share": 0.3, "rank": 2}},
)


@dataclass(frozen=True)
class Queue:
    """One queue over a run: mean length, arrivals a minute and mean wait of all who came, at once served or not."""

    floor: str
    station: str
    seed: int
    length: float
    rate: float
    wait: float

    @property
    def difference(self) -> float:
        """How far the two sides are apart, as a share."""
        return self.rate * self.wait / self.length - 1.0


def queues(name: str, floor: Floor, seed: int, count: int) -> list[Queue]:
    """Every queue of a floor in one run."""
    played = floor.played(seed, 0, count, log=40 * (count + 2 * floor.edge))
    assert played.floor.log_lost == 0
    log, minutes = played.log, float(played.log["minute"][-1])
    return [
        Queue(
            name,
            station,
            seed,
            length_over_time(log[log["station"] == number]) / minutes,
            float(played.stations["arrivals"][:, number].sum()) / minutes,
            float(waits(log[log["station"] == number]).sum() / played.stations["arrivals"][:, number].sum()),
        )
        for number, station in enumerate(floor.stations)
    ]


def waits(log: np.ndarray) -> np.ndarray:
    """How long each stay in a queue was: from joining it to the next event of the same visit."""
    own = log[np.argsort(log["tag"], kind="stable")]
    joined = np.flatnonzero((own["what"] == WAITING) | (own["what"] == PUT_DOWN))
    assert (own["tag"][joined] == own["tag"][joined + 1]).all()
    return np.asarray(own["minute"][joined + 1] - own["minute"][joined])


def length_over_time(log: np.ndarray) -> float:
    """Queue length added up over time, by watching the queue alone: who is in it, from moment to moment."""
    inside: set[int] = set()
    total, before = 0.0, 0.0
    for minute, tag, what in zip(log["minute"].tolist(), log["tag"].tolist(), log["what"].tolist(), strict=True):
        total += len(inside) * (minute - before)
        before = minute
        if what in (WAITING, PUT_DOWN):
            inside.add(tag)
        elif what in (SERVED, GONE, BALKED):
            inside.discard(tag)
    assert not inside
    return total


def floors(studies: Mapping[str, Any]) -> dict[str, Floor]:
    """The floors of all studies, and one with everything at once."""
    return {name: study.floor for name, study in studies.items() if study.floor} | {"Everything at once": EVERYTHING}
