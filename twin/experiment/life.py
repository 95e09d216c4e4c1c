"""The life of one customer, piece of work or machine through one replication, event by event."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from twin.errors import TwinError
from twin.experiment.events import Event as Event
from twin.experiment.inputs import Bundle
from twin.experiment.machine_life import FollowedMachine, names_of
from twin.experiment.question import Question
from twin.experiment.replicate import set_up
from twin.model.appointments import agreed
from twin.model.business import Business
from twin.model.callers import Callers
from twin.model.kernels import queues as kernel
from twin.spec.structure import Kind

EVENTS_MOST = 4_000_000
PLACES = 0xFFFF  # of the number of a visit by appointment, what says which of the day's appointments it is
WHAT = {
    kernel.WAITING: "waits",
    kernel.SERVED: "is begun",
    kernel.FINISHED: "is finished here",
    kernel.POSITIVE: "is finished here: the test is positive",
    kernel.NEGATIVE: "is finished here: the test is negative",
    kernel.PUT_DOWN: "is put down",
    kernel.DONE: "is finished",
    kernel.GONE: "is given up",
    kernel.BALKED: "turns round at the sight of the queue",
    kernel.STOPPED: "is stopped, its machine fails",
    kernel.RUNS_AGAIN: "has its machine repaired",
    kernel.SET_UP: "has a machine set up for it",
    kernel.BLOCKED: "finds no room to go on",
    kernel.SCRAPPED: "is scrapped",
    kernel.RUNS: "runs",
}
ON_MACHINES = (kernel.RUNS, kernel.SET_UP, kernel.STOPPED, kernel.BLOCKED, kernel.RUNS_AGAIN)

Line = tuple[float, int, int, int, int]  # of the log: minute, tag, station, what, team
TESTED = (kernel.POSITIVE, kernel.NEGATIVE)


@dataclass(frozen=True)
class Wanted:
    """Whom to follow: a customer by segment and row, the n-th piece of work of a day, or a machine by name."""

    customer: tuple[int, int] | None = None
    visit: tuple[int, int] | None = None
    machine: str | None = None


def wanted(bundle: Bundle, who: str) -> Wanted:
    """Read 'customer 17850', 'visit 3/12' (day and place in it, both from 0) or 'machine SAW-1'.

    TwinError says what there is.
    """
    kind, _, which = who.strip().partition(" ")
    if kind == "machine" and bundle.structure.machines and which:
        return Wanted(machine=which)
    if kind == "visit":
        day, _, nth = which.partition("/")
        if day.isdigit() and nth.isdigit():
            return Wanted(visit=(int(day), int(nth)))
        raise TwinError(f"'{who}' is no piece of work; write visit DAY/NUMBER, such as visit 0/1.")
    names = [str(name) for name in bundle.vectors["customer_id"].tolist()]
    if kind != "customer" or which not in names:
        near = f"such as customer {names[0]}" if names else "but there is no known customer"
        more = ", or machine NAME" if bundle.structure.machines else ""
        raise TwinError(f"There is nobody called '{who}'. Write customer NUMBER, {near}, or visit DAY/NUMBER{more}.")
    place = names.index(which)
    code = bundle.vectors.get("customer_segment")
    if code is None:
        return Wanted(customer=(0, place))
    return Wanted(customer=(int(code[place]), int(np.count_nonzero(code[:place] == code[place]))))


class Followed(Business):
    """A business in which somebody is followed."""

    def __init__(self, who: Wanted, *inputs: Any, **options: Any) -> None:
        self.who, self.tags, self.events = who, list[int](), list[Event]()
        self.truth = dict[int, int]()  # of each tag, what a test there should find
        self.came_at, self.pieces = dict[int, Event](), dict[int, tuple[float, float]]()  # of each tag
        self.handed_over = dict[int, Event]()  # of each tag that ended without a station
        self.needs = dict[int, str]()  # of each tag, what it waits for
        super().__init__(*inputs, **options)

    def step(self) -> None:
        """One day, and what it brought whom we follow."""
        before = self._state()
        super().step()
        self._note(before, self._state(), self.day - 1)

    def visits(self, *inputs: Any) -> Callers:
        """The day's work, of which some is looked at."""
        self.came = super().visits(*inputs)
        return self.came

    def mine(self, day: int) -> list[int]:
        """Which of today's work is followed."""
        if self.who.visit is not None:
            return [self.who.visit[1]] if self.who.visit[0] == day and self.who.visit[1] < len(self.came) else []
        segment, row = self.who.customer or (-1, -1)
        return [int(n) for n in np.flatnonzero((self.came.segment == segment) & (self.came.row == row))]

    def _state(self) -> tuple[bool, float]:
        if self.who.customer is None:
            return True, 1.0
        segment, row = self.who.customer
        return bool(self.segments[segment].alive[row]), float(self.segments[segment].satisfaction[row])

    def _note(self, before: tuple[bool, float], after: tuple[bool, float], day: int) -> None:
        kinds = list(self.structure.kinds.values())
        for n in self.mine(day):
            self.tags.append(int(self.work.tags[n]))
            self.truth[self.tags[-1]] = kernel.POSITIVE if self.came.condition[n] else kernel.NEGATIVE
            brought = self._brought(n, kinds[self.came.kind[n]])
            self.events.append(Event(day, float(self.came.minute[n]), "comes", "", brought))
            self.came_at[self.tags[-1]] = self.events[-1]
            self.needs[self.tags[-1]] = "goods" if kinds[self.came.kind[n]].takes else "materials"
        if self.making:
            ended = self.making.ended
            told = zip(self.work.done.visits["tag"].tolist(), ended.units, ended.scrapped, strict=True)
            self.pieces |= {tag: (float(units), float(scrap)) for tag, units, scrap in told if tag in self.came_at}
            self._hand_over(day)
        evening = 1440.0
        if f"{after[1]:.0%}" != f"{before[1]:.0%}":
            change = f"satisfaction from {before[1]:.0%} to {after[1]:.0%}"
            self.events.append(Event(day, evening, "remembers", "", change))
        if before[0] and not after[0]:
            self.events.append(Event(day, evening, "leaves for good"))

    def _hand_over(self, day: int) -> None:
        """What became of orders that went to no station: they got what they came for, or went without."""
        kinds, (start, _, opens) = list(self.structure.kinds.values()), self.work.mornings[-1]
        for one in self.work.done.visits:
            tag, kind = int(one["tag"]), kinds[one["kind"]]
            if kind.takes and tag in self.came_at and (not kind.start or one["how"] == kernel.BALKED):
                what = "is handed over" if one["how"] == kernel.DONE else "finds too little and goes without"
                shelf = self.structure.nodes[kind.shelf].label or kind.shelf
                self.handed_over[tag] = Event(day, opens + float(one["ended"]) - start, what, shelf)

    def _brought(self, n: int, kind: Kind) -> str:
        """What the work is like."""
        units, fill = float(self.came.units[n]), float(self.came.fill[n])
        told = [kind.label.lower() + self._planned(n, kind)] if len(self.structure.kinds) > 1 else []
        told += [f"{units:.0f} lines"] if self.structure.items else []
        told += [f"{units:.0f} pieces"] if kind.makes or kind.takes else []
        told += [f"{fill:.0%} of it on the shelf"] if fill < 1.0 else []
        return ", ".join(told)

    def _planned(self, n: int, kind: Kind) -> str:
        """For when it was agreed, where it comes by appointment."""
        if kind.booked is None:
            return ""
        weekday = (self.inputs.first_weekday + self.day - 1) % 7
        minute = agreed(kind.booked, weekday, self.work.numbers)[int(self.came.entity[n]) & PLACES]
        return f" for {int(minute) // 60:02d}:{int(minute) % 60:02d}"

    def life(self) -> list[Event]:
        """Everything that happened, in order of time."""
        log, names = self.work.floor.log, [one.label or name for name, one in self.structure.stations.items()]
        teams = [one.label or name for name, one in self.structure.teams.items()]
        starts = [start for start, _, _ in self.work.mornings]
        plant = self.work.floor.machines
        machines = names_of(self.structure, self.inputs.vectors, plant.machines) if plant else []
        kept = in_words(log[np.isin(log["tag"], np.array(self.tags, np.int64))].tolist())
        found = [*self.events, *self._short(kept), *self.handed_over.values()]
        over = (kernel.DONE, kernel.SCRAPPED)
        ends = {(minute, tag) for minute, tag, _, what, _ in kept if what in over}
        for minute, tag, station, what, team in kept:
            if what == kernel.FINISHED and (minute, tag) in ends:
                continue
            start, day, opens = self.work.mornings[bisect_right(starts, minute) - 1]
            by = f"by {teams[team].lower()}" if what == kernel.SERVED and 0 <= team < len(teams) else ""
            by = "wrongly" if what in TESTED and what != self.truth[tag] else by
            by = machines[team] if what in ON_MACHINES and 0 <= team < len(machines) else by
            by = self._outcome(tag) if what == kernel.DONE else by
            found.append(Event(day, opens + minute - start, WHAT[what], names[station], by))
        return sorted(found, key=lambda event: (event.day, round(event.minute, 6), event.what != "comes"))

    def _short(self, kept: list[Line]) -> Iterator[Event]:
        """Orders whose materials, or goods, were missing when they came, and when they got them."""
        first = {tag: minute for minute, tag, *_ in reversed(kept)}
        starts = [start for start, _, _ in self.work.mornings]
        for tag, came in self.came_at.items() if self.making else ():
            start, day, opens = self.work.mornings[bisect_right(starts, first.get(tag, starts[-1])) - 1]
            minute = opens + first.get(tag, np.inf) - start
            if tag in self.handed_over:
                day, minute = self.handed_over[tag].day, self.handed_over[tag].minute
            if (day, round(minute, 6)) > (came.day, round(came.minute, 6)):
                yield Event(came.day, came.minute, f"waits for {self.needs[tag]}")
                if tag in first:
                    yield Event(day, minute, f"gets its {self.needs[tag]}")

    def _outcome(self, tag: int) -> str:
        """What became of the pieces of an order."""
        if tag not in self.pieces or not self.pieces[tag][0]:
            return ""
        units, scrap = self.pieces[tag]
        return f"{units - scrap:.0f} good pieces, {scrap:.0f} scrap"


