"""Small records of visits, written row by row, for known answers."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from tests.calibrate.desk import declaration
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.visits import COLUMNS, OPTIONAL, VisitTables, visit_tables
from twin.spec.structure import Structure

TODAY = date(2024, 3, 11)  # a Monday
FIRST = pd.Timestamp("2024-01-01")  # a Monday
Row = Sequence[object]


def at(minute: float | None) -> pd.Timestamp | None:
    """A moment so many minutes after the first day's midnight."""
    return None if minute is None else FIRST + pd.Timedelta(seconds=round(minute * 60))


def visit(number: int, arrived: float, ended: float | None, outcome: str = "done", kind: str = "usual") -> Row:
    """One visit."""
    return f"v{number:04d}", None, kind, at(arrived), at(ended), outcome


def step(
    number: int,
    queued: float,
    began: float | None,
    ended: float | None,
    station: str = "counter",
    team: str = "clerks",
    result: str | None = None,
) -> Row:
    """One step of a visit."""
    return f"v{number:04d}", station, at(queued), at(began), at(ended), None if began is None else team, result


def appointment(number: int, planned: float, visit: int | None, kind: str = "booked") -> Row:
    """One appointment, and the visit that came of it."""
    return f"b{number:04d}", kind, at(planned), None if visit is None else f"v{visit:04d}"


def records(
    visits: Sequence[Row] = (),
    steps: Sequence[Row] = (),
    contracts: Sequence[Row] = (),
    attendance: Sequence[Row] = (),
    appointments: Sequence[Row] = (),
    today: date = TODAY,
) -> VisitTables:
    """Tables from rows."""
    rows = {"visits": visits, "visit_steps": steps, "contracts": contracts, "attendance": attendance}
    rows["appointments"] = appointments
    heads = {name: [*COLUMNS[name], *OPTIONAL.get(name, {})] for name in COLUMNS}
    frames = {name: _frame(list(rows[name]), heads[name]) for name in COLUMNS}
    return visit_tables(**frames, today=today)


def served(
    minutes: Sequence[float], station: str = "counter", kind: str = "usual", first: int = 0
) -> tuple[list[Row], list[Row]]:
    """Visits, one every ten minutes, that are served at once for so many minutes each."""
    times = [(first + n, 10.0 * (first + n), 10.0 * (first + n) + length) for n, length in enumerate(minutes)]
    visits = [visit(number, begin, end, kind=kind) for number, begin, end in times]
    return visits, [step(number, begin, begin, end, station) for number, begin, end in times]


def counter(teams: dict | None = None, kinds: dict | None = None, **stations: dict) -> Blueprint:
    """A business of some stations, one team of clerks unless told otherwise; every name in it is a parameter."""
    clerks = {"shifts": {"day": {"start": "09:00", "end": "17:00", "days": "mon-fri", "people": 2}}}
    structure = Structure.model_validate(
        {
            "kinds": kinds or {"usual": {"start": next(iter(stations))}},
            "teams": teams or {"clerks": clerks},
            "stations": {name: {"teams": ["clerks"], "minutes": 5.0} | content for name, content in stations.items()},
        }
    )
    names = dict.fromkeys(of for _, of in structure.numbers() if isinstance(of, str))
    return Blueprint(structure, {name: declaration(name) for name in names})


def _frame(rows: list[Row], heads: list[str]) -> pd.DataFrame:
    """Rows under as many headings as they have, the first ones."""
    return pd.DataFrame(rows, columns=heads[: len(rows[0])] if rows else heads)
