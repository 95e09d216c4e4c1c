"""The work of a business: what customers bring goes through its stations, staffed by its teams."""

import math
from itertools import chain, pairwise, repeat
from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.appointments import agreed, coming
from twin.model.callers import NOBODY, UNCUT, Callers, Open
from twin.model.chance import Purpose
from twin.model.done import STATION_SUMS, together
from twin.model.inputs import Values, Vectors
from twin.model.kernels import callers as kernel
from twin.model.kernels.queues import SCRAPPED
from twin.model.machines import manned
from twin.model.satisfaction import losses
from twin.model.staff import Staff
from twin.model.stations import DONE, Done, Floor
from twin.model.teams import Roster, Team, TeamDay
from twin.records import BY_KIND, BY_STATION, BY_TEAM, WAIT_BINS, WAIT_EDGES
from twin.spec.structure import kind_shares, number

if TYPE_CHECKING:
    from twin.model.business import Business

DAY_MINUTES = 1440.0
EDGES = np.array(WAIT_EDGES)
SUMS = (  # in the order of kernels.callers
    "visits_finished", "visits_late", "visits_abandoned", "visits_balked", "wait_minutes_sum", "through_minutes_sum",
)  # fmt: skip
TESTED = ("visits_tested", "visits_positive", "cases_tested", "cases_missed", "false_alarms")
ROSTER = (  # the field of each column of a roster; who changes when is none
    "", "staff_rostered", "staff_present", "staff_absent", "staff_vacant", "", "staff_hired", "staff_present_minutes",
    "agency_minutes", "",
)  # fmt: skip

AT_STATIONS = [  # of the fields of a station in the record, in that order, the place among its sums
    list(STATION_SUMS.names or ()).index(name) for name in ("begins", "wait_sum", "waiting", "busy_minutes")
]


