"""The life of one machine through one replication: what it ran, when it was set up, failed, was mended, stood idle."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np

from twin.clock import spoken
from twin.errors import UnknownName
from twin.experiment.events import Event
from twin.experiment.question import Question
from twin.model.business import Business
from twin.model.kernels import queues as kernel
from twin.spec.structure import Structure

FINISHED = (kernel.FINISHED, kernel.POSITIVE, kernel.NEGATIVE)
OF_MACHINES = (kernel.RUNS, kernel.SET_UP, kernel.STOPPED, kernel.BLOCKED)  # their team is a machine
ERRAND = {
    kernel.WAITING: "waits for", kernel.SERVED: "is worked on by", kernel.PUT_DOWN: "is left until the next shift by",
}  # fmt: skip


class Happening(NamedTuple):
    """A line of the log: when, to whose work, where, what, and by whom or on which machine."""

    minute: float
    tag: int
    station: int
    what: int
    team: int


def names_of(structure: Structure, vectors: Mapping[str, np.ndarray], machines: np.ndarray) -> list[str]:
    """What each machine is called: as in the records or, where these do not tell, its group and number.

    machines : of the kernel, with their group and their place in it
    """
    told = [str(name) for name in vectors.get("machine_id", ())]
    groups = [one.label or name for name, one in structure.machines.items()]
    known = dict(zip(sorted(places(machines)), told, strict=False))
    return [known.get(place, f"{groups[place[0]]} {place[1] + 1}") for place in places(machines)]


def places(machines: np.ndarray) -> list[tuple[int, int]]:
    """Group and place of each machine."""
    return list(zip(machines["pool"].tolist(), machines["slot"].tolist(), strict=True))


class FollowedMachine(Business):
    """A business in which one machine is followed.

    bearers : of each tag, the day and place of the order, its kind and its pieces
    """

    def __init__(self, name: str, question: Question, *inputs: Any, **options: Any) -> None:
        self.name, self.question = name, question
        self.bearers = dict[int, tuple[int, int, str, float]]()
        super().__init__(*inputs, **options)
        self.first = float(self.work.floor.clock)

    def step(self) -> None:
        """One day, and whose work came."""
        super().step()
        kinds = [one.label or name for name, one in self.structure.kinds.items()]
        came = zip(self.work.tags.tolist(), self.came.kind.tolist(), self.came.units.tolist(), strict=True)
        for nth, (tag, kind, units) in enumerate(came):
            self.bearers[tag] = self.day - 1, nth, kinds[kind].lower(), units

    def visits(self, *inputs: Any) -> Any:
        """The day's work, which is remembered."""
        self.came = super().visits(*inputs)
        return self.came

    def number(self) -> int:
        """Which machine it is. Raises UnknownName."""
        plant = self.work.floor.machines
        known = names_of(self.structure, self.inputs.vectors, plant.machines) if plant else []
        if self.name not in known:
            raise UnknownName("machine", self.name, known)
        return known.index(self.name)

    def life(self) -> list[Event]:
        """Everything that happened to it, in order of time."""
        mine, starts = self.number(), [start for start, _, _ in self.work.mornings]
        found = []
        for minute, what, detail in self._told(mine):
            if minute >= self.first:
                start, day, opens = self.work.mornings[bisect_right(starts, minute) - 1]
                found.append(Event(day, opens + minute - start, what, "", detail))
        return found

    def _told(self, mine: int) -> Iterator[tuple[float, str, str]]:
        """Minute, what and detail, event by event; where work is finished and none follows, it stands idle."""
        on, lines = kernel.NOBODY, self._lines(mine)
        for place, line in enumerate(lines):
            follows = lines[place + 1].minute if place + 1 < len(lines) else np.inf
            if line.tag == -1 - mine and (line.what != kernel.WAITING or follows > line.minute):
                yield from self._errand(line)
            elif line.tag != -1 - mine and line.what in OF_MACHINES and line.team == mine:
                on = line.tag
                yield line.minute, self._work(line.what), self._order(on)
            elif line.tag == on and line.what in FINISHED:
                yield line.minute, "has finished", self._order(on)
                on = kernel.NOBODY
                if follows > line.minute:
                    yield line.minute, "stands idle", ""
            elif line.tag == on and line.what == kernel.PUT_DOWN and follows > line.minute:
                yield line.minute, "stands, nobody is there", self._order(on)

    def _lines(self, mine: int) -> list[Happening]:
        """The lines of the log about this machine and the work on it."""
        log, on, found = self.work.floor.log, kernel.NOBODY, list[Happening]()
        for values in log.tolist():
            line = Happening(*values)
            own = line.team == mine and line.what in OF_MACHINES
            if own or line.tag == -1 - mine or (line.what == kernel.RUNS_AGAIN and line.team == mine):
                found.append(line._replace(tag=-1 - mine) if line.what == kernel.RUNS_AGAIN else line)
                on = line.tag if own else on
            elif line.tag == on and line.what in (*FINISHED, kernel.PUT_DOWN):
                found.append(line)
                on = kernel.NOBODY if line.what in FINISHED else on
        return found

    def _errand(self, line: Happening) -> Iterator[tuple[float, str, str]]:
        """What happens to a machine that is out of use."""
        stations, teams = list(self.structure.stations.values()), list(self.structure.teams.items())
        if line.what == kernel.MAINTAINED:
            yield line.minute, "is to be maintained", ""
        elif line.what == kernel.RUNS_AGAIN:
            yield line.minute, "is as good as new", ""
        elif line.what in ERRAND:
            station = stations[line.station]
            crew = teams[line.team] if 0 <= line.team < len(teams) else None
            who = (
                crew[1].label or crew[0] if crew else " or ".join(self.structure.teams[n].label for n in station.teams)
            )
            yield line.minute, f"{ERRAND[line.what]} the {who.lower()}", station.label.lower()

    def _work(self, what: int) -> str:
        said = {kernel.RUNS: "runs", kernel.SET_UP: "is set up", kernel.STOPPED: "fails"}
        return said.get(what, "cannot pass its work on")

    def _order(self, tag: int) -> str:
        """Which piece of work it is."""
        if tag not in self.bearers:
            return "work that came before the first day"
        day, nth, kind, units = self.bearers[tag]
        pieces = f", {units:.0f} pieces" if self.structure.makes else ""
        return f"{kind}{pieces}: number {nth + 1} of {spoken(self.question.horizon.today + timedelta(days=day))}"
