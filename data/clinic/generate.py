"""Make the records of a fictional clinic, of which every true number is known (truth.toml).

An independent simulation in plain Python and NumPy that shares no code with the twin, so that what the twin
estimates from the records can be held against the truth. Written again with `python data/clinic/generate.py`.
"""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # the module beside the folders of the businesses

import fictional  # noqa: E402
from fictional import DAY, Person, Piece, Queues, Truth, calendar, luck  # noqa: E402

KINDS = ("urgent", "walk_in", "appointment")
URGENT, WALK_IN, BOOKED = range(3)
RANKS = (0, 2, 1)  # the lower is served first
NOTE = (
    "Fictional records of a clinic that does not exist, made by data/clinic/generate.py of Understudy "
    "from the numbers in truth.toml. No person, patient or practice is described. CC0 1.0: no rights reserved."
)
SCHEMAS = {
    "visits": fictional.VISITS,
    "visit_steps": fictional.STEPS | {"result": fictional.TEXT},
    "appointments": {
        "appointment_id": fictional.TEXT,
        "kind": fictional.TEXT,
        "planned_at": fictional.TIME,
        "visit_id": fictional.TEXT,
    },
    "contracts": fictional.CONTRACTS,
    "attendance": fictional.ATTENDANCE,
}
TESTS = {"triage": "test", "lab": "lab"}


class Clinic(Queues):
    """Reception for those with an appointment, triage for the others, a laboratory, and doctors in consulting rooms."""

    teams_of = {  # noqa: RUF012
        "reception": ("receptionists", "nurses"),
        "triage": ("nurses",),
        "lab": ("nurses",),
        "doctor": ("doctors",),
    }

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth, {"doctor": truth["parameters"]["consulting_rooms"]})

    def start(self, piece: Piece) -> str:
        """Whoever has an appointment checks in, whoever has none goes to the triage."""
        return "reception" if piece.kind == BOOKED else "triage"

    def patience(self, piece: Piece, station: str) -> float:
        """Nobody waits for ever at the triage and for a doctor; those with an appointment wait longer."""
        if station not in ("triage", "doctor"):
            return math.inf
        mean = self.numbers["appointment_patience_minutes" if piece.kind == BOOKED else "patience_minutes"]
        return float(-mean * math.log(1 - self.draws.random_sample()))

    def balks(self, station: str) -> bool:
        """Whether the queue of the triage is too long for one more."""
        return station == "triage" and self.waiting[station] >= self.numbers["balk_at"]

    def work_minutes(self, piece: Piece, station: str, person: Person) -> float:
        """How long the work takes: log-normal, slower with a beginner and with a nurse at reception."""
        name = KINDS[piece.kind] if station == "doctor" else station
        minutes = fictional.log_normal(self.draws, self.numbers[f"{name}_minutes"], self.numbers[f"{station}_scatter"])
        helps = station == "reception" and person.team == "nurses"
        return minutes / person.speed / (self.numbers["nurse_at_reception"] if helps else 1.0)

    def onward(self, piece: Piece, station: str) -> str | None:
        """Where a patient goes next, by the result where there was a test."""
        if station == "doctor":
            return None
        positive = station in TESTS and self.tested(piece, station)
        if station == "reception" or (positive and station == "lab"):
            return "doctor"
        if positive:
            return "lab"
        share = self.numbers["seen_share" if station == "triage" else "cleared_share"]
        return "doctor" if self.draws.random_sample() < share else None

    def tested(self, piece: Piece, station: str) -> bool:
        """Whether a test is positive; it may be wrong in both directions."""
        name = TESTS[station]
        chance = self.numbers[f"{name}_sensitivity"] if piece.condition else 1 - self.numbers[f"{name}_specificity"]
        positive = bool(self.draws.random_sample() < chance)
        piece.steps[-1][5] = "positive" if positive else "negative"
        return positive

    # -------------------------------------------------------- people stay on while work waits

    def come_to_work(self, minute: float, whom: tuple[Person, float]) -> None:
        """A shift begins, and its end is on the calendar."""
        person, end = whom
        person.stays = False
        self.expect(end, fictional.GO_HOME, person)
        super().come_to_work(minute, whom)

    def go_home(self, minute: float, person: Person) -> None:
        """A shift ends; whoever would leave work behind stays on for a while."""
        person.stays = person.busy or self.next_for(person.team) is not None

    def is_here(self, person: Person, minute: float) -> bool:
        """Whether a person is on shift, or stays on."""
        over = 60 * self.numbers["overtime_hours"] if person.stays else 0.0
        return minute < person.here_until + over

    def serve(self, minute: float, team: str) -> None:
        """Whoever stays on and finds nothing left to do goes home."""
        super().serve(minute, team)
        for person in self.teams[team]:
            if person.stays and not person.busy:
                person.stays = False


