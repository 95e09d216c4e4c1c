"""How well the twin would have told the last weeks, had it been asked before them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from twin.clock import Horizon
from twin.experiment.outcome import RunOutcome
from twin.experiment.question import Question
from twin.experiment.statistics import summary
from twin.records import COLUMN
from twin.spec.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from twin.desk.knowledge import Knowledge

DAYS, REPLICATIONS, SEED = 28, 32, 1
COMPARED = {
    "orders": (
        ("orders", "Orders", "orders"),
        ("revenue", "Revenue", "currency"),
        ("orders_returning", "Orders of customers who had ordered before", "orders"),
        ("orders_new", "First orders of new customers", "orders"),
        ("orders_anonymous", "Orders without a customer number", "orders"),
        ("units_demanded", "Pieces asked for", "units"),
        ("units_shipped", "Pieces delivered", "units"),
    ),
    "visits": (
        ("visits", "Came in", "visits"),
        ("visits_finished", "Finished", "visits"),
        ("visits_late", "Finished late", "visits"),
        ("visits_abandoned", "Given up", "visits"),
        ("visits_balked", "Turned round", "visits"),
        ("units_made", "Good pieces", "units"),
        ("units_scrapped", "Scrapped pieces", "units"),
        ("loans_new", "Loans granted", "loans"),
        ("interest_income", "Interest earned", "currency"),
        ("loan_payments", "Paid by borrowers", "currency"),
        ("loans_defaulted", "Loans that defaulted", "loans"),
        ("recoveries", "Came back of defaults", "currency"),
    ),
}


@dataclass(frozen=True)
class FidelityRow:
    """One number of the last weeks: what happened, and what the twin would have said (mean and 80 % range)."""

    measure: str
    label: str
    unit: str
    observed: float
    simulated: float
    low: float
    high: float
    inside: bool


@dataclass(frozen=True)
class Fidelity:
    """The last weeks as they were and as the twin, knowing only what came before, would have played them.

    today : the morning on which the twin would have been asked
    observed_days, simulated_days : orders or visits by day, with the 80 % range of the replications
    wape : how far their mean is off by day, as a share of all that came in
    """

    today: date
    days: int
    rows: tuple[FidelityRow, ...]
    day: tuple[date, ...]
    observed_days: tuple[float, ...]
    simulated_days: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    wape: float

    def to_bytes(self) -> bytes:
        """The same as bytes for the store."""
        return json.dumps(asdict(self), sort_keys=True, default=date.isoformat).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The same from its bytes."""
        read: dict[str, Any] = json.loads(content)
        read |= {name: tuple(value) for name, value in read.items() if isinstance(value, list)}
        read["today"] = date.fromisoformat(read["today"])
        read["day"] = tuple(date.fromisoformat(day) for day in read["day"])
        read["rows"] = tuple(FidelityRow(**row) for row in read["rows"])
        return cls(**read)


def fidelity(knowledge: "Knowledge") -> Fidelity:
    """Ask the twin, as it would have been 28 days ago, for the days that have passed since."""
    import pandas as pd

    from twin.experiment.workers import played

    today = knowledge.today - timedelta(days=DAYS)
    bundle, _ = knowledge.earlier(today)
    question = Question(Scenario(), Horizon(today, DAYS), SEED)
    name, content = f"fidelity-{knowledge.snapshot.snapshot}-{today}", bundle.to_bytes()
    outcome = RunOutcome.stacked(list(played(knowledge.desk.executor, name, content, question, range(REPLICATIONS))))
    past = knowledge.days[pd.to_datetime(knowledge.days["day"]) >= pd.Timestamp(today)]
    driven = knowledge.driven
    columns = knowledge.twin.template.structure.columns
    rows = tuple(_row(outcome, columns, past, *one) for one in COMPARED[driven] if one[0] in past)
    by_day = outcome.days[:, :, COLUMN[driven]]
    low, high = np.quantile(by_day, [0.1, 0.9], axis=0)
    observed, mean = past[driven].to_numpy(float), by_day.mean(axis=0)
    return Fidelity(
        today=today,
        days=DAYS,
        rows=rows,
        day=tuple(today + timedelta(days=n) for n in range(DAYS)),
        observed_days=tuple(observed.tolist()),
        simulated_days=tuple(mean.tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        wape=float(np.abs(mean - observed).sum() / max(observed.sum(), 1.0)),
    )


def _row(
    outcome: RunOutcome, columns: Mapping[str, int], past: "pd.DataFrame", measure: str, label: str, unit: str
) -> FidelityRow:
    found = summary(outcome.days[:, :, columns[measure]].sum(axis=1))
    assert found is not None
    observed = float(past[measure].sum())
    return FidelityRow(
        measure, label, unit, observed, found.mean, found.low, found.high, found.low <= observed <= found.high
    )
