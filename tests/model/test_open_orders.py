"""An order is sold when it leaves: until then it is open, and where it is given up its goods go back on the shelf."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_stock
from tests.model.small import CERTAIN, DAYS, asked, baseline, field, horizon, pair, scenario_of, small, with_values
from tests.model.test_money import SIDES
from twin.experiment.draws import central
from twin.experiment.inputs import Bundle
from twin.experiment.outcome import RunOutcome
from twin.experiment.plan import plan
from twin.model.accounts import cents
from twin.model.business import Business
from twin.model.callers import Callers, Open
from twin.model.chance import Chance
from twin.model.kernels import supply_layout as at
from twin.model.kernels import worth as kernel
from twin.model.kernels.queues import BALKED, DONE, ENDED, GONE, SCRAPPED
from twin.model.kernels.supply_shelves import put_back
from twin.model.parcels import Load, Parcels
from twin.spec.structure import Structure
from twin.spec.supply import Good, Lane, Node

EMPTY_ROOM = {"pickers_weekday": 0.0, "pickers_weekend": 0.0}
NUMBERS = st.fixed_dictionaries({
    "pickers_weekday": st.integers(0, 3).map(float), "picking_speed": st.floats(0.3, 3.0),
    "reorder_point": st.floats(0.0, 40.0), "substitution_share": st.floats(0.0, 1.0), "demand": st.floats(0.2, 3.0),
    "patience": st.floats(5.0, 900.0), "balk_at": st.integers(1, 40).map(float), "scrap": st.floats(0.0, 0.3),
})  # fmt: skip
LEVELS = {"policy": "(s,S)", "reorder_point": "reorder_point", "order_up_to_level": "order_up_to_level"}


def with_parts(bundle: Bundle, **parts: Any) -> Bundle:
    """The shop with other parts."""
    fields = {name: getattr(bundle.structure, name) for name in Structure.model_fields}
    return replace(bundle, structure=Structure(**(fields | parts)))


def with_stations(bundle: Bundle, **changed: Any) -> Bundle:
    """The shop whose packing room has other rules."""
    stations = {name: station.model_copy(update=changed) for name, station in bundle.structure.stations.items()}
    return with_parts(bundle, stations=stations)


def impatient(minutes: float = 60.0, **changed: Any) -> Bundle:
    """The shop whose customers do not wait for ever for their parcels."""
    return with_stations(small(pickers_weekday=1.0), patience_minutes=minutes, balk_at=30.0, **changed)


def two_outlets(bundle: Bundle) -> Bundle:
    """The same with two places that sell, and goods that keep for a week."""
    way = {"from_node": "supplier", "lead_time_days": "lead_time_days", "lead_time_scatter": "lead_time_scatter"}
    nodes = {
        "supplier": Node(role="supplier"),
        "north": Node(role="outlet", demand_share=0.7, **LEVELS),
        "south": Node(role="outlet", demand_share=0.3, unmet="backordered", **LEVELS),
    }
    lanes = {name: Lane(to_node=name, **way) for name in ("north", "south")}
    goods = {f"item {n}": Good(shelf_life_days=7) for n in range(0, 11, 2)}
    return with_parts(bundle, nodes=nodes, lanes=lanes, goods=goods)


SHOPS = {
    "usual": small(),
    "nobody packs": small(**EMPTY_ROOM),
    "impatient": impatient(),
    "two outlets": two_outlets(impatient()),
    "scrap": impatient(scrap_share=0.2),
    "no stations": with_parts(small(), stations={}, teams={}, kinds={}),
}


def get(bundle: Bundle, outcome: RunOutcome, name: str) -> np.ndarray:
    """One field of the records, in cents or pieces."""
    return outcome.days[:, :, bundle.structure.columns[name]]


def in_cents(bundle: Bundle, outcome: RunOutcome, name: str) -> np.ndarray:
    """One field of the records in whole cents."""
    return np.floor(100.0 * get(bundle, outcome, name) + 0.5).astype(np.int64)


def morning(bundle: Bundle, *changes: str) -> Business:
    """The business on its first morning."""
    values = central(bundle)
    levers = plan(bundle, values, asked(bundle, *changes).scenario, horizon(bundle))
    return Business(bundle.inputs(len(bundle.open_days)), values, levers, Chance(0, 0), bundle.paths[0])


def assert_sales_add_up(bundle: Bundle, outcome: RunOutcome) -> None:
    """Every evening: what came in has left, is open, or was given up; and what is owned is owed or equity."""
    ordered, sold, still, lost = (
        in_cents(bundle, outcome, name) for name in ("sales_ordered", "revenue", "sales_open", "sales_lost")
    )
    assert np.array_equal(np.diff(still, axis=1), (ordered - sold - lost)[:, 1:])
    assert still.min() >= 0
    assert lost.min() >= 0
    columns = bundle.structure.columns
    assets, claims = (sum(in_cents(bundle, outcome, n) for n in names if n in columns) for names in SIDES.values())
    assert np.array_equal(assets, claims)
    in_hand = in_cents(bundle, outcome, "value_in_hand")
    assert in_hand.min() >= 0
    assert np.all(in_hand[still == 0] <= 2)


@pytest.mark.parametrize("shop", SHOPS)
def test_what_came_in_has_left_is_open_or_was_given_up(shop: str) -> None:
    bundle, before = SHOPS[shop], baseline(SHOPS[shop], 2)
    after = scenario_of(bundle, before, "price=+10%@2024-01-10", "demand=*1.5", "pickers_weekday=+1@2024-01-20")
    for outcome in (before, after):
        assert_sales_add_up(bundle, outcome)


@settings(max_examples=25)
@given(NUMBERS)
def test_sales_add_up_whatever_the_numbers(numbers: dict[str, float]) -> None:
    rules = {"patience_minutes": "patience", "balk_at": "balk_at", "scrap_share": "scrap"}
    bundle = with_values(with_stations(small(), **rules), **numbers)
    assert_sales_add_up(bundle, baseline(bundle, 1))


def test_a_shop_that_packs_nothing_earns_nothing() -> None:
    outcome = baseline(small(**EMPTY_ROOM), 2)
    for name in ("revenue", "cost_of_goods", "returns", "cash_received", "receivables"):
        assert not field(outcome, name).any()
    assert field(outcome, "orders").sum() > 0
    assert np.all(np.diff(field(outcome, "value_in_hand"), axis=1)[:, SHOPS["usual"].open_days[1:]] > 0.0)


def test_sending_all_pickers_home_costs_profit() -> None:
    before, after = pair(small(), "pickers_weekday=0", "pickers_weekend=0")
    saved = field(before, "wages").sum(axis=1) - field(after, "wages").sum(axis=1)
    profit = field(after, "profit").sum(axis=1) - field(before, "profit").sum(axis=1)
    assert saved.min() > 0.0
    assert profit.max() < 0.0


def test_a_sale_is_owed_from_the_day_on_which_it_leaves() -> None:
    terms = {"customer_payment_days": 300.0}
    bundle = with_values(small(), **terms)
    outcome = baseline(bundle, 2)
    more = np.diff(in_cents(bundle, outcome, "receivables"), axis=1)
    billed = in_cents(bundle, outcome, "revenue") - in_cents(bundle, outcome, "returns")
    assert np.array_equal(more, billed[:, 1:])
    assert not field(baseline(small(**EMPTY_ROOM, **terms), 1), "receivables").any()


def test_orders_open_in_the_morning_bring_what_was_recorded() -> None:
    """Nobody packs during the replay, so that all recorded orders are open; then nobody orders, and they leave."""
    business = morning(SHOPS["nobody packs"])
    v = SHOPS["nobody packs"].vectors
    offsets, amounts = v["replay_line_offsets"], v["item_price"][v["replay_line_item"]] * v["replay_line_quantity"]
    recorded = [cents(float(amounts[a:b].sum())) for a, b in pairwise(offsets.tolist())]
    assert business.work.open.standing[kernel.REVENUE] == sum(recorded)
    bundle = small(pickers_weekday=3.0, picking_minutes_order=60.0)
    quiet = replace(bundle, paths=bundle.paths * 1e-9)
    business = morning(quiet)
    still = business.work.open.standing[kernel.REVENUE]
    assert still > 0
    business.play()
    revenue = business.days[:, quiet.structure.columns["revenue"]]
    assert sum(map(cents, revenue.tolist())) == still


def test_without_stations_all_is_sold_at_once() -> None:
    outcome = baseline(SHOPS["no stations"], 2)
    assert np.array_equal(field(outcome, "revenue"), field(outcome, "sales_ordered"))
    for name in ("sales_open", "sales_lost", "value_in_hand"):
        assert not field(outcome, name).any()


def sold_of(business: Business) -> list[np.ndarray]:
    """What is sold from now on, by item, day after day."""
    supply, found = business.supply, list[np.ndarray]()
    assert supply is not None
    sell = supply.sell

    def selling(*order: Any) -> Any:
        sale = sell(*order)
        found.append(sale.sold[: supply.tracked])
        return sale

    supply.sell = selling  # type: ignore[method-assign]
    return found


@pytest.mark.parametrize("shop", ["impatient", "two outlets", "scrap"])
def test_what_was_given_up_lies_on_its_shelf_again(shop: str) -> None:
    """Pieces on shelves, less those owed: what they were, and what came, less what orders took."""
    bundle = SHOPS[shop]
    business, columns, back = morning(bundle, "demand=*3@2024-01-05:2024-01-20"), bundle.structure.columns, 0.0
    sold, cells = sold_of(business), business.supply.network.cells  # type: ignore[union-attr]
    for day in range(DAYS):
        before = cells[at.STOCK].sum() - cells[at.OWED].sum()
        business.step()
        record = dict(zip(columns, business.days[day].tolist(), strict=True))
        came = record["units_received"] - record["units_wasted"] + record["units_put_back"]
        assert cells[at.STOCK].sum() - cells[at.OWED].sum() == before + came - sold[-1].sum()
        assert cells[at.STOCK].min() >= 0.0
        back += record["units_put_back"]
    assert back > 0.0


def test_goods_of_scrap_do_not_come_back_and_are_a_waste() -> None:
    bundle = with_stations(small(), scrap_share=0.2)
    outcome = baseline(bundle, 2, on=CERTAIN)
    assert not get(bundle, outcome, "units_put_back").any()
    assert get(bundle, outcome, "visits_scrapped").sum() > 0
    lost, waste = get(bundle, outcome, "sales_lost").sum(), get(bundle, outcome, "waste_cost").sum()
    assert waste == pytest.approx(lost * bundle.values["unit_cost_share"], rel=1e-3)


def test_giving_up_more_often_sells_less() -> None:
    patient, hasty = (with_stations(small(pickers_weekday=1.0), patience_minutes=m) for m in (6000.0, 20.0))
    one, other = (field(baseline(shop, 4), "revenue").sum() for shop in (patient, hasty))
    assert other < one


@pytest.mark.parametrize("shop", ["impatient", "two outlets"])
def test_nothing_changes_before_a_change_and_nothing_without_one(shop: str) -> None:
    bundle, before = SHOPS[shop], baseline(SHOPS[shop], 2)
    assert scenario_of(bundle, before, "pickers_weekday=+0").sha256 == before.sha256
    after = scenario_of(bundle, before, "pickers_weekday=-1@2024-01-15")
    assert after.days[:, :14].tobytes() == before.days[:, :14].tobytes()
    assert get(bundle, after, "units_put_back")[:, 14:].sum() > get(bundle, before, "units_put_back")[:, 14:].sum()


# ------------------------------------------------------------------ kernels beside plain Python

LINES = st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=4), max_size=8)
PRICE, COST = [1.0, 2.5, 0.3, 9.99], [0.5, 1.25, 0.1, 5.0]


def flat(orders: list[list[tuple[int, int]]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Offsets, items and pieces of these orders."""
    lines = [line for order in orders for line in order]
    items, pieces = (np.array([line[k] for line in lines], np.int64) for k in range(2))
    return np.cumsum([0, *(len(order) for order in orders)]), items, pieces


