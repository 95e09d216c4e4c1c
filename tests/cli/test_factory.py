"""The command line of a factory: what it knows, what a change does, and what happened to an order and to a machine."""

from pathlib import Path

import pytest

from tests.cli.conftest import Values
from tests.factory import FACTORY
from tests.fictional import copied
from twin import cli
from twin.desk import Desk
from twin.desk.demo import build
from twin.spec.template import template


@pytest.fixture(scope="module")
def shared(factory_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that the tests of this file share."""
    return copied(factory_original, tmp_path_factory.mktemp("factory"))


def test_a_built_demo_is_complete_and_knows_its_own_files(shared: Path) -> None:
    with Desk.open(shared) as desk:
        names, words = build(desk, print, FACTORY.demo.name)
        assert names == ["factory"]
        assert "nothing to do" in words
    assert all(file.is_file() for file, _ in FACTORY.demo.files)


def test_calibrate_tells_data_from_assumption(values: Values) -> None:
    found = values("calibrate")["parameters"]
    for name in ("saw_setup_minutes", "cutting_minutes_per_unit", "scrap_share", "ovens", "chair_price", "chair_units"):
        assert found[name]["origin"] == "data", name
    assert found["promised_hours"]["origin"] == found["oven_maintain_every_hours"]["origin"] == "assumption"


def test_levers_and_measures_are_those_of_the_template(values: Values) -> None:
    assert [one["name"] for one in values("levers")["levers"]] == list(template("factory").levers)
    assert [one["name"] for one in values("measures")["measures"]] == list(template("factory").measures)


def test_compare_tells_what_a_third_oven_does(values: Values) -> None:
    found = values("compare", "--set", FACTORY.question)["measures"]
    assert found["oee_share[ovens]"]["verdict"] == "worse"
    assert found["oee_share[saws]"]["difference"] == pytest.approx(0.0, abs=0.02)
    whole = found["oee_share"]["baseline"]
    parts = [found[f"{name}_share"]["baseline"] for name in ("availability", "performance", "quality")]
    assert whole == pytest.approx(parts[0] * parts[1] * parts[2], rel=0.01)


def test_a_null_change_is_exactly_nothing(values: Values) -> None:
    found = values("compare", "--set", "saws=+0", "--set", "price=*1", "--set", "oven_maintain_every_hours=40")
    assert {one["difference"] for one in found["measures"].values()} <= {0.0, None}


def test_shocks_are_those_of_the_template(values: Values) -> None:
    told = [one["label"] for one in values("shocks")["shocks"]]
    assert told == [one.words for one in template("factory").shocks]


def test_life_tells_on_which_machine_an_order_was_and_what_became_of_its_pieces(values: Values) -> None:
    run = values("simulate")["run"]
    events = [event for n in range(4) for event in values("life", run, f"visit 0/{n}")["events"]]
    assert any(event["what"] == "runs" and event["detail"].startswith("SAW-") for event in events)
    assert any(event["what"] == "comes" and "pieces" in event["detail"] for event in events)
    assert any(event["what"] == "is finished" and "good pieces" in event["detail"] for event in events)


def test_life_follows_a_machine(values: Values) -> None:
    run = values("simulate")["run"]
    listed = values("life", run, "--list")["list"]
    names = [one["who"] for one in listed if one["who"].startswith("machine ")]
    assert names
    events = values("life", run, names[0])["events"]
    told = {event["what"] for event in events}
    assert told >= {"runs", "has finished", "is set up", "stands idle", "fails", "is as good as new"}
    times = [(event["day"], event["minute"]) for event in events]
    assert times == sorted(times)


def test_a_machine_runs_one_order_at_a_time(values: Values) -> None:
    run = values("simulate")["run"]
    on = None
    for event in values("life", run, "machine OVEN-1")["events"]:
        if event["what"] in ("runs", "is set up"):
            assert on in (None, event["detail"])
            on = event["detail"]
        elif event["what"] == "has finished":
            assert event["detail"] == on or (on is None and event["detail"].startswith("work that came before"))
            on = None


def test_a_machine_that_is_not_there_is_said(shared: Path, values: Values) -> None:
    run = values("simulate")["run"]
    outcome = cli.ran(["life", run, "machine SAW-9", "--store", str(shared)], lambda words: None)
    assert outcome.status == 2
    assert "SAW-3" in outcome.stderr