# ------------------------------------------------------------------ people


def staff(truth: Truth, days: int) -> list[Person]:
    """Everybody who ever has a place on the roster: who is there at the start, and who follows whom."""
    numbers, draws, found = truth["parameters"], luck(truth, 4), []
    for place in fictional.places(truth):
        began, there = 0, draws.exponential(365 / numbers["attrition_per_year"])
        worked = there * len(place["days"]) / 7 * (1 - numbers["absence_share"])
        while began < days:
            left = began + max(1, round(draws.exponential(365 / numbers["attrition_per_year"])))
            name = f"S{len(found) + 1:02d}"
            found.append(Person(name, **place, began=began, left=min(left, days), worked=worked))
            empty = round(fictional.log_normal(draws, numbers["hiring_days"], 0.3))
            began, worked = left + empty, 0.0
    return found


@dataclass(frozen=True)
class Turn:
    """Somebody's shift on a day, and how fast they are by then."""

    day: int
    person: Person
    speed: float


def turns(truth: Truth, roster: list[tuple[int, Person, bool]], opened: list[int]) -> list[Turn]:
    """Who works when: those who came, growing faster with each day, and agency staff for some places nobody fills."""
    numbers, draws, there = truth["parameters"], luck(truth, 5), set[tuple[int, str, str, int]]()
    found, filled = [], dict[tuple[int, str, str], int]()
    for day, person, came in roster:
        if came:
            lacks = numbers["learning_share"] * 2 ** (-person.worked / numbers["learning_days"])
            found.append(Turn(day, person, 1 - lacks))
            person.worked += 1
            filled[day, person.team, person.shift] = filled.get((day, person.team, person.shift), 0) + 1
    for n, place in enumerate(fictional.places(truth)):
        stand_in = Person(f"agency {n}", **place)
        for day in opened:
            spot = (day, place["team"], place["shift"])
            nth = sum((*spot, one) in there for one in range(n))
            there.add((*spot, nth))
            if nth >= filled.get(spot, 0) and draws.random_sample() < numbers["agency_share"]:
                found.append(Turn(day, stand_in, 1.0))
    return sorted(found, key=lambda turn: (turn.day, turn.person.name))


# ------------------------------------------------------------------ patients


def walk_ins(truth: Truth, people: list[fictional.Customer]) -> Iterator[Piece]:
    """Everybody who comes without an appointment."""
    numbers, draws = truth["parameters"], luck(truth, 6)
    for customer, minute, what in fictional.calls(truth, people, calendar(truth)):
        kind = URGENT if what < numbers["urgent_share"] else WALK_IN
        condition = bool(draws.random_sample() < numbers[f"{KINDS[kind]}_condition_share"])
        yield Piece(customer, kind, minute, RANKS[kind], condition)


@dataclass(frozen=True)
class Appointment:
    """A time that was agreed, and the visit that came of it; none where nobody came."""

    planned: float
    piece: Piece | None


