"""Make the records of a fictional service desk, of which every true number is known (truth.toml).

An independent simulation in plain Python and NumPy that shares no code with the twin, so that what the twin
estimates from the records can be held against the truth. Written again with `python data/service-desk/generate.py`.
"""

import math
import sys
from pathlib import Path

import pyarrow as pa

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # the module beside the folders of the businesses

import fictional  # noqa: E402
from fictional import Person, Piece, Queues, Truth, calendar, day_factors  # noqa: E402

__all__ = ["calendar", "day_factors", "made", "main"]
KINDS = ("urgent", "normal")  # the first is served first
NOTE = (
    "Fictional records of a service desk that does not exist, made by data/service-desk/generate.py of Understudy "
    "from the numbers in truth.toml. No person or company is described. CC0 1.0: no rights reserved."
)
ONWARD = {"first_line": ("escalation_share", "second_line"), "second_line": ("reopen_share", "first_line")}
SCHEMAS = {
    "visits": fictional.VISITS,
    "visit_steps": fictional.STEPS,
    "contracts": fictional.CONTRACTS,
    "attendance": fictional.ATTENDANCE,
}


class Desk(Queues):
    """Two lines of support: urgent before normal, then first come, first served; who waits too long gives up."""

    teams_of = {"first_line": ("first_line",), "second_line": ("second_line",)}  # noqa: RUF012

    def start(self, piece: Piece) -> str:
        """A new ticket begins at the first line."""
        return "first_line"

    def patience(self, piece: Piece, station: str) -> float:
        """At the first line nobody waits for ever."""
        if station != "first_line":
            return math.inf
        return float(-self.numbers["patience_minutes"] * math.log(1 - self.draws.random_sample()))

    def work_minutes(self, piece: Piece, station: str, person: Person) -> float:
        """How long the work on a ticket takes: log-normal with the station's mean and scatter."""
        return fictional.log_normal(self.draws, self.numbers[f"{station}_minutes"], self.numbers[f"{station}_scatter"])

    def onward(self, piece: Piece, station: str) -> str | None:
        """Some tickets go to the other line."""
        share, other = ONWARD[station]
        return other if self.draws.random_sample() < self.numbers[share] else None


def tickets(truth: Truth, people: list[fictional.Customer]) -> list[Piece]:
    """Every ticket in order of arrival."""
    urgent = truth["parameters"]["urgent_share"]
    found = []
    for customer, minute, what in fictional.calls(truth, people, calendar(truth)):
        kind = 0 if what < urgent else 1
        found.append(Piece(customer, kind, minute, rank=kind))
    return sorted(found, key=lambda ticket: ticket.arrived)


def made(truth: Truth) -> dict[str, pa.Table]:
    """The four tables of the desk, by name."""
    days = calendar(truth)
    people = fictional.customers(truth, len(days))
    staff = [Person(f"A{n:02d}", **place) for n, place in enumerate(fictional.places(truth), start=1)]
    opened, roster = tickets(truth, people), fictional.attendance(truth, staff, days)
    Desk(truth).play(opened, roster, len(days) * fictional.DAY)
    rows = {
        "visits": fictional.visit_rows(truth, opened, KINDS, "T"),
        "visit_steps": (row[:-1] for row in fictional.step_rows(truth, opened, "T")),  # nothing is tested here
        "contracts": fictional.contract_rows(days, people),
        "attendance": fictional.attendance_rows(days, roster),
    }
    return {name: fictional.as_table(rows[name], SCHEMAS[name]) for name in SCHEMAS}


def main() -> None:
    """Write the records beside this script, or into the folder that is named."""
    fictional.run("a fictional service desk", HERE, made, NOTE)


if __name__ == "__main__":
    main()
