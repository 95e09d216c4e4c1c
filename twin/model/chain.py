"""The supply network alone, demand given: for proofs, benches and questions about stock only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.errors import TwinError
from twin.model.chance import Chance
from twin.model.inputs import Values
from twin.model.kernels import supply_layout as at
from twin.model.network import NO_VECTORS, Network
from twin.spec.supply import Network as Declared


@dataclass
class Played:
    """What a network did with the demand that came.

    book    what each day brought by node, shape (days, nodes, BOOK); lane_book: by lane, (days, lanes, LANE_BOOK)
    state   how it stood each evening: pieces on shelves, their cost, empty shelves, pieces owed, cost on the way,
            shape (days, nodes, 5);  on_the_way: pieces sent to each node and not yet there, (days, nodes)
    placed  pieces ordered by node and item, (days, nodes, items), where that was asked for;  costs: of each day
    network as it was left
    """

    book: np.ndarray
    lane_book: np.ndarray
    state: np.ndarray
    on_the_way: np.ndarray
    placed: np.ndarray
    costs: list[Values]
    network: Network = field(repr=False)

    def total(self, column: int, node: int, first: int = 0) -> float:
        """A column of the book of one node, added up from a day on."""
        return float(self.book[first:, node, column].sum())


def alone(
    spec: Declared,
    values: Values,
    demand: np.ndarray,
    seed: int = 1,
    replication: int = 0,
    names: Sequence[str] | None = None,
    usual: np.ndarray | None = None,
    unit_cost: np.ndarray | None = None,
    vectors: Mapping[str, np.ndarray] = NO_VECTORS,
    opening: np.ndarray | None = None,
    levers: Mapping[str, np.ndarray] | None = None,
    placed: bool = False,
    wanted_costs: bool = False,
) -> Played:
    """Let so many days of demand meet the network.

    demand   pieces, shape (days, selling nodes, items), in the order in which the network names its selling nodes
    usual    pieces of each item that all customers together buy a day; the mean of the demand if left out
    opening  pieces on the shelves, shape (nodes, items), instead of a random day's; levers : numbers by name and day
    placed, wanted_costs : whether every order, and each day's costs, are kept
    Raises TwinError on demand of another shape.
    """
    days, sellers, items = demand.shape
    if sellers != len(spec.selling):
        raise TwinError(f"There is demand at {sellers} nodes, and {len(spec.selling)} sell: {', '.join(spec.selling)}.")
    named = [f"item {n}" for n in range(items)] if names is None else list(names)
    given = demand.sum(axis=(0, 1)) / max(1, days) if usual is None else usual
    cost = np.ones(items) if unit_cost is None else unit_cost
    network = Network(spec, values, named, given, cost, Chance(seed, replication), vectors)
    if opening is not None:
        network.put(opening)
    count = len(network.nodes)
    found = Played(
        np.zeros((days, count, at.BOOK)), np.zeros((days, len(network.lanes), at.LANE_BOOK)),
        np.zeros((days, count, 5)), np.zeros((days, count)), np.zeros((days if placed else 0, count, items)), [],
        network,
    )  # fmt: skip
    for day in range(days):
        network.tune({name: float(row[day]) for name, row in (levers or {}).items()})
        network.morning(day)
        network.sell(day, demand)
        network.evening(day)
        found.book[day], found.lane_book[day], found.state[day] = network.book, network.lane_book, network.state
        found.on_the_way[day] = network.nodes["under_way"]
        if placed:
            found.placed[day] = network.cells[at.PLACED]
        if wanted_costs:
            found.costs.append(network.costs())
    return found
