"""All queues of a business: visits come, wait, are served, go on and end; people are there or not."""

import math
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import numpy as np

from twin.errors import TwinError
from twin.model.chance import Chance, Purpose
from twin.model.done import Done, DoneInTurn, Sums
from twin.model.kernels import arrivals, first_come
from twin.model.kernels import queues as kernel
from twin.model.kernels import row as row_kernel
from twin.model.kernels.calendar import sweep
from twin.model.kernels.serving import call_all
from twin.model.kernels.stations import advance, take_numbers
from twin.model.layout import Layout
from twin.model.machines import Machines
from twin.model.row import MOST, Room
from twin.spec.structure import Structure, Values

PURPOSES = (Purpose.SERVICE, Purpose.PATIENCE, Purpose.ONWARD, Purpose.RESULT)
LEAST_ROOM = 64
Columns = tuple[np.ndarray, ...]  # minute, entity, kind, condition, units, tag
NONE = np.empty(0, np.int64)


class Floor:
    """All queues of one business on a clock of their own, in minutes from 0.

    It knows no days: whoever uses it says who is there (`staff`), who comes (`accept`) and how far to play (`advance`).
    in_turn : whether the faster way may be taken where it gives the same answers
    """

    def __init__(
        self, structure: Structure, values: Values, chance: Chance, log: int = 0, in_turn: bool = True
    ) -> None:
        self.structure, self.clock, self.layout = structure, 0.0, Layout(structure, values)
        self._keys = np.array([chance[purpose] for purpose in PURPOSES], np.uint64)
        self._log_bound, self._log = log, np.zeros(min(log, 1024), kernel.EVENT)
        self.machines = Machines(structure, values, chance) if structure.needs_plant else None
        self._retuned, self._days_put_off = self.machines is not None, 0
        self._in_turn_allowed, self._in_turn = in_turn and log == 0 and self.machines is None, True
        places, crews = len(structure.stations), len(self.layout.teams)
        self._tally, self._labour = np.zeros((places, kernel.TALLY), np.int64), np.zeros((crews, 2), np.int64)
        self._told, self._told_labour = self._tally.copy(), self._labour.copy()
        self._counters = np.zeros(kernel.COUNTERS, np.int64)
        self._counters[kernel.FREE] = kernel.NOBODY
        self._visits = np.zeros(0, kernel.VISIT)
        self._room = Room(places, 1, LEAST_ROOM)
        self._staying = np.zeros(4 + crews, kernel.STAYING)
        self._times, self._orders, self._whats = np.empty(0), NONE, NONE
        self._last = np.zeros(1)
        self._changes, self._new_changes = np.empty(0, kernel.CHANGE), list[tuple[float, int, int, float]]()
        self._coming: Columns = (np.empty(0), NONE, NONE, NONE, np.empty(0), NONE)
        self._accepted = 0
        self._more_visits()

    # ------------------------------------------------------------ what is put in

    def tune(self, values: Values) -> None:
        """Use these numbers for whatever begins from now on, or comes into a queue; whoever can be called now, is."""
        self.layout.tune(values)
        if self.machines:
            self.machines.tune(values, self.clock)
        self._retuned = True

    def staff(self, team: int, minute: float, people: int, speed: float = 1.0) -> None:
        """A team has so many people of this speed from a minute on."""
        if not 0 <= team < len(self.structure.teams):
            raise TwinError(f"There is no team {team}; teams are numbered from 0 to {len(self.structure.teams) - 1}.")
        if not self.clock <= minute < math.inf:
            raise TwinError(f"A change of staff at minute {minute:g} comes too late; the clock is at {self.clock:g}.")
        if people < 0 or (people > 0 and not 0.0 < speed < math.inf):
            raise TwinError(f"A team cannot have {people} people of speed {speed:g}; people work at a speed above 0.")
        self._new_changes.append((float(minute), int(team), int(people), float(speed)))

    def accept(
        self, minute: Any, entity: Any, kind: Any, condition: Any = None, units: Any = None, tag: Any = None
    ) -> None:
        """Visits will come at these minutes, in order of time; each has an entity of its own, for its luck.

        Without units a visit has one, without tags it is numbered in the order of acceptance.
        Raises TwinError where they are not in order, come before the clock, or are of no kind there is.
        """
        when = np.ascontiguousarray(minute, float)
        count = len(when)
        columns: Columns = (
            when,
            np.ascontiguousarray(entity, np.int64),
            np.ascontiguousarray(kind, np.int64),
            np.zeros(count, np.int64) if condition is None else np.ascontiguousarray(condition, np.int64),
            np.ones(count) if units is None else np.ascontiguousarray(units, float),
            np.arange(self._accepted, self._accepted + count) if tag is None else np.ascontiguousarray(tag, np.int64),
        )
        self._check(columns)
        self.take(columns)

    def take(self, columns: Columns) -> None:
        """The same of visits that are known to be in order, as the model makes them."""
        if len(columns[0]):
            self._accepted += len(columns[0])
            self._coming = self._merged(columns)

    def _check(self, columns: Columns) -> None:
        if len({len(column) for column in columns}) > 1:
            raise TwinError("Each visit needs a minute, an entity and a kind; the columns differ in length.")
        if not arrivals.in_order(columns[0], self.clock):
            raise TwinError(f"Visits come in order of time and not before the clock, which is at {self.clock:g}.")
        if not arrivals.of_kinds(columns[2], len(self.structure.kinds)):
            raise TwinError(f"Kinds of work are numbered from 0 to {len(self.structure.kinds) - 1}.")

    def _merged(self, columns: Columns) -> Columns:
        """Those who come with those accepted before; of one moment, those accepted before come first."""
        first = int(self._counters[kernel.NEXT])
        self._counters[kernel.NEXT] = 0
        if first == len(self._coming[0]):
            return columns
        joined = tuple(np.concatenate([old[first:], new]) for old, new in zip(self._coming, columns, strict=True))
        if columns[0][0] >= self._coming[0][-1]:
            return joined
        order = np.argsort(joined[0], kind="stable")
        return tuple(column[order] for column in joined)

    # ------------------------------------------------------------ what happens

    def advance(self, until: float) -> Done:
        """Play everything before a minute; with math.inf, until nothing more happens."""
        if not until >= self.clock:
            raise TwinError(f"The clock is at {self.clock:g}; it cannot go back to {until:g}.")
        if self.machines and math.isinf(until) and self.machines.endless:
            raise TwinError("Machines are maintained every so many days, so there is no end; say until when to play.")
        self._counters[kernel.ENDED_COUNT] = 0
        ended = self._take_numbers(until) if self._retuned else None
        self._note_changes()
        self._note_way()
        if self._goes_in_turn(until):
            return self._advance_in_turn(until)
        ended = self._those_who_may_end(until) if ended is None else ended
        self._play_on(ended, until)
        self._set_clock(until)
        done = Done(ended[: self._counters[kernel.ENDED_COUNT]], self._sums(), len(self.structure.kinds))
        if self.machines:
            done.machines = self.machines.sums(self.clock)
        return done

    def _those_who_may_end(self, until: float) -> np.ndarray:
        """Room for telling of all who are inside or come before a minute."""
        first, last = self._coming_before(until)
        return np.empty(last - first + self.open, kernel.ENDED)

    def _take_numbers(self, until: float) -> np.ndarray | None:
        """Where numbers have changed, call those who can be served now; returns who ended, if anybody could."""
        self._retuned, layout = False, self.layout
        if self.machines is None and not layout.stations["waiting"].any():
            return None
        ended = self._those_who_may_end(until)
        self._make_room()
        before = (self._visits, layout.stations, layout.work, layout.ranks, layout.queues, layout.teams)
        after = (
            layout.station_of, layout.skills, self._keys, self._times, self._orders, self._whats, self._counters,
            self._tally, self._labour,
        )  # fmt: skip
        if self.machines:
            _called(take_numbers)(*before, layout.team_of, *after, ended, self._log, self._plant(), self.clock)
        else:
            _called(call_all)(*before, *after, self._log, None, self.clock)
        return ended

    def _make_room(self) -> None:
        """Room for all that may happen at one moment: on the calendar, in the log, and for sending for crews."""
        sweep(self._visits, self._times, self._orders, self._whats, self._counters)
        if self.machines:  # a day of maintenance that no longer holds stays on the calendar until it comes
            self._days_put_off += self.machines.count
            self._widen_calendar()
        while self.machines and len(self._visits) - self._counters[kernel.OPEN] < self.machines.count + 8:
            self._more_visits()
        lines = 7 * int(self._counters[kernel.OPEN]) + 4 * (self.machines.count if self.machines else 0) + 8
        while len(self._log) - self._counters[kernel.LOGGED] < lines and len(self._log) < self._log_bound:
            self._grow(kernel.MORE_LOG)

    def _plant(self) -> Any:
        """What the kernel reads of machines and room; None where there is none."""
        return self.machines.plant(self.layout.start) if self.machines else None

    def _coming_before(self, until: float) -> tuple[int, int]:
        """Which rows of those accepted come before a minute."""
        first = int(self._counters[kernel.NEXT])
        return first, first + int(self._coming[0][first:].searchsorted(until))

    def _play_on(self, ended: np.ndarray, until: float) -> None:
        """Station by station between two changes of staff where that may be; everything else event by event."""
        while self._goes_in_a_row() and self._most_people() <= row_kernel.LONGEST:
            while (change := self._next_change()) == self.clock and self._changes_at_once():
                pass
            self._play_row(ended, self._most_people(), min(change, until))
            if change >= until:
                return
            self._play_events(ended, math.nextafter(change, math.inf))
        self._play_events(ended, until)

    def _changes_at_once(self) -> bool:
        """Let a change of staff hold from this moment on, where nobody puts work down or stays on because of it."""
        number = self._counters[kernel.CHANGES]
        minute, team, people, speed = self._changes[number].item()
        layout = self.layout
        staff, _, busy, _, pauses, overtime = layout.teams[team].item()
        waits = people < staff and overtime > 0.0 and self._work_waits(team)
        if people > row_kernel.LONGEST or waits or (pauses and busy > people):
            return False
        layout.staff[team], layout.speed[team] = people, speed
        self._counters[kernel.CHANGES], self._last[0] = number + 1, minute
        return True

    def _work_waits(self, team: int) -> bool:
        """Whether anybody waits at the stations of a team."""
        return any(place >= 0 and self.waiting(place) for place in self.layout.station_of[team].tolist())

    def _next_change(self) -> float:
        """When a team's staff changes next."""
        number = self._counters[kernel.CHANGES]
        return float(self._changes["minute"][number]) if number < len(self._changes) else math.inf

    def _play_events(self, ended: np.ndarray, until: float) -> None:
        while short := self._play(ended, until):
            self._grow(short)

    def _play(self, ended: np.ndarray, until: float) -> int:
        layout, play = self.layout, _called(advance)
        return play(
            self._visits, layout.stations, layout.work, layout.ranks, layout.queues, layout.teams, self._staying,
            layout.team_of, layout.station_of, layout.skills, layout.onward, self._keys,
            self._times, self._orders, self._whats, self._counters, self._tally, self._labour, ended,
            self._log, len(self._log) < self._log_bound, self._plant(),
            *self._coming, layout.start, self._changes, self._last, until,
        )  # fmt: skip

    def _set_clock(self, until: float) -> None:
        self.clock = float(until) if until < math.inf else max(self.clock, float(self._last[0]))

    def _note_changes(self) -> None:
        """Changes of staff in order of time, then of teams, then of when they were given; those that change nothing go.

        With nobody inside, what holds from now on needs no event.
        """
        if not self._new_changes:
            return
        left = self._changes[self._counters[kernel.CHANGES] :].tolist() + self._new_changes
        self._new_changes, real = [], []
        layout, nobody_is_in = self.layout, self.open == 0 and self._counters[kernel.GROUPS] == 0
        now = list(zip(layout.staff.tolist(), layout.speed.tolist(), strict=True))
        for minute, team, people, speed in sorted(left, key=itemgetter(0, 1)):
            if now[team] == (people, speed):
                continue
            now[team] = (people, speed)
            if nobody_is_in and minute == self.clock:
                layout.staff[team], layout.speed[team] = people, speed
            else:
                real.append((minute, team, people, speed))
        self._changes = np.array(real, kernel.CHANGE)
        self._counters[kernel.CHANGES] = 0

    # ------------------------------------------------------------ first come, first served

    def _note_way(self) -> None:
        """Whether those inside are served first come, first served, whatever rules they came under."""
        simple = self._in_turn_allowed and len(self.layout.row) > 0
        self._in_turn = simple and (self._in_turn or self.open == 0)

    def _goes_in_turn(self, until: float) -> bool:
        """Whether this stretch is one team that serves first come, first served, and nothing else."""
        counters = self._counters
        if not self._in_turn or not self.layout.plain or counters[kernel.DOWN] or counters[kernel.GROUPS]:
            return False
        team = self.layout.teams[self.layout.team_of[0, 0]]
        people = bool(0 < team["staff"] <= first_come.LONGEST and team["busy"] <= team["staff"])
        return people and self._next_change() >= until

    def _goes_in_a_row(self) -> bool:
        """Whether each station may be played alone until staff changes."""
        return self._in_turn and not self._counters[kernel.GROUPS]

    def _most_people(self) -> int:
        """The most people of a team, those who are still serving after their shift included."""
        return max(*self.layout.staff.tolist(), *self.layout.busy.tolist())

    def _play_row(self, ended: np.ndarray, people: int, until: float) -> None:
        """In stretches of so many visits at most that they stay in the processor's cache."""
        minute, first, last = self._coming[0], *self._coming_before(until)
        while last - first > MOST and minute[first + MOST] > minute[first]:
            end = float(minute[first + MOST])
            self._play_stretch(ended, people, first + int(np.searchsorted(minute[first:last], end)), end)
            first = int(self._counters[kernel.NEXT])
        self._play_stretch(ended, people, last, until)

    def _play_stretch(self, ended: np.ndarray, people: int, last: int, until: float) -> None:
        """Play to before a minute, with those who come before the row `last`."""
        layout, coming = self.layout, last - int(self._counters[kernel.NEXT])
        while len(self._visits) - self.open < coming:
            self._more_visits()
        visits = coming + self.open
        if people > self._room.people or visits > self._room.visits:
            self._room = Room(len(layout.stations), max(people, self._room.people), 2 * visits)
        _called(row_kernel.play)(
            self._visits, layout.stations, layout.work, layout.ranks, layout.queues, layout.teams, layout.team_of,
            layout.skills, self._keys, self._times, self._orders, self._whats, self._counters, self._tally,
            self._labour, ended, self._log, *self._coming, layout.start, last, layout.row, *self._room.arrays,
            self._last, self.clock, until,
        )  # fmt: skip

    def _advance_in_turn(self, until: float) -> Done:
        layout, team = self.layout, int(self.layout.team_of[0, 0])
        first, last = self._coming_before(until)
        minute, entity, kind, condition, units, tag = (one[first:last] for one in self._coming)
        inside, people = self.open, int(layout.teams[team]["staff"])
        past, slots, orders = np.empty(inside, kernel.ENDED), np.empty(inside, np.int64), np.empty(inside, np.int64)
        began, ended = np.empty(inside + len(minute)), np.empty(inside + len(minute))
        out, met = np.empty(inside + len(minute), np.int64), np.zeros(2, np.int64)
        frees, whos = np.empty(people), np.empty(people, np.int64)
        state = (
            self._visits, layout.stations, layout.work, layout.ranks, layout.queues, layout.teams, team, layout.skills,
            self._keys, self._times, self._orders, self._whats, self._counters, self._tally,
        )  # fmt: skip
        row = _called(first_come.serve)(
            *state, self._labour, minute, entity, kind, units, tag, past, slots, orders, began, ended, out, frees, whos,
            np.empty(first_come.BLOCK), met, self._last, self.clock, until,
        )  # fmt: skip
        stay = len(minute) - row + int(layout.teams[team]["busy"])
        if stay:
            while len(self._visits) - self.open < stay:
                self._more_visits()
            state = (self._visits, *state[1:9], self._times, self._orders, self._whats, *state[12:])
            _called(first_come.keep)(
                *state, minute, entity, kind, condition, units, tag, row, slots, orders, inside, began, frees, whos,
                met, until,
            )  # fmt: skip
        self._set_clock(until)
        out = out[: self._counters[kernel.ENDED_COUNT]]
        columns, rest = (minute, entity, kind, condition, tag), (past, began, ended, out)
        return DoneInTurn(columns, rest, self._sums(), len(self.structure.kinds))

    # ------------------------------------------------------------ sums and room

    def _sums(self) -> Sums:
        """What came together since the last advance; open stretches count up to the clock."""
        layout, crews = self.layout, len(self.structure.teams)
        sums, labour = np.empty((len(self._tally), kernel.TALLY + 1)), np.empty(self._labour.shape)
        _called(kernel.told)(
            self._tally, self._labour, self._told, self._told_labour, layout.stations, layout.teams, self.clock,
            sums, labour,
        )  # fmt: skip
        return Sums(sums, labour[:crews])

    def _grow(self, short: int) -> None:
        if short == kernel.MORE_VISITS:
            self._more_visits()
        elif short == kernel.MORE_GROUPS:
            self._staying = _wider(self._staying, 2 * len(self._staying))
            self._widen_calendar()
        else:
            self._log = _wider(self._log, min(self._log_bound, 2 * len(self._log)))

    def _more_visits(self) -> None:
        """Twice the slots for visits, and three places on the calendar for each."""
        old = len(self._visits)
        size = max(LEAST_ROOM, 2 * old)
        self._visits = _wider(self._visits, size)
        self._visits["behind"][old:] = np.append(np.arange(old + 1, size), self._counters[kernel.FREE])
        self._counters[kernel.FREE] = old
        if self.machines:
            self.machines.widen(size)
        self._widen_calendar()

    def _widen_calendar(self) -> None:
        room = 3 * len(self._visits) + 2 * len(self._staying)
        if self.machines:
            room += 2 * len(self._visits) + 4 * self.machines.count + 16 + self._days_put_off
        self._times, self._orders = _wider(self._times, room), _wider(self._orders, room)
        self._whats = _wider(self._whats, room)

    # ------------------------------------------------------------ what can be seen

    @property
    def open(self) -> int:
        """Visits inside: waiting, being served, or blocked; repairs and maintenance are none."""
        return int(self._counters[kernel.OPEN] - self._counters[kernel.ERRANDS])

    def waiting(self, station: int) -> int:
        """How many wait at a station, those included whose work was put down."""
        return int(self.layout.stations[station]["waiting"])

    @property
    def log(self) -> np.ndarray:
        """What happened so far: minute, tag, station, what and team of each event, while there was room."""
        return self._log[: self._counters[kernel.LOGGED]]

    @property
    def log_lost(self) -> int:
        """How many events found no room in the log."""
        return int(self._counters[kernel.LOST])


def _wider(array: np.ndarray, size: int) -> np.ndarray:
    wide = np.zeros(size, array.dtype)
    wide[: len(array)] = array
    return wide


def _called(kernel_function: Any) -> Callable[..., int]:
    """A kernel as a function of whatever it takes; its types are those it is compiled for."""
    called: Callable[..., int] = kernel_function
    return called
