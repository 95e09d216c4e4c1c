"""The command line of a lender: what it knows, what a change does, and how it would have told the last weeks."""

from pathlib import Path

import pytest

from tests.cli.conftest import Values
from tests.fictional import copied
from tests.lender import LENDER, small
from twin import cli
from twin.desk import Desk
from twin.desk.demo import build
from twin.spec.template import template


@pytest.fixture(scope="module")
def shared(lender_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that the tests of this file share."""
    return copied(lender_original, tmp_path_factory.mktemp("lender"))


def test_a_built_demo_is_complete_and_knows_its_own_files(shared: Path) -> None:
    with Desk.open(shared) as desk:
        names, words = build(desk, print, LENDER.demo.name)
        assert names == ["lender"]
        assert "nothing to do" in words
    assert all(file.is_file() for file, _ in LENDER.demo.files)


def test_calibrate_tells_data_from_assumption(values: Values) -> None:
    found = values("calibrate")["parameters"]
    assert found["late_share_month"]["origin"] == found["times_today"]["origin"] == "data"
    assert "months as random effects" in found["correlation"]["method"]
    assert found["rate_response"]["origin"] == "assumption"
    assert found["loan_rate"]["standard_error"] == 0.0


def test_levers_measures_and_shocks_are_those_of_the_template(values: Values) -> None:
    assert [one["name"] for one in values("levers")["levers"]] == list(template("lender").levers)
    assert [one["name"] for one in values("measures")["measures"]] == list(template("lender").measures)
    found = {one["label"]: one["changes"] for one in values("shocks")["shocks"]}
    assert {"Rates rise by two points", "A downturn", "A wave of sickness"} <= set(found)
    assert any("times_shift" in change for change in found["A downturn"])


def test_compare_tells_what_a_downturn_does(values: Values) -> None:
    found = values("compare", "--set", LENDER.question)["measures"]
    assert found["late_loans_share"]["difference"] > 0
    assert found["loan_losses"]["difference"] > 0
    assert found["wages"]["difference"] == 0


def test_no_change_is_exactly_no_difference(values: Values) -> None:
    for change in ("times_shift=+0", "rate_addition=+0", "loans_new_per_month=*1", "late_share_month=+0%"):
        found = values("compare", "--set", change)["measures"]
        assert {one["difference"] for one in found.values()} == {0.0}, change


def test_the_first_played_day_goes_on_from_the_last_recorded_one(values: Values, shared: Path) -> None:
    with Desk.open(shared) as desk:
        twin = desk.twin("lender")
        last, run = twin.knowledge.days.iloc[-1], twin.run()
        columns = twin.template.structure.columns
        first = {name: run.outcome.days[:, 0, columns[name]] for name in ("loans_open", "loan_balance", "loans_late")}
        flows = {name: run.outcome.days[:, 0, columns[name]] for name in ("loans_new", "loans_defaulted", "loans_paid")}
        opened = first["loans_open"] - flows["loans_new"] + flows["loans_defaulted"] + flows["loans_paid"]
        assert (opened == last["loans_open"]).all()
        assert abs(first["loans_late"].mean() / last["loans_late"] - 1.0) < 0.2
        assert abs(first["loan_balance"].mean() / last["loan_balance"] - 1.0) < 0.02


def test_the_last_weeks_would_have_been_told(shared: Path) -> None:
    with Desk.open(shared) as desk:
        found = {row.measure: row for row in desk.twin("lender").fidelity().rows}
    assert {"visits", "loans_new", "interest_income", "loans_defaulted", "recoveries"} <= set(found)
    interest = found["interest_income"]
    assert abs(interest.simulated / interest.observed - 1.0) < 0.01, "rates and balances are known to the cent"
    assert found["loans_new"].inside


@pytest.mark.parametrize(
    ("table", "rows", "said"),
    [
        ("loans", "loan,granted on,amount,rate,term\n1,2026-03-02,900,high,12", "'rate' in row 1"),
        ("loan_months", "loan,due on,paid,balance\n1,2026-03-02,9,9", "no column for state"),
        ("loan_month", "loan\n1", "loan_months"),
    ],
)
def test_bad_files_are_told_in_a_sentence_and_change_nothing(
    shared: Path, tmp_path: Path, table: str, rows: str, said: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(rows + "\n", encoding="utf-8")
    outcome = cli.ran(["ingest", str(file), "--as", table, "--store", str(shared)], lambda words: None)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert said in outcome.stderr


def test_the_small_lender_is_read_whole(shared: Path) -> None:
    with Desk.open(shared) as desk:
        tables = desk.twin("lender").snapshot.tables
    assert {name: table.num_rows for name, table in small().items()} == tables
