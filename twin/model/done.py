"""What the stations tell: visits that ended, and sums by station and by team."""

from collections.abc import Callable, Sequence
from functools import cached_property, reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np

from twin.model.kernels import first_come
from twin.model.kernels import queues as kernel

STATION_SUMS = np.dtype(
    [
        ("arrivals", "f8"),
        ("begins", "f8"),  # visits begun; going on with one that was put down does not count
        ("finished", "f8"),
        ("abandons", "f8"),
        ("balks", "f8"),
        ("wait_sum", "f8"),  # minutes until begun, of those begun
        ("down_sum", "f8"),  # minutes until taken up again, of those put down
        ("gone_sum", "f8"),  # minutes until they gave up, of those who did
        ("queue_minutes", "f8"),  # queue length over time: the three sums, and what those waiting now have waited
        ("busy_minutes", "f8"),
        ("waiting", "f8"),  # at the end
    ]
)
TEAM_SUMS = np.dtype([("busy_minutes", "f8"), ("overtime_minutes", "f8")])
KIND_SUMS = np.dtype(
    [("finished", "f8"), ("abandons", "f8"), ("balks", "f8"), ("wait_sum", "f8"), ("through_sum", "f8")]
)


class Sums(NamedTuple):
    """What came together between two moments, as rows of numbers: STATION_SUMS by station, TEAM_SUMS by team."""

    stations: np.ndarray
    teams: np.ndarray


class Done:
    """What ended between two moments, in order of ending, and the sums of that time.

    visits   : a record for each visit that ended, see kernels/queues.py, ENDED; its fields are columns here, too
    stations : STATION_SUMS by station;  teams : TEAM_SUMS by team
    """

    machines: np.ndarray | None = None  # MACHINE_SUMS by group (twin/model/machines.py), where there are machines

    def __init__(self, visits: np.ndarray, sums: "Sums", kinds: int = 1) -> None:
        self.visits, self.sums, self._kinds = visits, sums, kinds

    def __len__(self) -> int:
        return len(self.visits)

    def __getattr__(self, name: str) -> Any:
        if name in (kernel.ENDED.names or ()):
            return self.visits[name]
        raise AttributeError(name)

    def of(self, visits: np.ndarray) -> "Done":
        """The same time at the stations, with other visits."""
        other = Done(visits, self.sums, self._kinds)
        other.machines = self.machines
        return other

    @property
    def waited(self) -> np.ndarray:
        """Minutes in queues of each visit."""
        return self.visits["waited"]

    @cached_property
    def stations(self) -> np.ndarray:
        """STATION_SUMS by station."""
        return self.sums.stations.view(STATION_SUMS)[:, 0]

    @cached_property
    def teams(self) -> np.ndarray:
        """TEAM_SUMS by team."""
        return self.sums.teams.view(TEAM_SUMS)[:, 0]

    @cached_property
    def kinds(self) -> np.ndarray:
        """KIND_SUMS by kind of work: how its visits ended; waits and minutes from door to end of those finished."""
        sums, all_kinds = np.zeros(self._kinds, KIND_SUMS), self.visits["kind"]
        for name, how in (("finished", kernel.DONE), ("abandons", kernel.GONE), ("balks", kernel.BALKED)):
            sums[name] = np.bincount(all_kinds[self.visits["how"] == how], minlength=self._kinds)
        done = self.visits[self.visits["how"] == kernel.DONE]
        for name, minutes in (("wait_sum", done["waited"]), ("through_sum", done["ended"] - done["arrived"])):
            sums[name] = np.bincount(done["kind"], minutes, self._kinds)
        return sums


def together(parts: Sequence[Done]) -> Done:
    """Stretches of time that follow one another, as one."""
    if len(parts) == 1:
        return parts[0]
    sums = [one.sums for one in parts]
    stations, teams = (reduce(add, rows) for rows in zip(*sums, strict=True))  # whole ticks add up exactly
    stations[:, -1] = sums[-1].stations[:, -1]  # who waits at the end
    ended = [one.visits for one in parts if len(one)]  # most stretches of a night have none
    visits = np.concatenate(ended) if len(ended) > 1 else (ended or [parts[0].visits])[0]
    whole = Done(visits, Sums(stations, teams), parts[0]._kinds)
    machines = [one.machines for one in parts if one.machines is not None]
    if machines:
        rows = reduce(add, [one.view(float).reshape(len(one), -1) for one in machines])
        whole.machines = rows.view(machines[0].dtype)[:, 0]
    return whole


class DoneInTurn(Done):
    """The same of a station that serves first come, first served; the columns are written when somebody asks."""

    def __init__(self, columns: Sequence[np.ndarray], rest: Sequence[np.ndarray], sums: "Sums", kinds: int = 1) -> None:
        self._columns, self._rest = columns, rest  # minute, entity, kind, condition, tag; past, began, ended, out
        self.sums, self._kinds = sums, kinds

    def __len__(self) -> int:
        return len(self._rest[-1])

    @cached_property
    def visits(self) -> np.ndarray:  # type: ignore[override]
        """A record for each visit that ended."""
        rows = np.empty(len(self), kernel.ENDED)
        tell: Callable[..., None] = first_come.told
        tell(*self._columns, *self._rest, rows)
        return rows

    @cached_property
    def waited(self) -> np.ndarray:
        """Minutes in queues of each visit."""
        past, began, _, out = self._rest
        waited = np.empty(len(self))
        first_come.waits(self._columns[0], past, began, out, waited)
        return waited
