"""What stands still in a play: orders until their materials or goods come in, and machines after they failed."""

from collections.abc import Iterator

import numpy as np

from twin.model.kernels import queues as kernel
from twin.model.making import Making
from twin.model.orders import with_room

NEVER = -1.0


class Shortages:
    """How long each order of the days that are played has waited for what it needs, by the number of the order."""

    def __init__(self) -> None:
        self.since, self.until = np.zeros(0), np.zeros(0)  # of each order; never where it has not had to wait
        self.takes = np.zeros(0, np.bool_)  # whether it takes goods from a shelf, and is not made out of materials
        self.waiting = np.zeros(0, np.int64)

    def look(self, making: Making, bearers: np.ndarray, start: float) -> None:
        """After a day: who waits now, and who waited in the evening before and began when this day did.

        bearers : of each tag, the number of its order, from 1; 0 before the first day
        """
        which = bearers[making.short_tags] - 1
        mine = which >= 0
        room = int(bearers.max(initial=0))
        self.since, self.until = (with_room(one, room) for one in (self.since, self.until))
        self.takes = with_room(self.takes, room)
        self.until[np.setdiff1d(self.waiting, which)] = start
        self.since[which[mine]] = making.short_since[mine]
        self.takes[which[mine]] = making.finished_goods.kinds[making.short.kind[mine]]
        self.waiting = which[mine]

    def longest(self, clock: float) -> Iterator[tuple[str, int, float]]:
        """Which order waited longest until it began, and which waits longest that has not; with the minutes."""
        had = np.flatnonzero(self.until > 0.0)
        for one in (had[np.argsort(self.since[had] - self.until[had], kind="stable")][:1]).tolist():
            yield self._needs(one), one, float(self.until[one] - self.since[one])
        for one in (self.waiting[np.argsort(self.since[self.waiting], kind="stable")][:1]).tolist():
            yield f"{self._needs(one)}_missing", one, float(clock - self.since[one])

    def _needs(self, which: int) -> str:
        return "goods" if self.takes[which] else "materials"


def longest_down(log: np.ndarray, first: float, clock: float) -> tuple[int, float] | None:
    """The machine that stood longest after one failure, and for how many minutes; None where none failed.

    log : what happened at the stations;  first, clock : when the days that are played begin and end
    """
    since, longest = dict[int, float](), (0.0, kernel.NOBODY)
    for one in log[np.isin(log["what"], (kernel.STOPPED, kernel.RUNS_AGAIN))].tolist():
        minute, _, _, what, machine = one
        if what == kernel.STOPPED:
            since[machine] = minute
        elif machine in since:
            longest = longer(longest, since.pop(machine), minute, machine, first)
    for machine, began in since.items():
        longest = longer(longest, began, clock, machine, first)
    return None if longest[1] == kernel.NOBODY else (longest[1], longest[0])


def longer(longest: tuple[float, int], began: float, ended: float, machine: int, first: float) -> tuple[float, int]:
    """The longer of two standstills; what began before the first day is not looked at."""
    return (ended - began, machine) if began >= first and ended - began > longest[0] else longest
