"""Whether a supply network can be: names that exist, no loops, a source for everything, shares that add up."""

import math
from collections.abc import Iterator, Mapping

from twin.errors import nearest
from twin.spec.choices import CHOICES
from twin.spec.parts import Values, number
from twin.spec.supply import Network, Node

NEAR = 1e-6
BY_NODE = ("reorder_point", "order_up_to_level", "order_quantity", "usual_demand")
BY_LANE = ("pack", "minimum_order")


def named_faults(network: Network, items: bool) -> Iterator[str]:
    """Names that mean nothing, loops and items without a source, as sentences; `items`: whether anything is sold."""
    faults = [*_unknown(network), *_misplaced(network)]
    yield from faults
    if faults:
        return
    yield from _loops(network)
    if items and not network.selling:
        yield "items is true and no node has role = 'outlet'; goods need a place where they are sold"
    if network.selling and not items and not network.goods:
        yield f"nodes.{network.selling[0]} sells, and there are no goods; it needs items = true or [goods]"
    yield from _unsupplied(network)


def numbered_faults(network: Network, values: Values) -> Iterator[str]:
    """Numbers with which goods could not flow, as sentences with place, value and what is allowed."""
    for name, node in network.nodes.items():
        yield from _levels(f"nodes.{name}", node, values)
        if node.allocation not in CHOICES["allocation"] and node.allocation not in values:
            ways = ", ".join(CHOICES["allocation"])
            yield f"nodes.{name}.allocation is '{node.allocation}'; it is {ways}, or the name of a parameter"
    for name in network.stocking:
        yield from _lane_shares(network, name, values)
    shares = {name: number(network.nodes[name].demand_share, values) for name in network.selling}
    if shares and abs(math.fsum(shares.values()) - 1.0) > NEAR:
        found = ", ".join(f"{name} {share:g}" for name, share in shares.items())
        yield f"demand_share of the outlets is {found}; together they are 1"


def moved_faults(network: Network, values: Values) -> Iterator[str]:
    """Numbers that a lever may reach and with which orders could not be divided."""
    for name in network.stocking:
        yield from _lane_shares(network, name, values)


def _unknown(network: Network) -> Iterator[str]:
    """Names that are nowhere declared."""
    named: list[tuple[str, str, Mapping[str, object]]] = []
    for name, lane in network.lanes.items():
        named += [(f"lanes.{name}.from_node", lane.from_node, network.nodes)]
        named += [(f"lanes.{name}.to_node", lane.to_node, network.nodes)]
        if network.goods and isinstance(lane.items, list):
            named += [(f"lanes.{name}.items", item, network.goods) for item in lane.items]
    for name, good in network.goods.items():
        named += [(f"goods.{name}.of", part, network.goods) for part in good.of]
    for name, node in network.nodes.items():
        named += [(f"nodes.{name}.makes", item, network.goods) for item in node.makes]
        named += [(f"nodes.{name}.materials", node.materials, network.nodes)] if node.materials else []
    for place, one, known in named:
        if one not in known:
            yield f"{place} names '{one}', which is not there. {nearest(one, known)}"


def _misplaced(network: Network) -> Iterator[str]:
    """Parts that do not go together."""
    for name, node in network.nodes.items():
        if bool(node.makes) != (node.role == "maker"):
            what = ", ".join(node.makes) or "nothing"
            yield f"nodes.{name} has role = '{node.role}' and makes {what}; makers make, and others do not"
        if node.materials and not node.makes:
            yield f"nodes.{name} has materials = '{node.materials}' and makes nothing; say what, with makes"
        elif node.materials in network.nodes and network.nodes[node.materials].role == "supplier":
            yield (
                f"nodes.{name} has materials = '{node.materials}', a supplier; name the node on whose shelf they lie, "
                "with a lane from the supplier"
            )
        if node.forecast == "moving average" and node.levels_in == "pieces":
            yield f"nodes.{name} has levels in pieces and a moving average; a forecast needs levels_in = 'days'"
        yield from _without(f"nodes.{name}", node.by_item, BY_NODE)
        yield from _into(network, name, node)
    for name, lane in network.lanes.items():
        if lane.to_node in network.nodes and network.nodes[lane.to_node].role == "supplier":
            yield f"lanes.{name} leads to {lane.to_node}, a supplier; a supplier has all there is and is sent nothing"
        yield from _without(f"lanes.{name}", lane.by_item, BY_LANE)