def appointments(truth: Truth, people: list[fictional.Customer], opened: list[int]) -> list[Appointment]:
    """Every appointment of the period in order of time."""
    numbers, draws, told = truth["parameters"], luck(truth, 7), truth["appointments"]
    first, last = (60.0 * hour for hour in told["hours"])
    found = []
    for day in opened:
        for minute in np.arange(first, last, numbers["appointments_every_minutes"]).tolist():
            planned, customer = day * DAY + minute, registered(people, day, draws)
            if draws.random_sample() < numbers["no_show_share"]:
                found.append(Appointment(planned, None))
                continue
            came = planned + numbers["punctuality_minutes"] * draws.standard_normal()
            found.append(Appointment(planned, Piece(customer, BOOKED, came, RANKS[BOOKED])))
    return found


def registered(people: list[fictional.Customer], day: int, draws: np.random.RandomState) -> str:
    """One of those who are registered on a day, each as likely as any other."""
    while True:
        one = people[draws.randint(len(people))]
        if one.started <= day and (one.end is None or day < one.end):
            return one.name


# ------------------------------------------------------------------ rows


def open_days(truth: Truth, days: list[date]) -> list[int]:
    """The days on which the clinic is open."""
    shut = set(truth["days"]["public_holidays"])
    return [n for n, day in enumerate(days) if day not in shut and day.weekday() in truth["appointments"]["days"]]


def made(truth: Truth) -> dict[str, pa.Table]:
    """The five tables of the clinic, by name."""
    days = calendar(truth)
    opened, people = open_days(truth, days), fictional.customers(truth, len(days))
    agreed = appointments(truth, people, opened)
    pieces = [*walk_ins(truth, people), *(one.piece for one in agreed if one.piece)]
    pieces.sort(key=lambda piece: piece.arrived)
    roster = fictional.attendance(truth, staff(truth, len(days)), days, truth["days"]["public_holidays"])
    played(truth, pieces, roster, opened)
    rows = {
        "visits": fictional.visit_rows(truth, pieces, KINDS, "V"),
        "visit_steps": fictional.step_rows(truth, pieces, "V"),
        "appointments": appointment_rows(truth, agreed, pieces),
        "contracts": fictional.contract_rows(days, people),
        "attendance": fictional.attendance_rows(days, roster),
    }
    return {name: fictional.as_table(rows[name], SCHEMAS[name]) for name in SCHEMAS}


def played(truth: Truth, pieces: list[Piece], roster: list[tuple[int, Person, bool]], opened: list[int]) -> None:
    """Let the clinic work day by day, since on each day its people are a little faster."""
    clinic, by_day = Clinic(truth), dict[int, list[Turn]]()
    for turn in turns(truth, roster, opened):
        by_day.setdefault(turn.day, []).append(turn)
    place = 0
    for day in opened:
        for turn in by_day.get(day, []):
            turn.person.speed = turn.speed
        first = place
        while place < len(pieces) and pieces[place].arrived < (day + 1) * DAY:
            place += 1
        roster_of_day = [(day, turn.person, True) for turn in by_day.get(day, [])]
        clinic.play(pieces[first:place], roster_of_day, (day + 1) * DAY)
    clinic.play([], [], math.inf)


def appointment_rows(truth: Truth, agreed: list[Appointment], pieces: list[Piece]) -> Iterator[tuple[Any, ...]]:
    """A row for each appointment."""
    names = {id(piece): f"V{number:06d}" for number, piece in enumerate(pieces, start=1)}
    for number, one in enumerate(agreed, start=1):
        visit = names[id(one.piece)] if one.piece else None
        yield f"B{number:06d}", KINDS[BOOKED], fictional.clock(truth, one.planned), visit


def main() -> None:
    """Write the records beside this script, or into the folder that is named."""
    fictional.run("a fictional clinic", HERE, made, NOTE)


if __name__ == "__main__":
    main()
