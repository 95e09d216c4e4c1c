"""From the records of a business with visits to every number that its structure names."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.calibrate.appointments import appointments
from twin.calibrate.arrivals import hour_share
from twin.calibrate.attendance import attendance, rosters
from twin.calibrate.balking import balking
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.calibration import Calibration
from twin.calibrate.conditions import conditions
from twin.calibrate.contracts import contracts
from twin.calibrate.estimate import Part, joined, on_scale, unmeasured
from twin.calibrate.loans import loans
from twin.calibrate.making import making
from twin.calibrate.patience import patience
from twin.calibrate.plant import plant
from twin.calibrate.present import present
from twin.calibrate.rates import rates
from twin.calibrate.replay import ANONYMOUS, DAYS, UNKNOWN
from twin.calibrate.service import service
from twin.calibrate.shares import kinds, routes
from twin.calibrate.staffing import staffing
from twin.calibrate.visits import VisitTables, require_known_names, require_visits
from twin.spec.parameter import Declaration, Parameter
from twin.spec.structure import Structure, number

FEWEST_VISITS = 50
PARTS = (
    service, routes, kinds, conditions, patience, balking, appointments, attendance, staffing, contracts, rates,
    loans, plant, making,
)  # fmt: skip


def calibrate_visits(tables: VisitTables, blueprint: Blueprint, template: str) -> Calibration:
    """Every number that the records can give, and the template's assumption, with the reason, for what they cannot."""
    require_visits(tables, FEWEST_VISITS)
    require_known_names(tables, blueprint.structure)
    parts = [part(tables, blueprint) for part in PARTS]
    people = rosters(tables, blueprint)
    found = joined([*parts, people, present(tables, blueprint, people), _arrivals(tables, blueprint)])
    reasons = found.reasons | blueprint.ambiguous
    parameters = {
        name: _parameter(declared, found, reasons.get(name)) for name, declared in blueprint.declarations.items()
    }
    covariances = [
        (names, on_scale(names, matrix, parameters))
        for names, matrix in found.covariances
        if all(parameters[name].origin == "data" for name in names)
    ]
    evidence = found.evidence | {
        "returning": _returning(tables, found, blueprint, parameters),
        "rows": _rows(tables),
        "work": blueprint.work,
    }
    vectors = found.vectors | replayed(tables, blueprint.structure, found.vectors["customer_id"])
    return Calibration(
        template, tables.today, tables.history_days, parameters, covariances, vectors, found.errors, evidence
    )


def _parameter(declared: Declaration, found: Part, reason: str | None) -> Parameter:
    if declared.name in found.estimates:
        return found.estimates[declared.name].parameter(declared)
    return unmeasured(declared, {declared.name: reason} if reason else {})


def _arrivals(tables: VisitTables, blueprint: Blueprint) -> Part:
    """How visits spread over the week, those by appointment left out, and on which share of days any come."""
    came = tables.year[tables.year["kind"].isin(blueprint.walk_in)]
    share, errors = hour_share(came["arrived_at"] if len(came) else tables.year["arrived_at"])
    open_share = tables.year["day"].nunique() / tables.year_days
    return Part(vectors={"hour_share": share, "open_share": np.array([open_share])}, errors={"hour_share": errors})


def replayed(tables: VisitTables, structure: Structure, customer_id: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """The visits of the last 60 days as they came: day, minute, customer and kind, in order of time.

    Customers are rows of `customer_id`: -1 without an identity, -2 for one who has no contract today.
    """
    ago = (tables.morning - tables.visits["day"]).dt.days
    visits = tables.visits[ago <= DAYS]
    day = -ago[ago <= DAYS].to_numpy(np.int64)
    at = visits["arrived_at"]
    row = {name: place for place, name in enumerate(customer_id.tolist())}
    who = [ANONYMOUS if name is None else row.get(name, UNKNOWN) for name in visits["customer_id"]]
    code = {name: place for place, name in enumerate(structure.kinds)}
    open_days = np.zeros(DAYS, dtype=bool)
    open_days[day + DAYS] = True
    return {
        "replay_open": open_days,
        "replay_day": day.astype(np.int32),
        "replay_minute": (at.dt.hour * 60 + at.dt.minute + at.dt.second / 60).to_numpy(float),
        "replay_customer": np.array(who, dtype=np.int64),
        "replay_kind": np.array([code[kind] for kind in visits["kind"]], dtype=np.int32),
        "replay_number": np.arange(len(visits), dtype=np.int64),
    }


def _returning(
    tables: VisitTables, found: Part, blueprint: Blueprint, parameters: dict[str, Parameter]
) -> dict[str, Any]:
    """Visits a day that today's contracts imply, beside those of known customers in the last year; no appointments."""
    own = tables.year["customer_id"].notna() & tables.year["kind"].isin(blueprint.walk_in)
    observed = float(own.sum() / tables.year_days)
    code = found.vectors["customer_segment"]
    if not len(code) or not observed:
        return {"visits_per_day_implied": None, "visits_per_day_observed": observed, "ratio": None}
    values = {name: one.value for name, one in parameters.items()}
    segments = blueprint.structure.segments.values()
    shapes = np.array([number(one.rate_shape, values) for one in segments])[code]
    scales = np.array([number(one.rate_scale_days, values) for one in segments])[code]
    own = (shapes + found.vectors["customer_visits"]) / (scales + found.vectors["customer_days"])
    implied = float(own.sum())
    return {
        "visits_per_day_implied": implied,
        "visits_per_day_observed": observed,
        "ratio": implied / observed,
    }


def _rows(tables: VisitTables) -> dict[str, int]:
    """How many rows of the last year the numbers rest on, and how many steps could not be used."""
    steps = int(tables.visit_steps["visit_id"].isin(tables.year["visit_id"]).sum())
    lent = {} if tables.loans is None else {"loans": len(tables.loans.loans), "loan_months": len(tables.loans.months)}
    return lent | {
        "days": tables.year_days,
        "visits": len(tables.year),
        "steps": len(tables.steps),
        "steps_set_aside": steps - len(tables.steps),
        "contracts": len(tables.contracts),
        "attendance": int((tables.attendance["day"] >= tables.since).sum()),
    }
