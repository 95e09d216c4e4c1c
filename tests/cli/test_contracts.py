"""What scripts rely on: the keys of every command, JSON and nothing else on standard output."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Values, no_constant
from twin.cli.parser import COMMANDS
from twin.desk.demo import NAME
from twin.experiment.growth import Growth
from twin.spec.template import template

SIMULATE = {"run", "twin", "snapshot", "seed", "days", "replications", "measures", "elapsed_s"}
COMPARE = {"comparison", "baseline", "scenario", "replications", "measures", "elapsed_s"}
SUMMARY = {"mean", "low", "high", "level", "period", "unit"}
DIFFERENCE = {
    "baseline",
    "scenario",
    "difference",
    "low",
    "high",
    "level",
    "simulation_error",
    "period",
    "verdict",
    "unit",
}
SHOWN = {"scenario", "created", "engine", "changes"}
LEVERS = (
    "price", "marketing", "promotion", "competitor_price", "competitor_share", "pickers_weekday", "pickers_weekend",
    "picking_speed", "absence_share",
    "opening_hours", "reorder_point", "order_up_to_level", "lead_time_days", "supplier_delivers", "demand",
)  # fmt: skip
TEN_LEAST = {
    "orders", "revenue", "profit", "wait_minutes", "late_share", "fill_rate_share", "staff_utilisation_share",
    "active_customers", "stock_value", "cash",
}  # fmt: skip


def test_twins_are_named(values: Values) -> None:
    assert values("twins") == {"twins": [NAME]}


def test_simulate_has_its_keys_and_every_measure(values: Values) -> None:
    found = values("simulate")
    assert found.keys() == SIMULATE
    assert (found["twin"], found["days"], found["replications"], found["seed"]) == (NAME, 90, 32, 1)
    assert found["measures"].keys() >= TEN_LEAST
    for measure in found["measures"].values():
        assert measure.keys() == SUMMARY
        assert measure["period"] in ("total", "per_day", "per_month", "end")
        assert measure["level"] == 0.8
        assert measure["low"] <= measure["high"]
    assert found["measures"]["revenue"]["unit"] == "GBP"


def test_a_second_simulate_is_the_stored_run(values: Values) -> None:
    first, second = values("simulate"), values("simulate")
    assert {**first, "elapsed_s": 0} == {**second, "elapsed_s": 0}
    assert second["elapsed_s"] < 2


def test_compare_has_its_keys_and_a_verdict(values: Values) -> None:
    found = values("compare", "--set", "price=+5%")
    assert found.keys() == COMPARE
    for measure in found["measures"].values():
        assert measure.keys() == DIFFERENCE
        assert measure["level"] == 0.9
    assert found["measures"]["profit"]["verdict"] in ("better", "worse", "too small to matter", "no clear difference")
    assert found["baseline"] == values("simulate")["run"]


def test_show_gives_a_run_by_the_beginning_of_its_name(values: Values) -> None:
    run = values("simulate")
    found = values("show", run["run"][:8])
    assert found.keys() == SIMULATE | SHOWN
    assert {**found, **run} == found | {"elapsed_s": run["elapsed_s"]}
    assert found["scenario"] == found["changes"] == []
    assert found["created"].endswith("Z")


def test_show_gives_a_comparison_with_its_changes(values: Values) -> None:
    compared = values("compare", "--set", "price=+5%")
    found = values("show", compared["comparison"])
    assert found.keys() == COMPARE | SHOWN
    assert {key: found[key] for key in COMPARE - {"elapsed_s"}} == {
        key: compared[key] for key in COMPARE - {"elapsed_s"}
    }
    assert found["changes"] == ["price=+5%"]
    scenario = values("show", compared["scenario"])
    assert scenario["scenario"] == ["price=+5%"]


def test_verify_says_that_another_engine_made_it(values: Values, monkeypatch: pytest.MonkeyPatch) -> None:
    name = values("simulate")["run"]
    monkeypatch.setattr("twin.desk.runs.engine", lambda: "0123456789ab")
    found = values("show", name, "--verify")
    assert found["identical"] is None
    assert "0123456789ab" in found["reason"]


def test_forecast_gives_each_day_and_its_scores(values: Values) -> None:
    found = values("forecast", "--measure", "revenue", "--days", "10")
    assert found.keys() == {"snapshot", "rows", "level", "scores"}
    assert len(found["rows"]) == 10
    assert all(row.keys() == {"day", "forecast", "low", "high"} for row in found["rows"])
    assert all(row["low"] <= row["forecast"] <= row["high"] for row in found["rows"])
    assert found["rows"][0]["day"] == "2011-12-09"
    assert all(score.keys() == {"mase", "wape", "coverage"} for score in found["scores"].values())


def test_calibrate_names_single_numbers_and_those_of_vectors(values: Values) -> None:
    found = values("calibrate")
    assert found.keys() == {"snapshot", "parameters"}
    keys = {"value", "standard_error", "low", "high", "unit", "origin", "rows", "method"}
    assert all(parameter.keys() == keys for parameter in found["parameters"].values())
    assert {"price", "new_customers_per_day", "hour_share[0]", "hour_share[167]"} <= found["parameters"].keys()
    assert {parameter["origin"] for parameter in found["parameters"].values()} == {"data", "assumption"}


def test_shocks_are_changes_that_compare_takes(values: Values) -> None:
    found = values("shocks")["shocks"]
    assert {tuple(one) for one in found} == {("label", "help", "changes")}
    sick = next(one for one in found if one["label"] == "A wave of sickness")
    assert values("compare", "--set", *sick["changes"])["measures"]["staff_utilisation_share"]["difference"] > 0.0


def test_levers_say_what_may_be_set(values: Values) -> None:
    found = values("levers")["levers"]
    assert set(LEVERS) <= {lever["name"] for lever in found}
    for lever in found:
        assert lever.keys() == {"name", "label", "group", "value", "low", "high", "unit", "help", "origin"}
        assert lever["low"] <= lever["value"] <= lever["high"]


def test_measures_say_which_direction_is_good(values: Values) -> None:
    found = values("measures")["measures"]
    assert [one["name"] for one in found] == list(template("shop").measures)
    assert all(one.keys() == {"name", "label", "unit", "good", "help"} for one in found)
    assert {one["good"] for one in found} <= {"up", "down", "neither"}
    assert next(one for one in found if one["name"] == "profit")["unit"] == "GBP"


def test_a_twin_is_made_filled_twice_and_deleted(
    values: Values, command: Command, built_original: Path, tmp_path: Path
) -> None:
    store = tmp_path / "new.duckdb"
    given = ("--template", "shop", "--currency", "EUR", "--time-zone", "Europe/Paris", "--country", "FR")
    made = values("create", "corner-shop", *given, store=store)
    assert made.keys() == {"twins", "done"}
    assert made["twins"] == ["corner-shop"]
    assert values("measures", store=store)["measures"][0]["unit"] == "EUR"
    assert {lever["origin"] for lever in values("levers", store=store)["levers"]} == {"assumption"}
    file = shutil.copy(next(built_original.parent.glob("building.parquet")), tmp_path / "lines.parquet")
    first = values("ingest", str(file), "--as", "order_lines", store=store)
    assert first.keys() == {"rows_read", "rows_kept", "rows_rejected", "rows_added", "checks", "snapshot"}
    assert first["rows_read"] == first["rows_kept"] + first["rows_rejected"]
    assert all(check.keys() == {"name", "rows", "action"} for check in first["checks"])
    again = values("ingest", str(file), "--as", "order_lines", store=store)
    assert again["rows_added"] == 0
    assert again["snapshot"] == first["snapshot"]
    kept = command("delete", "corner-shop", store=store)
    assert (kept.status, kept.stdout) == (2, "")
    assert "--yes" in kept.stderr
    assert values("delete", "corner-shop", "--yes", store=store)["twins"] == []


def test_where_no_store_is_there_are_no_twins_and_none_is_made(values: Values, tmp_path: Path) -> None:
    assert values("twins", store=tmp_path / "none.duckdb") == {"twins": []}
    assert not (tmp_path / "none.duckdb").exists()


@pytest.mark.parametrize(
    "line",
    ["twins", "simulate", "compare --set price=+5%", "forecast --measure orders", "levers", "measures", "calibrate"],
)
def test_without_json_people_can_read_it(command: Command, line: str) -> None:
    outcome = command(*line.split())
    assert outcome.status == 0
    assert NAME in outcome.stdout or len(outcome.stdout.splitlines()) > 5
    assert "nan" not in outcome.stdout.lower().split()


def test_help_is_printed_and_done(command: Command) -> None:
    outcome = command("--help")
    assert outcome.status == 0
    assert all(name in outcome.stdout for name in COMMANDS)
    assert all(command(name, "--help").status == 0 for name in COMMANDS)


def test_a_process_prints_one_object_and_nothing_else(process, shared: Path) -> None:  # type: ignore[no-untyped-def]
    done = process("simulate", "--json", "--days", "7", "--replications", "2", "--store", str(shared))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout, parse_constant=no_constant)["days"] == 7
    assert done.stdout.count("\n") == 1
    verified = process("show", json.loads(done.stdout)["run"], "--verify", "--json", "--store", str(shared))
    assert json.loads(verified.stdout)["identical"] is True


def test_people_read_shares_in_per_cent_and_their_differences_in_points(command: Command) -> None:
    levers = command("levers").stdout
    price, absence = (next(line for line in levers.splitlines() if line.startswith(name)) for name in ("price", "abs"))
    assert "times today's" in price
    assert re.search(r"\d\.\d %  ", absence)
    assert not re.search(r" (ratio|share)  ", levers)
    compared = command("compare", "--set", "price=+5%").stdout.splitlines()
    late = next(line for line in compared if line.startswith("Late"))
    assert " points" in late
    assert late.count("%") == 2  # as today and what if


def test_a_desk_speaks_of_tickets(values: Values, command: Command, tmp_path: Path) -> None:
    store = tmp_path / "desk.duckdb"
    made = command("create", "help-desk", "--template", "service-desk", store=store)
    assert "--as visits" in made.stdout
    found = values("measures", store=store)["measures"]
    assert [one["name"] for one in found] == list(template("service-desk").measures)
    assert next(one for one in found if one["name"] == "late_share[urgent]")["label"] == "Late urgent tickets"
    empty = command("simulate", store=store)
    assert (empty.status, "has no tickets yet" in empty.stderr) == (2, True)


def test_life_lists_whom_it_is_worth_to_follow_and_tells_each_life(values: Values) -> None:
    run = values("simulate", "--days", "21", "--replications", "2")["run"]
    found = values("life", run, "--list", "--replication", "1")
    assert found.keys() == {"run", "replication", "list", "elapsed_s"}
    assert (found["run"], found["replication"]) == (run, 1)
    assert {"ordinary", "visits", "satisfaction"} <= {name for one in found["list"] for name in one["reasons"]}
    for one in found["list"]:
        assert one.keys() == {"who", "day", "reasons", "words"}
        assert (one["day"] is None) == one["who"].startswith("customer")
        told = values("life", run, one["who"], "--replication", "1")
        assert told["events"]
        assert one["day"] in (None, told["events"][0]["day"])


def test_life_wants_one_of_somebody_and_the_list(command: Command) -> None:
    neither, both = command("life", "ab12cd34"), command("life", "ab12cd34", "visit 0/1", "--list")
    assert (neither.status, both.status) == (2, 2)
    assert neither.stderr.startswith("The command needs WHO or --list.")
    assert both.stderr.startswith("--list and WHO cannot be given together.")


GROWS = "open orders grow without bound, from 12 in the first week to 480 in the last."


def test_work_that_grows_without_bound_is_said_to_people_and_not_to_scripts(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.desk.answers.growth", lambda days: Growth(12.0, 480.4))
    for line in (["simulate"], ["compare", "--set", "price=+5%"]):
        plain, as_json = command(*line), command(*line, "--json")
        assert GROWS in plain.stdout
        assert (plain.stderr, as_json.stderr) == ("", "")
        found = json.loads(as_json.stdout, parse_constant=no_constant)
        assert found.keys() in (SIMULATE, COMPARE)
        assert GROWS in command("show", found.get("comparison") or found["run"]).stdout
