"""The command line of a clinic: what it knows, what a change does, and what happened to one patient."""

from pathlib import Path

import pytest

from tests.cli.conftest import Values
from tests.clinic import CLINIC
from tests.fictional import copied
from twin.desk import Desk, demo
from twin.desk.demo import build
from twin.spec.template import template


@pytest.fixture(scope="module")
def shared(clinic_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that the tests of this file share."""
    return copied(clinic_original, tmp_path_factory.mktemp("clinic"))


def test_a_built_demo_is_complete_and_knows_its_own_files(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Desk.open(shared) as desk:
        names, words = build(desk, print, CLINIC.demo.name)
        assert names == ["clinic"]
        assert "nothing to do" in words
    assert [table for _, table in demo.DEMOS["clinic"].files] == [
        "contracts", "visits", "visit_steps", "appointments", "attendance",
    ]  # fmt: skip
    assert all(file.is_file() for file, _ in CLINIC.demo.files)


def test_calibrate_tells_data_from_assumption(values: Values) -> None:
    found = values("calibrate")["parameters"]
    assert found["no_show_share"]["origin"] == found["walk_in_condition_share"]["origin"] == "data"
    assert found["test_sensitivity"]["origin"] == "assumption"
    assert "gold standard" in found["test_sensitivity"]["method"]


def test_levers_and_measures_are_those_of_the_template(values: Values) -> None:
    assert [one["name"] for one in values("levers")["levers"]] == list(template("clinic").levers)
    assert [one["name"] for one in values("measures")["measures"]] == list(template("clinic").measures)


def test_compare_tells_what_more_appointments_do(values: Values) -> None:
    found = values("compare", "--set", CLINIC.question)["measures"]
    more = found["visits[appointment]"]
    assert more["verdict"] == "higher"
    assert more["low"] > 0
    for name in ("missed_share", "positive_share", "balked_share"):
        assert 0 <= found[name]["baseline"] <= 1


def test_life_tells_an_appointment_and_a_result(values: Values) -> None:
    run = values("simulate")["run"]
    events = [event for n in range(4) for event in values("life", run, f"visit 0/{n}")["events"]]
    assert any(event["detail"].startswith("appointment for ") for event in events)
    assert any("the test is" in event["what"] for event in events)
