"""From a business's records to every number of its model: calibration from beginning to end."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from twin.calibrate import price
from twin.calibrate.arrivals import arrivals, hours, returning_orders_per_day
from twin.calibrate.baskets import baskets, orders_without_customer
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.business import calibrate_visits
from twin.calibrate.calibration import Calibration
from twin.calibrate.chain import chain
from twin.calibrate.customers import customers
from twin.calibrate.estimate import Estimate, Part, joined, on_scale, unmeasured
from twin.calibrate.items import items
from twin.calibrate.money import return_share
from twin.calibrate.pieces import pieces, sizes
from twin.calibrate.replay import replay
from twin.calibrate.season import season
from twin.calibrate.tables import Tables, customer_history, require_orders
from twin.calibrate.visits import VisitTables
from twin.spec.parameter import Declaration, Parameter
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
    """Every number of a business that takes orders: of those parts that its structure has."""
    require_orders(tables, FEWEST_ORDERS)
    sold, structure = tables.sold, template.structure
    buyers = known_buyers(tables) if structure.segments else nobody_known(tables, sold)
    goods = items(sold, tables.morning, tables.year_days)
    found = joined([buyers, goods, return_share(tables), season(tables)])
    if "basket_scatter" in found.estimates and not structure.segments:
        found.vectors["item_size"] = sizes(found.vectors["item_quantity"], found.estimates["basket_scatter"].value)
    supplied = Part()
    if tables.supply is not None:
        kept = found.vectors["item_id"][:-1].tolist()
        supplied = chain(tables.supply, Blueprint(structure, template.declarations, "orders"), kept)
    jointly, found = found.covariances, joined([found, supplied])
    readings = price.readings(sold, tables.morning)
    evidence = found.evidence | {
        "price_effect": [asdict(reading) for reading in readings],
        "rows": {"days": tables.year_days, "orders": len(tables.year), "lines": found.evidence["items"]["lines"]},
    }
    parameters = {name: _parameter(declared, found, readings) for name, declared in template.declarations.items()}
    vectors = found.vectors | replay(
        tables, sold, found.vectors["customer_id"], found.vectors["item_id"], structure.network.selling
    )
    covariances = [(names, matrix) for names, matrix in jointly if all(name in parameters for name in names)]
    covariances += [(names, on_scale(names, matrix, parameters)) for names, matrix in supplied.covariances]
    return Calibration(
        template.name, tables.today, tables.history_days, parameters, covariances, vectors, found.errors, evidence
    )


def known_buyers(tables: Tables) -> Part:
    """Who the customers are, how often they order, what they order; and buyers without an identity beside them."""
    history = customer_history(tables)
    found = joined([
        customers(history, tables.morning, tables.history_days), arrivals(tables, history), baskets(tables, history),
    ])  # fmt: skip
    found.evidence["returning"] = _returning(found, tables, history)
    return found


def nobody_known(tables: Tables, sold: pd.DataFrame) -> Part:
    """When orders come and what is in them, where no buyer has an identity."""
    nobody = Part(vectors={"customer_id": np.empty(0, np.int64)})
    varying = pieces(sold, tables.year_days, tables.morning)
    return joined([nobody, hours(tables), orders_without_customer(tables), varying])


def _parameter(declared: Declaration, found: Part, readings: list[price.Reading]) -> Parameter:
    if declared.name == "price_effect":
        return price.price_effect(readings, declared)
    estimate: Estimate | None = found.estimates.get(declared.name)
    return estimate.parameter(declared) if estimate else unmeasured(declared, found.reasons)


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
