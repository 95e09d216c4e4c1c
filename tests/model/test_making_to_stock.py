"""Making for a shelf: what is sold from it comes back through the stations, and no piece and no cent is lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.small import TODAY, horizon
from tests.model.small_desk import get, today
from tests.model.small_joinery import WITH_STOOLS, joinery, without_waiting
from twin.experiment.inputs import Bundle
from twin.experiment.life import life
from twin.experiment.outcome import RunOutcome, factors_of
from twin.experiment.question import Question
from twin.experiment.replicate import replicate, set_up
from twin.model.business import Business
from twin.model.chance import Chance
from twin.model.kernels import supply_layout as at
from twin.model.network import Network
from twin.spec.scenario import Change, Scenario
from twin.spec.supply import Good, Lane, Node
from twin.spec.supply import Network as Declared

KINDS, FINISHED, STOOL = list(WITH_STOOLS.kinds), 2, 4
ASSETS = ("cash", "receivables", "stock_value", "value_on_the_way", "work_in_process")
CLAIMS = ("payables", "wages_due", "equity")
WHATEVER = st.fixed_dictionaries({
    "saws": st.integers(1, 4).map(float), "stool_units": st.floats(1.0, 30.0), "scrap_share": st.floats(0.0, 1.0),
    "mill_delivers": st.floats(0.0, 1.0), "reorder_point": st.floats(0.0, 20.0), "lead_time_days": st.floats(0.0, 20.0),
    "order_up_to_level": st.floats(21.0, 60.0), "demand": st.floats(0.0, 3.0),
    "shelf_reorder_point": st.floats(0.0, 4.0), "shelf_order_up_to_level": st.floats(4.5, 12.0),
})  # fmt: skip


@pytest.fixture(scope="module", params=["backordered", "lost"])
def bundle(request: pytest.FixtureRequest) -> Bundle:
    """The joinery with stools on a shelf, where customers wait for them and where they go without."""
    return joinery(30, WITH_STOOLS if request.param == "backordered" else without_waiting())


@pytest.fixture(scope="module")
def played(bundle: Bundle) -> RunOutcome:
    """The joinery as it is."""
    return today(bundle, 3)


def changed(bundle: Bundle, played: RunOutcome, *changes: Change, seed: int = 1) -> RunOutcome:
    """The joinery with changes, on the factors of its baseline."""
    question, factors = Question(Scenario(changes), horizon(bundle), seed), factors_of(played.days)
    return RunOutcome.stacked([replicate(bundle, question, r, factors[r]) for r in range(played.replications)])


def cents(values: np.ndarray) -> np.ndarray:
    return np.floor(values * 100 + 0.5).astype(int)


def assert_pieces_and_cents_add_up(bundle: Bundle, outcome: RunOutcome) -> None:
    """What must hold in every record of such a business."""

    def of(name: str) -> np.ndarray:
        return get(bundle, outcome, name)

    assert np.array_equal(of("units_finished"), of("units_made") + of("units_scrapped"))
    left = of("visits_finished") + of("visits_balked")
    assert np.array_equal(np.diff(of("visits_open"), axis=1), (of("visits") - left)[:, 1:])
    owed = of("units_demanded") - of("units_shipped") - of("units_delivered_late") - of("units_lost")
    assert np.array_equal(np.diff(of("units_backordered"), axis=1), owed[:, 1:])
    assert ((of("units_in_work") > 0.0) == (of("work_in_process") > 0.0)).all()
    assert (of("production_orders_short") <= of("production_orders_open")).all()
    assert np.array_equal(sum(map(cents, map(of, ASSETS))), sum(map(cents, map(of, CLAIMS))))
    goods = cents(of("stock_value") + of("work_in_process") + of("value_on_the_way"))
    flows = cents(of("purchases")) - cents(of("cost_of_goods")) - cents(of("waste_cost"))
    assert np.array_equal(np.diff(goods, axis=1), flows[:, 1:])


def test_pieces_and_cents_add_up(bundle: Bundle, played: RunOutcome) -> None:
    assert_pieces_and_cents_add_up(bundle, played)
    short = changed(bundle, played, Change("mill_delivers", "set", 0.0))
    assert_pieces_and_cents_add_up(bundle, short)
    for name in ("units_made", "units_scrapped", "units_shipped", "production_orders", "work_in_process", "revenue"):
        assert get(bundle, played, name).sum() > 0, name
    lost, owed, kept = (get(bundle, short, name).sum() for name in ("units_lost", "units_backordered", "visits_balked"))
    waits = bundle.structure.nodes["finished"].unmet == "backordered"
    assert ((lost > 0), (owed > 0), (kept > 0)) == (not waits, waits, not waits)


@settings(max_examples=25, deadline=None)
@given(WHATEVER, st.booleans())
def test_pieces_and_cents_add_up_whatever_the_numbers(numbers: dict[str, Any], waits: bool) -> None:
    bundle = joinery(12, WITH_STOOLS if waits else without_waiting(), **numbers)
    assert_pieces_and_cents_add_up(bundle, today(bundle, 1))


class Watched(Business):
    """A joinery whose shelf and production orders are looked into every day."""

    finished = 0

    def step(self) -> None:
        making, network = self.making, self.making.network
        stock, before = network.stock[FINISHED, STOOL], making.production.record()["production_orders_open"]
        inside = set(making.production.in_work)
        super().step()
        book, day = network.book[FINISHED], self.day - 1
        assert stock + book[at.MADE] - book[at.MET] - book[at.FILLED_LATE] == network.stock[FINISHED, STOOL]
        assert network.cells[[at.STOCK, at.ON_ORDER, at.ASKED, at.OWED]].min() >= 0.0
        ways = network.shipments
        coming = ways["pieces"][network.lanes["destination"][ways["lane"]] == FINISHED].sum()
        rows = [network._orders[n] for n in self.to_make()]
        assert network.on_order[FINISHED, STOOL] == coming + sum(one["open"] for one in rows)
        there = making.production.in_work
        at_work = sum(making.units[tag] for tag in there) + making.production.released[:, 2].sum()
        assert at_work == sum(one["open"] for one in rows if one["released"])
        assert making.production.waiting == sum(1 for one in rows if not one["released"])
        placed, open_now = (self.days[day, self.structure.columns[f"production_orders{n}"]] for n in ("", "_open"))
        ended = before + placed - open_now
        assert ended >= len(inside - set(there))
        self.finished += int(ended)

    def to_make(self) -> list[int]:
        """The rows of the shelf's production orders in the network."""
        network, found = self.making.network, []
        n = int(network._lists[at.MAKE_HEAD, FINISHED, STOOL])
        while n >= 0:
            found.append(n)
            n = int(network._orders[n]["next"])
        return found


