"""A made-up lender that plays in a few milliseconds: 200 loans, a desk of one, 70 days from the 10th of a month."""

from typing import Any

import numpy as np

from tests.model.small import TODAY, horizon
from tests.model.small_desk import _past, _people
from twin.experiment.inputs import Bundle, Uncertain
from twin.experiment.outcome import RunOutcome, factors_of
from twin.experiment.question import Question
from twin.experiment.replicate import replicate
from twin.spec.parameter import assumed
from twin.spec.scenario import Scenario, scenario
from twin.spec.structure import Structure
from twin.spec.template import template

LENDER = template("lender")
DAYS, LEVEL, FIRST = 70, 12.0, 10
SMALL = {
    "loans_today": 200.0, "loans_new_per_month": 30.0, "desk_office": 1.0, "late_share_month": 0.2,
    "worse_share_3": 0.8, "recovery_days": 20.0, "opening_cash": 50_000.0, "opening_borrowings": 700_000.0,
    "fixed_costs": 50.0, "marketing": 10.0,
}  # fmt: skip


def lender(structure: Structure = LENDER.structure, days: int = DAYS, **changed: float) -> Bundle:
    """A small lender of the template; `changed` are numbers that differ from the usual."""
    parameters = {name: assumed(declared) for name, declared in LENDER.declarations.items()}
    values = {name: float(one.value) for name, one in parameters.items()} | SMALL | changed
    uncertain = tuple(
        Uncertain(name, values[name], one.low, one.high, None, one.scale)
        for name, one in parameters.items()
        if one.uncertain and one.low <= values[name] <= one.high
    )
    luck = np.random.default_rng(5)
    vectors = _people(luck, 0) | _past(luck, 0)
    return Bundle(
        structure=structure,
        values=values,
        uncertain=uncertain,
        covariances=(),
        vectors=vectors | {"month_day": (np.arange(-60, days) + FIRST - 1) % 30 + 1},
        open_days=np.ones(days, np.bool_),
        months=np.zeros(days, np.int64),
        first_weekday=TODAY.weekday(),
        paths=np.full((8, days), LEVEL),
        levers=tuple(LENDER.levers),
    )


def lent_today(bundle: Bundle, replications: int = 2, seed: int = 1) -> RunOutcome:
    """The lender as it is, played some times."""
    question = Question(Scenario(), horizon(bundle), seed)
    return RunOutcome.stacked([replicate(bundle, question, r) for r in range(replications)])


def lent_if(bundle: Bundle, before: RunOutcome, *changes: str, seed: int = 1) -> RunOutcome:
    """The lender with changes, on the factors of its baseline."""
    read = scenario(list(changes), LENDER.levers, horizon(bundle), bundle.values)
    question, factors = Question(read, horizon(bundle), seed), factors_of(before.days)
    return RunOutcome.stacked([replicate(bundle, question, r, factors[r]) for r in range(before.replications)])


def lines(bundle: Bundle, outcome: RunOutcome) -> dict[str, Any]:
    """Every field of the records by replication and day."""
    return {name: outcome.days[:, :, place] for name, place in bundle.structure.columns.items()}
