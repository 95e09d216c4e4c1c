"""The fictional clinic: made again it is the same, it follows its truth, and the store takes all of it."""

import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.clinic import CLINIC
from tests.data.generator import generator
from tests.fictional import truth
from twin.connect import ingest
from twin.store import Store, queries

TRUTH = truth("clinic")
NUMBERS: dict[str, float] = TRUTH["parameters"]
WEEKS = TRUTH | {"last_day": TRUTH["first_day"] + timedelta(days=27)}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def shipped() -> dict[str, pa.Table]:
    """The files of the project."""
    return {path.stem: pq.read_table(path) for path in CLINIC.folder.glob("*.parquet")}


@pytest.fixture(scope="module")
def records(shipped: dict[str, pa.Table]) -> dict[str, Rows]:
    """The same as rows."""
    return {name: table.to_pylist() for name, table in shipped.items()}


def close_share(happened: int, of: int, share: float) -> None:
    """A share is no further from the truth than three of its standard errors, and these are small."""
    error = math.sqrt(share * (1 - share) / of)
    assert abs(happened / of - share) <= 3 * error, (happened / of, share, error)
    assert error < 0.2 * share


def test_made_again_it_is_the_same(shipped: dict[str, pa.Table]) -> None:
    again = generator("clinic").made(TRUTH)
    assert set(again) == set(CLINIC.tables)
    for name in CLINIC.tables:
        assert again[name].cast(shipped[name].schema).equals(shipped[name]), name  # Parquet counts in milliseconds


def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    made = generator("clinic").made(WEEKS)
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
        fictional = sys.modules[generator("clinic").Queues.__module__]
        fictional.write(folder, made, generator("clinic").NOTE)
    for name in CLINIC.tables:
        one, two = ((folder / f"{name}.parquet").read_bytes() for folder in folders)
        assert one == two, name


def test_another_seed_makes_another_clinic() -> None:
    one, again, other = (generator("clinic").made(WEEKS | {"seed": seed}) for seed in (1, 1, 2))
    for name in ("visits", "visit_steps", "appointments", "attendance"):
        assert one[name].equals(again[name]), name
        assert not one[name].equals(other[name]), name


def test_every_file_says_that_it_is_fictional_and_all_are_small(shipped: dict[str, pa.Table]) -> None:
    assert set(shipped) == set(CLINIC.tables)
    for table in shipped.values():
        note = table.schema.metadata[b"note"].decode()
        assert "Fictional" in note
        assert "CC0" in note
    assert sum(path.stat().st_size for path in CLINIC.folder.glob("*.parquet")) < 3_500_000


def test_the_readme_has_the_right_counts(shipped: dict[str, pa.Table]) -> None:
    words = (CLINIC.folder / "README.md").read_text(encoding="utf-8")
    for name, table in shipped.items():
        (line,) = [line for line in words.splitlines() if line.startswith(f"| `{name}.parquet` |")]
        assert f"| {table.num_rows:,} |" in line


