"""What the fictional businesses of this folder share: customers, people on rosters, queues, and how rows are written.

Plain Python and NumPy that shares no code with the twin, so that what the twin estimates from such records can be
held against what is true. Each business has a folder of its own: its numbers (truth.toml) and script (generate.py).
"""

import argparse
import heapq
import math
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DAY = 1440.0  # minutes
ARRIVE, SHIFT, FINISH, GIVE_UP, GO_HOME = range(5)
TEXT, TIME, DATE, FLAG = pa.string(), pa.timestamp("s"), pa.date32(), pa.int8()
CONTRACTS = {"customer_id": TEXT, "segment": TEXT, "started_on": DATE, "ended_on": DATE}
ATTENDANCE = {"team": TEXT, "shift": TEXT, "person": TEXT, "day": DATE, "present": FLAG}
VISITS = {
    "visit_id": TEXT,
    "customer_id": TEXT,
    "kind": TEXT,
    "arrived_at": TIME,
    "ended_at": TIME,
    "outcome": TEXT,
}
STEPS = {"visit_id": TEXT, "station": TEXT, "queued_at": TIME, "began_at": TIME, "ended_at": TIME, "team": TEXT}
Truth = dict[str, Any]


def luck(truth: Truth, part: int) -> np.random.RandomState:
    """A source of draws for one part; of NumPy's, only this one promises the same numbers in every version."""
    return np.random.RandomState([truth["seed"], part])


def log_normal(draws: np.random.RandomState, mean: float, scatter: float) -> float:
    """A positive number with this mean and this standard deviation over mean."""
    width = math.sqrt(math.log(1 + scatter**2))
    return float(mean * math.exp(width * draws.standard_normal() - width**2 / 2))


# ------------------------------------------------------------------ days


def calendar(truth: Truth) -> list[date]:
    """Every day of the records."""
    days = (truth["last_day"] - truth["first_day"]).days + 1
    return [truth["first_day"] + timedelta(days=n) for n in range(days)]


def day_factors(truth: Truth, days: list[date]) -> np.ndarray:
    """How much more than usual each day brings: weekday, season, trend and public holidays; mean 1."""
    told, factors = truth["days"], []
    for n, day in enumerate(days):
        turn = 2 * math.pi * (day.timetuple().tm_yday - told["season_peak_day_of_year"]) / 365.25
        season = 1 + told["season_amplitude"] * math.cos(turn)
        trend = 1 + told["trend_per_year"] * n / 365.25
        quiet = told["public_holiday"] if day in told["public_holidays"] else 1.0
        factors.append(told["weekday"][day.weekday()] * season * trend * quiet)
    return np.array(factors) / math.fsum(factors) * len(factors)


def clock(truth: Truth, minute: float | None) -> datetime | None:
    """A moment as local time, to the second."""
    start = datetime.combine(truth["first_day"], datetime.min.time())
    return None if minute is None else start + timedelta(seconds=math.floor(minute * 60))


# ------------------------------------------------------------------ customers


@dataclass(frozen=True)
class Customer:
    """Somebody with a contract, who comes at a rate of their own from the first day on and before `end`."""

    name: str
    segment: str
    started: int  # day of the records, before 0 for those who were there at the start
    end: int | None
    rate: float


def customers(truth: Truth, days: int) -> list[Customer]:
    """Everybody with a contract in the period: those of the start, then those who come, in order of their day."""
    numbers, draws, begun = truth["parameters"], luck(truth, 0), []
    for segment, at_start in truth["customers_at_start"].items():
        before = [-age_at_start(numbers, segment, draws) for _ in range(at_start)]
        arrivals = draws.poisson(numbers[f"{segment}_new_per_day"], days)
        begun += [(started, segment) for started in before]
        begun += [(day, segment) for day in range(days) for _ in range(arrivals[day])]
    found = []
    for number, (started, segment) in enumerate(sorted(begun), start=1):
        shape, scale_days = (numbers[f"{segment}_rate_{part}"] for part in ("shape", "scale_days"))
        rate = draws.gamma(shape) / scale_days
        end = contract_end(numbers, segment, started, days, draws)
        found.append(Customer(f"C{number:05d}", segment, started, end, rate))
    return found