class Work(mesa.Agent):
    """All stations and teams of a business; what is not finished in the evening goes on the next day."""

    def __init__(self, business: "Business", values: Values, log: int = 0) -> None:
        super().__init__(business)
        self.structure, self.values, self.chance = business.inputs.structure, values, business.chance
        self.floor, self.numbers, self.given = Floor(self.structure, values, self.chance, log), values, values
        self.losses = losses(values)
        told = (self.structure, values, business.inputs.vectors)
        self.teams = [Team(business, name, n, *told) for n, name in enumerate(self.structure.teams)]
        self.staff, self.open = Staff(self.teams), Open(again=not log)
        self.tags = np.empty(0, np.int64)  # of those who came today
        self.mornings: list[tuple[float, int, float]] = []  # the floor's clock, the day, and when it begins
        self.team_fields = [f"{field}[{name}]" for name in self.structure.teams for field in BY_TEAM]
        self.station_fields = [f"{field}[{name}]" for name in self.structure.stations for field in BY_STATION]
        self.kinds, self.promised = list(self.structure.kinds), self._promised(values)
        declared = list(self.structure.kinds.values())
        self.hidden = any(kind.condition_share != 0.0 for kind in declared)
        self.tests = any(station.test is not None for station in self.structure.stations.values())
        self.books = any(kind.booked is not None for kind in declared)
        self.expected_booked = [self._expected_booked(weekday) for weekday in range(7)]
        teams, stations = list(self.structure.teams), self.structure.stations.values()
        self.crews = [  # of each group of machines, station by station
            [[teams.index(team) for team in station.teams] for station in stations if station.machines == group]
            for group in self.structure.machines
        ]
        self.making, self.length = business.making, DAY_MINUTES
        self.inside = 0  # visits that came and have not ended, those included who wait at a closed door

    def hours(self, is_open: bool, numbers: Values) -> tuple[float, float]:
        """When the day begins, and how many minutes of it count."""
        if self.structure.hours == "calendar":
            return 0.0, DAY_MINUTES
        opening = number(self.structure.opening_hours, numbers) * 60.0
        return number(self.structure.opens_at_hour, numbers) * 60.0, opening if is_open else 0.0

    def kinds_of(self, entity: np.ndarray, numbers: Values) -> np.ndarray:
        """Of which kind each visit is that comes by itself."""
        kind = np.zeros(len(entity), np.int64)
        if len(self.kinds) > 1:
            shares = kind_shares(self.structure, numbers)
            weights = np.array([max(0.0, shares.get(name, 0.0)) for name in self.kinds])
            kernel.sorted_into_kinds(self.chance[Purpose.KIND], entity, weights, kind)
        return kind

    def conditions_of(self, entity: np.ndarray, kind: np.ndarray, numbers: Values) -> np.ndarray:
        """Which visits have what a station may test for."""
        condition = np.zeros(len(entity), np.int64)
        if self.hidden:
            shares = [number(one.condition_share, numbers) for one in self.structure.kinds.values()]
            kernel.conditions_drawn(self.chance[Purpose.CONDITION], entity, kind, np.array(shares), condition)
        return condition

    def booked(self, day: int, is_open: bool, numbers: Values) -> Callers | None:
        """Those who have an appointment today and come; None on a closed day and where there are no appointments."""
        if not self.books or not is_open:
            return None
        weekday = (self.model.inputs.first_weekday + day) % 7
        found = []
        for n, kind in enumerate(self.structure.kinds.values()):
            if kind.booked is not None:
                for minute, place in coming(kind.booked, n, day, weekday, self.chance, numbers):
                    found.append((minute, n, kernel.BOOKED + (n << 40) + (day << 16) + place))
        minutes, kinds, entities = zip(*sorted(found), strict=True) if found else ((), (), ())
        entity, kind_column = np.array(entities, np.int64), np.array(kinds, np.int64)
        nobody = np.full(len(entity), NOBODY)
        return Callers(
            entity, np.array(minutes, float), kind_column, self.conditions_of(entity, kind_column, numbers),
            np.ones(len(entity)), nobody, nobody.copy(), np.full(len(entity), UNCUT),
        )  # fmt: skip

    def booked_expected(self, day: int) -> float:
        """How many are to be expected on an open day because they have an appointment, before any change."""
        return self.expected_booked[(self.model.inputs.first_weekday + day) % 7] if self.books else 0.0

    def _expected_booked(self, weekday: int) -> float:
        booked = [kind.booked for kind in self.structure.kinds.values() if kind.booked is not None]
        return math.fsum(
            len(agreed(one, weekday, self.values)) * (1.0 - number(one.no_show_share, self.values)) for one in booked
        )

    def units_of(self, entity: np.ndarray, kind: np.ndarray, units: np.ndarray, numbers: Values) -> np.ndarray:
        """How much work each visit is: what customers bring, or the pieces of an order that is made for them."""
        return units if self.making is None else self.making.pieces(entity, kind, units, numbers)

    def day(self, day: int, is_open: bool, visits: Callers, numbers: Values) -> "WorkDay":
        """Play one day at the stations; a day before the first is one of the records, played to start from."""
        numbers = self._tuned(numbers)
        opens, length = self.hours(is_open, numbers)
        start = self.floor.clock
        self.mornings.append((start, day, opens))
        rosters = self._staffed(day, is_open, start, numbers)
        self._accept(day, visits, start, opens, length)
        self.done = self._played(start, length, rosters)
        if self.making:
            self.done = self.making.end(day, self.done, numbers)
        self.inside += self._customers(visits) - len(self.done)
        return WorkDay(self, day, visits, self.done, rosters)

    def _customers(self, visits: Callers) -> int:
        """How many of them somebody has asked for; what is made for a shelf is an order of the business to itself."""
        return len(visits) - (int(self.making.production.kinds[visits.kind].sum()) if self.making else 0)

    def settle(self, vectors: Vectors) -> None:
        """The first morning: machines have run for as long as records tell."""
        if self.floor.machines is not None and "machine_age_minutes" in vectors:
            self.floor.machines.aged(vectors["machine_age_minutes"])

    def _played(self, start: float, length: float, rosters: list[Roster]) -> Done:
        """Play a day; where there are machines, between the times at which people come to them and go."""
        parts = []
        for end, there in self._stretches(length, rosters):
            done = self.floor.advance(start + end)
            if done.machines is not None and not all(there):
                done.machines = manned(done.machines, there)
            parts.append(done)
        return together(parts)

    def _stretches(self, length: float, rosters: list[Roster]) -> list[tuple[float, list[bool]]]:
        """Until when the same groups of machines have somebody there for them, and which those are."""
        if self.floor.machines is None:
            return [(length, [])]
        changes, people = {0.0: list[tuple[int, int]]()}, [0] * len(rosters)
        for n, one in enumerate(rosters):
            for minute, number_there, _ in one.changes:
                changes.setdefault(minute, []).append((n, number_there))
        found: list[tuple[float, list[bool]]] = []
        for begin, end in pairwise([*sorted({0.0, *(minute for minute in changes if minute < length)}), length]):
            for n, number_there in changes[begin]:
                people[n] = number_there
            there = [any(not crews or any(people[n] for n in crews) for crews in group) for group in self.crews]
            if found and found[-1][1] == there:
                found.pop()
            found.append((end, there))
        return found

    def _tuned(self, numbers: Values) -> Values:
        """The day's numbers; most days have those of the day before, and then nothing is looked up again."""
        if numbers is not self.given and numbers != self.numbers:
            self.numbers = dict(numbers)
            self.floor.tune(numbers)
            self.promised = self._promised(numbers)
        self.given = numbers
        return self.numbers

    def _promised(self, numbers: Values) -> np.ndarray:
        """Minutes until which each kind of work is promised."""
        return np.array([number(kind.promised_hours, numbers) * 60.0 for kind in self.structure.kinds.values()])

    def _staffed(self, day: int, is_open: bool, start: float, numbers: Values) -> list[Roster]:
        """Put the day's rosters on the floor's calendar."""
        weekday = (self.model.inputs.first_weekday + day) % 7
        rosters = self.staff.morning(day, weekday, is_open, numbers, hires=day >= 0)
        for n, roster in enumerate(rosters):
            for minute, people, speed in roster.changes:
                self.floor.staff(n, start + minute, people, speed)
        return rosters

    def _accept(self, day: int, visits: Callers, start: float, opens: float, length: float) -> None:
        """Put the day's visits on the floor's clock; whoever comes outside of the hours waits at the door.

        Orders that are made begin when their materials are there.
        """
        minute = start + np.minimum(np.maximum(visits.minute - opens, 0.0), length)
        self.tags, self.length = self.open.noted(visits), length
        tags = self.tags
        if self.making:
            begun = self.making.begin(day, visits, minute, tags, start)
            visits, minute, tags = begun.orders, begun.minute, begun.tags
        self.floor.take((minute, visits.entity, visits.kind, visits.condition, visits.units, tags))


