"""Appointments and results of tests: what is kept, what is newer, what is found wrong, and older stores."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from twin.connect import IngestReport, ingest
from twin.errors import TwinError
from twin.store import Store, migrations, queries

TWIN = "gift-shop"
HEADERS = {
    "visits": "visit_id,customer_id,kind,arrived_at,ended_at,outcome",
    "visit_steps": "visit_id,station,queued_at,began_at,ended_at,team,result",
    "appointments": "appointment_id,kind,planned_at,visit_id",
}
Tell = Callable[..., IngestReport]
VISITS = [
    "v1,a,booked,2026-03-02 09:05,2026-03-02 09:30,done",
    "v2,b,booked,2026-03-03 09:20,2026-03-03 09:50,done",
    "v3,c,walk_in,2026-03-02 10:00,2026-03-02 10:20,done",
    "v4,d,booked,2026-03-02 11:00,2026-03-02 11:20,done",
]


@pytest.fixture
def tell(store: Store, tmp_path: Path) -> Tell:
    """Read rows into a table of the twin; every row is either kept or rejected."""

    def told(table: str, *rows: str) -> IngestReport:
        path = tmp_path / f"{table}.csv"
        path.write_text("\n".join([HEADERS[table], *rows]) + "\n", encoding="utf-8")
        report = ingest(store, TWIN, path, table)
        assert report.rows_read == report.rows_kept + report.rows_rejected == len(rows)
        return report

    return told


def rows_of(report: IngestReport) -> dict[str, int]:
    return {check.name: check.rows for check in report.checks}


def kept(store: Store) -> list[tuple[str, str | None]]:
    return store.rows("select appointment_id, visit_id from appointments order by appointment_id", twin=TWIN)


def test_the_same_file_again_adds_nothing(store: Store, tell: Tell) -> None:
    rows = ["b1,booked,2026-03-02 09:00,v1", "b2,booked,2026-03-02 09:10,", "b2,booked,2026-03-02 09:10,"]
    first = tell("appointments", *rows)
    assert (first.rows_added, first.rows_rejected, rows_of(first)["exact_duplicate"]) == (2, 1, 1)
    again = tell("appointments", *rows)
    assert (again.rows_added, again.snapshot, again.checks) == (0, first.snapshot, first.checks)
    assert kept(store) == [("b1", "v1"), ("b2", None)]


def test_an_appointment_that_was_kept_takes_the_place_of_one_to_come(store: Store, tell: Tell) -> None:
    tell("appointments", "b1,booked,2026-03-02 09:00,")
    assert tell("appointments", "b1,booked,2026-03-02 09:00,v1").rows_added == 1
    late = tell("appointments", "b1,booked,2026-03-02 09:00,")
    assert (late.rows_added, rows_of(late)["older_version"]) == (0, 1)
    assert kept(store) == [("b1", "v1")]
    assert tell("appointments", "b1,booked,2026-03-02 09:30,v1").rows_added == 1, "it was moved"


def test_everything_that_can_be_wrong_is_counted(tell: Tell) -> None:
    tell("visits", *VISITS)
    report = tell(
        "appointments",
        "b1,booked,2026-03-02 09:00,v1",
        "b2,booked,2026-03-02 09:10,",
        "b3,booked,2026-03-02 09:20,v2",
        "b4,booked,2026-03-02 09:40,v3",
        "b5,booked,2026-03-02 09:50,v9",
        "b6,booked,2026-03-02 10:00,v9",
    )
    assert {name: rows for name, rows in rows_of(report).items() if rows} == {
        "no_show": 1,
        "appointment_without_visit": 2,
        "appointments_of_one_visit": 2,
        "appointment_another_day": 1,
        "appointment_another_kind": 1,
        "visit_without_appointment": 1,
        "unknown_kind": 6,  # the twin is a shop's
    }
    assert {check.action for check in report.checks if check.rows} == {"kept"}


def test_visits_may_come_before_or_after_their_appointments(store: Store, tell: Tell) -> None:
    before = tell("appointments", "b1,booked,2026-03-02 09:00,v1")
    assert rows_of(before)["appointment_without_visit"] == 1
    tell("visits", *VISITS)
    snapshot = store.snapshot(TWIN)
    assert snapshot
    assert {check.name: check.rows for check in snapshot.checks}["appointment_without_visit"] == 0
    assert snapshot.tables == {"visits": 4, "appointments": 1}


def test_what_is_planned_for_later_is_not_known_yet(store: Store, tell: Tell) -> None:
    tell("visits", *VISITS)
    tell(
        "appointments",
        "b1,booked,2026-03-02 09:00,v1",
        "b2,booked,2026-03-03 09:00,v2",
        "b3,booked,2026-03-04 09:00,",
        "b4,booked,2199-03-04 09:00,",
    )
    found = queries.appointments_table(store, TWIN).to_pylist()
    assert [(one["appointment_id"], one["visit_id"]) for one in found] == [("b1", "v1"), ("b2", "v2")]
    assert found[0]["planned_at"] == datetime(2026, 3, 2, 9)
    assert queries.appointments_table(store, TWIN, date(2026, 3, 3)).num_rows == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("b1,booked,2210-03-02 09:00,v1", "'planned_at' in row 1 .* a date between 1970 and 2200"),
        (",booked,2026-03-02 09:00,v1", "'appointment_id' in row 1 .* is empty"),
        ("b1,--,2026-03-02 09:00,v1", "'kind' in row 1 .* a name with letters"),
        ("b1,booked,,v1", "'planned_at' in row 1 .* is empty"),
    ],
)
def test_a_wrong_value_names_column_and_row(store: Store, tell: Tell, row: str, said: str) -> None:
    with pytest.raises(TwinError, match=said):
        tell("appointments", row)
    assert kept(store) == []


def test_what_a_test_found_is_told_in_any_usual_word(store: Store, tell: Tell) -> None:
    words = {"Positive": "positive", "neg": "negative", "": None, "not detected": "negative", "FAIL": "positive"}
    steps = [f"v1,s{n},2026-03-02 09:00,2026-03-02 09:10,2026-03-02 09:20,n,{word}" for n, word in enumerate(words)]
    tell("visit_steps", *steps)
    found = store.rows("select result from visit_steps order by station", twin=TWIN)
    assert [result for (result,) in found] == list(words.values())
    with pytest.raises(TwinError, match="holds 'perhaps'; positive or negative is needed"):
        tell("visit_steps", steps[0].replace("Positive", "perhaps"))


def test_a_result_that_comes_later_is_used(store: Store, tell: Tell) -> None:
    row = "v1,lab,2026-03-02 09:00,2026-03-02 09:10,2026-03-02 09:20,nurses,"
    tell("visit_steps", row)
    assert tell("visit_steps", row + "negative").rows_added == 1
    assert tell("visit_steps", row).rows_added == 0
    assert store.rows("select result from visit_steps", twin=TWIN) == [("negative",)]


def test_a_step_without_a_result_keeps_the_name_that_older_stores_gave_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is the hash of the content as it was before there were results: reading a file again adds nothing."""
    steps = migrations.steps()
    path, file = tmp_path / "old.duckdb", tmp_path / "steps.csv"
    file.write_text(
        "visit_id,station,queued_at,began_at,ended_at,team\n1,desk,2026-03-02 09:00,2026-03-02 09:10,,first\n"
        "2,desk,2026-03-02 09:30,2026-03-02 09:40,,first\n"
    )
    with monkeypatch.context() as before:
        before.setattr(migrations, "steps", lambda: {number: steps[number] for number in (1, 2)})
        with Store.open(path) as old:
            old.create_twin(TWIN, "service-desk", {})
            with old.transaction(TWIN) as cursor:
                text = ["'1'", "'desk'", "'2026-03-02 09:00:00'", "'2026-03-02 09:10:00'", "chr(30)", "'first'"]
                named = f"('0x' || left(md5(concat_ws(chr(31), {', '.join(text)})), 16))::ubigint"
                cursor.execute(
                    f"insert into visit_steps values ({named}, '1', 'desk', timestamp '2026-03-02 09:00', "
                    "timestamp '2026-03-02 09:10', null, 'first', 1)"
                )
    with Store.open(path) as store:
        report = ingest(store, TWIN, file, "visit_steps")
        assert (report.rows_kept, report.rows_added) == (2, 1)
        assert store.rows("select count(*) from records_set_aside", twin=TWIN) == [(0,)]
        assert store.rows("select count(*) from appointments", twin=TWIN) == [(0,)]
