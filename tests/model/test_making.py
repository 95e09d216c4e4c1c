"""Making to order: no piece and no cent appears or is lost, and nothing begins without its materials."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.small import TODAY, horizon
from tests.model.small_desk import get, today
from tests.model.small_joinery import joinery
from twin.experiment.inputs import Bundle
from twin.experiment.outcome import RunOutcome, factors_of
from twin.experiment.question import Question
from twin.experiment.replicate import replicate, set_up
from twin.model.accounts import cents
from twin.model.business import Business
from twin.model.kernels import supply_layout as at
from twin.spec.scenario import Change, Scenario

ASSETS = ("cash", "receivables", "stock_value", "work_in_process")
CLAIMS = ("payables", "wages_due", "equity")
WHATEVER = st.fixed_dictionaries({
    "saws": st.integers(1, 4).map(float), "chair_units": st.floats(1.0, 30.0), "scrap_share": st.floats(0.0, 1.0),
    "mill_delivers": st.floats(0.0, 1.0), "reorder_point": st.floats(0.0, 20.0), "lead_time_days": st.floats(0.0, 30.0),
    "order_up_to_level": st.floats(21.0, 60.0), "demand": st.floats(0.0, 3.0),
})  # fmt: skip


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The joinery."""
    return joinery()


@pytest.fixture(scope="module")
def played(bundle: Bundle) -> RunOutcome:
    """The joinery as it is."""
    return today(bundle, 3)


def changed(bundle: Bundle, played: RunOutcome, *changes: Change) -> RunOutcome:
    """The joinery with changes, on the factors of its baseline."""
    question, factors = Question(Scenario(changes), horizon(bundle), 1), factors_of(played.days)
    return RunOutcome.stacked([replicate(bundle, question, r, factors[r]) for r in range(played.replications)])


def assert_pieces_and_cents_add_up(bundle: Bundle, outcome: RunOutcome) -> None:
    """What must hold in every record of such a business."""

    def of(name: str) -> np.ndarray:
        return get(bundle, outcome, name)

    assert np.array_equal(of("units_finished"), of("units_made") + of("units_scrapped"))
    open_orders = np.diff(of("visits_open"), axis=1)
    assert np.array_equal(open_orders, (of("visits") - of("visits_finished"))[:, 1:])
    waiting = np.diff(of("visits_unreleased"), axis=1)
    assert np.array_equal(waiting, (of("visits") - of("visits_released"))[:, 1:])
    assert (of("units_in_work") >= 0.0).all()
    assert ((of("units_in_work") > 0.0) == (of("work_in_process") > 0.0)).all()
    assets, claims = (sum(np.floor(of(name) * 100 + 0.5).astype(int) for name in names) for names in (ASSETS, CLAIMS))
    assert np.array_equal(assets, claims)
    goods = np.floor((of("stock_value") + of("work_in_process")) * 100 + 0.5).astype(int)
    flows = sum(np.floor(of(n) * 100 + 0.5).astype(int) * s
                for n, s in (("purchases", 1), ("cost_of_goods", -1), ("waste_cost", -1)))  # fmt: skip
    assert np.array_equal(np.diff(goods, axis=1), flows[:, 1:])


def test_pieces_and_cents_add_up(bundle: Bundle, played: RunOutcome) -> None:
    assert_pieces_and_cents_add_up(bundle, played)
    for name in ("units_scrapped", "units_made", "visits_short", "revenue", "waste_cost", "work_in_process"):
        assert get(bundle, played, name).sum() > 0, name


@settings(max_examples=25, deadline=None)
@given(WHATEVER)
def test_pieces_and_cents_add_up_whatever_the_numbers(numbers: dict[str, Any]) -> None:
    bundle = joinery(12, **numbers)
    assert_pieces_and_cents_add_up(bundle, today(bundle, 1))


class Watched(Business):
    """A joinery whose shelves are looked into every day."""

    def step(self) -> None:
        stock = self.making.network.stock[1].copy()
        super().step()
        book, day = self.making.network.book[1], self.day - 1
        taken = self.days[day, self.structure.columns["units_used"]]
        assert stock.sum() + book[at.RECEIVED] - taken == self.making.network.stock[1].sum()
        assert self.making.network.stock.min() >= 0.0


def test_a_shelf_holds_what_it_held_and_got_less_what_orders_took(bundle: Bundle) -> None:
    question = Question(Scenario((Change("demand", "scale", 2.0),)), horizon(bundle), 1)
    set_up(bundle, question, 0, None, Watched).play()