class WorkDay:
    """What one day at the stations was like."""

    def __init__(self, work: Work, day: int, visits: Callers, done: Done, rosters: list[Roster]) -> None:
        self.work, self.visits, self.done, self.rosters = work, visits, done, rosters
        self.sums, self.histogram = np.zeros((len(work.kinds), len(SUMS))), np.zeros(WAIT_BINS)
        self.late, self.lost = np.empty((2, len(done)), np.bool_)
        kernel.reckoned(done.visits, work.promised, EDGES, self.sums, self.late, self.lost, self.histogram)
        self.settled = work.open.settled(done.visits)
        labour = done.sums.teams.tolist()
        self.busy, self.overtime = [busy for busy, _ in labour], [overtime for _, overtime in labour]
        self.evenings: list[TeamDay] = []
        if day >= 0:
            self.evenings = work.staff.evening(day, self.busy, self.overtime)
        else:
            work.staff.remember_load(self.busy)

    def experiences(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """For each segment, whose work ended today and what it was like: 1 is prompt and complete."""
        ended, book, work = self.done.visits, self.work.open, self.work
        found = []
        for one in range(len(work.model.segments)):
            rows, outcomes = np.empty(len(ended), np.int64), np.empty(len(ended))
            count = kernel.lived(
                ended, self.late, self.lost, work.promised, book.fill, book.segment, book.row, work.losses, one, rows,
                outcomes,
            )  # fmt: skip
            found.append((rows[:count], outcomes[:count]))
        book.closed(ended["tag"])
        return found

    def given_up(self) -> tuple[np.ndarray, np.ndarray]:
        """The tags of all work that ended today, and whether it was given up; what is scrap was not."""
        ended = self.done.visits
        return ended["tag"], self.lost & (ended["how"] != SCRAPPED)

    @property
    def standing(self) -> np.ndarray:
        """What the work is worth that is open in the evening."""
        return self.work.open.standing.copy()

    def finished(self) -> tuple[np.ndarray, np.ndarray]:
        """Whose work was finished today: segment and row, in order of ending."""
        tags = self.done.visits["tag"][~self.lost]
        return self.work.open.segment[tags], self.work.open.row[tags]

    @property
    def wages(self) -> float:
        """What the teams cost today; also on a replayed day, so that what is owed of it is known."""
        if self.evenings:
            return math.fsum(evening.wages for evening in self.evenings)
        return math.fsum(team.wages(overtime) for team, overtime in zip(self.work.teams, self.overtime, strict=True))

    def record(self) -> Values:
        """The day's fields."""
        return self._flow() | self._tested() | self._staff() | self._apart() | self._machines()

    def waits(self) -> np.ndarray:
        """Finished work by how long it had waited."""
        return self.histogram

    def _flow(self) -> Values:
        sums = [math.fsum(column) for column in zip(*self.sums.tolist(), strict=True)]
        found = {"visits": float(len(self.visits)), "visits_open": float(self.work.inside)}
        return found | dict(zip(SUMS, sums, strict=True))

    def _tested(self) -> Values:
        """What tests found in the work that was finished today, and what they missed, where there are tests."""
        if not self.work.tests:
            return {}
        ended = self.done.visits
        tested, ill = (ended["how"] == DONE) & (ended["result"] >= 0), ended["condition"] > 0
        positive = tested & (ended["result"] > 0)
        flags = (tested, positive, tested & ill, tested & ill & ~positive, positive & ~ill)
        return {name: float(np.count_nonzero(flag)) for name, flag in zip(TESTED, flags, strict=True)}

    def _staff(self) -> Values:
        columns = zip(*self.rosters, strict=True) if self.rosters else repeat((), len(ROSTER))
        found = {name: math.fsum(column) for name, column in zip(ROSTER, columns, strict=True) if name}
        return found | {
            "staff_busy_minutes": math.fsum(self.busy),
            "overtime_minutes": math.fsum(self.overtime),
            "staff_left": math.fsum(one.quits for one in self.evenings),
        }

    def _machines(self) -> Values:
        """What machines did, and what ended as scrap."""
        machines, found = self.work.floor.machines, dict[str, float]()
        if machines is not None and self.done.machines is not None:
            found = machines.record(self.done.machines)
        if self.work.structure.scraps:
            found["visits_scrapped"] = float(np.count_nonzero(self.done.visits["how"] == SCRAPPED))
        return found | self._made(found)

    def _made(self, machines: Values) -> Values:
        """What was made to order; scrap is found at the end, and was for nothing on all machines in proportion."""
        making = self.work.making
        if making is None:
            return {}
        names = [name for name in machines if name.startswith("machine_good_minutes")]
        return making.record(self.visits) | {name: machines[name] * making.good_share for name in names}

    def _apart(self) -> Values:
        """The same by kind of work, team and station, where there is more than one."""
        structure = self.work.structure
        found: Values = {}
        if len(structure.kinds) > 1:
            came = np.bincount(self.visits.kind, minlength=len(structure.kinds)).tolist()
            for name, number_came, sums in zip(structure.kinds, came, self.sums.tolist(), strict=True):
                found[f"visits[{name}]"] = float(number_came)
                found |= {
                    f"{field}[{name}]": value for field, value in zip(SUMS, sums, strict=True) if field in BY_KIND
                }
        if len(structure.teams) > 1:
            teams = zip(self.rosters, self.busy, strict=True)
            told = [(one.rostered, one.present, one.present_minutes, busy) for one, busy in teams]
            found.update(zip(self.work.team_fields, chain.from_iterable(told), strict=True))
        if len(structure.stations) > 1:
            passed = self.done.sums.stations[:, AT_STATIONS]
            found.update(zip(self.work.station_fields, passed.ravel().tolist(), strict=True))
        return found
