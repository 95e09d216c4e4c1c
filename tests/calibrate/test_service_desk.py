"""The fictional service desk: every number that its records were made with comes back."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.calibrate.desk import PLANS, desk_declarations, desk_structure
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.business import calibrate_visits
from twin.calibrate.calibration import Calibration
from twin.calibrate.visits import VisitTables, visit_tables

DESK = Path(__file__).parents[2] / "data" / "service-desk"
NAMES = ("visits", "visit_steps", "contracts", "attendance")
BLUEPRINT = Blueprint(desk_structure(), desk_declarations())
ESTIMATED = [name for name in BLUEPRINT.declarations if name not in PLANS]
ROSTERS = ["first_line_early", "first_line_late", "first_line_weekend", "second_line_office"]

pytestmark = pytest.mark.skipif(not (DESK / "truth.toml").exists(), reason="needs the records of the service desk")


@pytest.fixture(scope="module")
def truth() -> dict:
    return tomllib.loads((DESK / "truth.toml").read_text())


@pytest.fixture(scope="module")
def tables(truth: dict) -> VisitTables:
    frames = {name: pd.read_parquet(DESK / f"{name}.parquet") for name in NAMES}
    return visit_tables(**frames, today=truth["last_day"] + timedelta(days=1))


@pytest.fixture(scope="module")
def found(tables: VisitTables) -> Calibration:
    return calibrate_visits(tables, BLUEPRINT, "service-desk")


@pytest.mark.parametrize("name", ESTIMATED)
def test_every_true_number_lies_within_three_standard_errors(found: Calibration, truth: dict, name: str) -> None:
    one, true = found.parameters[name], truth["parameters"][name]
    assert one.origin == "data"
    assert abs(one.value - true) <= 3 * one.standard_error, f"{one.value:.4g} for {true:g}"


def test_most_true_numbers_lie_in_their_interval(found: Calibration, truth: dict) -> None:
    held = [found.parameters[n].low <= truth["parameters"][n] <= found.parameters[n].high for n in ESTIMATED]
    assert sum(held) >= len(held) - 5


@pytest.mark.parametrize("name", ROSTERS)
def test_people_on_each_shift_are_those_of_the_roster(found: Calibration, truth: dict, name: str) -> None:
    assert found.parameters[name].value == truth["parameters"][name]


def test_contracts_imply_about_the_visits_that_were_seen(found: Calibration) -> None:
    assert 0.9 < found.evidence["returning"]["ratio"] < 1.1
    assert found.evidence["rows"]["steps_set_aside"] == 0


def test_an_earlier_morning_gives_much_the_same_numbers(tables: VisitTables, truth: dict) -> None:
    earlier = calibrate_visits(tables.cut(date(2025, 11, 1)), BLUEPRINT, "service-desk")
    for name in ("first_line_minutes", "second_line_minutes", "standard_rate_scale_days"):
        assert earlier.parameters[name].value == pytest.approx(truth["parameters"][name], rel=0.15)
    assert earlier.vectors["replay_day"].max() == -1