@settings(max_examples=60)
@given(LINES, st.integers(0, 4))
def test_recorded_orders_are_worth_what_the_plain_ones_are(orders: list[list[tuple[int, int]]], tracked: int) -> None:
    found = np.zeros((len(orders), kernel.WORTH))
    kernel.recorded(*flat(orders), np.array(PRICE), np.array(COST), tracked, found)
    told = [plain_stock.worth([(item, float(n)) for item, n in one], PRICE, COST, tracked) for one in orders]
    assert found.tolist() == told


ENDS = {DONE: kernel.SOLD, GONE: kernel.GIVEN_UP, BALKED: kernel.GIVEN_UP, SCRAPPED: kernel.SCRAP}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(list(ENDS))), max_size=20))
def test_open_orders_settle_to_nothing(orders: list[tuple[int, int, int]]) -> None:
    n, book = len(orders), Open()
    nobody, none = np.full(n, -1), np.zeros(n, np.int64)
    worth = np.array([(a, b / 1024.0, a / 1024.0) for a, b, _ in orders]).reshape(n, kernel.WORTH)
    none_yet = np.zeros(n)
    tags = book.noted(Callers(none, none_yet, none, none, none_yet, nobody, nobody, none_yet, worth, np.arange(n)))
    assert book.standing.tolist() == worth.sum(axis=0).tolist()
    ended = np.zeros(n, ENDED)
    ended["tag"], ended["how"] = tags, [how for *_, how in orders]
    found = np.zeros((kernel.ENDS, kernel.WORTH))
    for part in np.array_split(np.random.default_rng(n).permutation(ended), 3):
        found += book.settled(part)
    for row in range(kernel.ENDS):
        mine = [k for k, (*_, how) in enumerate(orders) if ENDS[how] == row]
        assert found[row].tolist() == worth[mine].sum(axis=0).tolist()
    assert not book.standing.any()


