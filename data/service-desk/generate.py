"""Make the records of a fictional service desk, of which every true number is known (truth.toml).

An independent simulation in plain Python and NumPy that shares no code with the twin, so that what the twin
estimates from the records can be held against the truth. Written again with `python data/service-desk/generate.py`.
"""

import argparse
import heapq
import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
DAY = 1440.0  # minutes
SEGMENTS = ("standard", "premium")
KINDS = ("urgent", "normal")  # the first is served first
ARRIVE, SHIFT, FINISH, GIVE_UP = range(4)
NOTE = (
    "Fictional records of a service desk that does not exist, made by data/service-desk/generate.py of Understudy "
    "from the numbers in truth.toml. No person or company is described. CC0 1.0: no rights reserved."
)
Truth = dict[str, Any]


def luck(truth: Truth, part: int) -> np.random.RandomState:
    """A source of draws for one part; of NumPy's, only this one promises the same numbers in every version."""
    return np.random.RandomState([truth["seed"], part])


def calendar(truth: Truth) -> list[date]:
    """Every day of the records."""
    days = (truth["last_day"] - truth["first_day"]).days + 1
    return [truth["first_day"] + timedelta(days=n) for n in range(days)]


def day_factors(truth: Truth, days: list[date]) -> np.ndarray:
    """How many more tickets than usual each day brings: weekday, season, trend and public holidays; mean 1."""
    told, factors = truth["days"], []
    for n, day in enumerate(days):
        turn = 2 * math.pi * (day.timetuple().tm_yday - told["season_peak_day_of_year"]) / 365.25
        season = 1 + told["season_amplitude"] * math.cos(turn)
        trend = 1 + told["trend_per_year"] * n / 365.25
        quiet = told["public_holiday"] if day in told["public_holidays"] else 1.0
        factors.append(told["weekday"][day.weekday()] * season * trend * quiet)
    return np.array(factors) / math.fsum(factors) * len(factors)


@dataclass(frozen=True)
class Customer:
    """Somebody with a contract, who opens tickets at a rate of their own from the first day on and before `end`."""

    name: str
    segment: str
    started: int  # day of the records, before 0 for those who were there at the start
    end: int | None
    rate: float


def customers(truth: Truth, days: int) -> list[Customer]:
    """Everybody with a contract in the period: those of the start, then those who come, in order of their day."""
    numbers, draws, begun = truth["parameters"], luck(truth, 0), []
    for segment in SEGMENTS:
        before = [-age_at_start(numbers, segment, draws) for _ in range(truth["customers_at_start"][segment])]
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
    renewals = draws.geometric(numbers[f"{segment}_churn_share"]) - 1
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


@dataclass
class Ticket:
    """A request and its way through the desk; `steps` are station, queued, began, ended and team."""

    customer: str
    kind: int
    arrived: float
    steps: list[list[Any]] = field(default_factory=list)
    ended: float | None = None
    outcome: str = "open"


def tickets(truth: Truth, people: list[Customer], days: list[date]) -> list[Ticket]:
    """Every ticket in order of arrival: how many a customer opens is Poisson, spread over days and hours as told."""
    draws, factors = luck(truth, 1), day_factors(truth, days)
    shapes = {name: np.cumsum(hours) / sum(hours) for name, hours in truth["hours"].items()}
    found = []
    for customer in people:
        first, end = max(customer.started, 0), len(days) if customer.end is None else customer.end
        reach = np.cumsum(factors[first:end])
        for _ in range(draws.poisson(customer.rate * reach[-1]) if reach.size else 0):
            day = first + int(np.searchsorted(reach, draws.random_sample() * reach[-1], side="right"))
            shape = shapes["weekend" if days[day].weekday() >= 5 else "weekday"]
            hour = int(np.searchsorted(shape, draws.random_sample(), side="right"))
            minute = day * DAY + (hour + draws.random_sample()) * 60
            kind = 0 if draws.random_sample() < truth["parameters"]["urgent_share"] else 1
            found.append(Ticket(customer.name, kind, minute))
    return sorted(found, key=lambda ticket: ticket.arrived)


@dataclass
class Agent:
    """Somebody on a shift, who takes the next ticket whenever free and finishes it even after the shift."""

    name: str
    team: str
    shift: str
    days: list[int]
    start: float
    end: float
    here_until: float = -1.0
    busy: bool = False
    idle_since: float = 0.0


