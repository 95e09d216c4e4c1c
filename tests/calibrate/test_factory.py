"""The fictional factory of the project, whose true numbers are known: what is estimated holds them."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.calibrate.small_log import asking
from twin.calibrate.estimate import Part
from twin.calibrate.lead_times import lead_times
from twin.calibrate.lives import lives
from twin.calibrate.machine_log import MachineLog, machine_log
from twin.calibrate.piece_work import piece_work
from twin.calibrate.repairs import maintenance, repairs, set_ups
from twin.calibrate.scrap import scrap
from twin.calibrate.supplies import supply_tables
from twin.calibrate.visits import VisitTables, visit_tables

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
    near(scrap(tables, "scrap_share", ASKED), 0.03)


def test_materials_take_as_long_as_they_truly_do() -> None:
    supplies = supply_tables(None, frame("deliveries"), frame("stock_counts"), TODAY)
    names = {f"{one}_stores": (f"{one}_lead_time_days", f"{one}_lead_time_scatter") for one in ("sawmill", "trader")}
    near(lead_times(supplies, names, ASKED), 0.15)
