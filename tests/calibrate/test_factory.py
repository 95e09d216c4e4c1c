"""The fictional factory of the project, whose true numbers are known: what is estimated holds them."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.calibrate.small_log import asking
from twin.calibrate.calibration import Calibration
from twin.calibrate.estimate import Part
from twin.calibrate.estimates import calibrate
from twin.calibrate.lead_times import lead_times
from twin.calibrate.lives import lives
from twin.calibrate.machine_log import MachineLog, machine_log
from twin.calibrate.piece_work import piece_work
from twin.calibrate.repairs import maintenance, repairs, set_ups
from twin.calibrate.scrap import scrap
from twin.calibrate.supplies import supply_tables
from twin.calibrate.visits import VisitTables, visit_tables
from twin.spec.template import template

FOLDER = Path(__file__).parents[2] / "data" / "factory"
TRUTH = tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))
TODAY = TRUTH["last_day"] + timedelta(days=1)
GROUPS = {name: told["one"] for name, told in TRUTH["machines"].items()}
ASKED = asking(*TRUTH["parameters"])


def frame(name: str) -> pd.DataFrame:
    return pd.read_parquet(FOLDER / f"{name}.parquet")


@pytest.fixture(scope="module")
def log() -> MachineLog:
    """What the machines did."""
    return machine_log(frame("machine_events"), TODAY)


@pytest.fixture(scope="module")
def tables() -> VisitTables:
    """The production orders."""
    orders = frame("visits").assign(customer_id=None)
    return visit_tables(orders, frame("visit_steps"), None, frame("attendance"), TODAY)


def near(part: Part, sharp: float) -> None:
    """Every estimate is within three standard errors of the truth, and these are small."""
    assert part.estimates
    assert part.reasons == {}
    for name, one in part.estimates.items():
        truth = TRUTH["parameters"][name]
        assert abs(one.value - truth) <= 3 * one.standard_error, (name, one.value, truth, one.standard_error)
        assert 0 < one.standard_error < sharp * truth, name


def test_machines_live_as_long_as_they_truly_do(log: MachineLog) -> None:
    part = lives(log, {name: (f"{one}_life_hours", f"{one}_life_shape") for name, one in GROUPS.items()}, ASKED)
    near(part, 0.12)
    assert part.estimates["oven_life_shape"].interval(log=True)[0] > 1.3, "ovens wear out"
    low, high = part.estimates["press_life_shape"].interval(log=True)
    assert low < 1 < high, "presses do not"


def test_repairs_and_maintenance_take_as_long_as_they_truly_do(log: MachineLog) -> None:
    near(repairs(log, dict.fromkeys(GROUPS, ("repair_minutes", "repair_scatter", "lognormal")), ASKED), 0.1)
    near(
        maintenance(log, dict.fromkeys(GROUPS, ("maintenance_minutes", "maintenance_scatter", "lognormal")), ASKED), 0.1
    )


def test_set_ups_take_as_long_as_they_truly_do(log: MachineLog) -> None:
    near(set_ups(log, {name: (f"{one}_setup_minutes", {}) for name, one in GROUPS.items()}, ASKED), 0.01)


def test_orders_are_as_much_work_as_they_truly_are(tables: VisitTables, log: MachineLog) -> None:
    names = ("minutes", "minutes_per_unit", "scatter")
    stations = {station: tuple(f"{station}_{name}" for name in names) for station in TRUTH["stations"]}
    near(piece_work(tables, log, stations, ASKED), 0.03)


def test_scrap_is_the_true_share(tables: VisitTables) -> None:
    made = replace(tables, visits=tables.visits[tables.visits["kind"] != "stool"])  # those are taken from the shelf
    near(scrap(made, "scrap_share", ASKED), 0.03)


def test_materials_take_as_long_as_they_truly_do() -> None:
    supplies = supply_tables(None, frame("deliveries"), frame("stock_counts"), TODAY)
    names = {f"{one}_stores": (f"{one}_lead_time_days", f"{one}_lead_time_scatter") for one in ("sawmill", "trader")}
    near(lead_times(supplies, names, ASKED), 0.15)


# ------------------------------------------------------------------ the template's own numbers

KIND = template("factory")
PEOPLE = [
    f"{team}_{shift}" for team in ("cutters", "assemblers", "finishers", "technicians") for shift in ("early", "late")
]
PRICES = [*(f"{one}_price" for one in TRUTH["products"]), *(f"{one}_cost" for one in TRUTH["materials"])]
FACTS = [*PEOPLE, "saws", "presses", "ovens"]
LEVELS = ["stores_reorder_point", "stores_order_up_to_level"]
SHELF = ["finished_reorder_point", "finished_order_up_to_level"]
ESTIMATED = [
    "chair_share", "table_share", "stool_share", *(f"{one}_units" for one in TRUTH["products"]),
    *(f"{one}_{what}" for one in TRUTH["stations"] for what in ("minutes", "minutes_per_unit", "scatter")),
    "rework_share", "scrap_share",
    *(f"{one}_{what}" for one in GROUPS.values() for what in ("life_hours", "life_shape", "setup_minutes")),
    "repair_minutes", "repair_scatter", "maintenance_minutes", "maintenance_scatter", "absence_share",
    "absence_spell_days",
    *(f"{one}_lead_time_{what}" for one in ("sawmill", "trader") for what in ("days", "scatter")),
]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tables: VisitTables, log: MachineLog) -> VisitTables:
    """All records of the factory."""
    supplies = supply_tables(None, frame("deliveries"), frame("stock_counts"), TODAY)
    return replace(tables, machines=log, supply=supplies, items=frame("items"))


@pytest.fixture(scope="module")
def found(whole: VisitTables) -> Calibration:
    """All that the template asks for."""
    return calibrate(whole, KIND)


@pytest.mark.parametrize("name", ESTIMATED)
def test_every_true_number_lies_within_three_standard_errors(found: Calibration, name: str) -> None:
    one, true = found.parameters[name], TRUTH["parameters"][name]
    assert one.origin == "data"
    assert one.standard_error
    assert abs(one.value - true) <= 3 * one.standard_error, f"{one.value:.4g} for {true:g}"


@pytest.mark.parametrize("name", FACTS)
def test_what_is_a_fact_is_read_exactly(found: Calibration, name: str) -> None:
    one = found.parameters[name]
    assert (one.value, one.low, one.high, one.origin) == (*[TRUTH["parameters"][name]] * 3, "data")


def test_prices_are_those_of_the_list(found: Calibration) -> None:
    listed = TRUTH["products"] | {name: told["price"] for name, told in TRUTH["materials"].items()}
    assert {name: found.parameters[name].value for name in PRICES} == {
        name: listed[name.rpartition("_")[0]] for name in PRICES
    }


def test_levels_are_the_true_ones_in_pieces(found: Calibration) -> None:
    """Days are of the need that was seen, which was less than the one the store reckons with; pieces are the same."""
    numbers = TRUTH["parameters"]
    values = {name: one.value for name, one in found.parameters.items()} | {"shelf_share": 0.0}
    values["shelf_share"] = 1 - sum(values[f"{one}_share"] for one in ("chair", "table", "stool"))
    for level in LEVELS:
        for told in TRUTH["materials"].values():
            need, seen = (
                orders * sum(of[f"{kind}_share"] * of[f"{kind}_units"] * n for kind, n in told["of"].items())
                for orders, of in (
                    (numbers["orders_per_day"], numbers),
                    (float(found.vectors["work_per_day"][0]), values),
                )
            )
            assert values[level] * seen == pytest.approx(numbers[level] * need, rel=0.03)


def test_stools_are_made_again_at_the_true_levels_in_pieces(found: Calibration) -> None:
    numbers, shelf = TRUTH["parameters"], frame("visits").query("kind == 'stool'")
    true = numbers["orders_per_day"] * numbers["stool_share"] * numbers["stool_units"]
    first = pd.Timestamp(2025, 11, 2)  # the day after the first count of the last year
    days = (pd.Timestamp(TODAY) - first).days
    seen = shelf.loc[shelf["arrived_at"] >= first, "units"].sum() / days
    for level in SHELF:
        one = found.parameters[level]
        assert one.origin == "data"
        assert one.value * seen == pytest.approx(numbers[level] * true, rel=0.01)


def test_everything_else_is_an_assumption_or_a_plan(found: Calibration) -> None:
    told_by_data = {name for name, one in found.parameters.items() if one.origin == "data"}
    assert told_by_data == {*ESTIMATED, *FACTS, *LEVELS, *SHELF, *PRICES}


def test_numbers_that_hang_together_have_a_covariance(found: Calibration) -> None:
    together = [set(names) for names, _ in found.covariances]
    assert {"cutting_minutes", "cutting_minutes_per_unit", "cutting_scatter"} in together
    assert {"oven_life_hours", "oven_life_shape"} in together
    assert {"sawmill_lead_time_days", "sawmill_lead_time_scatter"} in together


def test_the_start_is_what_was_counted_and_is_on_its_way(found: Calibration) -> None:
    counted = frame("stock_counts")
    last = counted[counted["day"] == counted["day"].max()].sort_values("item_id")["quantity"].to_numpy()
    assert found.vectors["opening_stock"][2, :4].tolist() == last[:4].tolist()
    assert found.vectors["opening_stock"][3, 7] == last[4]
    waits = frame("deliveries")["received_on"].isna().sum()
    assert len(found.vectors["opening_pieces"]) == waits
    ages = found.vectors["machine_age_minutes"]
    assert len(ages) == len(found.vectors["machine_id"]) == 9
    assert (ages[:3] < 60 * 75).all(), "saws are maintained every 70 running hours"


def test_an_earlier_morning_knows_less(whole: VisitTables) -> None:
    earlier = calibrate(whole.cut(TODAY - timedelta(days=100)), KIND)
    for name in ("cutting_minutes", "saw_setup_minutes", "scrap_share", "stores_reorder_point"):
        assert earlier.parameters[name].value == pytest.approx(TRUTH["parameters"][name], rel=0.1)
    assert earlier.vectors["replay_day"].max() == -1
    assert len(earlier.vectors["replay_units"]) == len(earlier.vectors["replay_wait_minutes"])
