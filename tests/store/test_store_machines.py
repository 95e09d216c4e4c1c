"""States of machines, and production orders with pieces and scrap: what is kept and what is asked of them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from twin.connect import IngestReport, ingest
from twin.store import Store, queries

TWIN = "gift-shop"
VISIT_NAME = 3218429704139921793  # as the store named it before it knew the new columns
HEADERS = {
    "visits": "visit_id,kind,arrived_at,ended_at,units,scrapped",
    "machine_events": "machine_id,machines,happened_at,state,kind,visit_id",
}
Tell = Callable[..., IngestReport]


@pytest.fixture
def tell(store: Store, tmp_path: Path) -> Tell:
    """Read rows into a table of the twin; every row is either kept or rejected."""

    def told(table: str, *rows: str, header: str | None = None) -> IngestReport:
        path = tmp_path / f"{table}.csv"
        path.write_text("\n".join([header or HEADERS[table], *rows]) + "\n", encoding="utf-8")
        report = ingest(store, TWIN, path, table)
        assert report.rows_read == report.rows_kept + report.rows_rejected == len(rows)
        return report

    return told


def rows_of(report: IngestReport) -> dict[str, int]:
    return {check.name: check.rows for check in report.checks}


def order(number: int, units: str, scrapped: str, ended: str = "2026-03-02 12:00") -> str:
    return f"P{number},chair,2026-03-02 08:0{number},{ended},{units},{scrapped}"


def test_pieces_and_scrap_are_part_of_an_order(store: Store, tell: Tell) -> None:
    report = tell("visits", order(1, "40", "2"), order(2, "", ""), order(3, "10", "11"), order(4, "5", "", ended=""))
    found = rows_of(report)
    assert (found["units_missing"], found["scrapped_more_than_units"]) == (1, 1)
    assert tell("visits", order(1, "40", "3")).rows_added == 1
    assert tell("visits", order(1, "40", "2")).rows_added == 0
    question = "select units, scrapped from visits order by visit_id"
    assert store.rows(question, twin=TWIN) == [(40, 3), (None, None), (10, 11), (5, None)]


def test_pieces_are_not_taken_for_scrap(store: Store, tell: Tell) -> None:
    tell("visits", order(1, "5", ""))
    names = store.rows("select row_id from visits", twin=TWIN)
    assert tell("visits", order(1, "", "5")).rows_added == 1
    assert store.rows("select row_id from visits", twin=TWIN) != names


def test_visits_without_pieces_keep_their_names(store: Store, tell: Tell) -> None:
    plain = "visit_id,kind,arrived_at,ended_at"
    row = "P1,chair,2026-03-02 08:01,2026-03-02 12:00"
    report = tell("visits", row, header=plain)
    assert store.rows("select row_id from visits", twin=TWIN) == [(VISIT_NAME,)]
    assert not {"units_missing", "scrapped_more_than_units"} & set(rows_of(report))
    assert tell("visits", f"{row},,").snapshot == report.snapshot


def test_scrap_is_known_when_the_order_has_ended(store: Store, tell: Tell) -> None:
    late = "P9,chair,2026-03-05 08:00,2026-03-06 09:00,10,1"
    days = [
        f"{day}{n},chair,2026-03-0{day} {hour},2026-03-0{day} 17:00,10,1"
        for day in range(1, 6)
        for n, hour in enumerate(("08:00", "16:30"))
    ]
    tell("visits", *days, late)
    found = {row["visit_id"]: row for row in queries.visits_table(store, TWIN).to_pylist()}
    assert (found["P9"]["units"], found["P9"]["scrapped"], found["P9"]["outcome"]) == (10, None, "open")
    assert found["10"]["scrapped"] == 1


def log(*states: str, machine: str = "M1", group: str = "mills") -> list[str]:
    """A row for each state of a machine, a minute apart."""
    return [f"{machine},{group},2026-03-02 08:{minute:02d},{state},chair,P1" for minute, state in enumerate(states)]


def test_states_of_machines_in_any_usual_word(store: Store, tell: Tell) -> None:
    words = (
        "Started",
        "Breakdown",
        "under repair",
        "Repaired",
        "Changeover",
        "RUN",
        "Planned Maintenance",
        "shut_down",
    )
    tell("machine_events", *log(*words))
    found = store.rows("select state from machine_events order by happened_at", twin=TWIN)
    assert [state for (state,) in found] == [
        "running", "failed", "repair", "idle", "set_up", "running", "maintenance", "off",
    ]  # fmt: skip


def test_what_is_odd_about_states_is_counted(store: Store, tell: Tell) -> None:
    rows = log("idle", "idle", "running", "repair", "running", "failed", "repair")
    report = tell("machine_events", *rows, rows[0], *log("running", machine="M2"), *log("off", "idle", machine="M3"))
    found = rows_of(report)
    assert found == {
        "exact_duplicate": 1,
        "older_version": 0,
        "state_again": 1,
        "repair_without_failure": 1,
        "machine_of_two_groups": 0,
        "unknown_kind": 10,  # the twin is a shop's
    }
    moved = tell("machine_events", "M2,saws,2026-03-02 09:00,idle,,")
    assert rows_of(moved)["machine_of_two_groups"] == 0
    snapshot = store.snapshot(TWIN)
    assert snapshot
    assert {check.name: check.rows for check in snapshot.checks}["machine_of_two_groups"] == 2


def test_states_of_one_second_come_in_the_order_in_which_a_machine_goes_through_them(store: Store, tell: Tell) -> None:
    moment = "2026-03-02 09:00"
    states = ("off", "repair", "failed", "running", "set_up")
    tell("machine_events", *(f"M1,mills,{moment},{state},," for state in states))
    tell("visits", order(1, "1", "0"))
    found = queries.machine_events_table(store, TWIN).to_pylist()
    assert [row["state"] for row in found] == ["set_up", "running", "failed", "repair", "off"]
    assert {row["happened_at"] - found[0]["happened_at"] for row in found} == {timedelta(0)}


def test_states_after_the_last_complete_day_are_not_known_yet(store: Store, tell: Tell) -> None:
    tell("visits", order(1, "1", "0"))
    tell("machine_events", *log("running"), "M1,mills,2026-03-03 08:00,idle,,")
    assert queries.machine_events_table(store, TWIN)["state"].to_pylist() == ["running"]