def agents(truth: Truth) -> list[Agent]:
    """Everybody who works at the desk; the same people for the whole period."""
    found: list[Agent] = []
    for team, shifts in truth["shifts"].items():
        for shift, told in shifts.items():
            start, end = (60.0 * hour for hour in told["hours"])
            for _ in range(truth["parameters"][told["people"]]):
                found.append(Agent(f"A{len(found) + 1:02d}", team, shift, told["days"], start, end))
    return found


def attendance(truth: Truth, staff: list[Agent], days: list[date]) -> list[tuple[int, Agent, bool]]:
    """Who was rostered on which day and came. Absence comes in spells, counted in the person's own rostered days."""
    draws, share = luck(truth, 2), truth["parameters"]["absence_share"]
    ends = 1 / truth["parameters"]["absence_spell_days"]
    begins = ends * share / (1 - share)
    found = []
    for agent in staff:
        absent = draws.random_sample() < share
        for day, date_ in enumerate(days):
            if date_.weekday() in agent.days:
                found.append((day, agent, not absent))
                absent = draws.random_sample() < (1 - ends if absent else begins)
    return sorted(found, key=lambda row: (row[0], row[1].name))


class Desk:
    """Two lines of support: urgent before normal, then first come, first served; who waits too long gives up."""

    def __init__(self, truth: Truth) -> None:
        self.numbers, self.draws = truth["parameters"], luck(truth, 3)
        self.teams: dict[str, list[Agent]] = {team: [] for team in truth["shifts"]}
        self.queues: dict[str, list[tuple[int, float, int, Ticket]]] = {team: [] for team in truth["shifts"]}
        self.events: list[tuple[float, int, int, Any]] = []
        self.counted = 0

    def expect(self, minute: float, what: int, whom: Any) -> None:
        """Put something on the calendar; of one moment, what was put there first comes first."""
        self.counted += 1
        heapq.heappush(self.events, (minute, self.counted, what, whom))

    def play(self, arrivals: list[Ticket], roster: list[tuple[int, Agent, bool]], until: float) -> None:
        """Let everything happen that happens before `until`."""
        for ticket in arrivals:
            self.expect(ticket.arrived, ARRIVE, ticket)
        for day, agent, present in roster:
            if agent not in self.teams[agent.team]:
                self.teams[agent.team].append(agent)
            if present:
                self.expect(day * DAY + agent.start, SHIFT, (agent, day * DAY + agent.end))
        while self.events and self.events[0][0] < until:
            minute, _, what, whom = heapq.heappop(self.events)
            (self.arrive, self.come_to_work, self.finish, self.give_up)[what](minute, whom)

    def arrive(self, minute: float, ticket: Ticket) -> None:
        """A new ticket begins at the first line."""
        self.queue(minute, ticket, "first_line")

    def queue(self, minute: float, ticket: Ticket, station: str) -> None:
        """A ticket waits at a station; at the first line not for ever."""
        ticket.steps.append([station, minute, None, None, None])
        self.counted += 1
        heapq.heappush(self.queues[station], (ticket.kind, minute, self.counted, ticket))
        if station == "first_line":
            patience = -self.numbers["patience_minutes"] * math.log(1 - self.draws.random_sample())
            self.expect(minute + patience, GIVE_UP, (ticket, len(ticket.steps)))
        self.serve(minute, station)

    def come_to_work(self, minute: float, whom: tuple[Agent, float]) -> None:
        """An agent's shift begins."""
        agent, end = whom
        agent.here_until, agent.idle_since = end, minute
        self.serve(minute, agent.team)

    def serve(self, minute: float, station: str) -> None:
        """Whoever is free and on shift takes the next ticket, the one who has been idle longest first."""
        queue = self.queues[station]
        while queue:
            if queue[0][3].outcome != "open":
                heapq.heappop(queue)
                continue
            free = [agent for agent in self.teams[station] if not agent.busy and minute < agent.here_until]
            if not free:
                return
            agent, ticket = min(free, key=lambda agent: agent.idle_since), heapq.heappop(queue)[3]
            agent.busy = True
            ticket.steps[-1][2], ticket.steps[-1][4] = minute, station
            self.expect(minute + self.work_minutes(station), FINISH, (ticket, agent))

    def work_minutes(self, station: str) -> float:
        """How long the work on a ticket takes: log-normal with the station's mean and scatter."""
        mean, scatter = self.numbers[f"{station}_minutes"], self.numbers[f"{station}_scatter"]
        width = math.sqrt(math.log(1 + scatter**2))
        return float(mean * math.exp(width * self.draws.standard_normal() - width**2 / 2))

    def finish(self, minute: float, whom: tuple[Ticket, Agent]) -> None:
        """A step is done: the ticket goes to the other line or leaves, the agent to the next ticket or home."""
        ticket, agent = whom
        station = ticket.steps[-1][0]
        ticket.steps[-1][3] = minute
        agent.busy, agent.idle_since = False, minute
        onward = {"first_line": ("escalation_share", "second_line"), "second_line": ("reopen_share", "first_line")}
        share, other = onward[station]
        if self.draws.random_sample() < self.numbers[share]:
            self.queue(minute, ticket, other)
        else:
            ticket.ended, ticket.outcome = minute, "done"
        self.serve(minute, station)

    def give_up(self, minute: float, whom: tuple[Ticket, int]) -> None:
        """A customer whose ticket still waits at the same place has had enough."""
        ticket, steps = whom
        if ticket.outcome == "open" and len(ticket.steps) == steps and ticket.steps[-1][2] is None:
            ticket.steps[-1][3] = ticket.ended = minute
            ticket.outcome = "abandoned"