def age_at_start(numbers: dict[str, float], segment: str, draws: np.random.RandomState) -> int:
    """How many days ago the contract of somebody who is there at the start began: renewals survived, and a part."""
    renewals = min(draws.geometric(numbers[f"{segment}_churn_share"]) - 1, numbers.get("renewals_most", math.inf))
    return int(renewals * numbers["renewal_days"] + draws.randint(1, numbers["renewal_days"] + 1))


def contract_end(
    numbers: dict[str, float], segment: str, started: int, days: int, draws: np.random.RandomState
) -> int | None:
    """The day of the first renewal in the period that does not happen; None where all of them do."""
    every = int(numbers["renewal_days"])
    for renewal in range(started + every, days, every):
        if renewal >= 0 and draws.random_sample() < numbers[f"{segment}_churn_share"]:
            return renewal
    return None


def calls(truth: Truth, people: list[Customer], days: list[date]) -> Iterator[tuple[str, float, float]]:
    """Who comes when, and a number from 0 to 1 that says for what: Poisson, spread over days and hours as told."""
    draws, factors = luck(truth, 1), day_factors(truth, days)
    shapes = {name: np.cumsum(hours) / sum(hours) for name, hours in truth["hours"].items()}
    for customer in people:
        first, end = max(customer.started, 0), len(days) if customer.end is None else customer.end
        reach = np.cumsum(factors[first:end])
        for _ in range(draws.poisson(customer.rate * reach[-1]) if reach.size else 0):
            day = first + int(np.searchsorted(reach, draws.random_sample() * reach[-1], side="right"))
            shape = shapes["weekend" if days[day].weekday() >= 5 else "weekday"]
            hour = int(np.searchsorted(shape, draws.random_sample(), side="right"))
            minute = day * DAY + (hour + draws.random_sample()) * 60
            yield customer.name, minute, draws.random_sample()


# ------------------------------------------------------------------ people


@dataclass
class Person:
    """Somebody on a shift, who takes the next piece of work whenever free and finishes it even after the shift.

    began, left : days of the records from which on and before which the person is on the roster
    """

    name: str
    team: str
    shift: str
    days: list[int]
    start: float
    end: float
    began: int = 0
    left: int | None = None
    worked: float = 0.0  # days
    here_until: float = -1.0
    stays: bool = False
    busy: bool = False
    idle_since: float = 0.0
    speed: float = 1.0


def places(truth: Truth) -> Iterator[dict[str, Any]]:
    """Each place on a roster: team, shift, days of the week, and minutes of the day."""
    for team, shifts in truth["shifts"].items():
        for shift, told in shifts.items():
            start, end = (60.0 * hour for hour in told["hours"])
            for _ in range(truth["parameters"][told["people"]]):
                yield {"team": team, "shift": shift, "days": told["days"], "start": start, "end": end}


def attendance(
    truth: Truth, staff: list[Person], days: list[date], closed: Iterable[date] = ()
) -> list[tuple[int, Person, bool]]:
    """Who was rostered on which day and came. Absence comes in spells, counted in the person's own rostered days."""
    draws, share = luck(truth, 2), truth["parameters"]["absence_share"]
    ends = 1 / truth["parameters"]["absence_spell_days"]
    begins, shut = ends * share / (1 - share), set(closed)
    found = []
    for person in staff:
        absent = draws.random_sample() < share
        for day in range(person.began, len(days) if person.left is None else person.left):
            if days[day].weekday() in person.days and days[day] not in shut:
                found.append((day, person, not absent))
                absent = draws.random_sample() < (1 - ends if absent else begins)
    return sorted(found, key=lambda row: (row[0], row[1].name))


# ------------------------------------------------------------------ queues


@dataclass
class Piece:
    """A piece of work and its way through the business; `steps` are station, queued, began, ended, team and result."""

    customer: str
    kind: int
    arrived: float
    rank: int = 0
    condition: bool = False
    steps: list[list[Any]] = field(default_factory=list)
    ended: float | None = None
    outcome: str = "open"


