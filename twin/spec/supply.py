"""A supply network: suppliers, warehouses, makers and outlets, the lanes between them, and goods made of others.

Orders go against a lane, goods along it. Amounts are whole pieces; levels are days of usual demand, or pieces.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from twin.spec.parts import Number, Part

ToOrder = Mapping[str, set[str]]


class Node(Part):
    """A place in the supply network.

    role      'supplier' has whatever is asked for; 'warehouse' passes goods on; 'outlet' sells to customers; 'maker'
              makes goods out of others
    policy    '(s,S)': order up to S when no more than s is there or on order; '(R,Q)': order multiples of Q, to get
              above R; 'base stock', 'periodic': order up to S at every review
    reorder_point, order_up_to_level, order_quantity : in days of usual demand, or in pieces (levels_in)
    review_days   every how many days it is asked whether to order
    forecast  what usual demand is: 'usual' is given from outside, with its season; 'steady' is the same without it;
              'moving average' is that of the orders seen in the last forecast_days, and safety_factor adds so many
              standard deviations
    returns   whether what was ordered too much may be given back
    unmet     whether customers who find too little go without ('lost') or wait ('backordered')
    rank      of its own customers against those it sends to, where allocation is 'priority'; the lower is first
    allocation    when there is too little for all: 'first come', 'proportional' or 'priority' (the rank of lanes); or
              the name of a parameter that is this choice
    delivers  which share of what it could send or make it does; 0 is out of action, and orders wait
    capacity_per_day  pieces that it can send a day (a maker: make a day)
    demand_share  which part of all customers comes to this outlet
    makes, making_days, making_scatter : goods it makes, and how long that takes after the work is done
    materials the node on whose shelf lies what they are made of; its own where none is named
    station   kind of work that makes what it keeps, at stations and machines, instead of a capacity of its own
    holding_cost  of a piece and night;  shortage_cost : of a piece that was not there at once
    backorder_cost : of a piece owed and night
    by_item   numbers that differ from item to item: their name here -> the vector of the twin's data that holds them
    """

    role: Literal["supplier", "warehouse", "outlet", "maker"]
    policy: Literal["(s,S)", "(R,Q)", "base stock", "periodic"] = "(s,S)"
    levels_in: Literal["days", "pieces"] = "days"
    reorder_point: Number = 0.0
    order_up_to_level: Number = 0.0
    order_quantity: Number = 0.0
    review_days: Number = 1.0
    forecast: Literal["usual", "steady", "moving average"] = "usual"
    forecast_days: Number = 28.0
    safety_factor: Number = 0.0
    returns: bool = False
    unmet: Literal["lost", "backordered"] = "lost"
    rank: int = Field(default=0, ge=0, le=9)
    allocation: str = "first come"
    delivers: Number = 1.0
    capacity_per_day: Number = math.inf
    demand_share: Number = 1.0
    makes: list[str] = Field(default_factory=list)
    making_days: Number = 0.0
    making_scatter: Number = 0.0
    materials: str = ""
    station: str = ""
    holding_cost: Number | None = None
    shortage_cost: Number = 0.0
    backorder_cost: Number = 0.0
    by_item: dict[str, str] = Field(default_factory=dict)


class Lane(Part):
    """A way for goods from one node to another.

    items     goods that come this way; none named means all; one name alone is a vector of 0 and 1 by item
    share     of the orders of an item that go this way, where several ways lead to a node; they sum to one
    rush      a way that is used only when shelf and rush orders cover fewer than rush_below_days of usual demand
    lead_time_days, lead_time_scatter : mean, and standard deviation over mean, of a log-normal time of each order
    delay_days    what comes on top, for as long as it lasts;  information_days : until an order is seen
    capacity_per_day : pieces that can be sent this way a day;  minimum_order, pack : in pieces
    minimum_order_factor, pack_factor : how many times as large these are where they are by item
    rank      who is served first where the sending node's allocation is 'priority'; the lower is first
    ordering_cost, transport_cost_per_order, transport_cost_per_unit : of an order, of a shipment, of a piece sent
    """

    from_node: str
    to_node: str
    items: list[str] | str = Field(default_factory=list)
    share: Number = 1.0
    rush: bool = False
    rush_below_days: Number = 0.0
    lead_time_days: Number = 0.0
    lead_time_scatter: Number = 0.0
    delay_days: Number = 0.0
    information_days: Number = 0.0
    capacity_per_day: Number = math.inf
    minimum_order: Number = 0.0
    pack: Number = 1.0
    minimum_order_factor: Number = 1.0
    pack_factor: Number = 1.0
    rank: int = Field(default=0, ge=0, le=9)
    ordering_cost: Number | None = None
    transport_cost_per_order: Number = 0.0
    transport_cost_per_unit: Number = 0.0
    by_item: dict[str, str] = Field(default_factory=dict)


class Good(Part):
    """A thing with a name: what it is made of, and how long it keeps.

    of    pieces of each part in one piece;  shelf_life_days : on how many evenings after leaving a supplier or maker
          it is thrown away;  pack : pieces that come together
    unit_cost : what a piece costs to buy; without it, what its parts cost
    price : what a piece is sold for that is made to order
    """

    of: dict[str, Number] = Field(default_factory=dict)
    shelf_life_days: Number = math.inf
    pack: Number = 1.0
    unit_cost: Number | None = None
    price: Number | None = None


@dataclass(frozen=True)
class Network:
    """The parts of a structure that are its supply; to_order : what each node makes to order, and does not keep."""

    nodes: Mapping[str, Node]
    lanes: Mapping[str, Lane]
    goods: Mapping[str, Good]
    to_order: ToOrder = field(default_factory=dict)

    @property
    def stocking(self) -> list[str]:
        """The nodes with shelves, in their order."""
        return [name for name, node in self.nodes.items() if node.role != "supplier"]

    @property
    def selling(self) -> list[str]:
        """The nodes at which customers buy."""
        return [name for name, node in self.nodes.items() if node.role == "outlet"]

    def into(self, node: str) -> dict[str, Lane]:
        """The lanes that lead to a node."""
        return {name: lane for name, lane in self.lanes.items() if lane.to_node == node}

    def upwards(self) -> list[str]:
        """All nodes, each after every node that it sends to; those in a loop are left out."""
        sends_to: dict[str, set[str]] = {name: set() for name in self.nodes}
        for lane in self.lanes.values():
            sends_to.setdefault(lane.from_node, set()).add(lane.to_node)
        for name, node in self.nodes.items():
            if self.materials_of(name) != name:
                sends_to.setdefault(node.materials, set()).add(name)
        return _after_all(self.nodes, sends_to)

    def parts_first(self) -> list[str]:
        """All goods with a bill of materials or in one, each before what it is made of; loops are left out."""
        names = list(dict.fromkeys([*self.goods, *(part for good in self.goods.values() for part in good.of)]))
        used_in: dict[str, set[str]] = {name: set() for name in names}
        for name, good in self.goods.items():
            for part in good.of:
                used_in[part].add(name)
        return _after_all(names, used_in)

    def held(self, names: Iterable[str]) -> dict[str, set[str]]:
        """Which of these goods each node can have: what its lanes bring from where it is held, and what it makes."""
        every, found = set(names), dict[str, set[str]]()
        usual: dict[str, list[Lane]] = {name: [] for name in self.nodes}
        for lane in self.lanes.values():
            if not lane.rush:
                usual[lane.to_node].append(lane)
        for node in reversed(self.upwards()):
            if self.nodes[node].role == "supplier":
                found[node] = every
            else:
                brought = [self.brought(lane, every) & found[lane.from_node] for lane in usual[node]]
                found[node] = set[str]().union(self.kept(node), *brought)
        return found

    def kept(self, node: str) -> set[str]:
        """What a node makes for its shelf."""
        return set(self.nodes[node].makes) - self.to_order.get(node, set())

    def materials_of(self, node: str) -> str:
        """The node on whose shelf lies what a node makes things of."""
        return self.nodes[node].materials or node

    def used_at(self, node: str) -> set[str]:
        """What is taken from a node's shelf to make things of, there or elsewhere."""
        makes = [one for name in self.nodes if self.materials_of(name) == node for one in self.nodes[name].makes]
        return {part for one in makes if one in self.goods for part in self.goods[one].of}

    def brought(self, lane: Lane, names: set[str]) -> set[str]:
        """Which of these goods a lane may bring: those that it names, or all; to a maker, what it uses."""
        named = set(lane.items) & names if isinstance(lane.items, list) and lane.items else names
        makes = self.nodes[lane.to_node].makes
        if makes and not lane.items:
            named = self.used_at(lane.to_node) & names
        return named - set(makes)


def _after_all(names: Iterable[str], before: Mapping[str, set[str]]) -> list[str]:
    """Names in an order in which each comes after all those that must stand before it; those in a loop are left out."""
    left, done, found = list(names), set[str](), list[str]()
    while more := [name for name in left if before[name] <= done]:
        found += more
        done |= set(more)
        left = [name for name in left if name not in done]
    return found
