"""From a business's records to every number of its model: calibration from beginning to end."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from twin.calibrate import price
from twin.calibrate.arrivals import arrivals, returning_orders_per_day
from twin.calibrate.baskets import baskets
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.business import calibrate_visits
from twin.calibrate.calibration import Calibration
from twin.calibrate.customers import customers
from twin.calibrate.estimate import Estimate, Part, joined
from twin.calibrate.items import items
from twin.calibrate.money import return_share
from twin.calibrate.replay import replay
from twin.calibrate.season import season
from twin.calibrate.tables import Tables, customer_history, require_orders
from twin.calibrate.visits import VisitTables
from twin.spec.parameter import Declaration, Parameter, assumed
from twin.spec.template import Template
from twin.spec.trade import counted

FEWEST_ORDERS = 50


def calibrate(tables: Tables | VisitTables, template: Template) -> Calibration:
    """Every number that the records can give, and the template's assumption for what they cannot."""
    if isinstance(tables, VisitTables):
        work = counted(template.structure.driven, template.words)
        return calibrate_visits(tables, Blueprint(template.structure, template.declarations, work), template.name)
    return calibrate_orders(tables, template)


def calibrate_orders(tables: Tables, template: Template) -> Calibration:
    """Every number of a shop that its orders and order lines can give."""
    require_orders(tables, FEWEST_ORDERS)
    history, sold = customer_history(tables), tables.sold
    parts = [
        customers(history, tables.morning, tables.history_days),
        arrivals(tables, history),
        baskets(tables, history),
        items(sold, tables.morning, tables.year_days),
        return_share(tables),
        season(tables),
    ]
    found = joined(parts)
    readings = price.readings(sold, tables.morning)
    evidence = found.evidence | {
        "price_effect": [asdict(reading) for reading in readings],
        "returning": _returning(found, tables, history),
        "rows": {"days": tables.year_days, "orders": len(tables.year), "lines": found.evidence["items"]["lines"]},
    }
    parameters = {name: _parameter(declared, found, readings) for name, declared in template.declarations.items()}
    vectors = found.vectors | replay(tables, sold, found.vectors["customer_id"], found.vectors["item_id"])
    covariances = [(names, matrix) for names, matrix in found.covariances if all(name in parameters for name in names)]
    return Calibration(
        template.name, tables.today, tables.history_days, parameters, covariances, vectors, found.errors, evidence
    )


def _parameter(declared: Declaration, found: Part, readings: list[price.Reading]) -> Parameter:
    if declared.name == "price_effect":
        return price.price_effect(readings, declared)
    estimate: Estimate | None = found.estimates.get(declared.name)
    return estimate.parameter(declared) if estimate else assumed(declared)


def _returning(found: Part, tables: Tables, history: pd.DataFrame) -> dict[str, Any]:
    """Orders a day that living customers imply, beside those of the last year; a ratio far from 1 wants a reason."""
    observed = returning_orders_per_day(tables, history)
    expected = found.evidence["customers"].get("purchase_days_per_day_expected")
    implied = expected * float(found.vectors["orders_per_purchase_day"][0]) if expected is not None else None
    ratio = implied / observed if implied is not None and observed > 0 else None
    return {
        "orders_per_day_implied": implied,
        "orders_per_day_observed": observed,
        "ratio": ratio,
        "days": tables.year_days,
    }