def made(truth: Truth) -> dict[str, pa.Table]:
    """The four tables of the desk, by name."""
    days = calendar(truth)
    people, staff = customers(truth, len(days)), agents(truth)
    opened, roster = tickets(truth, people, days), attendance(truth, staff, days)
    Desk(truth).play(opened, roster, len(days) * DAY)
    rows = {
        "visits": visit_rows(truth, opened),
        "visit_steps": step_rows(truth, opened),
        "contracts": (contract_row(days, customer) for customer in people),
        "attendance": ((a.team, a.shift, a.name, days[day], int(came)) for day, a, came in roster),
    }
    return {name: as_table(rows[name], SCHEMAS[name]) for name in SCHEMAS}


def clock(truth: Truth, minute: float | None) -> datetime | None:
    """A moment as local time, to the second."""
    start = datetime.combine(truth["first_day"], datetime.min.time())
    return None if minute is None else start + timedelta(seconds=math.floor(minute * 60))


def visit_rows(truth: Truth, opened: list[Ticket]) -> Iterator[tuple[Any, ...]]:
    """A row for each ticket."""
    for number, ticket in enumerate(opened, start=1):
        times = clock(truth, ticket.arrived), clock(truth, ticket.ended)
        yield f"T{number:06d}", ticket.customer, KINDS[ticket.kind], *times, ticket.outcome


def step_rows(truth: Truth, opened: list[Ticket]) -> Iterator[tuple[Any, ...]]:
    """A row for each stay of a ticket at a line."""
    for number, ticket in enumerate(opened, start=1):
        for station, queued, began, ended, team in ticket.steps:
            yield f"T{number:06d}", station, clock(truth, queued), clock(truth, began), clock(truth, ended), team


def contract_row(days: list[date], customer: Customer) -> tuple[Any, ...]:
    """A row for each contract."""
    ended = None if customer.end is None else days[customer.end]
    return customer.name, customer.segment, days[0] + timedelta(days=customer.started), ended


TEXT, TIME, DATE = pa.string(), pa.timestamp("s"), pa.date32()
SCHEMAS = {
    "visits": {
        "visit_id": TEXT,
        "customer_id": TEXT,
        "kind": TEXT,
        "arrived_at": TIME,
        "ended_at": TIME,
        "outcome": TEXT,
    },
    "visit_steps": {
        "visit_id": TEXT,
        "station": TEXT,
        "queued_at": TIME,
        "began_at": TIME,
        "ended_at": TIME,
        "team": TEXT,
    },
    "contracts": {"customer_id": TEXT, "segment": TEXT, "started_on": DATE, "ended_on": DATE},
    "attendance": {"team": TEXT, "shift": TEXT, "person": TEXT, "day": DATE, "present": pa.int8()},
}


def as_table(rows: Iterator[tuple[Any, ...]], schema: dict[str, pa.DataType]) -> pa.Table:
    """Rows as an Arrow table."""
    named = [dict(zip(schema, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(named, pa.schema(list(schema.items())))


def write(folder: Path, truth: Truth) -> None:
    """Write the four files into a folder, each with a note that says what it is."""
    for name, table in made(truth).items():
        noted = table.replace_schema_metadata({"note": NOTE})
        pq.write_table(noted, folder / f"{name}.parquet", compression="zstd", compression_level=19)


def main() -> None:
    """Write the records beside this script, or into the folder that is named."""
    parser = argparse.ArgumentParser(description="Make the records of a fictional service desk.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, help="where to write them (default: beside this)")
    write(parser.parse_args().folder, tomllib.loads((HERE / "truth.toml").read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
