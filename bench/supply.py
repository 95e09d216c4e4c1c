"""Supply chains: ours beside a plain Python loop and SimPy, and how time grows with items and nodes."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from bench.beside import OURS, Engine, Played, Race
from bench.chain import MEASURES, Chain
from bench.peers import plain_chain, simpy_chain
from twin.model.chain import alone
from twin.model.kernels import supply_layout as at
from twin.model.network import UNITS
from twin.spec.supply import Lane, Network, Node

ROUNDS = 10
PEER_ITEMS = 10


@lru_cache
def network(chain: Chain) -> Network:
    """The chain in the words of a template."""
    nodes = {
        "supplier": Node(role="supplier"),
        "warehouse": Node(
            role="warehouse", levels_in="pieces", reorder_point=chain.depot_low, order_up_to_level=chain.depot_high
        ),
    }
    inbound = Lane(
        from_node="supplier", to_node="warehouse", lead_time_days=chain.lead, lead_time_scatter=chain.scatter
    )
    lanes = {"inbound": inbound}
    for n in range(chain.outlets):
        nodes[f"outlet_{n}"] = Node(
            role="outlet", levels_in="pieces", reorder_point=chain.low, order_up_to_level=chain.high,
            demand_share=1.0 / chain.outlets,
        )  # fmt: skip
        lanes[f"to_{n}"] = Lane(from_node="warehouse", to_node=f"outlet_{n}", lead_time_days=chain.transport)
    return Network(nodes, lanes, {})


def ours(chain: Chain, replication: int, items: int) -> tuple[float, ...]:
    """One replication by the twin's own kernels; its measures."""
    demand = chain.demand(replication, items)
    usual = np.full(items, chain.mean * chain.outlets)
    opening = np.zeros((chain.outlets + 2, items))
    opening[1], opening[2:] = chain.depot_high, chain.high
    played = alone(network(chain), {}, demand, 1, replication, usual=usual, opening=opening)
    book, state = played.book[chain.edge :], played.state[chain.edge :]
    met, asked = book[:, 2:, at.MET].sum(), book[:, 2:, at.DEMANDED].sum()
    cells = chain.counted * items
    return (
        float(met / asked),
        float(state[:, 2:, UNITS].sum() / cells / chain.outlets),
        float(state[:, 1, UNITS].sum() / cells),
        float(book[:, 2:, at.OWN_ORDERS].sum() / cells / chain.outlets),
    )


def race(rounds: int = ROUNDS, share: tuple[int, ...] = (2, 8, 2), chain: Chain | None = None) -> Race:
    """Items at nodes and days a second, and four means."""
    chain = chain or Chain()
    peer_items = min(PEER_ITEMS, chain.items)

    def engine(name: str, replications: int, items: int, play_one: Callable[[int], tuple[float, ...]]) -> Engine:
        def play(part: range) -> Played:
            found = [play_one(r) for r in part]
            cell_days = len(part) * items * (chain.outlets + 1) * chain.days
            return Played(cell_days, {m: [float(one[n]) for one in found] for n, m in enumerate(MEASURES)})

        return Engine(name, replications, play)

    engines = [
        engine(OURS, share[0], chain.items, lambda r: ours(chain, r, chain.items)),
        engine("plain Python", share[1], peer_items, lambda r: plain_chain.played(chain, r + 1_000, peer_items)),
        engine("SimPy", share[2], peer_items, lambda r: simpy_chain.played(chain, r + 2_000, peer_items)),
    ]
    title = f"{chain.items} items at {chain.outlets + 1} nodes for {chain.days} days"
    return Race(title, "item-node-days", engines).run(rounds)


def items(number: int) -> Callable[[], object]:
    """So many items at a warehouse and two outlets, 60 days."""
    chain = Chain(outlets=2, items=number, days=60, depot_low=42, depot_high=95)
    demand, usual = chain.demand(0), np.full(number, 2 * chain.mean)
    return lambda: alone(network(chain), {}, demand, usual=usual)


def nodes(number: int) -> Callable[[], object]:
    """500 items at so many nodes, 60 days."""
    outlets = max(1, number - 1)
    chain = Chain(outlets=outlets, items=500, days=60, depot_low=21 * outlets, depot_high=48 * outlets)
    demand, usual = chain.demand(0), np.full(500, outlets * chain.mean)
    return lambda: alone(network(chain), {}, demand, usual=usual)
