"""The first morning of a network as records tell it, against plain Python, on networks that hypothesis makes up."""

import math
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.model.made_up_supply import MadeUp, networks
from tests.model.plain import draw, lognormal
from tests.model.test_supply_kernel import SOME, built
from twin.model.chance import Chance, Purpose, entity
from twin.model.kernels import supply_layout as at
from twin.model.network import Network
from twin.model.opening import Opening

KEY = int(Chance(3, 1)[Purpose.UNDER_WAY])
PLAYED = 9


@st.composite
def recorded(draw: st.DrawFn, made: MadeUp) -> Opening:
    """Counts at some places, and open orders on lanes of a network."""
    luck = np.random.default_rng(draw(st.integers(0, 1000)))
    stock = luck.integers(0, 9, made.opening.shape).astype(float)
    stock[luck.random(len(stock)) < 0.4] = np.nan
    names, lanes = list(made.network.nodes), list(made.network.lanes.values())
    stock[[names.index(name) for name, node in made.network.nodes.items() if node.role == "supplier"]] = np.nan
    number = draw(st.integers(0, 12))
    lane = luck.integers(0, len(lanes), number)
    ordered = -luck.integers(1, 30, number)
    left = np.minimum(0, ordered + luck.integers(0, 20, number))
    outside = np.array([made.network.nodes[one.from_node].role == "supplier" for one in lanes], bool)
    left = np.where(outside[lane] & (left == 0), ordered, left)
    return Opening(stock, lane, luck.integers(0, len(made.names), number), luck.integers(1, 9, number).astype(float),
                   ordered, left)  # fmt: skip


@SOME
@given(st.data())
def test_the_first_morning_is_the_recorded_one(data: Any) -> None:
    made = data.draw(networks())
    opening = data.draw(recorded(made))
    network, spec = built(made), made.network
    for day in range(-PLAYED, 0):
        network.morning(day)
        network.evening(day)
    before, making = network.stock.copy(), being_made(network)
    network.stand(opening)
    names, lanes = list(spec.nodes), list(spec.lanes.items())
    told = np.where(np.isnan(opening.stock), before, opening.stock)
    assert network.stock.tolist() == told.tolist()
    on_order, asked = np.zeros_like(told), np.zeros_like(told)
    due: list[tuple[int, float, int]] = []
    for n, item, pieces, ordered, left in zip(
        *(getattr(opening, name).tolist() for name in ("lane", "item", "pieces", "ordered", "left")), strict=True
    ):
        name, lane = lanes[n]
        on_order[names.index(lane.to_node), item] += pieces
        if left == 0:
            asked[names.index(lane.from_node), item] += pieces
            continue
        tag = 0 if n == 0 else entity(name)
        for trial in range(200):
            u = draw(KEY, item, ordered, tag + trial)
            wait = lognormal(u, float(lane.lead_time_days), float(lane.lead_time_scatter))
            arrives = left + 1 + math.floor(wait + float(lane.delay_days) + 0.5)
            if arrives >= 0:
                break
        due.append((item, pieces, max(arrives, 0)))
    own = network.lanes["origin"] == network.lanes["destination"]
    coming = network.shipments[~own[network.shipments["lane"]]]
    assert sorted(coming[["item", "pieces", "due"]].tolist()) == sorted(due)
    assert being_made(network) == making
    maker = np.array([node.role == "maker" for node in spec.nodes.values()])
    assert network.on_order[~maker].tolist() == on_order[~maker].tolist()
    store = np.array([bool(spec.used_at(name)) for name in names])  # asked for parts by what is to be made, too
    assert network.cells[at.ASKED][~maker & ~store].tolist() == asked[~maker & ~store].tolist()
    assert network.nodes["waiting"].tolist() == [
        sum(1 for n, left in zip(opening.lane, opening.left, strict=True) if left == 0 and lanes[n][1].from_node == k)
        for k in names
    ]


@SOME
@given(st.data())
def test_what_was_on_its_way_comes_in_and_nothing_else_does(data: Any) -> None:
    """Pieces of the first morning and those received are those on shelves, thrown away or still on the way."""
    made = data.draw(networks())
    network = built(made)
    network.stand(data.draw(recorded(made)))
    held = network.stock.sum() + own_way(network)
    for day in range(PLAYED):
        network.morning(day)
        network.sell(day, made.demand)
        network.evening(day)
        book = network.book.sum(axis=0)
        gone = book[at.MET] + book[at.FILLED_LATE] + book[at.WASTED] + book[at.RETURNED] + book[at.USED]
        before, held = held, network.stock.sum() + own_way(network)
        assert held == before + book[at.RECEIVED] + book[at.MADE] - gone
        for cell in (at.STOCK, at.ON_ORDER, at.ASKED, at.OWED, at.GIVING, at.BY_RUSH, at.ON_THE_WAY):
            assert network.cells[cell].min() >= 0.0


def being_made(network: Network) -> list[Any]:
    """What is under way within a place."""
    own = network.lanes["origin"] == network.lanes["destination"]
    return sorted(network.shipments[own[network.shipments["lane"]]][["item", "pieces", "due"]].tolist())


def own_way(network: Network) -> float:
    """Pieces on their way between two places of the business."""
    lanes, way = network.lanes, network.shipments
    inside = (network.nodes["endless"][lanes["origin"]] == 0) & (lanes["origin"] != lanes["destination"])
    return float(way["pieces"][inside[way["lane"]]].sum())