def test_what_is_on_order_for_a_shelf_is_at_the_stations_or_waits_for_materials(bundle: Bundle) -> None:
    question = Question(Scenario((Change("demand", "scale", 1.5),)), horizon(bundle), 1)
    watched = set_up(bundle, question, 0, None, Watched)
    watched.play()
    assert watched.finished > 5


def test_an_order_is_delivered_whole_or_waits() -> None:
    bundle = joinery(30, WITH_STOOLS, shelf_reorder_point=0.5, shelf_order_up_to_level=1.5)
    outcome = today(bundle, 3)
    late = get(bundle, outcome, "units_delivered_late").sum()
    assert late > 100
    through, done = (get(bundle, outcome, f"{one}[dealer]").sum() for one in ("through_minutes_sum", "visits_finished"))
    assert through / done > 300, "who waits is served in a morning after"
    calm = joinery(30, WITH_STOOLS, shelf_reorder_point=20.0, shelf_order_up_to_level=40.0)
    assert get(calm, today(calm, 3), "through_minutes_sum[dealer]").sum() == 0.0, "handed over at once"


def test_customers_orders_come_before_the_shelfs() -> None:
    """Production orders are no work that came in, and neither late nor finished work of customers."""
    bundle = joinery(30, WITH_STOOLS)
    outcome = today(bundle, 2)
    kinds = sum(get(bundle, outcome, f"visits[{name}]") for name in KINDS)
    assert np.array_equal(kinds, get(bundle, outcome, "visits"))
    assert get(bundle, outcome, "visits_finished[stools]").sum() == 0.0
    busy = get(bundle, outcome, "station_begun[sawing]").sum()
    came = get(bundle, outcome, "visits_released").sum() + get(bundle, outcome, "production_orders").sum()
    assert abs(busy - came) < 15


