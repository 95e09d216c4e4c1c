"""A change that changes nothing differs by exactly zero; one that begins later leaves the days before untouched."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest

from tests.model.small import MEASURES, baseline, field, horizon, pair, scenario_of, small, with_values
from twin.experiment.outcome import RunOutcome
from twin.experiment.statistics import differences
from twin.records import COLUMN
from twin.spec.template import template

BUNDLE = small()
TODAY = {name: BUNDLE.values[name] for name in template("shop").levers}
LATER = "2024-01-18"
MOVES = {
    "price": "+10%", "price[item 3]": "+20%", "price[rare]": "+50%", "marketing": "+100", "promotion": "=0.2",
    "pickers_weekday": "+1", "pickers_weekend": "+1", "picking_speed": "*1.3", "absence_share": "=0.4",
    "opening_hours": "+2", "reorder_point": "-14", "order_up_to_level": "+20", "lead_time_days": "+5", "demand": "*1.2",
}  # fmt: skip
NOT_THE_CUSTOMERS = (
    "pickers_weekday", "pickers_weekend", "picking_speed", "absence_share", "opening_hours", "reorder_point",
    "order_up_to_level", "lead_time_days",
)  # fmt: skip
ARRIVALS = ("orders", "orders_returning", "orders_new", "orders_anonymous", "order_lines", "customers_new")


@pytest.fixture(scope="module")
def before() -> RunOutcome:
    return baseline(BUNDLE, 3)


def same(one: RunOutcome, other: RunOutcome) -> bool:
    return one.sha256 == other.sha256


@pytest.mark.parametrize(("lever", "written"), [*product(TODAY, ["+0", "*1", "+0%", "today"])])
def test_a_change_by_nothing_changes_no_record(before: RunOutcome, lever: str, written: str) -> None:
    value = repr(TODAY[lever]) if written == "today" else written
    assert same(before, scenario_of(BUNDLE, before, f"{lever}={value}"))


@pytest.mark.parametrize(
    "changes",
    [
        ("price[item 3]=+0%",),
        ("price[item 3]=1", "price[rare]=1", "price=1"),
        ("price[out of fashion]=*1.5",),
        ("pickers_weekday=+2", "pickers_weekday=-2"),
        ("pickers_weekday=+2", "pickers_weekday=2"),
        ("pickers_weekend=+3@2024-01-06:2024-01-06",),
        ("demand=*2@2024-01-06:2024-01-06",),
    ],
)
def test_changes_that_come_to_nothing_change_no_record(before: RunOutcome, changes: tuple[str, ...]) -> None:
    assert same(before, scenario_of(BUNDLE, before, *changes))


def test_the_price_of_an_item_that_nobody_buys_changes_no_record() -> None:
    unsold = replace(BUNDLE, vectors={name: vector.copy() for name, vector in BUNDLE.vectors.items()})
    for name in ("item_line_share", "item_units_per_day", "item_revenue_share"):
        unsold.vectors[name][4] = 0.0
    assert same(*pair(unsold, "price[item 4]=*2"))
    assert not same(*pair(unsold, "price[item 3]=*2"))


def test_a_change_by_nothing_has_a_verdict_of_nothing(before: RunOutcome) -> None:
    many = baseline(BUNDLE, 16)
    after = scenario_of(BUNDLE, many, "price=+0%")
    for one in differences(MEASURES, many.measured(MEASURES), after.measured(MEASURES), "profit").values():
        assert (one.difference, one.low, one.high, one.simulation_error, one.chance) == (0.0, 0.0, 0.0, 0.0, 1.0)
        assert one.verdict == "too small to matter"


@pytest.mark.parametrize("lever", MOVES)
def test_no_record_before_a_changes_first_day_differs_by_a_byte(before: RunOutcome, lever: str) -> None:
    after = scenario_of(BUNDLE, before, f"{lever}={MOVES[lever]}@{LATER}")
    day = 17
    assert horizon(BUNDLE).index(date.fromisoformat(LATER)) == day
    assert after.days[:, :day].tobytes() == before.days[:, :day].tobytes()
    assert after.waits[:, :day].tobytes() == before.waits[:, :day].tobytes()
    assert not np.array_equal(after.days[:, day:], before.days[:, day:])  # and afterwards something does


@pytest.mark.parametrize("lever", NOT_THE_CUSTOMERS)
def test_what_happens_behind_the_door_moves_no_customer(lever: str) -> None:
    unmoved = with_values(BUNDLE, satisfaction_loss_late=0.0, satisfaction_loss_missing=0.0)
    held = {"satisfaction_loss_late", "satisfaction_loss_missing"}
    unmoved = replace(unmoved, uncertain=tuple(one for one in unmoved.uncertain if one.name not in held))
    one, other = pair(unmoved, f"{lever}={MOVES[lever]}", replications=2)
    for name in ARRIVALS:
        assert np.array_equal(field(one, name), field(other, name)), name


def test_a_change_of_staff_lets_the_first_day_come_in_as_it_was(before: RunOutcome) -> None:
    after = scenario_of(BUNDLE, before, "pickers_weekday=+3", "absence_share=0")
    for name in (*ARRIVALS, "sales_ordered", "units_shipped"):
        assert np.array_equal(field(before, name)[:, 0], field(after, name)[:, 0]), name


def test_every_lever_moves_something(before: RunOutcome) -> None:
    for lever, move in MOVES.items():
        assert not same(before, scenario_of(BUNDLE, before, f"{lever}={move}")), lever


def test_records_have_a_column_for_each_field(before: RunOutcome) -> None:
    assert before.days.shape == (3, len(BUNDLE.open_days), len(COLUMN))
