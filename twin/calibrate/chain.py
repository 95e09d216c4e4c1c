"""From the records of a supply chain to the numbers of its places and lanes."""

from collections.abc import Sequence

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.demand import demand, mixes, outlets
from twin.calibrate.estimate import Part, joined
from twin.calibrate.lead_times import lead_times
from twin.calibrate.on_hand import on_hand
from twin.calibrate.policy import policies
from twin.calibrate.supplies import SupplyTables
from twin.calibrate.ways import require_known_lanes, ways


def chain(tables: SupplyTables, blueprint: Blueprint, items: Sequence[str]) -> Part:
    """Whatever the network asks for: lead times, policies, packs, shares of outlets, and how everything stands today.

    items : those with shelves, in the order of the calibration
    """
    network = blueprint.structure.network
    require_known_lanes(tables, network)
    lanes = {name: (lane.lead_time_days, lane.lead_time_scatter) for name, lane in network.lanes.items()}
    parts = [
        lead_times(tables, lanes, blueprint),
        policies(
            tables, levelled(blueprint), {name: (one.from_node, one.to_node) for name, one in network.lanes.items()}
        ),
        ways(tables, network, items),
        on_hand(tables, network, items),
        demand(tables, network.selling, items) if network.selling else Part(),
    ]
    if len(network.selling) > 1:
        parts += [outlets(tables, {name: network.nodes[name].demand_share for name in network.selling}, blueprint)]
        parts += [mixes(tables, network.selling, items)]
    return joined(parts)


def levelled(blueprint: Blueprint) -> dict[str, tuple[str, str]]:
    """The places that order up to a level, each with the parameters of its reorder point and level."""
    found = {}
    for name in blueprint.structure.network.selling:
        node = blueprint.structure.nodes[name]
        numbers = (node.reorder_point, node.order_up_to_level)
        if node.policy == "(s,S)" and node.levels_in == "days" and all(isinstance(one, str) for one in numbers):
            found[name] = (str(numbers[0]), str(numbers[1]))
    return found
