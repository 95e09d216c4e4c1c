"""A made-up shop that plays in a few milliseconds: 300 customers, 12 items, 40 days, closed on Saturdays."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from twin.clock import Horizon
from twin.experiment.inputs import Bundle, Uncertain, Uncertainties
from twin.experiment.outcome import RunOutcome, factors_of
from twin.experiment.question import Question
from twin.experiment.replicate import basket_scales, replicate
from twin.records import COLUMN
from twin.spec.parameter import assumed
from twin.spec.scenario import Scenario, scenario
from twin.spec.template import template

TODAY = date(2024, 1, 1)  # a Monday
DAYS = 40
PATHS = 16
ORDERS = 20.0
REPLAYED = 60
BGNBD = ("rate_shape", "rate_scale_days", "dropout_a", "dropout_b")
ERRORS = {"new_customers_per_day": 0.2, "anonymous_orders_per_day": 0.3, "basket_value": 2.0, "lines_log_mean": 0.02}
VALUES = {
    "lines_log_mean": 1.0, "lines_log_sd": 0.5, "anonymous_lines_log_mean": 1.2, "anonymous_lines_log_sd": 0.6,
    "basket_value": 40.0, "anonymous_basket_value": 60.0, "pickers_weekday": 2.0, "pickers_weekend": 1.0,
    "picking_minutes_order": 34.0, "new_customers_per_day": 2.0, "anonymous_orders_per_day": 3.0,
    "fixed_costs": 100.0, "marketing": 20.0, "opening_cash": 10000.0,
}  # fmt: skip
CERTAIN = Uncertainties(estimates=False, demand=False)
Records = np.ndarray
MEASURES = template("shop").measures


@cache
def small(customers: int = 300, items: int = 12, days: int = DAYS, level: float = ORDERS, **changed: float) -> Bundle:
    """The shop; `changed` are numbers that differ from the usual, such as pickers_weekday=0."""
    parameters = {name: assumed(declared) for name, declared in template("shop").declarations.items()}
    values = {name: float(one.value) for name, one in parameters.items()} | VALUES | changed
    luck = np.random.default_rng(7)
    vectors = people(luck, customers) | goods(luck, items) | past(luck, customers, items)
    vectors["basket_scale"] = basket_scales(values, vectors, sample=512)
    open_days = np.arange(days) % 7 != 5
    paths = np.where(open_days, level * luck.lognormal(0.0, 0.15, (PATHS, days)), 0.0)
    return Bundle(
        structure=template("shop").structure,
        values=values,
        uncertain=tuple(uncertain(parameters, values)),
        covariances=((BGNBD, (np.diag([0.04, 0.05, 0.2, 0.3]) ** 2 + 0.0009).tolist()),),
        vectors=vectors,
        open_days=open_days,
        months=np.zeros(days, np.int64),
        first_weekday=TODAY.weekday(),
        paths=paths,
        levers=tuple(template("shop").levers),
    )


def uncertain(parameters: dict[str, Any], values: dict[str, float]) -> Iterator[Uncertain]:
    """What each replication draws: a few estimates with an error, the four of the BG/NBD model, and assumptions."""
    for name, one in parameters.items():
        value = values[name]
        error = ERRORS[name] if name in ERRORS and ERRORS[name] < 0.2 * value else None
        if name in BGNBD or error:
            error = error or 0.1 * value
            yield Uncertain(name, value, value - 1.64 * error, value + 1.64 * error, error, one.scale)
        elif one.uncertain and one.low <= value <= one.high:
            yield Uncertain(name, value, one.low, one.high, None, one.scale)


def people(luck: np.random.Generator, customers: int) -> dict[str, np.ndarray]:
    """The customers' histories."""
    age = luck.uniform(5.0, 400.0, customers)
    repeats = luck.poisson(luck.gamma(0.6, 1 / 30.0, customers) * age)
    recency = np.where(repeats > 0, age * luck.beta(4.0, 1.0, customers), 0.0)
    spend = luck.lognormal(-0.1, 0.4, customers)
    return {
        "customer_id": np.arange(customers) + 1000,
        "customer_repeats": repeats.astype(np.int64),
        "customer_recency_days": recency,
        "customer_age_days": age,
        "customer_spend": spend,
        "orders_per_purchase_day": np.array([1.1]),
        "demand_ahead": np.ones(REPLAYED + 366),
        "open_share": np.array([6 / 7]),
        "season_lines": np.ones((2, 12)),
        "season_size": np.ones((2, 12)),
        "hour_share": hours(),
    }


