"""Nothing comes from nowhere and nothing is lost: orders, pieces, money, customers, minutes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.small import MEASURES, asked, baseline, field, horizon, pair, small, with_values
from twin.experiment.draws import central
from twin.experiment.inputs import Bundle
from twin.experiment.outcome import RunOutcome
from twin.experiment.plan import plan
from twin.model.business import Business
from twin.model.chance import Chance
from twin.records import COLUMN

SHOPS: dict[str, dict[str, Any]] = {
    "usual": {},
    "no customers": {"customers": 0},
    "no buyers without a number": {"anonymous_orders_per_day": 0.0},
    "no new customers": {"new_customers_per_day": 0.0},
    "nobody at all": {"customers": 0, "anonymous_orders_per_day": 0.0, "new_customers_per_day": 0.0},
    "no pickers": {"pickers_weekday": 0.0, "pickers_weekend": 0.0},
    "only other items": {"items": 1},
    "one item with a shelf": {"items": 2},
    "slow supplier": {"lead_time_days": 90.0},
    "shelves that are often empty": {"reorder_point": 2.0, "order_up_to_level": 6.0},
    "a large crowd from few customers": {
        "customers": 6,
        "level": 400.0,
        "new_customers_per_day": 1e-6,
        "anonymous_orders_per_day": 1e-6,
    },
}
TICK = 2.0**-20  # minutes: in these work is counted, and each person may seem busy for one more
CHANCE = st.fixed_dictionaries({
    "pickers_weekday": st.integers(0, 5).map(float),
    "absence_share": st.floats(0.0, 0.9),
    "opening_hours": st.floats(1.0, 16.0),
    "picking_speed": st.floats(0.3, 3.0),
    "reorder_point": st.floats(0.0, 40.0),
    "order_up_to_level": st.floats(41.0, 90.0),
    "lead_time_days": st.floats(0.0, 60.0),
    "demand": st.floats(0.2, 3.0),
    "marketing": st.floats(0.0, 500.0),
    "satisfaction_loss_late": st.floats(0.0, 1.0),
    "dropout_response": st.floats(0.0, 10.0),
    "substitution_share": st.floats(0.0, 1.0),
})  # fmt: skip


class Watched(Business):
    """A business whose stock room is looked into every day."""

    def step(self) -> None:
        supply = self.supply
        stock, on_order = supply.sites[1].stock, supply.sites[1].on_order
        opening, deliver, sell = stock.copy(), supply.deliver, supply.sell
        seen: dict[str, np.ndarray] = {}

        def delivering(day: int) -> None:
            deliver(day)
            seen["received"] = stock - opening

        def selling(*order: Any) -> Any:
            sale = sell(*order)
            seen["sold"] = sale.sold
            return sale

        supply.deliver, supply.sell = delivering, selling  # type: ignore[method-assign]
        super().step()
        supply.deliver, supply.sell = deliver, sell  # type: ignore[method-assign]
        assert np.array_equal(opening + seen["received"] - seen["sold"][: supply.tracked], stock)
        assert stock.min(initial=0.0) >= 0.0
        assert seen["received"].min(initial=0.0) >= 0.0
        assert on_order.min(initial=0.0) >= 0.0
        assert on_order.sum() == supply.network.shipments["pieces"].sum()


def watched(bundle: Bundle, *changes: str) -> Watched:
    values, days = central(bundle), len(bundle.open_days)
    levers = plan(bundle, values, asked(bundle, *changes).scenario, horizon(bundle))
    return Watched(bundle.inputs(days), values, levers, Chance(0, 0), bundle.paths[0])


def assert_books_balance(outcome: RunOutcome, opening_cash: float) -> None:
    """What must hold in every record of every shop."""
    get = {name: field(outcome, name) for name in COLUMN}
    assert np.all(np.isfinite(outcome.days))
    assert np.all(outcome.days[:, :, [COLUMN[n] for n in COLUMN if n not in ("profit", "cash", "equity")]] >= 0.0)
    assert np.array_equal(get["orders"], get["orders_returning"] + get["orders_new"] + get["orders_anonymous"])
    more_waiting = np.diff(get["visits_open"], axis=1)
    assert np.array_equal(more_waiting, (get["orders"] - get["visits_finished"])[:, 1:])
    assert np.array_equal(get["orders"], get["visits"])
    assert np.array_equal(get["staff_present"] + get["staff_absent"] + get["staff_vacant"], get["staff_rostered"])
    more_active = np.diff(get["active_customers"], axis=1)
    assert np.array_equal(more_active, (get["customers_new"] - get["customers_lost"])[:, 1:])
    assert np.all(get["staff_busy_minutes"] <= get["staff_present_minutes"] * (1 + 1e-12) + TICK * get["staff_present"])
    assert np.all(get["staff_present"] <= get["staff_rostered"])
    assert np.array_equal(outcome.waits.sum(axis=2), get["visits_finished"])
    assert np.all(get["visits_late"] <= get["visits_finished"])
    assert np.all(get["units_shipped"] <= get["units_demanded"])
    paid = sum(get[name] for name in ("returns", "wages", "marketing_cost", "ordering_cost", "fixed_costs"))
    before = np.concatenate([np.full((outcome.replications, 1), opening_cash), get["cash"][:, :-1]], axis=1)
    assert np.abs(get["cash"] - before - (get["revenue"] - get["purchases"] - paid)).max() < 0.005
    profit = get["revenue"] - get["cost_of_goods"] - paid - get["holding_cost"]
    assert np.abs(get["profit"] - profit).max() < 0.005


@pytest.mark.parametrize("shop", SHOPS)
def test_the_books_of_every_shop_balance(shop: str) -> None:
    bundle = small(**SHOPS[shop])
    changes = ("price=+10%@2024-01-10", "demand=*1.5", "marketing=+30", "promotion=0.3@2024-01-15:2024-01-20")
    for outcome in pair(bundle, *changes, replications=3):
        assert_books_balance(outcome, bundle.values["opening_cash"])


@settings(max_examples=25)
@given(CHANCE)
def test_the_books_balance_whatever_the_numbers(numbers: dict[str, float]) -> None:
    bundle = with_values(small(), **numbers)
    assert_books_balance(baseline(bundle, 1), bundle.values["opening_cash"])


@pytest.mark.parametrize("shop", SHOPS)
def test_every_shelf_holds_what_it_held_and_got_less_what_it_gave(shop: str) -> None:
    watched(small(**SHOPS[shop]), "demand=*3@2024-01-05:2024-01-20").play()


@settings(max_examples=10)
@given(CHANCE)
def test_every_shelf_adds_up_whatever_the_numbers(numbers: dict[str, float]) -> None:
    watched(with_values(small(), **numbers)).play()


def test_the_first_day_begins_with_what_the_replay_left() -> None:
    business = watched(small())
    waiting, customers = business.work.inside, business.segments[0].active()[0]
    business.step()
    day = dict(zip(COLUMN, business.days[0].tolist(), strict=True))
    assert waiting > 0
    assert day["orders"] + waiting == day["visits_finished"] + day["visits_open"]
    assert customers + day["customers_new"] - day["customers_lost"] == day["active_customers"]


def test_nobody_orders_or_works_on_a_closed_day() -> None:
    before, after = pair(small(), "demand=*3", "pickers_weekend=+3")
    for outcome in (before, after):
        for name in ("orders", "staff_rostered", "staff_busy_minutes", "visits_finished", "revenue"):
            assert not field(outcome, name)[:, ~small().open_days].any()


def test_without_pickers_every_order_waits() -> None:
    outcome = baseline(small(**SHOPS["no pickers"]), 2)
    assert field(outcome, "visits_finished").sum() == 0.0
    assert np.isnan(outcome.measured(MEASURES)["wait_minutes"]).all()
    assert np.isnan(outcome.measured(MEASURES)["staff_utilisation_share"]).all()


def test_a_crowd_is_not_cut_off_where_few_customers_order_often() -> None:
    bundle = small(**SHOPS["a large crowd from few customers"])
    outcome = baseline(bundle, 3)
    expected, seen = field(outcome, "demand_expected").sum(), field(outcome, "orders").sum()
    assert abs(seen - expected) < 4.0 * expected**0.5


def test_a_slow_supplier_is_asked_however_many_orders_are_on_the_way() -> None:
    bundle = small(items=2, lead_time_days=180.0, reorder_point=200.0, order_up_to_level=201.0)
    business = watched(bundle)
    business.play()
    shop = business.supply.sites[1]
    position = shop.stock + shop.on_order
    assert len(business.supply.network.shipments) > 64  # more than it was given room for
    assert position[0] >= np.ceil(200.0 * bundle.vectors["item_units_per_day"][0])