def _without(place: str, by_item: Mapping[str, str], known: tuple[str, ...]) -> Iterator[str]:
    """Numbers that cannot differ from item to item."""
    for field in by_item:
        if field not in known:
            yield f"{place}.by_item has '{field}'; by item there can be {', '.join(known)}"


def _into(network: Network, name: str, node: Node) -> Iterator[str]:
    """What does not go with the lanes that lead to a node, or with the goods that it makes."""
    lanes = network.into(name).values()
    own = [lane.from_node for lane in lanes if lane.from_node in network.stocking]
    if node.returns and own:
        yield f"nodes.{name} gives back what is too much, and orders from {own[0]}; only suppliers take goods back"
    if len([lane for lane in lanes if lane.rush]) > 1:
        yield f"nodes.{name} has several lanes for the rush; one is allowed"
    for item in node.makes:
        if item in network.goods and not network.goods[item].of:
            yield f"nodes.{name} makes '{item}', and goods.{item} has no bill of materials; say what it is made of"


def _loops(network: Network) -> Iterator[str]:
    around = [name for name in network.nodes if name not in network.upwards()]
    if around:
        yield f"the lanes between {', '.join(around)} go round in a loop; goods flow one way, from suppliers to outlets"
    for name in network.goods:
        if name not in network.parts_first():
            yield f"goods.{name} contains itself, by its bill of materials; what is made must come from something else"


def _unsupplied(network: Network) -> Iterator[str]:
    """Nodes, and goods at nodes, to which nothing leads."""
    for name in network.stocking:
        made_here = network.materials_of(name) != name  # of what lies elsewhere: no lane need bring anything
        if not made_here and not any(not lane.rush for lane in network.into(name).values()):
            yield f"nodes.{name} has no source; it needs a lane that leads to it and is not only for the rush"
    held = network.held(network.goods)
    for name in network.nodes:
        for item in sorted(network.used_at(name) - held[name]):
            yield f"goods.{item} has no source at nodes.{name}, where things are made of it; no lane brings it there"
    for name, lane in network.lanes.items():
        for item in lane.items if isinstance(lane.items, list) else []:
            if item in network.goods and item not in held[lane.from_node]:
                yield f"goods.{item} has no source at nodes.{lane.from_node}, from where lanes.{name} is to bring it"
    to_order = set[str]().union(*network.to_order.values())
    for item in (one for one in network.goods if one not in to_order):
        if network.stocking and not any(item in held[name] for name in network.stocking):
            yield f"goods.{item} has no source; no lane brings it, and no maker makes it"


def _levels(place: str, node: Node, values: Values) -> Iterator[str]:
    if node.role == "supplier":
        return
    low, high = number(node.reorder_point, values), number(node.order_up_to_level, values)
    if node.policy == "(s,S)" and not {"reorder_point", "order_up_to_level"} & node.by_item.keys() and low >= high:
        yield f"{place}.reorder_point is {low:g} and order_up_to_level {high:g}; s must lie below S to order anything"
    quantity = number(node.order_quantity, values)
    if node.policy == "(R,Q)" and "order_quantity" not in node.by_item and quantity <= 0.0:
        yield f"{place}.order_quantity is {quantity:g}; (R,Q) orders so much at a time, and it must be more than zero"


def _lane_shares(network: Network, node: str, values: Values) -> Iterator[str]:
    """Of each item, the shares of the lanes that lead to a node."""
    usual = {name: lane for name, lane in network.into(node).items() if not lane.rush}
    if any(isinstance(lane.items, str) for lane in usual.values()):
        return  # which items those are is known when the data are, see twin/model/network.py
    named = {item for lane in usual.values() for item in lane.items} or {""}
    for item in sorted(named):
        shares = {
            name: number(lane.share, values) for name, lane in usual.items() if not lane.items or item in lane.items
        }
        if shares and abs(math.fsum(shares.values()) - 1.0) > NEAR:
            found = ", ".join(f"{name} {share:g}" for name, share in shares.items())
            of = f" of {item}" if item else ""
            yield f"the shares of the lanes to {node}{of} are {found}; together they are 1"
            return