def test_what_is_sold_is_the_good_pieces_at_their_price() -> None:
    bundle = joinery(seat_price=0.0)
    outcome = today(bundle, 2)
    dear = today(joinery(seat_price=80.0), 2)
    more = get(bundle, dear, "revenue") - get(bundle, outcome, "revenue")
    assert (np.round(more) % 80 == 0).all()
    assert np.array_equal(get(bundle, dear, "units_made"), get(bundle, outcome, "units_made"))
    desks = get(bundle, outcome, "revenue") / 300.0
    assert desks + more / 80.0 == pytest.approx(get(bundle, outcome, "units_made"))


def test_without_materials_nothing_begins_and_what_waits_begins_when_they_come(
    bundle: Bundle, played: RunOutcome
) -> None:
    out = Change("mill_delivers", "set", 0.0, first=TODAY, last=TODAY + timedelta(days=19))
    outcome = changed(bundle, played, out)
    unreleased = get(bundle, outcome, "visits_unreleased")
    assert (unreleased[:, 18] > 100).all()
    assert (get(bundle, outcome, "visits_released")[:, 15:19] == 0).all()
    assert (get(bundle, outcome, "visits_released")[:, 20:].sum(axis=1) > 100).all()
    assert get(bundle, outcome, "short_minutes_sum").sum() > 1e5
    assert_pieces_and_cents_add_up(bundle, outcome)


def test_whoever_waited_for_materials_came_when_it_came() -> None:
    calm, short = joinery(), joinery(mill_delivers=0.3)
    through = [get(one, today(one, 2), "through_minutes_sum").sum() for one in (calm, short)]
    waited = get(short, today(short, 2), "short_minutes_sum").sum()
    assert through[1] - through[0] > 0.3 * waited > 0.0


def test_more_scrap_takes_the_same_pieces_and_more(bundle: Bundle, played: RunOutcome) -> None:
    worse = changed(bundle, played, Change("scrap_share", "add", 0.05))
    assert (get(bundle, worse, "units_scrapped") >= get(bundle, played, "units_scrapped")).all()
    assert np.array_equal(get(bundle, worse, "units_finished"), get(bundle, played, "units_finished"))
    share = get(bundle, played, "units_scrapped").sum() / (count := get(bundle, played, "units_finished").sum())
    assert abs(share - 0.05) < 3 * (0.05 * 0.95 / count) ** 0.5


def test_quality_is_the_share_of_good_pieces(bundle: Bundle, played: RunOutcome) -> None:
    good, ideal = (get(bundle, played, f"machine_{name}_minutes") for name in ("good", "ideal"))
    made, finished = (get(bundle, played, f"units_{name}") for name in ("made", "finished"))
    some = finished > 0
    assert good[some] == pytest.approx(ideal[some] * made[some] / finished[some])
    assert (good[some] < ideal[some]).any()


def test_orders_have_the_pieces_of_their_kind(bundle: Bundle, played: RunOutcome) -> None:
    chairs, tables = (get(bundle, played, f"visits[{kind}]").sum() for kind in ("chair", "table"))
    expected, spread = 6.0 * chairs + 3.0 * tables, (5.0 * chairs + 2.0 * tables) ** 0.5
    assert abs(get(bundle, played, "units_ordered").sum() - expected) < 3 * spread


def test_a_change_of_nothing_is_nothing(bundle: Bundle, played: RunOutcome) -> None:
    same = changed(bundle, played, *(Change(name, "scale", 1.0) for name in bundle.levers))
    assert same.days.tobytes() == played.days.tobytes()


@pytest.mark.parametrize(
    "change",
    [Change("mill_delivers", "set", 0.0), Change("scrap_share", "set", 0.2), Change("price", "scale", 1.1),
     Change("chair_units", "scale", 1.5), Change("saws", "set", 1.0), Change("lead_time_days", "scale", 3.0)],
)  # fmt: skip
def test_nothing_differs_before_a_change(bundle: Bundle, played: RunOutcome, change: Change) -> None:
    later = changed(bundle, played, replace(change, first=TODAY + timedelta(days=12)))
    assert later.days[:, :12].tobytes() == played.days[:, :12].tobytes()
    assert (later.days[:, 12:] != played.days[:, 12:]).any()


def test_a_higher_price_brings_fewer_orders(bundle: Bundle, played: RunOutcome) -> None:
    dearer = changed(bundle, played, Change("price", "scale", 1.25))
    ratio = get(bundle, dearer, "visits").sum() / get(bundle, played, "visits").sum()
    assert abs(ratio - 0.8) < 0.05


def test_cents_are_whole(bundle: Bundle, played: RunOutcome) -> None:
    value = get(bundle, played, "work_in_process")
    assert (np.abs(value * 100 - np.round(value * 100)) < 1e-6).all()
    assert cents(float(value.max())) > 0