def test_tests_find_what_they_truly_find(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is ill is in no record; here it is asked of the pieces themselves."""
    script, kept = generator("clinic"), list[Any]()
    real = script.played
    monkeypatch.setattr(script, "played", lambda told, pieces, *rest: (real(told, pieces, *rest), kept.extend(pieces)))
    script.made(TRUTH | {"last_day": TRUTH["first_day"] + timedelta(days=180)})
    found: dict[tuple[str, bool], list[bool]] = defaultdict(list)
    for piece in kept:
        for station, *_, result in piece.steps:
            if result is not None:
                found[station, piece.condition].append(result == "positive")
    for (station, ill), results in found.items():
        name = {"triage": "test", "lab": "lab"}[station]
        share = NUMBERS[f"{name}_sensitivity"] if ill else 1 - NUMBERS[f"{name}_specificity"]
        error = math.sqrt(share * (1 - share) / len(results))
        assert abs(sum(results) / len(results) - share) <= 3 * error, (station, ill)
    assert set(found) == {(station, ill) for station in ("triage", "lab") for ill in (True, False)}
    tested = {ill: len(found["triage", ill]) for ill in (True, False)}
    urgent, other = (NUMBERS[f"{kind}_condition_share"] for kind in ("urgent", "walk_in"))
    share = NUMBERS["urgent_share"] * urgent + (1 - NUMBERS["urgent_share"]) * other
    assert abs(tested[True] / sum(tested.values()) - share) < 3 * math.sqrt(share * (1 - share) / sum(tested.values()))


def test_routes_follow_the_results(records: dict[str, Rows]) -> None:
    ways: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in records["visit_steps"]:
        ways[row["visit_id"]].append(row)
    onward: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for way in ways.values():
        for n, row in enumerate(way):
            if row["began_at"] is not None:
                onward[row["station"], row["result"]].append(way[n + 1]["station"] if n + 1 < len(way) else "out")
    assert set(onward["triage", "positive"]) == {"lab"}
    assert set(onward["lab", "positive"]) == set(onward["reception", None]) == {"doctor"}
    assert set(onward["doctor", None]) == {"out"}
    for station, share in (("triage", "seen_share"), ("lab", "cleared_share")):
        went = onward[station, "negative"]
        close_share(went.count("doctor"), len(went), NUMBERS[share])


def test_appointments_are_kept_as_often_and_as_punctually_as_they_truly_are(records: dict[str, Rows]) -> None:
    agreed = records["appointments"]
    close_share(sum(row["visit_id"] is None for row in agreed), len(agreed), NUMBERS["no_show_share"])
    came = {row["visit_id"]: row["arrived_at"] for row in records["visits"] if row["kind"] == "appointment"}
    kept = [row for row in agreed if row["visit_id"] is not None]
    assert sorted(came) == sorted(row["visit_id"] for row in kept)
    off = np.array([(came[row["visit_id"]] - row["planned_at"]).total_seconds() / 60 for row in kept])
    spread = NUMBERS["punctuality_minutes"]
    assert abs(off.mean()) < 3 * spread / math.sqrt(len(off)) + 0.01
    assert abs(off.std() - spread) < 3 * spread / math.sqrt(2 * len(off))


def test_nobody_comes_while_it_is_closed_and_nothing_is_agreed(records: dict[str, Rows]) -> None:
    shut = set(TRUTH["days"]["public_holidays"])
    days = {row["arrived_at"].date() for row in records["visits"]} | {
        row["planned_at"].date() for row in records["appointments"]
    }
    assert not days & shut
    assert {day.weekday() for day in days} == set(range(5))
    assert {row["day"] for row in records["attendance"]} == days


def test_no_more_are_with_a_doctor_than_there_are_rooms(records: dict[str, Rows]) -> None:
    with_doctor = [row for row in records["visit_steps"] if row["station"] == "doctor" and row["began_at"]]
    changes = sorted([(row["began_at"], 1) for row in with_doctor] + [(row["ended_at"], -1) for row in with_doctor])
    assert max(np.cumsum([change for _, change in changes])) == NUMBERS["consulting_rooms"]


def test_those_turn_round_who_would_have_to_queue_too_long(records: dict[str, Rows]) -> None:
    turned = {row["visit_id"]: row["kind"] for row in records["visits"] if row["outcome"] == "balked"}
    assert len(turned) > 100
    assert set(turned.values()) == {"urgent", "walk_in"}
    assert not turned.keys() & {row["visit_id"] for row in records["visit_steps"]}
    outcomes = {row["outcome"] for row in records["visits"]}
    assert outcomes == {"done", "abandoned", "balked"}, "nobody is left over at the end"


def test_urgent_patients_go_first_and_appointments_before_walk_ins(records: dict[str, Rows]) -> None:
    kinds = {row["visit_id"]: row["kind"] for row in records["visits"]}
    waits: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in records["visit_steps"]:
        if row["began_at"]:
            waited = (row["began_at"] - row["queued_at"]).total_seconds() / 60
            waits[row["station"], kinds[row["visit_id"]]].append(waited)
    mean = {place: sum(minutes) / len(minutes) for place, minutes in waits.items()}
    assert mean["doctor", "urgent"] < mean["doctor", "appointment"] < mean["doctor", "walk_in"]
    assert mean["triage", "urgent"] < mean["triage", "walk_in"]


def test_people_leave_and_others_come(records: dict[str, Rows]) -> None:
    spans: dict[str, list[date]] = defaultdict(list)
    for row in records["attendance"]:
        spans[row["person"]].append(row["day"])
    last = max(day for days in spans.values() for day in days)
    left = [days for days in spans.values() if max(days) < last - timedelta(days=28)]
    years = sum((max(days) - min(days)).days + 1 for days in spans.values()) / 365
    expected = NUMBERS["attrition_per_year"] * years
    assert abs(len(left) - expected) <= 3 * math.sqrt(expected)
    assert {len({row["shift"] for row in records["attendance"] if row["person"] == person}) for person in spans} == {1}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with all five files in it."""
    with Store.open(tmp_path_factory.mktemp("clinic") / "twin.duckdb") as store:
        store.create_twin("clinic", "clinic", {"currency": "GBP", "time_zone": TRUTH["time_zone"]})
        for table in CLINIC.tables:
            report = ingest(store, "clinic", CLINIC.folder / f"{table}.parquet", table)
            assert report.rows_added == report.rows_kept == report.rows_read
        yield store


def test_the_store_takes_all_of_it(clinic: Store, shipped: dict[str, pa.Table]) -> None:
    snapshot = clinic.snapshot("clinic")
    assert snapshot
    assert snapshot.tables == {name: table.num_rows for name, table in shipped.items()}
    assert (snapshot.first_day, snapshot.last_day) == (TRUTH["first_day"], TRUTH["last_day"])
    missed = shipped["appointments"]["visit_id"].null_count
    open_days = len({value.date() for value in shipped["visits"]["arrived_at"].to_pylist()})
    closed = (TRUTH["last_day"] - TRUTH["first_day"]).days + 1 - open_days
    assert {check.name: check.rows for check in snapshot.checks if check.rows} == {
        "no_show": missed,
        "closing_day": closed,
    }
    assert queries.appointments_table(clinic, "clinic").num_rows == shipped["appointments"].num_rows
    steps = queries.visit_steps_table(clinic, "clinic", TRUTH["last_day"])
    assert {"positive", "negative", None} == set(steps["result"].to_pylist())
    assert min(steps["queued_at"].to_pylist()) >= datetime.combine(TRUTH["last_day"], datetime.min.time())
