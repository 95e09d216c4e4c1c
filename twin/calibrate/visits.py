"""The records of a business with visits: who came, the way through the stations, contracts, people, appointments."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twin.calibrate.tables import YEAR_DAYS
from twin.errors import TwinError, UnknownName
from twin.spec.structure import OUT, Structure

if TYPE_CHECKING:
    from twin.calibrate.loan_tables import LoanTables
    from twin.calibrate.machine_log import MachineLog
    from twin.calibrate.supplies import SupplyTables

COLUMNS: dict[str, dict[str, str]] = {
    "visits": {
        "visit_id": "text",
        "customer_id": "text",
        "kind": "text",
        "arrived_at": "time",
        "ended_at": "time",
        "outcome": "text",
    },
    "visit_steps": {
        "visit_id": "text",
        "station": "text",
        "queued_at": "time",
        "began_at": "time",
        "ended_at": "time",
        "team": "text",
    },
    "contracts": {"customer_id": "text", "segment": "text", "started_on": "time", "ended_on": "time"},
    "attendance": {"team": "text", "shift": "text", "person": "text", "day": "time", "present": "yes"},
    "appointments": {"appointment_id": "text", "kind": "text", "planned_at": "time", "visit_id": "text"},
}
OPTIONAL = {  # columns that records may lack
    "visits": {"units": "number", "scrapped": "number"},
    "visit_steps": {"result": "text"},
}
ORDER = {
    "visits": ["arrived_at", "visit_id"],
    "visit_steps": ["queued_at", "visit_id", "began_at", "ended_at", "station", "team"],
    "contracts": ["started_on", "customer_id", "segment", "ended_on"],
    "attendance": ["day", "team", "shift", "person", "present"],
    "appointments": ["planned_at", "appointment_id"],
}
OPEN, ABANDONED, BALKED = "open", "abandoned", "balked"
POSITIVE, NEGATIVE = "positive", "negative"


@dataclass(frozen=True)
class VisitTables:
    """Everything that was known of visits on the morning of today; what ended later is still open.

    today        the day after the last complete day of the records
    visits       visit_id, customer_id (empty if unknown), kind, arrived_at, ended_at (empty while open),
                 outcome (done, abandoned, balked, open), the day of the arrival, and where the business counts
                 them units and scrapped (pieces, empty if unknown)
    visit_steps  visit_id, station, queued_at, began_at (empty if never begun), ended_at (empty while open), team,
                 result (of a test there: positive or negative, else empty)
    contracts    customer_id, segment, started_on, ended_on (the first day without; empty while it runs)
    attendance   team, shift, person, day, present
    appointments appointment_id, kind, planned_at, visit_id (empty where nobody came)
    loans        loans, their months and recoveries, where the business lends
    machines, supply  what machines did, and what was ordered, came in and was counted; None where nobody writes it down
    items        item_id, description, price of one piece; None where there is no list
    """

    today: date
    visits: pd.DataFrame
    visit_steps: pd.DataFrame
    contracts: pd.DataFrame
    attendance: pd.DataFrame
    appointments: pd.DataFrame
    loans: "LoanTables | None" = None
    machines: "MachineLog | None" = None
    supply: "SupplyTables | None" = None
    items: pd.DataFrame | None = None

    @property
    def morning(self) -> pd.Timestamp:
        """Today, as pandas counts days."""
        return pd.Timestamp(self.today)

    @cached_property
    def history_days(self) -> int:
        """How many calendar days the records of visits cover."""
        return int((self.morning - self.visits["day"].min()).days) if len(self.visits) else 0

    @property
    def year_days(self) -> int:
        """How many calendar days the last year of the records covers; fewer than 365 for a younger business."""
        return min(YEAR_DAYS, self.history_days)

    @property
    def since(self) -> pd.Timestamp:
        """The first day of the last year of the records."""
        return self.morning - pd.Timedelta(days=self.year_days)

    @cached_property
    def year(self) -> pd.DataFrame:
        """The visits that arrived in the last 365 days."""
        return self.visits[self.visits["day"] >= self.since].reset_index(drop=True)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """The steps of the last year's visits in order, each with its visit's kind and outcome and what came next.

        `next` is the station that the visit went to, 'out' if it left, and empty where that is not known yet. Steps
        whose times run backwards, as in the hour that an autumn night has twice, are left out.
        """
        place = pd.Index(self.year["visit_id"]).get_indexer(pd.Index(self.visit_steps["visit_id"]))
        steps = self.visit_steps[place >= 0].assign(visit=place[place >= 0])
        steps = steps.sort_values("visit", kind="stable", ignore_index=True)
        visit = steps["visit"].to_numpy()
        last = np.r_[visit[1:] != visit[:-1], np.ones(min(len(visit), 1), dtype=bool)]
        outcome = self.year["outcome"].to_numpy(object)[visit]
        after = np.r_[steps["station"].to_numpy(object)[1:], [None] * min(len(visit), 1)]
        after[last] = OUT
        after[last & (outcome == OPEN)] = None
        kind = self.year["kind"].to_numpy(object)[visit]
        steps = steps.assign(kind=kind, outcome=outcome, next=after, last=last)
        backwards = (steps["began_at"] < steps["queued_at"]) | (
            steps["ended_at"] < steps["began_at"].fillna(steps["queued_at"])
        )
        return steps[~backwards].reset_index(drop=True)

    def cut(self, today: date) -> "VisitTables":
        """The same records as they stood on an earlier morning."""
        if today > self.today:
            raise TwinError(
                f"The records end before {self.today}; they cannot be cut at {today}. Choose an earlier day."
            )
        frames = self.visits, self.visit_steps, self.contracts, self.attendance
        return replace(
            visit_tables(*frames, today, self.appointments),
            machines=self.machines.cut(today) if self.machines else None,
            supply=self.supply.cut(today) if self.supply else None,
            items=self.items,
            loans=self.loans.cut(today) if self.loans is not None else None,
        )


def visit_tables(
    visits: pd.DataFrame,
    visit_steps: pd.DataFrame,
    contracts: pd.DataFrame | None,
    attendance: pd.DataFrame | None,
    today: date,
    appointments: pd.DataFrame | None = None,
) -> VisitTables:
    """The records as they stood on a morning, checked and in a fixed order, whatever order they came in.

    contracts, attendance, appointments : None where the business keeps none
    """
    given = {"visits": visits, "visit_steps": visit_steps, "contracts": contracts, "attendance": attendance}
    given["appointments"] = appointments
    frames = {name: _checked(name, frame) for name, frame in given.items()}
    known = _as_known(frames, pd.Timestamp(today))
    ordered = {name: known[name].sort_values(ORDER[name], ignore_index=True) for name in ORDER}
    visits, visit_steps, contracts, attendance, appointments = (ordered[name] for name in COLUMNS)
    return VisitTables(today, visits, visit_steps, contracts, attendance, appointments)


def _checked(name: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    """The columns that calibration needs, each as what it is."""
    needed = COLUMNS[name]
    if frame is None:
        frame = pd.DataFrame({column: [] for column in needed})
    missing = [column for column in needed if column not in frame.columns]
    if missing:
        raise TwinError(f"The table {name} has no column {', '.join(missing)}; calibration needs {', '.join(needed)}.")
    try:
        known = pd.DataFrame({column: as_kind(frame[column], what) for column, what in needed.items()})
        for column, what in OPTIONAL.get(name, {}).items():
            known[column] = (
                as_kind(frame[column], what) if column in frame.columns else None if what == "text" else np.nan
            )
        return known
    except ValueError as error:
        raise TwinError(f"The table {name} cannot be read: {error}. Times are written like 2024-01-31 09:30.") from None


def as_kind(values: pd.Series, what: str) -> pd.Series:
    """A column as what it is: text, time, number, or yes."""
    if what == "text":
        text = values.astype("string").astype(object)
        return text.where(text.notna() & (text != ""), None)
    if what == "time":
        times = pd.to_datetime(values, format="ISO8601")
        return (times if times.dt.tz is None else times.dt.tz_localize(None)).astype("datetime64[us]")
    if what == "number":
        return pd.to_numeric(values).astype("float64")
    return values.astype("float64") > 0


def looked_up(keys: pd.Series, known: pd.Series) -> pd.Series:
    """What is known of each of these, by name, empty where nothing is; `map` fails where no time at all is known."""
    return pd.Series(known.reindex(keys).to_numpy(), index=keys.index)


def _as_known(frames: Mapping[str, pd.DataFrame], morning: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """What the records said before a morning: later rows are gone, and what ended later is open."""

    def before(times: pd.Series) -> pd.Series:
        return times.where(times < morning)

    visits, steps, contracts, attendance, appointments = (frames[name] for name in COLUMNS)
    visits = visits[visits["arrived_at"] < morning]
    ended = before(visits["ended_at"])
    visits = visits.assign(
        ended_at=ended,
        outcome=visits["outcome"].where(ended.notna(), OPEN),
        scrapped=visits["scrapped"].where(ended.notna()),
        day=visits["arrived_at"].dt.normalize(),
    )
    steps = steps[steps["queued_at"] < morning]
    began = before(steps["began_at"])
    steps = steps.assign(
        began_at=began, ended_at=before(steps["ended_at"]), team=steps["team"].where(began.notna(), None)
    )
    steps = steps.assign(result=steps["result"].where(steps["ended_at"].notna(), None))
    contracts = contracts[contracts["started_on"] < morning]
    contracts = contracts.assign(ended_on=before(contracts["ended_on"]))
    return {
        "visits": visits,
        "visit_steps": steps,
        "contracts": contracts,
        "attendance": attendance[attendance["day"] < morning],
        "appointments": appointments[appointments["planned_at"] < morning],
    }


def require_visits(tables: VisitTables, fewest: int) -> None:
    """Stop with a sentence where there are too few visits to say anything."""
    visits = len(tables.visits)
    if not visits:
        raise TwinError(f"There are no visits before {tables.today}. Load a table visits first.")
    found = len(tables.year)
    if found < fewest:
        raise TwinError(
            f"There are {found:,} visits in the {YEAR_DAYS} days before {tables.today} ({visits:,} in all); "
            f"calibration needs at least {fewest} in those days. Load more records, or choose a day that more of them "
            "precede."
        )


def require_known_names(tables: VisitTables, structure: Structure) -> None:
    """Stop with a sentence where the records name a kind, station, team or segment that the template does not."""
    for frame, column, what, known in (
        (tables.visits, "kind", "kind of visit", structure.kinds),
        (tables.visit_steps, "station", "station", structure.stations),
        (tables.visit_steps, "team", "team", structure.teams),
        (tables.contracts, "segment", "segment", structure.segments),
        (tables.attendance, "team", "team", structure.teams),
        (tables.appointments, "kind", "kind of visit", structure.kinds),
    ):
        for name in frame[column].dropna().unique():
            if name not in known:
                raise UnknownName(what, name, known)