def test_more_scrap_takes_pieces_from_the_shelf(bundle: Bundle, played: RunOutcome) -> None:
    worse = changed(bundle, played, Change("scrap_share", "set", 0.6))
    ordered = (get(bundle, one, "production_orders").sum() for one in (played, worse))
    first, second = ordered
    assert second > 1.3 * first, "what is scrap is made again"


def test_a_shelf_without_an_order_makes_nothing_and_a_higher_level_holds_more(
    bundle: Bundle, played: RunOutcome
) -> None:
    higher = changed(bundle, played, Change("shelf_order_up_to_level", "set", 15.0))
    held = (get(bundle, one, "stock_value[finished]").mean() for one in (played, higher))
    first, second = held
    assert second > 1.5 * first


def test_without_materials_the_shelf_runs_empty_and_fills_again_after_customers_orders(bundle: Bundle) -> None:
    longer = joinery(50, bundle.structure)
    out = Change("mill_delivers", "set", 0.0, first=TODAY, last=TODAY + timedelta(days=11))
    outcome = changed(longer, today(longer, 3), out)
    waiting, there = (get(longer, outcome, name) for name in ("production_orders_short", "stock_units[finished]"))
    assert (waiting[:, 11] >= 1).all()
    assert there[:, 11].max() < 60
    assert (waiting[:, 14:].min(axis=1) == 0).all()
    assert (there[:, 14:].max(axis=1) > 60).all()
    assert_pieces_and_cents_add_up(longer, outcome)


def test_a_change_of_nothing_is_nothing(bundle: Bundle, played: RunOutcome) -> None:
    same = changed(bundle, played, *(Change(name, "scale", 1.0) for name in bundle.levers))
    assert same.days.tobytes() == played.days.tobytes()


@pytest.mark.parametrize(
    "change",
    [Change("mill_delivers", "set", 0.0), Change("scrap_share", "set", 0.2), Change("stool_units", "scale", 1.5),
     Change("shelf_reorder_point", "set", 4.5), Change("shelf_order_up_to_level", "set", 9.0)],
)  # fmt: skip
def test_nothing_differs_before_a_change(bundle: Bundle, played: RunOutcome, change: Change) -> None:
    later = changed(bundle, played, replace(change, first=TODAY + timedelta(days=12)))
    assert later.days[:, :12].tobytes() == played.days[:, :12].tobytes()
    assert (later.days[:, 12:] != played.days[:, 12:]).any()


def test_both_sides_share_the_luck_of_production_orders() -> None:
    bundle = joinery(60, WITH_STOOLS)
    one, other = (today(bundle, 24, seed) for seed in (1, 2))
    after = changed(bundle, one, Change("shelf_reorder_point", "set", 3.0))
    for name in ("revenue", "profit"):
        same, apart, moved = (get(bundle, outcome, name).sum(axis=1) for outcome in (one, other, after))
        assert np.var(moved - same, ddof=1) <= 0.1 * np.var(moved - apart, ddof=1), name


# ---------------------------------------------------------------- recorded days


def told(days: int = 20) -> Bundle:
    """The same where records tell when each order began, what lies on the shelves, and two open production orders."""
    bundle = joinery(days, WITH_STOOLS)
    v = dict(bundle.vectors)
    stools, dealers, count = KINDS.index("stools"), KINDS.index("dealer"), len(v["replay_day"])
    kind, waits = v["replay_kind"].astype(np.int64), np.zeros(count)
    kind[::7] = dealers
    kind[[-12, -9, -4]], waits[[-9, -4]] = stools, np.inf  # one at work at most, two wait for materials
    v["replay_minute"] = v["replay_minute"].copy()
    v["replay_units"] = np.where(kind == stools, 50.0, 6.0)
    stock = np.array([[np.nan] * 5, [60.0, 40.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 33.0]])
    none = np.zeros(0, np.int64)
    opening = {"stock": stock, "lane": none, "item": none, "pieces": np.zeros(0), "ordered": none, "left": none}
    v |= {"replay_kind": kind, "replay_wait_minutes": waits, "work_per_day": np.array([24.0])}
    return replace(bundle, vectors=v | {f"opening_{name}": one for name, one in opening.items()})


