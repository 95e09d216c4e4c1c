"""Made-up businesses with visits that play in a few milliseconds: a service desk, and a clinic by day and night."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.model.small import TODAY, horizon
from twin.experiment.inputs import Bundle, Uncertain
from twin.experiment.outcome import RunOutcome, factors_of
from twin.experiment.question import Question
from twin.experiment.replicate import replicate
from twin.spec.parameter import assumed
from twin.spec.scenario import Scenario, scenario
from twin.spec.structure import Structure
from twin.spec.template import Template, template

DESK, PRACTICE = template("service-desk"), template("clinic")
DAYS, REPLAYED, LEVEL = 40, 60, 24.0
QUIET = {"first_line_early": 2.0, "first_line_late": 2.0, "first_line_weekend": 1.0, "second_line_office": 2.0}
SLOW = {
    "appointments_every_minutes": 60.0, "doctors_morning": 2.0, "doctors_afternoon": 1.0, "nurses_morning": 1.0,
    "triage_minutes": 20.0, "balk_at": 2.0, "urgent_share": 0.3, "urgent_condition_share": 0.5,
    "walk_in_condition_share": 0.4,
}  # fmt: skip
CLINIC = Structure.model_validate({
    "segments": {"patients": {"relation": "contract", "rate_shape": 1.0, "rate_scale_days": 20.0, "new_per_day": 1.0,
                              "churn_share": 0.05, "fee": 9.0}},
    "kinds": {
        "emergency": {"start": "triage", "share": 0.3, "rank": 0, "promised_hours": 1.0, "condition_share": 0.4},
        "walk_in": {"start": "triage", "share": "rest", "rank": 1, "promised_hours": 4.0, "condition_share": 0.1},
        "appointment": {"start": "doctor", "rank": 1, "promised_hours": 2.0, "condition_share": 0.2, "booked": {
            "days": "mon-fri", "start": "09:00", "end": "12:00", "every_minutes": 20.0, "no_show_share": 0.1,
            "punctuality_minutes": 8.0}},
    },
    "teams": {
        "nurses": {"wage": 20.0, "absence_share": 0.1, "absence_spell_days": 3.0, "agency_share": 0.5, "skills": {
            "doctor": 0.5}, "shifts": {
            "day": {"start": "06:00", "end": "22:00", "people": 3},
            "night": {"start": "22:00", "end": "06:00", "people": 1}}},
        "doctors": {"wage": 60.0, "learning_share": 0.3, "learning_days": 30.0, "attrition_per_year": 2.0,
                    "attrition_response": 0.2, "hiring_days": 10.0, "overtime_hours": 2.0, "shift_end": "pause",
                    "shifts": {"day": {"start": "08:00", "end": "18:00", "people": "doctors"}}},
    },
    "stations": {
        "triage": {"teams": ["nurses"], "minutes": 6.0, "scatter": 0.5, "balk_at": 15, "patience_minutes": 90.0,
                   "test": {"sensitivity": 0.9, "specificity": 0.8, "next": {"doctor": 1.0}}, "next": {"doctor": 0.5}},
        "doctor": {"teams": ["doctors", "nurses"], "minutes": 15.0, "minutes_of": {"emergency": 30.0}, "scatter": 0.7,
                   "capacity": 3, "patience_minutes": 240.0, "next": {"triage": 0.1}},
    },
})  # fmt: skip
CLINIC_VALUES = {
    "demand": 1.0, "marketing": 10.0, "marketing_share": 0.3, "marketing_effect": 0.5, "fixed_costs": 50.0,
    "opening_cash": 1000.0, "satisfaction_memory": 0.3, "satisfaction_loss_late": 0.5,
    "satisfaction_loss_abandoned": 0.8, "churn_response": 1.0, "doctors": 2.0,
}  # fmt: skip


def desk(days: int = DAYS, **changed: float) -> Bundle:
    """A small service desk of the template; `changed` are numbers that differ from the usual."""
    return _of(DESK, days, QUIET | changed)


def practice(days: int = DAYS, **changed: float) -> Bundle:
    """A small clinic of the template, with appointments, tests and rooms."""
    return _of(PRACTICE, days, SLOW | changed)


def _of(kind: Template, days: int, changed: dict[str, float]) -> Bundle:
    parameters = {name: assumed(declared) for name, declared in kind.declarations.items()}
    values = {name: float(one.value) for name, one in parameters.items()} | changed
    uncertain = tuple(
        Uncertain(name, values[name], one.low, one.high, None, one.scale)
        for name, one in parameters.items()
        if one.uncertain and one.low <= values[name] <= one.high
    )
    return _bundle(kind.structure, values, uncertain, tuple(kind.levers), days)


def clinic(structure: Structure = CLINIC, days: int = DAYS, **changed: float) -> Bundle:
    """Triage with a test and doctors, day and night, with appointments, absence, overtime, agency and attrition."""
    return _bundle(structure, CLINIC_VALUES | changed, (), ("demand", "marketing", "doctors"), days)


def _bundle(
    structure: Structure, values: dict[str, float], uncertain: tuple[Uncertain, ...], levers: tuple[str, ...], days: int
) -> Bundle:
    luck = np.random.default_rng(3)
    weekday = (TODAY.weekday() + np.arange(days)) % 7
    paths = np.where(weekday < 5, LEVEL, LEVEL / 4) * luck.lognormal(0.0, 0.1, (8, days))
    return Bundle(
        structure=structure,
        values=values,
        uncertain=uncertain,
        covariances=(),
        vectors=_people(luck, len(structure.segments)) | _past(luck, len(structure.kinds)),
        open_days=np.ones(days, np.bool_),
        months=np.zeros(days, np.int64),
        first_weekday=TODAY.weekday(),
        paths=paths,
        levers=levers,
    )


def _people(luck: np.random.Generator, segments: int) -> dict[str, np.ndarray]:
    count, hour = 200 if segments else 0, np.ones((7, 24))
    hour[:, 8:18] = 9.0
    return {
        "customer_id": np.array([f"C{n}" for n in range(count)]),
        "customer_segment": luck.integers(0, max(segments, 1), count),
        "customer_visits": luck.poisson(5.0, count),
        "customer_days": luck.uniform(30.0, 300.0, count),
        "customer_renews_in_days": luck.integers(0, 30, count),
        "hour_share": (hour / hour.sum()).ravel(),
        "open_share": np.ones(1),
    }


def _past(luck: np.random.Generator, kinds: int) -> dict[str, np.ndarray]:
    counts = luck.poisson(LEVEL, REPLAYED)
    visits = int(counts.sum())
    return {
        "replay_open": np.ones(REPLAYED, np.bool_),
        "replay_day": np.repeat(np.arange(-REPLAYED, 0), counts).astype(np.int32),
        "replay_minute": np.concatenate([np.sort(luck.uniform(420.0, 1300.0, count)) for count in counts]),
        "replay_customer": luck.integers(-1, 200, visits) if kinds else np.full(visits, -1),
        "replay_number": np.arange(visits),
        "replay_kind": luck.integers(0, max(1, min(kinds, 2)), visits),
    }


def today(bundle: Bundle, replications: int = 2, seed: int = 1) -> RunOutcome:
    """The business as it is, played some times."""
    question = Question(Scenario(), horizon(bundle), seed)
    return RunOutcome.stacked([replicate(bundle, question, r) for r in range(replications)])


def what_if(bundle: Bundle, before: RunOutcome, *changes: str, seed: int = 1) -> RunOutcome:
    """The business with changes, on the factors of its baseline."""
    known = DESK.levers | PRACTICE.levers
    levers = {name: known[name] for name in bundle.levers if name in known}
    read = scenario(list(changes), levers, horizon(bundle), bundle.values)
    question, factors = Question(read, horizon(bundle), seed), factors_of(before.days)
    return RunOutcome.stacked([replicate(bundle, question, r, factors[r]) for r in range(before.replications)])


def get(bundle: Bundle, outcome: RunOutcome, name: str) -> np.ndarray:
    """One field of the records by replication and day."""
    return outcome.days[:, :, bundle.structure.columns[name]]


def without(structure: Structure, *parts: str) -> Structure:
    """The same business with some of its parts switched off."""
    return structure.model_copy(update={part: {} for part in parts})


def with_stations(structure: Structure, **stations: dict[str, Any]) -> Structure:
    """The same business with some numbers of its stations changed."""
    content = structure.model_dump()
    for name, changed in stations.items():
        content["stations"][name] |= changed
    return Structure.model_validate(content)


def changed(bundle: Bundle, **parts: Any) -> Bundle:
    """The same bundle with some of its parts replaced."""
    return replace(bundle, **parts)
