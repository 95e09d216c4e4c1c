"""The fictional lender: every number that its records can tell comes back, and the others say why they do not."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from tests.fictional import truth
from tests.lender import LENDER
from twin.calibrate.calibration import Calibration
from twin.calibrate.estimates import calibrate
from twin.calibrate.loan_tables import loan_tables
from twin.calibrate.visits import VisitTables, visit_tables
from twin.errors import TwinError
from twin.spec.template import template

TRUTH = truth("lender")
KIND = template("lender")
ESTIMATED = [
    "late_share_month", "sudden_default_share", "worse_share_1", "cure_share_1", "worse_share_2", "cure_share_2",
    "worse_share_3", "cure_share_3", "cure_response", "correlation", "persistence", "loans_new_per_month",
    "loan_amount", "loan_amount_scatter", "recovery_share", "recovery_days", "enquiry_minutes", "call_minutes",
    "desk_scatter", "patience_minutes", "call_lapse_minutes", "absence_share", "absence_spell_days",
]  # fmt: skip
FACTS = ["desk_office", "loans_today", "loan_term_months", "loan_rate"]


@pytest.fixture(scope="module")
def tables() -> VisitTables:
    frames = {name: pd.read_parquet(LENDER.folder / f"{name}.parquet") for name in LENDER.tables}
    today = TRUTH["last_day"] + timedelta(days=1)
    found = visit_tables(frames["visits"], frames["visit_steps"], None, frames["attendance"], today)
    return replace(found, loans=loan_tables(frames["loans"], frames["loan_months"], frames["recoveries"], today))


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


def test_facts_are_read_and_policies_near_what_they_truly_are(found: Calibration) -> None:
    for name in FACTS:
        one = found.parameters[name]
        assert (one.origin, one.low, one.high) == ("data", one.value, one.value)
    assert found.parameters["desk_office"].value == TRUTH["parameters"]["desk_office"]
    assert found.parameters["loan_rate"].value == pytest.approx(TRUTH["parameters"]["loan_rate"], rel=0.02)
    assert found.parameters["loan_term_months"].value == pytest.approx(
        TRUTH["parameters"]["loan_term_months"], rel=0.03
    )


def test_everything_else_is_an_assumption_or_a_plan(found: Calibration) -> None:
    told_by_data = {name for name, one in found.parameters.items() if one.origin == "data"}
    assert told_by_data == {*ESTIMATED, *FACTS, "times_today"}
    assert found.parameters["rate_response"].origin == "assumption"


def test_the_numbers_of_the_loans_are_known_together(found: Calibration) -> None:
    (names,) = [names for names, _ in found.covariances if "correlation" in names]
    assert {"late_share_month", "times_today", "persistence", "cure_response"} <= set(names)
    assert any(set(names) == {"recovery_share", "recovery_days"} for names, _ in found.covariances)


def test_the_book_begins_as_the_records_leave_it(tables: VisitTables, found: Calibration) -> None:
    assert tables.loans
    last = tables.loans.months.drop_duplicates("loan_id", keep="last")
    open_ = last[last["state"].str.startswith("late") | (last["state"] == "current")]
    told = {name: values for name, values in found.vectors.items() if name.startswith("loan_")}
    assert {len(values) for values in told.values()} == {int(found.parameters["loans_today"].value)}
    fresh = ~tables.loans.loans["loan_id"].isin(last["loan_id"])
    assert told["loan_balance"].sum() == pytest.approx(
        open_["balance"].sum() + tables.loans.loans.loc[fresh, "amount"].sum()
    )
    assert (told["loan_months_behind"] > 0).sum() == open_["state"].str.startswith("late").sum()
    assert told["loan_called"][told["loan_months_behind"] == 0].sum() < 0.02 * len(told["loan_called"])
    assert told["loan_called"][told["loan_months_behind"] > 0].mean() > 0.6
    assert found.evidence["rows"]["loans"] == len(tables.loans.loans)


def test_it_can_be_stored_and_read(found: Calibration) -> None:
    again = Calibration.from_bytes(found.to_bytes())
    assert again.parameters == found.parameters
    assert all(np.array_equal(again.vectors[name], values) for name, values in found.vectors.items())


def test_an_earlier_morning_gives_much_the_same_numbers(tables: VisitTables) -> None:
    earlier = calibrate(tables.cut(date(2026, 3, 17)), KIND)
    for name in ("worse_share_1", "loan_amount", "call_minutes", "loans_new_per_month"):
        assert earlier.parameters[name].value == pytest.approx(TRUTH["parameters"][name], rel=0.15)
    assert earlier.vectors["loan_new"].sum() > 0
    assert earlier.vectors["lost_days_ago"].min() >= 1


def test_without_loans_all_of_it_is_assumed_and_says_why(tables: VisitTables) -> None:
    bare = calibrate(replace(tables, loans=None), KIND)
    assert bare.parameters["late_share_month"].origin == "assumption"
    assert bare.parameters["late_share_month"].method.endswith("there are no loans in the records")
    assert "loan_book" not in bare.vectors


def test_a_book_that_the_template_does_not_have_is_named(tables: VisitTables) -> None:
    assert tables.loans
    named = replace(tables.loans, loans=tables.loans.loans.assign(book="mortgages"))
    with pytest.raises(TwinError, match="mortgages"):
        calibrate(replace(tables, loans=named), KIND)
