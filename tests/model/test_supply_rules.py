"""Rules of the supply network that a manager would check by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.model.small import baseline, field, pair, small
from twin.errors import TwinError
from twin.experiment.inputs import Bundle
from twin.model.chain import Played, alone
from twin.model.chance import Chance
from twin.model.kernels import supply_layout as at
from twin.model.network import OWED, UNITS, Network
from twin.records import BY_NODE
from twin.spec.choices import CHOICES
from twin.spec.structure import Structure
from twin.spec.supply import Good, Lane, Node
from twin.spec.supply import Network as Declared

LEVELS = {"levels_in": "pieces", "reorder_point": 10, "order_up_to_level": 20}
MILL = Node(role="supplier")


def chain(node: dict[str, Any] | None = None, mill: dict[str, Any] | None = None, **lane: Any) -> Declared:
    """A mill and a shop."""
    shop = Node(role="outlet", **(LEVELS | (node or {})))
    mill_node = Node(role="supplier", **(mill or {}))
    return Declared(
        {"mill": mill_node, "shop": shop}, {"lane": Lane(from_node="mill", to_node="shop", **lane)}, {}
    )  # fmt: skip


def steady(spec: Declared, days: int = 30, pieces: float = 4.0, items: int = 1, **more: Any) -> Played:
    """The same demand every day, from shelves that hold 20."""
    opening = np.full((len(spec.nodes), items), 20.0)
    opening[[n for n, node in enumerate(spec.nodes.values()) if node.role == "supplier"]] = 0.0
    demand = np.full((days, len(spec.selling), items), pieces)
    return alone(spec, more.pop("values", {}), demand, opening=opening, placed=True, **more)


def test_an_order_of_the_evening_is_there_the_morning_after_its_lead_time() -> None:
    played = steady(chain(lead_time_days=2.0))
    assert np.flatnonzero(played.placed[:, 1, 0]).tolist()[:2] == [
        2,
        5,
    ]  # 16, 12, 8: at or below 10
    assert played.placed[2, 1, 0] == 12.0
    assert np.flatnonzero(played.book[:, 1, at.RECEIVED]).tolist()[:2] == [5, 8]


def test_a_supplier_that_is_out_sends_nothing_and_orders_wait() -> None:
    levers = {"delivers": np.where((np.arange(60) >= 10) & (np.arange(60) < 30), 0.0, 1.0)}
    spec = chain(mill={"delivers": "delivers"}, lead_time_days=2.0)
    usual, shock = (steady(spec, 60, values={"delivers": 1.0}, levers=one) for one in (None, levers))
    assert shock.book[:10].tobytes() == usual.book[:10].tobytes()
    assert shock.state[:10].tobytes() == usual.state[:10].tobytes()
    assert not shock.book[10:30, 0, at.SENT].any()
    assert shock.state[20:30, 1, UNITS].max() == 0.0
    assert shock.book[30, 0, at.SENT] > 0.0  # what waited leaves on the first evening after
    assert shock.placed[12:30].sum() == 0.0  # it is on order, and not ordered again


def test_setting_a_lever_to_what_it_is_changes_nothing() -> None:
    spec = chain(mill={"delivers": "delivers"}, lead_time_days="lead", lead_time_scatter=0.5)
    values = {"delivers": 1.0, "lead": 3.0}
    same = {name: np.full(30, value) for name, value in values.items()}
    one, other = steady(spec, values=values), steady(spec, values=values, levers=same)
    assert one.book.tobytes() == other.book.tobytes()


def test_a_delay_of_a_lane_comes_on_top_of_the_same_luck() -> None:
    spec = chain(lead_time_days=3.0, lead_time_scatter=0.5, delay_days="delay")
    usual = steady(spec, values={"delay": 0.0})
    late = steady(spec, values={"delay": 0.0}, levers={"delay": np.where(np.arange(30) < 5, 4.0, 0.0)})
    first = [int(np.flatnonzero(one.book[:, 1, at.RECEIVED])[0]) for one in (usual, late)]
    assert first[1] - first[0] == 4


def test_a_new_outlet_or_lane_shifts_nobodys_luck() -> None:
    more = chain(lead_time_days=3.0, lead_time_scatter=0.6)
    lanes = more.lanes | {"other": Lane(from_node="mill", to_node="stall", lead_time_days=3.0, lead_time_scatter=0.6)}
    two = Declared(more.nodes | {"stall": Node(role="outlet", **LEVELS)}, lanes, {})
    alone_played, beside = steady(more), steady(two)
    assert alone_played.book[:, 1].tobytes() == beside.book[:, 1].tobytes()
    assert beside.book[:, 1].tobytes() != beside.book[:, 2].tobytes()


def test_fixed_quantities_come_in_multiples() -> None:
    spec = chain({"policy": "(R,Q)", "order_quantity": 6}, lead_time_days=1.0)
    placed = steady(spec, pieces=5.0).placed[:, 1, 0]
    assert set(placed.tolist()) == {0.0, 6.0}
    patient = chain({"policy": "(R,Q)", "order_quantity": 6, "unmet": "backordered"}, lead_time_days=1.0)
    assert set(steady(patient, pieces=13.0).placed[:, 1, 0].tolist()) == {6.0, 12.0, 18.0}


def test_a_review_is_only_every_so_many_days() -> None:
    spec = chain({"policy": "periodic", "review_days": 7}, lead_time_days=1.0)
    assert set((np.flatnonzero(steady(spec).placed[:, 1, 0]) % 7).tolist()) == {0}


def test_orders_are_whole_packs_and_not_less_than_the_least() -> None:
    placed = steady(chain(lead_time_days=1.0, pack=8.0, minimum_order=30.0)).placed[:, 1, 0]
    assert set(placed.tolist()) == {0.0, 32.0}


def test_a_rush_lane_is_used_when_the_shelf_covers_too_little() -> None:
    lanes = {
        "sea": Lane(from_node="mill", to_node="shop", lead_time_days=8.0),
        "air": Lane(from_node="mill", to_node="shop", lead_time_days=0.0, rush=True, rush_below_days=2.0),
    }
    slow = chain(lead_time_days=8.0)
    with_air = steady(Declared(slow.nodes, lanes, {}), 60)
    assert with_air.lane_book[:, 1, at.LANE_ORDERS].sum() > 3
    assert with_air.total(at.LOST, 1) == 0.0
    assert steady(slow, 60).total(at.LOST, 1) > 20.0


def test_two_lanes_share_orders_out() -> None:
    lanes = {
        "one": Lane(from_node="mill", to_node="shop", share=0.3),
        "two": Lane(from_node="mill", to_node="shop", share=0.7),
    }
    played = steady(Declared(chain().nodes, lanes, {}), 200, pieces=10.0, items=20)
    orders = played.lane_book[:, :, at.LANE_ORDERS].sum(axis=0)
    share, count = orders[0] / orders.sum(), orders.sum()
    assert abs(share - 0.3) < 3.0 * (0.3 * 0.7 / count) ** 0.5


def two_shops(allocation: str, **nodes: Any) -> Declared:
    """A depot that is nearly empty for good, and two shops that both want more."""
    shop = {"role": "outlet", "policy": "base stock", "levels_in": "pieces", "order_up_to_level": 40}
    shop["unmet"] = "backordered"
    return Declared(
        {
            "mill": Node(role="supplier", capacity_per_day=6.0),
            "depot": Node(role="warehouse", allocation=allocation, policy="base stock", order_up_to_level=60,
                          levels_in="pieces"),
            "large": Node(**shop, demand_share=0.75),
            "small": Node(**shop, demand_share=0.25),
        },
        {
            "in": Lane(from_node="mill", to_node="depot"),
            "to_large": Lane(from_node="depot", to_node="large", rank=1),
            "to_small": Lane(from_node="depot", to_node="small", rank=0),
        },
        {},
    )  # fmt: skip


@pytest.mark.parametrize(("allocation", "low", "high"), [
    ("first come", 0.70, 0.80), ("proportional", 0.70, 0.80), ("priority", 0.49, 0.51),
])  # fmt: skip
def test_too_little_for_all_is_allocated_by_the_rule(allocation: str, low: float, high: float) -> None:
    spec = two_shops(allocation)
    demand = np.tile(np.array([9.0, 3.0])[None, :, None], (400, 1, 1))
    played = alone(spec, {}, demand, opening=np.zeros((4, 1)))
    got = [played.total(at.MOVED_IN, k, 100) for k in (2, 3)]
    assert played.book[100:, 0, at.SENT].max() == 6.0  # the mill's capacity
    assert low <= got[0] / sum(got) <= high  # 6 a day: by asking 3 in 4 go to the large one; or the small one's 3 first


def test_who_goes_first_may_be_moved_from_a_day_on() -> None:
    """Until that day not a byte differs; then the pieces go where the rule says."""
    spec, days = two_shops("rule"), 400
    demand = np.tile(np.array([9.0, 3.0])[None, :, None], (days, 1, 1))
    rules = [CHOICES["allocation"].index(way) for way in ("first come", "priority")]
    moved = np.where(np.arange(days) < 200, *map(float, rules))
    one, other = (
        alone(spec, {"rule": 0.0}, demand, opening=np.zeros((4, 1)), levers=levers)
        for levers in (None, {"rule": moved})
    )
    assert other.book[:200].tobytes() == one.book[:200].tobytes()
    before, after = (other.book[days, 2:, at.MOVED_IN].sum(axis=0) for days in (slice(100, 200), slice(201, 260)))
    assert before[0] / before.sum() >= 0.7
    assert after[0] == 0.0, "what the small one is owed comes first"
    fixed = alone(two_shops("priority"), {}, demand, opening=np.zeros((4, 1)))
    always = alone(spec, {"rule": 2.0}, demand, opening=np.zeros((4, 1)))
    assert always.book.tobytes() == fixed.book.tobytes()


def test_what_goes_off_first_is_sold_first_and_then_thrown_away() -> None:
    spec = chain({"policy": "base stock", "order_up_to_level": 20})
    fresh = Declared(spec.nodes, spec.lanes, {"milk": Good(shelf_life_days=2)})
    played = steady(fresh, names=["milk"], usual=np.array([4.0]))
    # what lay there could be sold on three days, and the 4 that left the mill on the first evening until then
    assert played.book[:3, 1, at.WASTED].tolist() == [0.0, 0.0, 20.0 + 4.0 - 3 * 4.0]
    more = played.state[-1, 1, UNITS] - played.state[9, 1, UNITS]
    assert played.total(at.WASTED, 1, 10) == played.total(at.RECEIVED, 1, 10) - 4.0 * 20 - more
    assert played.state[10:, 1, UNITS].min() > 0.0


def test_makers_wait_until_all_parts_are_there_and_give_work_out_where_stations_make() -> None:
    goods = {"chair": Good(of={"wood": 4.0, "glue": 1.0}), "wood": Good(unit_cost=2.0), "glue": Good(unit_cost=3.0)}
    maker = {
        "role": "maker",
        "makes": ["chair"],
        "policy": "base stock",
        "order_up_to_level": 12,
        "levels_in": "pieces",
    }
    shop = Node(role="outlet", **LEVELS)

    def spec(**more: Any) -> Declared:
        nodes = {"mill": MILL, "works": Node(**maker, **more), "shop": shop}
        lanes = {
            "parts": Lane(from_node="mill", to_node="works", lead_time_days=3.0),
            "van": Lane(from_node="works", to_node="shop", items=["chair"]),
        }
        return Declared(nodes, lanes, goods)

    network = Network(spec(), {}, list(goods), np.array([4.0, 0.0, 0.0]), np.zeros(3), Chance(1, 0))
    assert network.unit_cost.tolist() == [11.0, 2.0, 3.0]
    assert network.cells[at.USUAL, 1].tolist() == [4.0, 16.0, 4.0]
    demand = np.zeros((60, 1, 3))
    demand[:, :, 0] = 4.0
    opening = np.zeros((3, 3))
    opening[2, 0] = 20.0
    opening[1] = [0.0, 100.0, 0.0]
    played = alone(spec(capacity_per_day=5.0), {}, demand, names=list(goods), opening=opening)
    assert not played.book[:4, 1, at.MADE].any()  # no glue before the fourth morning
    assert played.book[:, 1, at.MADE].max() <= 5.0
    made, used = played.total(at.MADE, 1), played.total(at.USED, 1)
    assert made > 50.0
    assert used >= 5.0 * made
    by_hand = Network(spec(station="assembly"), {}, list(goods), np.array([4.0, 0.0, 0.0]), np.zeros(3), Chance(1, 0))
    by_hand.put(np.array([[0.0] * 3, [0.0, 400.0, 400.0], [20.0, 0.0, 0.0]]))
    by_hand.morning(0)
    by_hand.evening(0)
    assert by_hand.orders_out.tolist() == [[1.0, 0.0, 12.0, 0.0]]
    by_hand.finished(0, 1, 0, 5.0)
    by_hand.morning(1)
    assert (by_hand.book[1, at.MADE], by_hand.stock[1, 0]) == (5.0, 5.0)
    by_hand.evening(1)
    assert len(by_hand.orders_out) == 0
    with pytest.raises(TwinError, match=r"works finished 1 pieces of chair more than it was to make"):
        by_hand.finished(1, 1, 0, 8.0)


def test_costs_are_those_that_nodes_and_lanes_declare() -> None:
    spec = chain(
        {"unmet": "backordered", "holding_cost": 0.5, "shortage_cost": 7.0, "backorder_cost": 2.0}, lead_time_days=6.0,
        ordering_cost=30.0, transport_cost_per_order=10.0, transport_cost_per_unit=0.25,
    )  # fmt: skip
    played = steady(spec, 40, wanted_costs=True)
    total = {name: sum(day[name] for day in played.costs) for name in played.costs[0]}
    assert total["holding_cost"] == 0.5 * played.state[:, 1, UNITS].sum()
    short = played.total(at.DEMANDED, 1) - played.total(at.MET, 1)
    assert total["shortage_cost"] == 7.0 * short + 2.0 * played.state[:, 1, OWED].sum()
    assert short > 0.0
    sent = played.lane_book[:, 0].sum(axis=0)
    assert total["ordering_cost"] == 30.0 * sent[at.LANE_ORDERS]
    assert total["transport_cost"] == 10.0 * sent[at.LANE_SHIPMENTS] + 0.25 * sent[at.LANE_PIECES]


def test_numbers_by_item_come_from_the_twins_data() -> None:
    spec = chain({"by_item": {"order_up_to_level": "tops"}}, lead_time_days=1.0)
    demand = np.full((20, 1, 2), 4.0)
    played = alone(spec, {}, demand, vectors={"tops": np.array([20.0, 30.0])}, opening=np.zeros((2, 2)), placed=True)
    assert played.placed[0, 1].tolist() == [20.0, 30.0]
    with pytest.raises(TwinError, match=r"order_up_to_level is by item, 'tops', and the twin holds no 2 numbers"):
        alone(spec, {}, demand)


# ---------------------------------------------------------------- in a business


def with_nodes(shop: Bundle, nodes: dict[str, Node], lanes: dict[str, Lane]) -> Bundle:
    """The same shop with another network."""
    parts = {name: getattr(shop.structure, name) for name in Structure.model_fields}
    return replace(shop, structure=Structure(**parts | {"nodes": nodes, "lanes": lanes}))


def test_a_shop_whose_customers_wait_owes_them_and_loses_no_sale() -> None:
    shop = small(reorder_point=2.0, order_up_to_level=6.0)
    waiting = shop.structure.nodes["stock_room"].model_copy(update={"unmet": "backordered"})
    patient = with_nodes(shop, shop.structure.nodes | {"stock_room": waiting}, shop.structure.lanes)
    outcome = baseline(patient, 2)
    get = {name: field(outcome, name) for name in ("units_demanded", "units_shipped", "units_backordered",
                                                   "units_delivered_late", "stock_units")}  # fmt: skip
    before = np.diff(get["units_backordered"], axis=1)
    new = (get["units_demanded"] - get["units_shipped"] - get["units_delivered_late"])[:, 1:]
    assert np.array_equal(before, new)
    assert get["units_backordered"].max() > 0.0
    assert get["stock_units"].min() >= 0.0


def half_cent(name: str) -> float:
    """What a field may differ by: only the value of the stock passes through the books, which hold whole cents."""
    return 0.005 + 1e-9 if name == "stock_value" else 0.0


def test_two_outlets_and_a_depot_are_recorded_apart_and_add_up() -> None:
    shop = small()
    level = {"reorder_point": "reorder_point", "order_up_to_level": "order_up_to_level"}
    nodes = {
        "supplier": MILL, "depot": Node(role="warehouse", **level),
        "north": Node(role="outlet", demand_share=0.6, **level),
        "south": Node(role="outlet", demand_share=0.4, **level),
    }  # fmt: skip
    lanes = {
        "in": Lane(from_node="supplier", to_node="depot", lead_time_days="lead_time_days", lead_time_scatter=0.3),
        "to_north": Lane(from_node="depot", to_node="north", lead_time_days=1.0, transport_cost_per_unit=0.1),
        "to_south": Lane(from_node="depot", to_node="south", lead_time_days=2.0, transport_cost_per_unit=0.1),
    }
    spread = with_nodes(shop, nodes, lanes)
    before, after = pair(spread, "lead_time_days=+20@2024-01-15", replications=2)
    columns = spread.structure.columns
    names = [*nodes][1:]
    for one in BY_NODE:
        apart = sum(before.days[:, :, columns[f"{one}[{name}]"]] for name in names)
        assert np.allclose(apart, field(before, one), rtol=1e-12, atol=half_cent(one)), one
    asked = [before.days[:, :, columns[f"units_demanded[{name}]"]].sum() for name in names]
    assert asked[0] == 0.0
    assert asked[1] > asked[2] > 0.0
    assert field(before, "transport_cost").sum() > 0.0
    assert before.days[:, :14].tobytes() == after.days[:, :14].tobytes()
    assert field(before, "units_received").sum() > field(after, "units_received").sum()
