"""The command line of a supply chain: what it knows, what a change does, what runs dry, and what one order found."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Values
from tests.fictional import copied
from tests.supply_chain import SUPPLY_CHAIN
from twin import cli
from twin.desk import Desk
from twin.desk.demo import build
from twin.spec.template import template


@pytest.fixture(scope="module")
def shared(supply_chain_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that the tests of this file share."""
    return copied(supply_chain_original, tmp_path_factory.mktemp("supply_chain"))


def test_a_built_demo_is_complete_and_knows_its_own_files(shared: Path) -> None:
    with Desk.open(shared) as desk:
        names, words = build(desk, print, SUPPLY_CHAIN.demo.name)
        assert names == ["supply-chain"]
        assert "nothing to do" in words
    assert all(file.is_file() for file, _ in SUPPLY_CHAIN.demo.files)


def test_calibrate_tells_data_from_assumption(values: Values) -> None:
    found = values("calibrate")["parameters"]
    assert found["village_share"]["origin"] == found["mill_lead_time_days"]["origin"] == "data"
    assert found["holding_cost_share"]["origin"] == "assumption"
    assert "not measured" in found["holding_cost_share"]["method"]
    assert not any(name.startswith("customer") or name == "rate_shape" for name in found)


def test_levers_and_measures_are_those_of_the_template(values: Values) -> None:
    assert [one["name"] for one in values("levers")["levers"]] == list(template("supply-chain").levers)
    assert [one["name"] for one in values("measures")["measures"]] == list(template("supply-chain").measures)


def test_more_stock_at_the_outlets_is_told_place_by_place(values: Values) -> None:
    found = values("compare", "--set", SUPPLY_CHAIN.question)["measures"]
    for place in ("centre", "market", "mall", "harbour", "village"):
        assert found[f"stock_value[{place}]"]["verdict"] == "higher"
        assert 0 < found[f"fill_rate_share[{place}]"]["baseline"] <= 1
    assert found["orders"]["difference"] == 0.0


def test_a_supplier_that_never_delivers_is_told_item_by_item(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWIN_STORE", raising=False)
    outcome = cli.ran(["compare", "--set", "importer_delivers=0", "--store", str(shared)], lambda words: None)
    assert outcome.status == 0
    last = outcome.stdout.strip().splitlines()[-1]
    assert last.startswith("Out for a week or longer: ")
    assert "of 200 items (none as today) at Depot, first Item " in last
    assert "at Village" in last
    assert "pieces are lost there" in last


def test_a_lane_that_the_template_does_not_have_is_refused(shared: Path, tmp_path: Path) -> None:
    own = Path(shutil.copy(shared, tmp_path / "own.duckdb"))
    rows = "delivery_id,lane,item_id,ordered_on,received_on,quantity\nX1,mill_depto,40001,2025-11-01,2025-11-05,12\n"
    (tmp_path / "more.csv").write_text(rows, encoding="utf-8")
    place = ["--store", str(own)]
    assert cli.ran(["ingest", str(tmp_path / "more.csv"), "--as", "deliveries", *place], lambda words: None).status == 0
    outcome = cli.ran(["calibrate", *place], lambda words: None)
    assert outcome.status != 0
    assert "There is no lane 'mill_depto'" in outcome.stderr
    assert "mill_depot" in outcome.stderr


def test_life_tells_what_an_order_found(values: Values) -> None:
    run = values("simulate")["run"]
    for nth in range(3):
        events = values("life", run, f"visit 0/{nth}")["events"]
        assert events[0]["what"] == "comes"
        assert events[0]["where"] in ("City centre", "Market square", "Mall", "Harbour", "Village")
        assert any(event["where"].startswith("Item ") for event in events)
        assert any(event["what"] == "is paid" for event in events)


def test_a_choice_is_a_lever_by_name(values: Values) -> None:
    lever = next(one for one in values("levers")["levers"] if one["name"] == "depot_allocation")
    assert lever["ways"] == ["first come", "proportional", "priority"]
    found = values("compare", "--set", "depot_allocation=priority", "--set", "depot_delivers=0.4")
    shown = json.dumps(values("show", found["scenario"]))
    assert "depot_allocation=priority" in shown
    assert "depot_allocation=2" not in shown
    same = values("compare", "--set", "depot_allocation=first come")["measures"]
    assert {one["difference"] for one in same.values()} <= {0.0, None}