def lines_of(load: Load, places: np.ndarray) -> list[tuple[int, int]]:
    """The lines of these orders of a load."""
    spans = [slice(load.first[n], load.first[n + 1]) for n in places.tolist()]
    return [line for span in spans for line in zip(load.items[span].tolist(), load.pieces[span].tolist(), strict=True)]


@settings(max_examples=60)
@given(st.lists(LINES, max_size=5), st.integers(0, 2**32))
def test_parcels_give_back_what_was_kept(days: list[list[list[tuple[int, int]]]], seed: int) -> None:
    parcels, plain, book, luck = Parcels(), dict[int, list[tuple[int, int]]](), Open(), np.random.default_rng(seed)
    for day, orders in enumerate([*days, []]):
        n = len(orders)
        nobody, none, order = np.full(n, -1), np.zeros(n), np.arange(n)
        tags = book.noted(Callers(order, none, order, order, none, nobody, nobody, none))
        parcels.keep(day, tags, order, Load(np.zeros(n, np.int64), *flat(orders)))
        plain |= dict(zip(tags.tolist(), orders, strict=True))
        ends = luck.permutation(np.array(sorted(plain), np.int64))
        ends = ends[: None if day == len(days) else luck.integers(0, len(ends) + 1)]
        lost = luck.uniform(size=len(ends)) < 0.5
        found = [line for load, places in parcels.closed(ends, lost) for line in lines_of(load, places)]
        told = [(gone, plain.pop(tag)) for tag, gone in zip(ends.tolist(), lost.tolist(), strict=True)]
        assert sorted(found) == sorted(line for gone, lines in told for line in lines if gone)
        book.closed(ends)
    assert not parcels.loads