def in_words(kept: list[Line]) -> list[Line]:
    """The lines of the log in the order in which one tells them: first who begins, then on which machine."""
    for n in range(1, len(kept)):
        (minute, tag, _, what, _), (then, same, _, begun, _) = kept[n - 1], kept[n]
        if what in (kernel.SET_UP, kernel.RUNS) and begun == kernel.SERVED and (minute, tag) == (then, same):
            kept[n - 1], kept[n] = kept[n], kept[n - 1]
    return kept


def life(bundle: Bundle, question: Question, replication: int, factors: np.ndarray | None, who: str) -> list[Event]:
    """Play one replication again and follow somebody through it; TwinError where there is nobody of that name."""
    if not bundle.structure.stations:
        from twin.experiment.order_life import order_life

        return order_life(bundle, question, replication, factors, who)
    who_it_is = wanted(bundle, who)
    if who_it_is.machine is not None:
        return machine_life(bundle, question, replication, factors, who_it_is.machine)
    played = set_up(bundle, question, replication, factors, partial(Followed, who_it_is, log=EVENTS_MOST))
    played.play()
    if played.who.visit is not None and not played.tags:
        raise TwinError(f"'{who}' did not come: that day of this play had fewer pieces of work, or is not played.")
    return told_by(played)


def machine_life(
    bundle: Bundle, question: Question, replication: int, factors: np.ndarray | None, name: str
) -> list[Event]:
    """The same of a machine. Raises UnknownName where there is none of that name."""
    followed = partial(FollowedMachine, name, question, log=EVENTS_MOST)
    played = set_up(bundle, question, replication, factors, followed)
    played.number()
    played.play()
    return told_by(played)


def told_by(played: Followed | FollowedMachine) -> list[Event]:
    """What a play tells of whom we follow; then it is let go."""
    if played.work.floor.log_lost:
        raise TwinError(f"More than {EVENTS_MOST:,} events happen in this play; choose a run of fewer days.")
    found = played.life()
    played.close()
    return found
