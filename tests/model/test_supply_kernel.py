"""The network against its plain Python twin, and what must hold in any network whatever its numbers."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tests.model import plain, plain_stock
from tests.model.made_up_supply import DAYS, MadeUp, networks
from tests.model.plain_supply import Plain
from twin.model.chain import alone
from twin.model.chance import Chance, Purpose
from twin.model.kernels import supply_layout as at
from twin.model.network import Network
from twin.spec.supply import Lane, Node
from twin.spec.supply import Network as Declared
from twin.spec.supply_soundness import named_faults, numbered_faults

CHANCE = Chance(3, 1)
SOME = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
SEASON = (1.0, 1.0, 1.3, 0.6)  # usual demand against the year's, evening by evening
TOLD = {
    "received": at.RECEIVED, "moved": at.MOVED_IN, "made": at.MADE, "demanded": at.DEMANDED, "met": at.MET,
    "late": at.FILLED_LATE, "wasted": at.WASTED, "returned": at.RETURNED, "used": at.USED, "ordered": at.ORDERED,
    "sent": at.SENT,
}  # fmt: skip


def built(made: MadeUp) -> Network:
    network = Network(made.network, {}, made.names, made.usual, np.arange(1.0, 4.0), CHANCE)
    network.put(made.opening)
    return network


@SOME
@given(networks())
def test_a_network_does_what_the_plain_one_does(made: MadeUp) -> None:
    network, spec = built(made), made.network
    nodes, keys = list(spec.nodes), tuple(int(CHANCE[p]) for p in (Purpose.LEAD_TIME, Purpose.LANE, Purpose.ALLOCATION))
    stock = {(k, i): float(made.opening[n, i]) for n, k in enumerate(nodes) for i in range(len(made.names))}
    told = Plain(spec, keys, made.names, made.usual.tolist(), stock)
    for day in range(DAYS):
        told.told.clear()
        network.morning(day)
        told.morning(day)
        network.sell(day, made.demand)
        told.sell({
            (name, item): float(made.demand[day, place, item])
            for place, name in enumerate(spec.selling) for item in range(len(made.names))
        })  # fmt: skip
        told.ahead = SEASON[day % len(SEASON)]
        network.evening(day, told.ahead)
        told.evening(day)
        for name, column in TOLD.items():
            assert network.book[:, column].sum() == told.told.get(name, 0.0), (day, name)
        cells = [(k, i) for k in nodes if spec.nodes[k].role != "supplier" for i in range(len(made.names))]
        for k, i in cells:
            assert network.stock[nodes.index(k), i] == told.stock[k, i], (day, k, i)
            assert network.cells[at.OWED, nodes.index(k), i] == told.get(told.owed, (k, i)), (day, k, i)
            assert network.on_order[nodes.index(k), i] == told.get(told.on_order, (k, i)), (day, k, i)
            kept = i in told.held[k]
            assert network.dry_from[nodes.index(k), i] == (told.dry_from.get((k, i), -1) + 1 if kept else -1), (
                day,
                k,
                i,
            )
        assert sorted(network.shipments[["item", "due", "pieces"]].tolist()) == sorted(
            (one.item, one.due, one.pieces) for one in told.ways
        )


@SOME
@given(networks())
def test_pieces_are_neither_made_from_nothing_nor_lost(made: MadeUp) -> None:
    network, held = built(made), made.opening.sum()
    for day in range(DAYS):
        network.morning(day)
        network.sell(day, made.demand)
        network.evening(day)
        book = network.book.sum(axis=0)
        came = book[at.RECEIVED] + book[at.MADE]
        left = book[at.MET] + book[at.FILLED_LATE] + book[at.WASTED] + book[at.RETURNED] + book[at.USED]
        own = network.shipments[
            ~np.isin(network.nodes["endless"][network.lanes["origin"][network.shipments["lane"]]], 1)
        ]
        making = network.lanes["origin"][own["lane"]] == network.lanes["destination"][own["lane"]]
        before, held = held, network.stock.sum() + own["pieces"][~making].sum()
        assert held == before + came - left
        for cell in (at.STOCK, at.ON_ORDER, at.ASKED, at.OWED, at.GIVING, at.BY_RUSH):
            assert network.cells[cell].min() >= 0.0
        way = network.shipments["pieces"].sum()
        assert (network.nodes["under_way"].sum(), way <= network.on_order.sum()) == (way, True)
        if network.wiring.shelved.size:
            keeps = network.wiring.lives > 0
            assert (network.wiring.shelved[:, keeps] >= network.stock[:, keeps]).all()
            assert network.wiring.batches.sum() == network.wiring.shelved[:, keeps].sum()


@SOME
@given(networks())
def test_made_up_networks_are_sound_and_the_same_twice(made: MadeUp) -> None:
    assert [*named_faults(made.network, True), *numbered_faults(made.network, {})] == []
    one, other = (
        alone(made.network, {}, made.demand, 3, 1, made.names, made.usual, opening=made.opening) for _ in range(2)
    )
    assert (one.book.tobytes(), one.state.tobytes()) == (other.book.tobytes(), other.state.tobytes())


@pytest.mark.parametrize("scatter", [0.0, 0.4])
@pytest.mark.parametrize("lead", [0.0, 3.0, 14.0])
def test_one_shop_and_one_supplier_are_what_they_were_before_there_were_networks(lead: float, scatter: float) -> None:
    """The oracle are the first stock room's own rules, in plain Python (tests/model/plain_stock.py)."""
    daily, luck = [0.0, 0.4, 2.5, 9.1], np.random.default_rng(5)
    spec = Declared(
        {
            "maker": Node(role="supplier"),
            "shop": Node(role="outlet", reorder_point="low", order_up_to_level="high"),
        },
        {"lane": Lane(from_node="maker", to_node="shop", lead_time_days="lead", lead_time_scatter=scatter)},
        {},
    )
    values = {"low": 7.0, "high": 15.0, "lead": lead}
    cost = np.array([1.0, 2.5, 0.3, 4.0])
    network = Network(spec, values, list("abcd"), np.array(daily), cost, CHANCE)
    low, high = ([float(-(-days * a // 1)) for a in daily] for days in (7.0, 15.0))
    luck_of = [plain.draw(int(CHANCE[Purpose.OPENING_STOCK]), item, 0, 0) for item in range(4)]
    told = [int(one + u * (more - one) + 0.5) for u, one, more in zip(luck_of, low, high, strict=True)]
    held, way = [float(one) for one in told], [0.0] * 4
    assert network.stock[1].tolist() == held
    orders: list[tuple[int, float, int]] = []
    for day in range(40):
        network.morning(day)
        orders, received, paid = plain_stock.delivered(day, orders, held, way, cost.tolist())
        assert network.book[1, [at.RECEIVED, at.PAID]].tolist() == [received, paid]
        demand = luck.poisson(daily, (day + 1, 1, 4)).astype(float)
        network.sell(day, demand)
        held[:] = [one - min(one, asked) for one, asked in zip(held, demand[day, 0].tolist(), strict=True)]
        network.evening(day)
        made = plain_stock.reordered(int(CHANCE[Purpose.LEAD_TIME]), day, 7.0, 15.0, daily, lead, scatter, held, way)
        orders += made
        assert network.book[1, at.BOUGHT_ORDERS] == len(made)
        assert (network.stock[1].tolist(), network.on_order[1].tolist()) == (held, way)
        assert sorted(network.shipments[["item", "pieces", "due"]].tolist()) == sorted(orders)