SHELVES = st.lists(
    st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=6, max_size=6
)  # batches, by item twice


@settings(max_examples=60)
@given(LINES, SHELVES, st.integers(0, 40), st.data())
def test_shelves_get_back_as_the_plain_ones(
    orders: list[list[tuple[int, int]]], shelves: list[list[int]], day: int, data: st.DataObject
) -> None:
    """Items 0 and 2 keep for ever, 1 and 3 for one and three days; two outlets."""
    lives, starts, tracked = np.array([0, 1, 0, 3]), np.array([0, 0, 2, 2]), data.draw(st.integers(0, 4))
    outlet = np.array(data.draw(st.lists(st.integers(0, 1), min_size=len(orders), max_size=len(orders))), np.int64)
    gone = np.array([n for n in range(len(orders)) if data.draw(st.booleans())], np.int64)
    batches, cells = np.zeros((2, 6)), np.zeros((at.CELLS, 2, 4))
    batches[0], batches[1] = np.ravel(shelves)[:6], np.ravel(shelves)[6:12]
    for item in (1, 3):
        cells[at.STOCK, :, item] = batches[:, starts[item] : starts[item] + lives[item] + 1].sum(axis=1)
    shelved, told, fresh = cells[at.STOCK].copy(), cells[at.STOCK].copy(), batches.copy()
    first, items, pieces = flat(orders)
    back = put_back(
        day, gone, outlet, first, items, pieces.astype(float), np.array([0, 1]), tracked, lives, starts, batches,
        shelved, cells,
    )  # fmt: skip
    for n in gone.tolist():
        for item, count in orders[n]:
            if item < tracked and count:
                told[outlet[n], item] += count
                ring = [int(starts[item]) + (day + ahead) % (int(lives[item]) + 1) for ahead in range(lives[item] + 1)]
                if lives[item]:
                    fresh[outlet[n], next((place for place in ring if fresh[outlet[n], place] > 0.0), ring[-1])] += (
                        count
                    )
    assert cells[at.STOCK].tolist() == told.tolist()
    assert batches.tolist() == fresh.tolist()
    assert back == sum(count for n in gone.tolist() for item, count in orders[n] if item < tracked)