def hours() -> np.ndarray:
    """Orders by hour of the week: from 8 to 18, none on Saturdays."""
    week = np.zeros((7, 24))
    week[:, 8:18] = np.arange(10.0, 20.0)
    week[5] = 0.0
    return (week / week.sum()).ravel()


def goods(luck: np.random.Generator, items: int) -> dict[str, np.ndarray]:
    """The items; the last stands for all others."""
    share = luck.dirichlet(np.full(items, 2.0))
    quantity, price = luck.uniform(1.5, 6.0, items), luck.uniform(0.5, 9.0, items).round(2)
    names = [f"item {n}" for n in range(items - 1)] + ["other items"]
    revenue = share * quantity * price
    return {
        "item_id": np.array(names),
        "item_price": price,
        "item_line_share": share,
        "item_quantity": quantity,
        "item_units_per_day": ORDERS * 3.0 * share * quantity * 6 / 7,
        "item_revenue_share": revenue / revenue.sum(),
        "other_item_id": np.array(["rare", "rarer"]),
        "other_item_revenue_share": np.array([0.75, 0.25]),
    }


def past(luck: np.random.Generator, customers: int, items: int) -> dict[str, np.ndarray]:
    """The last 60 days as they were."""
    open_days = np.arange(-REPLAYED, 0) % 7 != 5
    counts = np.where(open_days, luck.poisson(ORDERS, REPLAYED), 0)
    orders = int(counts.sum())
    whose = luck.integers(0, customers, orders) if customers else np.full(orders, -1)
    lines = luck.integers(1, 6, orders)
    minutes = [np.sort(luck.uniform(420.0, 1080.0, count)) for count in counts]
    return {
        "replay_open": open_days,
        "replay_day": np.repeat(np.arange(-REPLAYED, 0), counts).astype(np.int32),
        "replay_minute": np.concatenate(minutes),
        "replay_customer": np.where(luck.uniform(size=orders) < 0.15, -1, whose).astype(np.int64),
        "replay_number": np.arange(orders),
        "replay_line_offsets": np.concatenate([[0], np.cumsum(lines)]),
        "replay_line_item": luck.integers(0, items, lines.sum()).astype(np.int32),
        "replay_line_quantity": luck.integers(1, 9, lines.sum()).astype(np.int32),
    }


def horizon(bundle: Bundle) -> Horizon:
    """All days that the shop's forecast reaches."""
    return Horizon(TODAY, len(bundle.open_days))


def asked(bundle: Bundle, *changes: str, seed: int = 1, on: Uncertainties | None = None) -> Question:
    """A question to the shop: these changes, or as today."""
    read = scenario(list(changes), template("shop").levers, horizon(bundle), bundle.values) if changes else Scenario()
    return Question(read, horizon(bundle), seed, on or Uncertainties())


def baseline(
    bundle: Bundle, replications: int = 4, seed: int = 1, on: Uncertainties | None = None, first: int = 0
) -> RunOutcome:
    """The shop as today, played some times."""
    question = asked(bundle, seed=seed, on=on)
    return RunOutcome.stacked([replicate(bundle, question, r) for r in range(first, first + replications)])


def scenario_of(
    bundle: Bundle, before: RunOutcome, *changes: str, seed: int = 1, on: Uncertainties | None = None
) -> RunOutcome:
    """The shop with changes, on the factors of its baseline."""
    question, factors = asked(bundle, *changes, seed=seed, on=on), factors_of(before.days)
    return RunOutcome.stacked([replicate(bundle, question, r, factors[r]) for r in range(before.replications)])


def pair(bundle: Bundle, *changes: str, replications: int = 4, **how: Any) -> tuple[RunOutcome, RunOutcome]:
    """The shop as today and with changes."""
    before = baseline(bundle, replications, **how)
    return before, scenario_of(bundle, before, *changes, **how)


def with_values(bundle: Bundle, **values: float) -> Bundle:
    """The same shop with other numbers, and nothing else changed."""
    return replace(bundle, values=bundle.values | values)


def field(outcome: RunOutcome, name: str) -> Records:
    """One field of the records by replication and day."""
    return outcome.days[:, :, COLUMN[name]]
