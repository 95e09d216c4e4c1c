"""The fictional supply chain for tests: its first ten weeks, and plays on numbers of all or of other records."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from tests.data.generator import generator
from tests.fictional import Fictional, truth
from twin.calibrate.calibration import Calibration
from twin.calibrate.estimates import calibrate
from twin.calibrate.supplies import supply_tables
from twin.calibrate.tables import Tables, tables_from
from twin.clock import Horizon
from twin.desk.demo import SUPPLY_CHAIN as DEMO
from twin.desk.start import bundle_of
from twin.experiment.inputs import Bundle
from twin.experiment.outcome import RunOutcome, factors_of
from twin.experiment.question import Question
from twin.experiment.replicate import basket_scales, replicate
from twin.forecast.published import MeasureForecast
from twin.spec.scenario import Scenario, scenario
from twin.spec.template import template

LAST_DAY = date(2025, 11, 9)
TODAY = date(2026, 11, 1)
NAME = DEMO.name
SUPPLY_CHAIN = Fictional(
    DEMO, "outlet_order_up_to_level=+5", lambda: generator(NAME).made(truth(NAME) | {"last_day": LAST_DAY})
)
RECORDS = SUPPLY_CHAIN.tables[1:]  # without the list of items


@cache
def calibrated(**changed: Any) -> Calibration:
    """What the whole records tell; or what records of some days tell that have another seed and other days."""
    if not changed:
        frames = {name: pd.read_parquet(SUPPLY_CHAIN.folder / f"{name}.parquet") for name in RECORDS}
        return calibrate(tables_of(frames, truth(NAME)["last_day"]), template(DEMO.template))
    told = truth(NAME) | {"days": changed["days_told"], "seed": changed["seed"]}
    last = told["first_day"] + timedelta(days=changed["days"] - 1)
    made = generator(NAME).made(told | {"last_day": last})
    frames = {name: made[name].to_pandas() for name in RECORDS}
    return calibrate(tables_of(frames, last), template(DEMO.template))


def tables_of(frames: dict[str, pd.DataFrame], last_day: date) -> Tables:
    """The records as calibration gets them from the store."""
    lines = frames["order_lines"].assign(day=lambda rows: rows["ordered_at"].dt.normalize())
    worth = lines.assign(revenue=lines["shipped"] * lines["price"])
    orders = worth.groupby("order_id", as_index=False).agg(
        ordered_at=("ordered_at", "first"), day=("day", "first"), lines=("item_id", "size"),
        units=("quantity", "sum"), revenue=("revenue", "sum"),
    )  # fmt: skip
    today = last_day + timedelta(days=1)
    supply = supply_tables(lines, frames["deliveries"], frames["stock_counts"], today)
    return tables_from(orders.assign(customer_id=None), lines, today, supply=supply)


def bundle(found: Calibration, days: int, level: float) -> Bundle:
    """A twin on these numbers for which as many orders are expected every day."""
    flat = MeasureForecast.__new__(MeasureForecast)
    for name, value in {
        "forecast": np.full(days, level), "paths": np.full((4, days), level), "open": np.ones(days, bool),
    }.items():  # fmt: skip
        object.__setattr__(flat, name, value)
    values = {name: one.value for name, one in found.parameters.items()}
    scales = basket_scales(values, dict(found.vectors))
    return bundle_of(found, flat, scales, np.full(found.history_days, level))


def played(
    made: Bundle, *changes: str, replications: int = 4, before: RunOutcome | None = None, seed: int = 1
) -> RunOutcome:
    """The supply chain as today, or with changes on the factors of its baseline."""
    horizon = Horizon(TODAY, len(made.open_days))
    levers = template(DEMO.template).levers
    read = scenario(list(changes), levers, horizon, made.values) if changes else Scenario()
    factors = factors_of(before.days) if before else [None] * replications
    question = Question(read, horizon, seed)
    return RunOutcome.stacked([replicate(made, question, r, factors[r]) for r in range(replications)])
