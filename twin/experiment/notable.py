"""Whom it is worth to follow through one replication: extremes of its work and customers, and an ordinary one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from twin.errors import TwinError
from twin.experiment.inputs import Bundle
from twin.experiment.life import EVENTS_MOST
from twin.experiment.machine_life import names_of
from twin.experiment.question import Question
from twin.experiment.replicate import set_up
from twin.experiment.standstill import Shortages, longest_down
from twin.model.business import Business
from twin.model.callers import Callers
from twin.model.crowd import Crowd
from twin.model.kernels import queues as kernel
from twin.model.orders import with_room

Reasons = dict[str, float]
NOBODY = -1


@dataclass(frozen=True)
class Notable:
    """Somebody worth following.

    who     : as a life is asked for, 'visit 3/12', 'customer 17850' or 'machine SAW-1'
    day     : of the horizon, on which the work came; None for a customer or a machine
    reasons : what it stands out by, each with its number. Work: waited, late, abandoned, ordinary (minutes; the last
              from door to end), materials, goods (minutes until it had them), materials_missing, goods_missing (minutes
              so far), stations (how often it was begun), balked (0). Customers: visits (how many), satisfaction (a
              share), left (how many visits before). Machines: failures, fewest_failures, down (minutes)
    """

    who: str
    day: int | None
    reasons: Reasons


def notable(bundle: Bundle, question: Question, replication: int, factors: np.ndarray | None) -> list[Notable]:
    """Play one replication again and say whom it is worth to follow: work first, then customers with a name."""
    if not bundle.structure.stations:
        raise TwinError("This business has no stations, so there is nothing to follow.")
    log = EVENTS_MOST if bundle.structure.machines else 0  # it tells how long a machine stood
    played = set_up(bundle, question, replication, factors, partial(Watched, log=log))
    played.play()
    names = [name.tolist() for name in named(bundle.vectors, len(played.segments))]
    found = [*played.work_found(), *played.customers_found(names), *played.machines_found()]
    played.close()
    return found


def named(vectors: dict[str, np.ndarray], segments: int) -> list[np.ndarray]:
    """The names of the customers of each segment, in the order of its rows."""
    code = vectors.get("customer_segment")
    return [vectors["customer_id"] if code is None else vectors["customer_id"][code == n] for n in range(segments)]


class Watched(Business):
    """A business that remembers who came and how each piece of work ended."""

    def __init__(self, *inputs: Any, **options: Any) -> None:
        self.came, self.ends, self.shortages = list[Callers](), list[np.ndarray](), Shortages()
        self.bearers = np.zeros(0, np.int64)  # whose work bears a number now: 1 and up, 0 before the first day
        super().__init__(*inputs, **options)
        self.failures, self.first = self._failures().copy(), float(self.work.floor.clock)
        self.were = [one.alive.copy() if isinstance(one, Crowd) else np.empty(0) for one in self.segments]

    def visits(self, *inputs: Any) -> Callers:
        """The day's work, which is remembered."""
        self.came.append(super().visits(*inputs))
        return self.came[-1]

    def step(self) -> None:
        """One day, and which work ended."""
        before = sum(len(one) for one in self.came)
        super().step()
        self.bearers = with_room(self.bearers, self.work.open.used)
        self.bearers[self.work.tags] = before + 1 + np.arange(len(self.work.tags))
        if self.making:
            self.shortages.look(self.making, self.bearers, self.work.mornings[-1][0])
        visits = self.work.done.visits
        which = self.bearers[visits["tag"]] - 1
        self.bearers[visits["tag"]] = 0
        self.ends.append(ended(visits, which, self.work.promised)[which != NOBODY])

    def work_found(self) -> list[Notable]:
        """Work that stands out, each once, with all that it stands out by."""
        starts = np.cumsum([0, *(len(one) for one in self.came)])
        reasons: dict[int, Reasons] = {}
        short = self.shortages.longest(self.work.floor.clock)
        for name, which, value in chain(short, extremes(np.concatenate(self.ends))):
            reasons.setdefault(which, {})[name] = value
        days = {which: int(np.searchsorted(starts, which, side="right")) - 1 for which in reasons}
        return [
            Notable(f"visit {days[which]}/{which - int(starts[days[which]])}", days[which], why)
            for which, why in reasons.items()
        ]

    def customers_found(self, names: list[list[Any]]) -> list[Notable]:
        """Customers known by name who stand out, of all segments; none where nobody is known."""
        reasons: dict[str, Reasons] = {}
        everybody = np.concatenate([self._segment(n, len(known)) for n, known in enumerate(names)])
        every_name = [name for known in names for name in known]
        for reason, which, value in standing_out(everybody):
            reasons.setdefault(f"customer {every_name[which]}", {})[reason] = value
        return [Notable(who, None, why) for who, why in reasons.items()]

    def machines_found(self) -> list[Notable]:
        """The machine that stands longest after a failure, the one that fails most often, and one that does least."""
        plant = self.work.floor.machines
        if plant is None or not len(self.failures):
            return []
        names = names_of(self.structure, self.inputs.vectors, plant.machines)
        failed = self._failures()[: len(self.failures)] - self.failures
        reasons: dict[int, Reasons] = {}
        down = longest_down(self.work.floor.log, self.first, self.work.floor.clock)
        if down:
            reasons[down[0]] = {"down": down[1]}
        reasons.setdefault(int(failed.argmax()), {})["failures"] = float(failed.max())
        reasons.setdefault(int(failed.argmin()), {})["fewest_failures"] = float(failed.min())
        return [Notable(f"machine {names[which]}", None, why) for which, why in reasons.items()]

    def _failures(self) -> np.ndarray:
        """How often each machine has failed so far."""
        plant = self.work.floor.machines if self.structure.stations else None
        return plant.machines["failures"] if plant else np.empty(0, np.int64)

    def _segment(self, n: int, known: int) -> np.ndarray:
        """How often each known customer of a segment came, how satisfied each is, who was there and who still is."""
        people = self.segments[n]
        if not isinstance(people, Crowd):
            return np.empty((0, 4))
        rows = np.concatenate([one.row[(one.segment == n) & (one.row >= 0)] for one in self.came])
        visits = np.bincount(rows, minlength=known)[:known]
        return np.column_stack([visits, people.satisfaction[:known], self.were[n][:known], people.alive[:known]])