class Queues:
    """Stations with queues and the people who serve them: the lowest rank first, then who came into a queue first.

    teams_of    teams of each station in the order in which they are asked; capacity : places at a station
    Who plays a business says how long work takes, how long somebody waits, and where work goes.
    """

    teams_of: dict[str, tuple[str, ...]]

    def __init__(self, truth: Truth, capacity: dict[str, float] | None = None) -> None:
        self.numbers, self.draws = truth["parameters"], luck(truth, 3)
        self.teams: dict[str, list[Person]] = {team: [] for team in truth["shifts"]}
        self.queues: dict[str, list[tuple[int, float, int, Piece]]] = {station: [] for station in self.teams_of}
        self.waiting, self.served = dict.fromkeys(self.teams_of, 0), dict.fromkeys(self.teams_of, 0)
        self.capacity = dict.fromkeys(self.teams_of, math.inf) | (capacity or {})
        self.events: list[tuple[float, int, int, Any]] = []
        self.counted = 0

    def start(self, piece: Piece) -> str:
        """The station at which it begins."""
        raise NotImplementedError

    def patience(self, piece: Piece, station: str) -> float:
        """How many minutes it waits at most; drawn anew at each station."""
        return math.inf

    def work_minutes(self, piece: Piece, station: str, person: Person) -> float:
        """How long the work takes."""
        raise NotImplementedError

    def onward(self, piece: Piece, station: str) -> str | None:
        """The station to which finished work goes; None for out."""
        raise NotImplementedError

    def balks(self, station: str) -> bool:
        """Whether somebody turns round who would have to queue there now."""
        return False

    def expect(self, minute: float, what: int, whom: Any) -> None:
        """Put something on the calendar; of one moment, what was put there first comes first."""
        self.counted += 1
        heapq.heappush(self.events, (minute, self.counted, what, whom))

    def play(self, arrivals: Iterable[Piece], roster: list[tuple[int, Person, bool]], until: float) -> None:
        """Let everything happen that happens before `until`."""
        for piece in arrivals:
            self.expect(piece.arrived, ARRIVE, piece)
        for day, person, present in roster:
            if person not in self.teams[person.team]:
                self.teams[person.team].append(person)
            if present:
                self.expect(day * DAY + person.start, SHIFT, (person, day * DAY + person.end))
        happens: tuple[Callable[[float, Any], None], ...] = (
            self.arrive,
            self.come_to_work,
            self.finish,
            self.give_up,
            self.go_home,
        )
        while self.events and self.events[0][0] < until:
            minute, _, what, whom = heapq.heappop(self.events)
            happens[what](minute, whom)

    def arrive(self, minute: float, piece: Piece) -> None:
        """A new piece of work comes."""
        self.queue(minute, piece, self.start(piece))

    def queue(self, minute: float, piece: Piece, station: str) -> None:
        """It is begun at once, or waits, or its customer turns round."""
        if self.balks(station) and not any(self.free(team, minute) for team in self.open_to(station)):
            piece.ended, piece.outcome = minute, "balked"
            return
        piece.steps.append([station, minute, None, None, None, None])
        self.counted += 1
        heapq.heappush(self.queues[station], (piece.rank, minute, self.counted, piece))
        self.waiting[station] += 1
        patience = self.patience(piece, station)
        if patience < math.inf:
            self.expect(minute + patience, GIVE_UP, (piece, len(piece.steps)))
        for team in self.teams_of[station]:
            self.serve(minute, team)

    def open_to(self, station: str) -> tuple[str, ...]:
        """The teams of a station that has a place free; none where it has not."""
        return self.teams_of[station] if self.served[station] < self.capacity[station] else ()

    def come_to_work(self, minute: float, whom: tuple[Person, float]) -> None:
        """A person's shift begins."""
        person, end = whom
        person.here_until, person.idle_since = end, minute
        self.serve(minute, person.team)

    def go_home(self, minute: float, person: Person) -> None:
        """A person's shift ends, where somebody wants to know."""

    def free(self, team: str, minute: float) -> list[Person]:
        """Who of a team is there and has nothing to do."""
        return [person for person in self.teams[team] if not person.busy and self.is_here(person, minute)]

    def is_here(self, person: Person, minute: float) -> bool:
        """Whether a person is on shift."""
        return minute < person.here_until

    def next_for(self, team: str) -> str | None:
        """The station whose first in the queue is next for a team."""
        heads = []
        for station, teams in self.teams_of.items():
            queue = self.queues[station]
            while queue and (queue[0][3].outcome != "open" or queue[0][3].steps[-1][2] is not None):
                heapq.heappop(queue)
            if team in teams and queue and self.served[station] < self.capacity[station]:
                heads.append((queue[0][:3], station))
        return min(heads)[1] if heads else None

    def serve(self, minute: float, team: str) -> None:
        """Whoever is free and on shift takes the next piece of work, the one who has been idle longest first."""
        while station := self.next_for(team):
            free = self.free(team, minute)
            if not free:
                return
            person, piece = min(free, key=lambda one: one.idle_since), heapq.heappop(self.queues[station])[3]
            person.busy = True
            self.waiting[station] -= 1
            self.served[station] += 1
            piece.steps[-1][2], piece.steps[-1][4] = minute, team
            self.expect(minute + self.work_minutes(piece, station, person), FINISH, (piece, person))

    def finish(self, minute: float, whom: tuple[Piece, Person]) -> None:
        """A step is done: the work goes on or leaves, the person to the next piece of work or home."""
        piece, person = whom
        station = piece.steps[-1][0]
        piece.steps[-1][3] = minute
        person.busy, person.idle_since = False, minute
        self.served[station] -= 1
        onward = self.onward(piece, station)
        if onward is None:
            piece.ended, piece.outcome = minute, "done"
        else:
            self.queue(minute, piece, onward)
        for team in dict.fromkeys((person.team, *self.teams_of[station])):
            self.serve(minute, team)

    def give_up(self, minute: float, whom: tuple[Piece, int]) -> None:
        """A customer whose work still waits at the same place has had enough."""
        piece, steps = whom
        if piece.outcome == "open" and len(piece.steps) == steps and piece.steps[-1][2] is None:
            piece.steps[-1][3] = piece.ended = minute
            piece.outcome = "abandoned"
            self.waiting[piece.steps[-1][0]] -= 1


