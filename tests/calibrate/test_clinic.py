"""The fictional clinic: every number that its records can tell comes back, and the others say why they do not."""

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.clinic import CLINIC
from tests.fictional import truth
from twin.calibrate.calibration import Calibration
from twin.calibrate.conditions import GOLD
from twin.calibrate.estimates import calibrate
from twin.calibrate.visits import VisitTables, visit_tables
from twin.spec.template import template

TRUTH = truth("clinic")
KIND = template("clinic")
ROSTERS = ["doctors_morning", "doctors_afternoon", "nurses_morning", "nurses_afternoon", "receptionists"]
FACTS = [*ROSTERS, "balk_at"]
ESTIMATED = [
    "no_show_share", "punctuality_minutes", "urgent_share", "urgent_condition_share", "walk_in_condition_share",
    "patience_minutes", "appointment_patience_minutes", "reception_minutes", "reception_scatter", "triage_minutes",
    "triage_scatter", "lab_minutes", "lab_scatter", "appointment_minutes", "walk_in_minutes", "urgent_minutes",
    "doctor_scatter", "seen_share", "cleared_share", "absence_share", "absence_spell_days", "attrition_per_year",
    "hiring_days", "registered_rate_shape", "registered_rate_scale_days", "registered_new_per_day",
    "registered_churn_share",
]  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> VisitTables:
    frames = {name: pd.read_parquet(CLINIC.folder / f"{name}.parquet") for name in CLINIC.tables}
    return visit_tables(**frames, today=TRUTH["last_day"] + timedelta(days=1))


@pytest.fixture(scope="module")
def found(tables: VisitTables) -> Calibration:
    return calibrate(tables, KIND)


@pytest.mark.parametrize("name", ESTIMATED)
def test_every_true_number_lies_within_three_standard_errors(found: Calibration, name: str) -> None:
    one, true = found.parameters[name], TRUTH["parameters"][name]
    assert one.origin == "data"
    assert one.standard_error
    assert abs(one.value - true) <= 3 * one.standard_error, f"{one.value:.4g} for {true:g}"


def test_most_true_numbers_lie_in_their_interval(found: Calibration) -> None:
    held = [found.parameters[n].low <= TRUTH["parameters"][n] <= found.parameters[n].high for n in ESTIMATED]
    assert sum(held) >= len(held) - 6


@pytest.mark.parametrize("name", FACTS)
def test_what_is_a_fact_is_read_exactly(found: Calibration, name: str) -> None:
    one = found.parameters[name]
    assert (one.value, one.low, one.high, one.origin) == (*[TRUTH["parameters"][name]] * 3, "data")


def test_everything_else_is_an_assumption_or_a_plan(found: Calibration) -> None:
    told_by_data = {name for name, one in found.parameters.items() if one.origin == "data"}
    assert told_by_data == {*ESTIMATED, *FACTS}
    for name in ("test_sensitivity", "test_specificity", "lab_sensitivity", "lab_specificity"):
        one = found.parameters[name]
        assert one.method.endswith(GOLD)
        assert one.low < TRUTH["parameters"][name] < one.high
    assert "who did which" in found.parameters["learning_days"].method


def test_registered_patients_imply_about_the_walk_ins_that_were_seen(found: Calibration) -> None:
    assert 0.9 < found.evidence["returning"]["ratio"] < 1.1
    assert found.evidence["rows"]["steps_set_aside"] == 0


def test_an_earlier_morning_gives_much_the_same_numbers(tables: VisitTables) -> None:
    earlier = calibrate(tables.cut(date(2025, 11, 1)), KIND)
    for name in ("triage_minutes", "no_show_share", "registered_rate_scale_days", "walk_in_condition_share"):
        assert earlier.parameters[name].value == pytest.approx(TRUTH["parameters"][name], rel=0.15)
    assert earlier.vectors["replay_day"].max() == -1
