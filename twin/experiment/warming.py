"""The smallest businesses there are, played for two days, so that every kernel is compiled before somebody waits."""

from datetime import date

import numpy as np

from twin.clock import Horizon
from twin.experiment.inputs import Bundle, Uncertain
from twin.experiment.life import life
from twin.experiment.outcome import factors_of
from twin.experiment.question import Question
from twin.experiment.replicate import basket_scales, replicate
from twin.spec.parameter import assumed
from twin.spec.scenario import Change, Scenario
from twin.spec.supply import Network
from twin.spec.template import template

CUSTOMERS, ITEMS, DAYS, ORDERS = 3, 2, 2, 4
CHANGES = (
    Change("price", "scale", 1.1),
    Change("price", "scale", 1.1, target="A"),
    Change("marketing", "scale", 2.0),
    Change("overtime_hours", "set", 1.0),
)


def warm_up() -> None:
    """Play the smallest business of each kind, once as today and once with changes of every kind."""
    for kind in ("shop", "service-desk", "clinic", "lender", "supply-chain", "factory"):
        bundle, horizon = smallest(kind), Horizon(date(2000, 1, 3), DAYS)
        factors = factors_of(replicate(bundle, Question(Scenario(), horizon, 1), 0)["days"])
        changes = tuple(
            change
            for change in CHANGES
            if change.lever in bundle.levers and (bundle.structure.items or change.target is None)
        )
        replicate(bundle, Question(Scenario(changes), horizon, 1), 0, factors)
        if bundle.structure.segments:
            life(bundle, Question(Scenario(), horizon, 1), 0, None, f"customer {bundle.vectors['customer_id'][1]}")


def smallest(name: str) -> Bundle:
    """What such a business starts from."""
    kind = template(name)
    parameters = {one: assumed(declared) for one, declared in kind.declarations.items()}
    values = {one: float(parameter.value) for one, parameter in parameters.items()}
    vectors = _vectors() | (_goods() if kind.structure.items else _contracts(len(kind.structure.segments)))
    vectors |= _chain(kind.structure.network)
    if not kind.structure.segments:
        nobody = {name: vector[:0] for name, vector in vectors.items() if name == "customer_id"}
        vectors = {name: vector for name, vector in vectors.items() if not name.startswith("customer_")} | nobody
    if kind.structure.items:
        vectors["basket_scale"] = basket_scales(values, vectors, sample=8)
    return Bundle(
        structure=kind.structure,
        values=values,
        uncertain=tuple(
            Uncertain(one.name, one.value, one.low, one.high, one.standard_error, one.scale)
            for one in parameters.values()
            if one.uncertain
        ),
        covariances=(),
        vectors=vectors,
        open_days=np.ones(DAYS, np.bool_),
        months=np.zeros(DAYS, np.int64),
        first_weekday=0,
        paths=np.full((2, DAYS), 3.0),
        levers=tuple(kind.levers),
    )


def _vectors() -> dict[str, np.ndarray]:
    return {
        "customer_id": np.arange(CUSTOMERS),
        "open_share": np.ones(1),
        "hour_share": np.full(168, 1 / 168),
        "replay_open": np.ones(2, np.bool_),
        "replay_day": np.array([-2, -2, -1, -1], np.int32),
        "replay_minute": np.array([500.0, 600.0, 500.0, 600.0]),
        "replay_customer": np.array([0, -1, 1, 2]),
        "replay_number": np.arange(ORDERS),
    }


def _chain(network: Network) -> dict[str, np.ndarray]:
    """What a network with several lanes or outlets names by item, and a first morning as records tell it."""
    if len(network.selling) < 2:
        return {}
    named = [str(lane.items) for lane in network.lanes.values() if isinstance(lane.items, str)]
    found = {name: np.eye(len(named), ITEMS)[n] for n, name in enumerate(named)}
    found |= {name: np.ones(ITEMS) for lane in network.lanes.values() for name in lane.by_item.values()}
    return found | {
        "replay_outlet": np.array([0, 1, 0, 1]),
        "opening_stock": np.full((len(network.nodes), ITEMS), 2.0),
        "opening_lane": np.array([0, len(network.lanes) - 1]),
        "opening_item": np.array([0, 1]),
        "opening_pieces": np.ones(2),
        "opening_ordered": np.array([-3, -2]),
        "opening_left": np.array([-2, 0]),
    }


def _contracts(segments: int) -> dict[str, np.ndarray]:
    return {
        "customer_segment": np.array([0, 0, segments - 1]),
        "customer_visits": np.array([0, 3, 9]),
        "customer_days": np.array([40.0, 50.0, 90.0]),
        "customer_renews_in_days": np.array([1, 10, 20]),
        "replay_kind": np.array([0, 1, 1, 0]),
    }


def _goods() -> dict[str, np.ndarray]:
    items = ITEMS + 1
    return {
        "customer_repeats": np.array([0, 3, 9]),
        "customer_recency_days": np.array([0.0, 30.0, 80.0]),
        "customer_age_days": np.array([40.0, 50.0, 90.0]),
        "customer_spend": np.array([0.5, 1.0, 1.5]),
        "orders_per_purchase_day": np.array([1.1]),
        "demand_ahead": np.ones(2 + DAYS),
        "season_lines": np.ones((2, 12)),
        "season_size": np.ones((2, 12)),
        "item_id": np.array(["A", "B", "other items"]),
        "item_price": np.array([1.0, 2.0, 3.0]),
        "item_line_share": np.full(items, 1 / items),
        "item_quantity": np.array([2.0, 3.0, 4.0]),
        "item_units_per_day": np.array([2.0, 3.0, 4.0]),
        "item_revenue_share": np.full(items, 1 / items),
        "other_item_id": np.array(["C"]),
        "other_item_revenue_share": np.ones(1),
        "replay_line_offsets": np.array([0, 1, 2, 3, 4]),
        "replay_line_item": np.array([0, 1, 2, 0], np.int32),
        "replay_line_quantity": np.array([1, 2, 3, 4], np.int32),
    }