ENDED = np.dtype([
    ("which", "i8"), ("how", "i8"), ("steps", "i8"), ("waited", "f8"), ("through", "f8"), ("late", "f8"),
])  # fmt: skip


def ended(visits: np.ndarray, which: np.ndarray, promised: np.ndarray) -> np.ndarray:
    """How each piece of work ended, with the minutes from door to end and those after what was promised."""
    rows = np.empty(len(visits), ENDED)
    through = visits["ended"] - visits["arrived"]
    columns = (which, visits["how"], visits["steps"], visits["waited"], through, through - promised[visits["kind"]])
    for name, column in zip(ENDED.names or (), columns, strict=True):
        rows[name] = column
    return rows


def extremes(rows: np.ndarray) -> Iterator[tuple[str, int, float]]:
    """What work stands out by, which it is, and by how much: the first of several that are alike."""
    done, gone = rows[rows["how"] == kernel.DONE], rows[rows["how"] == kernel.GONE]
    for name, among, column in (("waited", done, "waited"), ("late", done, "late"), ("abandoned", gone, "waited")):
        if len(among) and among[column].max() > 0.0:
            yield name, *one_of(among, int(among[column].argmax()), column)
    balked = rows[rows["how"] == kernel.BALKED]
    if len(balked):
        yield "balked", int(balked["which"][0]), 0.0
    if len(done) and done["steps"].max() > done["steps"].min():
        yield "stations", *one_of(done, int(done["steps"].argmax()), "steps")
    if len(done):
        middle = int(np.argsort(done["through"], kind="stable")[len(done) // 2])
        yield "ordinary", *one_of(done, middle, "through")


def one_of(rows: np.ndarray, place: int, column: str) -> tuple[int, float]:
    """Which piece of work it is, and its number."""
    return int(rows["which"][place]), float(rows[column][place])


def standing_out(everybody: np.ndarray) -> Iterator[tuple[str, int, float]]:
    """What customers stand out by, which row it is, and by how much; only who came at all is asked."""
    visits, satisfaction, was, stays = everybody.T
    came = np.flatnonzero(visits > 0)
    if not len(came):
        return
    most = came[visits[came].argmax()]
    yield "visits", int(most), float(visits[most])
    least = came[satisfaction[came].argmin()]
    yield "satisfaction", int(least), float(satisfaction[least])
    left = came[(was[came] > 0) & (stays[came] == 0)]
    if len(left):
        one = left[visits[left].argmax()]
        yield "left", int(one), float(visits[one])
