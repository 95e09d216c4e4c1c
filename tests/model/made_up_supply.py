"""Supply networks that hypothesis makes up: every rule of them somewhere, a few items, a few weeks."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from twin.spec.supply import Good, Lane, Network, Node

DAYS, ITEMS = 25, 3


@dataclass(frozen=True)
class MadeUp:
    """A network with demand, opening stock and goods by name."""

    network: Network
    names: list[str]
    demand: np.ndarray = field(repr=False)
    opening: np.ndarray = field(repr=False)
    usual: np.ndarray


def levels(draw: st.DrawFn) -> dict[str, object]:
    """A policy with numbers that fit it."""
    policy = draw(st.sampled_from(["(s,S)", "(R,Q)", "base stock", "periodic"]))
    forecast = draw(st.sampled_from(["usual", "steady", "moving average"]))
    low = draw(st.floats(0.0, 6.0))
    return {
        "policy": policy, "forecast": forecast, "reorder_point": low,
        "order_up_to_level": low + draw(st.floats(0.5, 8.0)), "order_quantity": draw(st.floats(0.1, 5.0)),
        "review_days": draw(st.integers(1, 4)) if policy == "periodic" else 1.0,
        "forecast_days": draw(st.integers(1, 6)), "safety_factor": draw(st.sampled_from([0.0, 1.5])),
    }  # fmt: skip


def sending(draw: st.DrawFn) -> dict[str, object]:
    """How a node sends."""
    return {
        "allocation": draw(st.sampled_from(["first come", "proportional", "priority"])),
        "delivers": draw(st.sampled_from([1.0, 1.0, 0.4, 0.0])),
        "capacity_per_day": draw(st.sampled_from([np.inf, np.inf, 7.0, 1.0])),
    }


def lane(draw: st.DrawFn, start: str, end: str, **more: object) -> Lane:
    """A lane with everything that a lane can have."""
    return Lane(**{
        "from_node": start, "to_node": end, "lead_time_days": draw(st.sampled_from([0.0, 1.0, 3.3])),
        "lead_time_scatter": draw(st.sampled_from([0.0, 0.8])), "delay_days": draw(st.sampled_from([0.0, 0.0, 2.0])),
        "information_days": draw(st.sampled_from([0.0, 0.0, 2.0])), "pack": draw(st.sampled_from([1.0, 6.0])),
        "minimum_order": draw(st.sampled_from([0.0, 5.0])), "rank": draw(st.integers(0, 2)),
        "capacity_per_day": draw(st.sampled_from([np.inf, np.inf, 5.0])), **more,
    })  # fmt: skip


@st.composite
def networks(draw: st.DrawFn) -> MadeUp:
    """A supplier, perhaps a second one, a warehouse or a maker, perhaps of what lies in a store, two outlets."""
    middle = draw(st.sampled_from(["warehouse", "maker", "maker of what lies elsewhere"]))
    apart, middle = middle.endswith("elsewhere"), middle.split()[0]
    names = ["chair", "wood", "glue"] if middle == "maker" else [f"item {n}" for n in range(ITEMS)]
    keeps = {name: draw(st.sampled_from([np.inf, np.inf, 1.0, 4.0])) for name in names}
    of = {"chair": {"wood": 2, "glue": 0.5}} if middle == "maker" else {}
    goods = {name: Good(of=of.get(name, {}), shelf_life_days=keeps[name]) for name in names}
    share = draw(st.sampled_from([1.0, 0.3]))
    nodes = {"mill": Node(role="supplier", **sending(draw)), "other": Node(role="supplier")}
    making = {"makes": ["chair"], "making_days": 1.0, "making_scatter": 0.5} if middle == "maker" else {}
    if apart:
        nodes["store"] = Node(role="warehouse", **levels(draw), **sending(draw))
        making["materials"] = "store"
    nodes["hub"] = Node(role=middle, **levels(draw), **sending(draw), **making)
    store, parts = ("store", ["wood", "glue"]) if apart else ("hub", [])
    lanes = {"first": lane(draw, "mill", store, share=share, items=parts)}
    if share < 1.0:
        lanes["second"] = lane(draw, "other", store, share=1.0 - share, items=parts)
    if draw(st.booleans()):
        lanes["rush"] = lane(draw, "other", store, rush=True, rush_below_days=2.0, items=parts)
    for place, part in (("shop", 0.7), ("stall", 0.3)):
        unmet = draw(st.sampled_from(["lost", "backordered"]))
        nodes[place] = Node(role="outlet", demand_share=part, unmet=unmet, rank=draw(st.integers(0, 2)), **levels(draw))
        items = ["chair"] if middle == "maker" else []
        lanes[f"to {place}"] = lane(draw, "hub", place, items=items)
    direct = draw(st.booleans())
    if direct:
        nodes["depot"] = Node(role="outlet", demand_share=0.0, returns=True, **levels(draw))
        lanes["direct"] = lane(draw, "mill", "depot")
    luck = np.random.default_rng(draw(st.integers(0, 1000)))
    demand = luck.poisson(2.0, (DAYS, 3 if direct else 2, ITEMS)).astype(float)
    if middle == "maker":
        demand[:, :2, 1:] = 0.0
    opening = luck.integers(0, 12, (len(nodes), ITEMS)).astype(float)
    opening[:2] = 0.0
    if middle == "maker":
        opening[[list(nodes).index("shop"), list(nodes).index("stall")], 1:] = 0.0
    return MadeUp(Network(nodes, lanes, goods), names, demand, opening, np.array([2.0, 1.0, 3.3]))
