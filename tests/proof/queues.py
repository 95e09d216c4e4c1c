"""Queues for studies: stations alone, visits that come by chance, people who are there day and night."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.proof.study import Size, Study
from twin.model.stations import BALKED, GONE, Played, Visits, alone, poisson_visits
from twin.spec.structure import Kind, Shift, Station, Structure, Team

ALWAYS = {"days": "mon-sun", "start": "00:00", "end": "24:00"}
Figures = Mapping[str, float]


@dataclass(frozen=True)
class Ended:
    """Columns of the visits that are measured: those that came neither in the first nor in the last part."""

    kind: np.ndarray
    waited: np.ndarray
    through: np.ndarray
    how: np.ndarray

    def mean_wait(self, kind: int | None = None) -> float:
        """Mean minutes in queues, of one kind of work or of all."""
        return float(self.waited.mean() if kind is None else self.waited[self.kind == kind].mean())

    def share(self, how: int) -> float:
        """How many of the visits ended this way."""
        return float((self.how == how).mean())


@dataclass(frozen=True)
class Floor:
    """Stations, each with people of its own, and how many visits a minute come from outside.

    stations : name -> what differs from a station with exponential service; people : name -> how many
    kinds    : name -> share and rank; visits begin at the first station
    edge     : visits at either end of a run that are left out, until the queues have forgotten that they began empty
    """

    rate: float
    stations: Mapping[str, Mapping[str, Any]]
    people: Mapping[str, int]
    kinds: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {"visit": {}})
    edge: int = 2_000

    @property
    def structure(self) -> Structure:
        """The same in the words of a template."""
        first = next(iter(self.stations))
        return Structure(
            hours="calendar",
            kinds={name: Kind(**{"start": first, **kind}) for name, kind in self.kinds.items()},
            teams={name: Team(shifts={"always": Shift(**ALWAYS, people=n)}) for name, n in self.people.items()},
            stations={
                name: Station(**{"teams": [name], "times": "exponential", **station})
                for name, station in self.stations.items()
            },
        )

    def visits(self, seed: int, replication: int, count: int) -> Visits:
        """So many visits, as they come by chance."""
        shares = [float(kind.get("share", 1.0)) for kind in self.kinds.values()]
        return poisson_visits(self.rate, count=count, seed=seed, replication=replication, shares=shares)

    def played(self, seed: int, replication: int, length: int, log: int = 0) -> Played:
        """All visits of one replication, played until the last has gone."""
        arrivals = self.visits(seed, replication, length + 2 * self.edge)
        return alone(self.structure, {}, arrivals, seed=seed, replication=replication, log=log)

    def measured(self, seed: int, replication: int, length: int) -> Ended:
        """The visits between the two edges."""
        ended = self.played(seed, replication, length).visits
        inside = ended[(ended["tag"] >= self.edge) & (ended["tag"] < self.edge + length)]
        return Ended(inside["kind"], inside["waited"], inside["ended"] - inside["arrived"], inside["how"])

    def study(
        self,
        name: str,
        about: str,
        formula: str,
        source: str,
        measure: Callable[[Ended], Figures],
        values: Figures,
        full: Size,
        small: Size,
    ) -> Study:
        """This floor as a study."""

        def simulate(seed: int, replication: int, length: int) -> Figures:
            return measure(self.measured(seed, replication, length))

        return Study(name, about, formula, source, values, simulate, full, small, floor=self)


WAIT = "mean wait"
THROUGH = "mean time from door to end"
JOURNEY = (f"{WAIT}, all queues", THROUGH)
GAVE_UP = "share that gives up"
IN_QUEUE = "mean time in the queue, of all"
TURNED = "share that turns round"


def wait(ended: Ended) -> Figures:
    """The mean wait of all."""
    return {WAIT: ended.mean_wait()}


def wait_by(*kinds: str) -> Callable[[Ended], Figures]:
    """The mean wait of each kind of work."""
    return lambda ended: {f"{WAIT}, {name}": ended.mean_wait(n) for n, name in enumerate(kinds)}


def journey(ended: Ended) -> Figures:
    """Minutes in queues, and from door to end."""
    return dict(zip(JOURNEY, (ended.mean_wait(), float(ended.through.mean())), strict=True))


def patience(ended: Ended) -> Figures:
    """Who gives up, and how long all were in the queue."""
    return {GAVE_UP: ended.share(GONE), IN_QUEUE: ended.mean_wait()}


def turning(ended: Ended) -> Figures:
    """Who turns round at the sight of the queue."""
    return {TURNED: ended.share(BALKED)}
