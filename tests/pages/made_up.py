"""A service desk whose records, estimates and plays are made up: for what pages say, whatever the model does.

What it is made of has the shape of the real thing, from the template; only the numbers are invented.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from twin.calibrate.calibration import Calibration
from twin.desk.fidelity import Fidelity, FidelityRow
from twin.desk.knowledge import Knowledge
from twin.desk.runs import Runs
from twin.experiment.inputs import RunInputs
from twin.experiment.outcome import RunOutcome
from twin.forecast.published import MeasureForecast
from twin.records import WAIT_BINS
from twin.spec.parameter import assumed
from twin.spec.scenario import Scenario
from twin.spec.template import template
from twin.store import Snapshot, Store
from twin.store.rows import Check

NAME = "service-desk"
DESK = template("service-desk")
TODAY = date(2026, 11, 1)
HISTORY, AHEAD = 730, 366
WEEK = np.array([1.35, 1.25, 1.2, 1.2, 1.1, 0.5, 0.4])
SHARES = {"visits_finished": 0.93, "visits_late": 0.11, "visits_abandoned": 0.04}
CHECKS = ("exact_duplicate", "ended_before_it_began", "open_visit", "customer_missing", "step_without_visit")
SNAPSHOT = Snapshot(
    "5e1f" * 16,
    NAME,
    datetime(2026, 11, 1, 6),
    TODAY - timedelta(days=HISTORY),
    TODAY - timedelta(days=1),
    {"visits": 45123, "visit_steps": 55870, "contracts": 1712, "attendance": 9360},
    [Check(name, 3 + n, "kept" if n > 1 else "set_aside") for n, name in enumerate(CHECKS)],
    ["visits.parquet", "visit_steps.parquet", "contracts.parquet", "attendance.parquet"],
)


def weekdays(first: date, days: int) -> np.ndarray:
    """The share that each day of the week has of its work."""
    return WEEK[(first.weekday() + np.arange(days)) % 7]


class MadeUp(Knowledge):
    """What such a desk would know."""

    @cached_property
    def days(self) -> pd.DataFrame:
        room, first = np.random.default_rng(1), TODAY - timedelta(days=HISTORY)
        came = room.poisson(62 * weekdays(first, HISTORY) * np.linspace(0.9, 1.1, HISTORY))
        fields = {name: np.floor(came * share) for name, share in SHARES.items()}
        day = [first + timedelta(days=n) for n in range(HISTORY)]
        return pd.DataFrame({"day": day, "visits": came, "open": True, **fields, "visits_open": 30 + came % 9})

    @cached_property
    def calibration(self) -> Calibration:
        parameters = {name: assumed(one) for name, one in DESK.declarations.items()}
        return Calibration(NAME, TODAY, HISTORY, parameters, [], {})

    @cached_property
    def bundle_name(self) -> str:
        return "b" * 64

    def forecast(self, measure: str) -> MeasureForecast:
        mean = 64 * weekdays(TODAY, AHEAD)
        paths = mean * np.random.default_rng(2).normal(1.0, 0.05, (20, AHEAD))
        day = np.datetime64(TODAY) + np.arange(AHEAD)
        scores = {name: {"mase": 0.8, "wape": 0.1, "coverage": 0.8} for name in ("prophet", "seasonal_naive_7")}
        none = np.zeros(0)
        fitted: Any = {"past_day": none.astype("datetime64[D]"), "past_fitted": none}
        return MeasureForecast(
            measure, TODAY, "prophet", day, np.ones(AHEAD, bool), mean, mean * 0.8, mean * 1.2, 0.8, paths, scores,
            [date(2026, 9, 1), date(2026, 10, 1)], {}, [], **fitted,
        )  # fmt: skip

    def fidelity(self) -> Fidelity:
        past = self.days.tail(28)
        rows = (
            FidelityRow("visits", "Came in", "visits", 1802.0, 1790.2, 1700.0, 1890.0, True),
            FidelityRow("visits_late", "Finished late", "visits", 198.0, 150.2, 120.0, 180.0, False),
        )
        seen = tuple(past["visits"].astype(float))
        low, high = (tuple(value * share for value in seen) for share in (0.8, 1.2))
        return Fidelity(TODAY - timedelta(days=28), 28, rows, tuple(past["day"]), seen, seen, low, high, 0.083)

    def has(self, name: str) -> bool:
        return True


def records(days: int, replications: range, better: float) -> np.ndarray:
    """Records of plays: the luck of each is its own, and `better` takes a part of the late work away."""
    columns, first = DESK.structure.columns, weekdays(TODAY, days)
    found = np.zeros((len(replications), days, len(columns)))
    for n, replication in enumerate(replications):
        came = np.random.default_rng(replication).poisson(64 * first).astype(float)
        late = came * SHARES["visits_late"] * (1.0 - better) * (1 + replication % 5 / 20)
        played = {
            "visits": came, "visits[urgent]": came * 0.2, "visits[normal]": came * 0.8,
            "visits_finished": came * 0.93, "visits_finished[urgent]": came * 0.19,
            "visits_finished[normal]": came * 0.74, "visits_late": late, "visits_late[urgent]": late * 0.3,
            "visits_late[normal]": late * 0.7, "visits_abandoned": came * 0.04, "visits_open": 30 + came % 9,
            "through_minutes_sum": came * 1400.0, "wait_minutes_sum": came * 300.0, "revenue": 2080.0 + came * 0.0,
            "wages": 1900.0 + 300.0 * better + came * 0.0, "profit": 10.0 - 300.0 * better + came / 10,
            "cash": np.cumsum(10.0 + came / 10) + 150_000, "active_customers": 1030.0 + came % 7,
            "satisfaction_share": 0.9 + came * 0.0, "demand_expected": came, "anchor_factor": 1.04 + came * 0.0,
            "station_begun[first_line]": came, "station_wait_minutes_sum[first_line]": came * 90.0,
            "station_begun[second_line]": came / 4, "station_wait_minutes_sum[second_line]": came * 400.0,
            "staff_busy_minutes[first_line]": came * 34, "staff_present_minutes[first_line]": came * 48,
            "staff_busy_minutes[second_line]": came * 31, "staff_present_minutes[second_line]": came * 40,
        }  # fmt: skip
        for name, values in played.items():
            found[n, :, columns[name]] = values
    return found


def played(
    runs: Runs, inputs: RunInputs, read: Scenario, given: np.ndarray | None, which: range, done: RunOutcome | None
) -> RunOutcome:
    """The plays of a scenario; whatever is changed takes a tenth of the late work away."""
    made = records(inputs.days, which, 0.1 * len(inputs.changes))
    fresh = RunOutcome(made, np.zeros((*made.shape[:2], WAIT_BINS)), np.zeros((len(made), 0, 0), np.int16))
    return done.joined(fresh) if done else fresh


def patches() -> Iterator[tuple[Any, str, Any]]:
    """What is put in the place of what, for twins of this name; others stay real."""
    real_snapshot, real_knowledge, real_played = Store.snapshot, Knowledge, Runs._played

    def snapshot(store: Store, twin: str, name: str | None = None) -> Snapshot | None:
        return SNAPSHOT if twin == NAME else real_snapshot(store, twin, name)

    def knowledge(desk: Any, twin: Any, known: Snapshot) -> Knowledge:
        return MadeUp(desk, twin, known) if twin.name == NAME else real_knowledge(desk, twin, known)

    def plays(runs: Runs, *arguments: Any) -> RunOutcome:
        return played(runs, *arguments) if runs.twin.name == NAME else real_played(runs, *arguments)

    import twin.desk.twin as place

    yield Store, "snapshot", snapshot
    yield place, "Knowledge", knowledge
    yield Runs, "_played", plays
