"""Visits, steps, appointments, contracts and attendance: what is kept, what is newer, what is asked of them."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from twin.connect import IngestReport, ingest
from twin.store import Store, queries
from twin.store.days import OpenDay

TWIN = "gift-shop"
HEADERS = {
    "visits": "visit_id,customer_id,kind,arrived_at,ended_at,outcome",
    "visit_steps": "visit_id,station,queued_at,began_at,ended_at,team",
    "appointments": "appointment_id,kind,planned_at,visit_id",
    "contracts": "customer_id,segment,started_on,ended_on",
    "attendance": "team,shift,person,day,present",
}
Tell = Callable[..., IngestReport]
OPEN = "1,a,urgent,2026-03-02 09:00,,open"
DONE = "1,a,urgent,2026-03-02 09:00,2026-03-02 11:30,done"
OTHER = "2,b,normal,2026-03-02 10:00,2026-03-02 10:40,done"


@pytest.fixture
def tell(store: Store, tmp_path: Path) -> Tell:
    """Read rows into a table of the twin; every row is either kept or rejected."""

    def told(table: str, *rows: str, twin: str = TWIN) -> IngestReport:
        path = tmp_path / f"{table}.csv"
        path.write_text("\n".join([HEADERS[table], *rows]) + "\n", encoding="utf-8")
        report = ingest(store, twin, path, table)
        assert report.rows_read == report.rows_kept + report.rows_rejected == len(rows)
        return report

    return told


def rows_of(report: IngestReport) -> dict[str, int]:
    return {check.name: check.rows for check in report.checks}


def visits(store: Store, twin: str = TWIN) -> list[tuple[Any, ...]]:
    return store.rows("select visit_id, ended_at::varchar, outcome from visits order by visit_id", twin=twin)


def test_the_same_file_again_adds_nothing(store: Store, tell: Tell) -> None:
    first = tell("visits", DONE, DONE, OTHER, "3,,normal,2026-03-02 12:00,,")
    assert (first.rows_added, first.rows_rejected) == (3, 1)
    again = tell("visits", DONE, DONE, OTHER, "3,,normal,2026-03-02 12:00,,")
    assert (again.rows_added, again.snapshot, again.checks) == (0, first.snapshot, first.checks)
    snapshot = store.snapshot(TWIN)
    assert snapshot
    assert snapshot.checks == first.checks
    assert snapshot.tables == {"visits": 3, "records_set_aside": 1}
    assert store.rows("select count(*) from ingests", twin=TWIN) == [(1,)]
    found = rows_of(first)
    assert (found["exact_duplicate"], found["open_visit"], found["customer_missing"]) == (1, 1, 1)


def test_a_newer_version_of_a_visit_takes_the_place_of_the_older(store: Store, tell: Tell) -> None:
    before = tell("visits", OPEN, OTHER)
    assert rows_of(before)["open_visit"] == 1
    after = tell("visits", DONE, OTHER)
    assert (after.rows_added, rows_of(after)["open_visit"]) == (1, 0)
    assert visits(store) == [("1", "2026-03-02 11:30:00", "done"), ("2", "2026-03-02 10:40:00", "done")]
    late = tell("visits", OPEN, OTHER)
    assert (late.rows_added, late.rows_rejected, rows_of(late)["older_version"]) == (0, 1, 1)
    assert late.snapshot == after.snapshot != before.snapshot


def test_an_older_version_that_comes_later_changes_nothing(store: Store, tell: Tell) -> None:
    tell("visits", DONE)
    late = tell("visits", OPEN)
    assert (late.rows_added, late.rows_rejected) == (0, 1)
    assert visits(store) == [("1", "2026-03-02 11:30:00", "done")]


def test_a_correction_is_used_and_never_undone_by_what_it_corrected(store: Store, tell: Tell) -> None:
    wrong, right = DONE, DONE.replace("11:30", "11:45")
    tell("visits", wrong)
    assert tell("visits", right).rows_added == 1
    for _ in range(2):
        assert tell("visits", wrong).rows_added == 0
        assert tell("visits", right).rows_added == 0
    assert visits(store) == [("1", "2026-03-02 11:45:00", "done")]


def test_of_two_versions_in_one_file_the_one_that_tells_more_is_used(store: Store, tell: Tell) -> None:
    report = tell("visits", DONE, OPEN)
    assert (report.rows_kept, report.rows_added, rows_of(report)["older_version"]) == (1, 1, 1)
    assert visits(store) == [("1", "2026-03-02 11:30:00", "done")]
    assert tell("visits", DONE, OPEN).rows_added == 0


@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_files_and_order_versions_come_the_content_is_the_same(store: Store, tell: Tell, seed: int) -> None:
    chance = random.Random(seed)
    stages = ["{0},a,normal,2026-03-02 09:00,,open", "{0},a,normal,2026-03-02 09:00,2026-03-0{1} 10:00,done"]
    rows = [stage.format(number, 2 + number % 5) for number in range(12) for stage in stages]
    rows += [chance.choice(rows) for _ in range(6)]
    chance.shuffle(rows)
    last = ""
    while rows:
        size = chance.randint(1, 12)
        last = tell("visits", *rows[:size]).snapshot
        rows = rows[size:]
    store.create_twin("at-once", "service-desk", {})
    finals = [stages[1].format(number, 2 + number % 5) for number in range(12)]
    assert tell("visits", *finals, twin="at-once").snapshot == last


def test_what_ended_before_it_began_waits_for_a_correction(store: Store, tell: Tell) -> None:
    backwards = DONE.replace("11:30", "08:30")
    report = tell("visits", backwards, OTHER)
    assert (report.rows_rejected, rows_of(report)["ended_before_it_began"]) == (1, 1)
    assert [row[0] for row in visits(store)] == ["2"]
    assert tell("visits", backwards, OTHER).rows_added == 0
    assert tell("visits", DONE, OTHER).rows_added == 1
    for table, row in {
        "visit_steps": "1,desk,2026-03-02 09:00,2026-03-02 08:59,2026-03-02 09:30,first",
        "contracts": "a,basic,2026-03-02,2026-03-01",
    }.items():
        assert rows_of(tell(table, row))["ended_before_it_began"] == 1
        assert store.rows(f"select count(*) from {table}", twin=TWIN) == [(0,)]
    assert rows_of(tell("visit_steps", "1,desk,2026-03-02 09:00,,2026-03-02 08:30,"))["ended_before_it_began"] == 1


def test_how_a_visit_ended_is_told_by_its_end_where_the_file_does_not_say(store: Store, tell: Tell) -> None:
    report = tell(
        "visits",
        "1,a,normal,2026-03-02 09:00,2026-03-02 10:00,",
        "2,a,normal,2026-03-02 09:00,,",
        "3,a,normal,2026-03-02 09:00,2026-03-02 10:00,In Progress",
        "4,a,normal,2026-03-02 09:00,,Resolved",
        "5,a,normal,2026-03-02 09:00,2026-03-02 10:00,Cancelled",
    )
    assert [row[2] for row in visits(store)] == ["done", "open", "done", "done", "abandoned"]
    found = rows_of(report)
    assert (found["ended_but_open"], found["end_missing"], found["open_visit"]) == (1, 1, 1)


def test_steps_wait_for_their_visit(store: Store, tell: Tell) -> None:
    steps = [
        "1,desk,2026-03-02 09:00,2026-03-02 09:10,2026-03-02 09:30,first",
        "2,desk,2026-03-02 10:00,2026-03-02 10:05,2026-03-02 10:40,first",
    ]
    assert rows_of(tell("visit_steps", *steps))["step_without_visit"] == 2
    tell("visits", DONE)
    snapshot = store.snapshot(TWIN)
    assert snapshot
    assert {check.name: check.rows for check in snapshot.checks}["step_without_visit"] == 1
    assert queries.visit_steps_table(store, TWIN)["visit_id"].to_pylist() == ["1"]
    again = tell("visit_steps", *steps)
    assert (again.rows_added, rows_of(again)["step_without_visit"]) == (0, 1)


def test_a_step_goes_on_as_files_tell_more(store: Store, tell: Tell) -> None:
    waiting = "1,desk,2026-03-02 09:00,,,"
    begun = "1,desk,2026-03-02 09:00,2026-03-02 09:10,,first"
    done = "1,desk,2026-03-02 09:00,2026-03-02 09:10,2026-03-02 09:30,first"
    for row in (waiting, begun, done):
        assert tell("visit_steps", row).rows_added == 1
    for row in (waiting, begun, done):
        assert tell("visit_steps", row).rows_added == 0
    assert store.rows("select count(*), max(team) from visit_steps", twin=TWIN) == [(1, "first")]


def test_customers_without_a_contract_are_counted_once_there_are_contracts(store: Store, tell: Tell) -> None:
    assert rows_of(tell("visits", DONE, OTHER))["customer_unknown"] == 0
    tell("contracts", "a,basic,2026-01-01,")
    snapshot = store.snapshot(TWIN)
    assert snapshot
    assert {check.name: check.rows for check in snapshot.checks}["customer_unknown"] == 1
    assert tell("contracts", "a,basic,2026-01-01,2026-03-02").rows_added == 1
    assert tell("contracts", "a,basic,2026-01-01,").rows_added == 0


def came(first: str, *numbers: int, until: str = "17:00") -> list[str]:
    """So many visits on each day from the first on, the last of each day at `until`."""
    day, rows = date.fromisoformat(first), []
    for number in numbers:
        for n in range(number):
            time = until if n == number - 1 else "10:00"
            rows.append(f"{day}-{n},a,normal,{day} {time},{day} 17:30,done")
        day += timedelta(days=1)
    return rows


def opened(store: Store) -> dict[date, bool]:
    days = queries.arrivals_by_day(store, TWIN).to_pydict()
    return dict(zip(days["day"], days["open"], strict=True))


def test_a_desk_that_rests_at_weekends_is_closed_then_and_on_its_holidays(store: Store, tell: Tell) -> None:
    report = tell("visits", *came("2026-03-02", *[7, 6, 8, 0, 7, 0, 0, *[7, 6, 8, 5, 7, 0, 0] * 5, 7]))
    assert rows_of(report)["closing_day"] == 13
    closed = [day for day, is_open in opened(store).items() if not is_open]
    assert closed[:3] == [date(2026, 3, 5), date(2026, 3, 7), date(2026, 3, 8)]
    assert len(closed) == 13


def test_an_empty_day_of_a_quiet_desk_is_chance(store: Store, tell: Tell) -> None:
    report = tell("visits", *came("2026-03-02", *[1, 2, 0, 1, 3, 1, 0, 2, 1, 1, 0, 2, 1, 2] * 3))
    assert "closing_day" not in rows_of(report)
    assert all(opened(store).values())


def test_today_follows_the_last_day_whose_visits_do_not_stop_early(store: Store, tell: Tell) -> None:
    tell("visits", *came("2026-03-02", *[4] * 20))
    snapshot = store.snapshot(TWIN)
    assert snapshot
    assert (snapshot.first_day, snapshot.last_day) == (date(2026, 3, 2), date(2026, 3, 21))
    report = tell("visits", *came("2026-03-22", 3, until="12:00"))
    found = next(check for check in report.checks if check.name == "incomplete_last_day")
    assert found.rows == 0, "one day alone tells nothing about what is usual"
    snapshot = store.snapshot(TWIN)
    assert snapshot
    assert snapshot.today == date(2026, 3, 22)
    found = next(check for check in snapshot.checks if check.name == "incomplete_last_day")
    assert (found.rows, found.note) == (3, "2026-03-22 ends at 12:00; a Sunday usually ends about 17:00.")


def test_a_twin_with_orders_has_their_today(store: Store, tell: Tell, plant: Callable[..., Path]) -> None:
    tell("visits", DONE)
    assert queries.arrivals_by_day(store, TWIN).column_names[1] == "visits"
    ingest(store, TWIN, plant(("1001", "10001", 2, "2026-02-01 10:00", 1.5, 7)), "order_lines")
    snapshot = store.snapshot(TWIN)
    assert snapshot
    assert (snapshot.first_day, snapshot.last_day) == (date(2026, 2, 1), date(2026, 2, 1))
    assert queries.arrivals_by_day(store, TWIN).column_names[1] == "orders"
    assert {"cancellation", "open_visit"} <= {check.name for check in snapshot.checks}


def test_days_of_visits_agree_with_a_plain_loop(store: Store, tell: Tell) -> None:
    chance = random.Random(5)
    start, rows, known = datetime(2026, 3, 2), [], []
    for number in range(150):
        arrived = start + timedelta(minutes=chance.randrange(20 * 1440))
        ended = arrived + timedelta(minutes=chance.randrange(3000)) if chance.random() < 0.9 else None
        customer = "a" if chance.random() < 0.8 else ""
        known.append((arrived, ended, customer))
        rows.append(f"{number},{customer},normal,{arrived},{ended or ''},")
    tell("visits", *rows)
    snapshot = store.snapshot(TWIN)
    assert snapshot
    assert snapshot.last_day
    days = queries.visits_by_day(store, TWIN).to_pylist()
    assert [row["day"] for row in days] == [start.date() + timedelta(days=n) for n in range(len(days))]
    assert days[-1]["day"] == snapshot.last_day
    for row in days:
        night = datetime.combine(row["day"], datetime.min.time()) + timedelta(days=1)
        that_day = [one for one in known if one[0].date() == row["day"]]
        assert row["visits"] == len(that_day)
        assert row["visits_known"] == sum(one[2] != "" for one in that_day)
        assert row["visits_open"] == sum(one[0] < night and (one[1] is None or one[1] >= night) for one in known)


def test_what_happens_after_the_last_complete_day_is_not_known_yet(store: Store, tell: Tell) -> None:
    tell("visits", *came("2026-03-02", *[4] * 19), "x,a,normal,2026-03-20 16:00,2026-03-21 09:00,done")
    tell("visits", "late,a,normal,2026-03-21 09:30,,open")
    tell(
        "visit_steps",
        "x,desk,2026-03-20 16:00,2026-03-20 16:10,2026-03-20 16:30,first",
        "x,back,2026-03-20 16:30,2026-03-21 08:00,2026-03-21 09:00,second",
        "late,desk,2026-03-21 09:30,,,",
    )
    tell("contracts", "a,basic,2026-01-01,2026-03-21", "b,basic,2026-03-21,", "c,basic,2026-01-01,2026-03-20")
    tell("attendance", "first,early,Ann,2026-03-20,yes", "first,early,Bob,2026-03-20,0", "first,early,Ann,2026-03-21,1")
    found = {row["visit_id"]: row for row in queries.visits_table(store, TWIN, date(2026, 3, 20)).to_pylist()}
    assert sorted(found) == [*(f"2026-03-20-{n}" for n in range(4)), "x"]
    assert (found["x"]["outcome"], found["x"]["ended_at"]) == ("open", None)
    steps = queries.visit_steps_table(store, TWIN).to_pylist()
    assert [(row["station"], row["began_at"] is None, row["team"]) for row in steps] == [
        ("desk", False, "first"),
        ("back", True, None),
    ]
    contracts = queries.contracts_table(store, TWIN).to_pylist()
    assert [(row["customer_id"], row["ended_on"]) for row in contracts] == [("a", None), ("c", date(2026, 3, 20))]
    attendance = queries.attendance_table(store, TWIN).to_pylist()
    assert [(row["person"], row["present"]) for row in attendance] == [("Ann", True), ("Bob", False)]


def test_questions_have_the_columns_they_promise(store: Store, tell: Tell) -> None:
    tell("visits", DONE)
    promised = {
        queries.visits_table: [
            *("visit_id", "customer_id", "kind", "arrived_at", "day", "ended_at", "outcome", "units", "scrapped")
        ],
        queries.visit_steps_table: ["visit_id", "station", "queued_at", "began_at", "ended_at", "team", "result"],
        queries.appointments_table: ["appointment_id", "kind", "planned_at", "visit_id"],
        queries.contracts_table: ["customer_id", "segment", "started_on", "ended_on"],
        queries.attendance_table: ["team", "shift", "person", "day", "present"],
        queries.visits_by_day: ["day", "visits", "visits_known", "visits_open", "open"],
    }
    for question, names in promised.items():
        assert question(store, TWIN).column_names == names


def test_a_day_knows_its_last_arrival() -> None:
    assert OpenDay(date(2026, 3, 2), datetime(2026, 3, 2, 21, 30), 5).last_minute == 21 * 60 + 30