# ------------------------------------------------------------------ rows


def visit_rows(truth: Truth, pieces: Iterable[Piece], kinds: tuple[str, ...], letter: str) -> Iterator[tuple[Any, ...]]:
    """A row for each piece of work."""
    for number, piece in enumerate(pieces, start=1):
        times = clock(truth, piece.arrived), clock(truth, piece.ended)
        yield f"{letter}{number:06d}", piece.customer, kinds[piece.kind], *times, piece.outcome


def step_rows(truth: Truth, pieces: Iterable[Piece], letter: str) -> Iterator[tuple[Any, ...]]:
    """A row for each stay of a piece of work at a station, its result last."""
    for number, piece in enumerate(pieces, start=1):
        for station, queued, began, ended, team, result in piece.steps:
            times = clock(truth, queued), clock(truth, began), clock(truth, ended)
            yield f"{letter}{number:06d}", station, *times, team, result


def contract_rows(days: list[date], people: Iterable[Customer]) -> Iterator[tuple[Any, ...]]:
    """A row for each contract."""
    for one in people:
        ended = None if one.end is None else days[one.end]
        yield one.name, one.segment, days[0] + timedelta(days=one.started), ended


def attendance_rows(days: list[date], roster: Iterable[tuple[int, Person, bool]]) -> Iterator[tuple[Any, ...]]:
    """A row for each rostered day of a person."""
    return ((one.team, one.shift, one.name, days[day], int(came)) for day, one, came in roster)


def as_table(rows: Iterable[tuple[Any, ...]], schema: dict[str, pa.DataType]) -> pa.Table:
    """Rows as an Arrow table."""
    named = [dict(zip(schema, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(named, pa.schema(list(schema.items())))


def write(folder: Path, tables: dict[str, pa.Table], note: str) -> None:
    """Write the files into a folder, each with a note that says what it is."""
    for name, table in tables.items():
        noted = table.replace_schema_metadata({"note": note})
        pq.write_table(noted, folder / f"{name}.parquet", compression="zstd", compression_level=19)


def run(what: str, here: Path, made: Callable[[Truth], dict[str, pa.Table]], note: str) -> None:
    """Write the records beside a script, or into the folder that is named."""
    parser = argparse.ArgumentParser(description=f"Make the records of {what}.")
    parser.add_argument("folder", nargs="?", type=Path, default=here, help="where to write them (default: beside this)")
    truth = tomllib.loads((here / "truth.toml").read_text(encoding="utf-8"))
    write(parser.parse_args().folder, made(truth), note)