def test_production_orders_that_are_open_today_go_on() -> None:
    bundle = told()
    watched = set_up(bundle, Question(Scenario(), horizon(bundle), 1), 0, None, Watched)
    production = watched.making.production
    assert production.waiting == 2.0
    assert watched.making.network.stock[FINISHED, STOOL] == 33.0
    assert watched.making.network.on_order[FINISHED, STOOL] == 50.0 * (2 + len(production.in_work))
    watched.play()
    assert watched.finished > 2
    assert_pieces_and_cents_add_up(bundle, today(bundle, 2))


# ---------------------------------------------------------------- the network alone


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), max_size=12))
def test_scrap_never_comes_and_is_ordered_again(made: list[tuple[int, int]]) -> None:
    """Against plain sums: what is on order is what was placed, less what came and less scrap."""
    goods = {"chair": Good(of={"wood": 4.0}), "wood": Good(unit_cost=2.0)}
    shelf = {"makes": ["chair"], "materials": "stores", "station": "assembly", "policy": "base stock",
             "order_up_to_level": 12, "levels_in": "pieces"}  # fmt: skip
    spec = Declared(
        {"mill": Node(role="supplier"), "stores": Node(role="warehouse", order_up_to_level=9.0),
         "shelf": Node(role="maker", **shelf)},
        {"road": Lane(from_node="mill", to_node="stores", items=["wood"])}, goods,
    )  # fmt: skip
    network = Network(spec, {}, list(goods), np.zeros(2), np.zeros(2), Chance(1, 0), asked={"shelf": np.ones(2)})
    network.put(np.array([[0.0, 0.0], [0.0, 1e6], [0.0, 0.0]]))
    handed, came, gone, sold = 0.0, 0.0, 0.0, 0.0
    for day, (good, scrap) in enumerate([(0, 0), *made, (0, 0)]):
        network.morning(day)
        came += network.book[2, at.MADE]
        sold += network.stock[2, 0]
        network.stock[2, 0] = 0.0
        open_pieces = handed - gone
        good, scrap = min(float(good), open_pieces), min(float(scrap), max(0.0, open_pieces - good))
        network.finished(day, 2, 0, good, scrap)
        gone += good + scrap
        network.evening(day)
        handed += network.orders_out[:, 2].sum()
        assert network.on_order[2, 0] == 12.0
        assert network.stock[1, 1] == 1e6 - 4.0 * handed
        assert network.on_order[2, 0] == handed - gone + network.nodes["under_way"][2]
        assert sold == came


# ---------------------------------------------------------------- one order


def lived(bundle: Bundle, kind: str) -> list[tuple[str, str]]:
    """What the first orders of a kind go through, as words and where."""
    question, found = Question(Scenario(), horizon(bundle), 1), []
    for nth in range(14):
        events = life(bundle, question, 0, None, f"visit 3/{nth}")
        if events[0].detail.startswith(kind):
            found += [(event.what, event.where) for event in events]
    return found


def test_one_order_is_handed_over_waits_for_goods_or_goes_without() -> None:
    full, scarce = ({"shelf_reorder_point": low, "shelf_order_up_to_level": low + 1.5} for low in (20.0, 0.0))
    told = lived(joinery(10, WITH_STOOLS, **full), "dealer")
    assert set(told) == {("comes", ""), ("is handed over", "finished")}
    waited = lived(joinery(10, WITH_STOOLS, mill_delivers=0.0, **scarce), "shop")
    assert {what for what, _ in waited} >= {"comes", "waits for goods"}
    without = lived(joinery(10, without_waiting(), mill_delivers=0.0, **scarce), "dealer")
    assert ("finds too little and goes without", "finished") in without
    assert "waits for goods" not in {what for what, _ in without}
