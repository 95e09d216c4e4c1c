"""Opening: who holds the file, what is no store, and what a killed process leaves behind."""

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from twin.errors import TwinError
from twin.store import Store, StoreBusy, migrations

NUMBERS = sorted(migrations.steps())
HOLD = """
import sys, time
from twin.store import Store
with Store.open(sys.argv[1]):
    print("open", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holding(path: Path, seconds: float) -> subprocess.Popen[str]:
    """A second process that has the store open."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path), str(seconds)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    return process


def test_a_store_that_another_process_holds_names_that_process(tmp_path: Path) -> None:
    path = tmp_path / "twin.duckdb"
    with holding(path, 30) as process:
        with pytest.raises(StoreBusy, match=rf"in use by process {process.pid}\b") as busy:
            Store.open(path, wait_seconds=0.3)
        assert busy.value.pid == process.pid
        assert busy.value.waited >= 0.3
        process.kill()


def test_a_store_that_is_let_go_in_time_opens(tmp_path: Path) -> None:
    path = tmp_path / "twin.duckdb"
    with holding(path, 0.5), Store.open(path, wait_seconds=10) as store:
        assert store.twins() == []


@pytest.mark.parametrize("name", ["my sto're.duckdb", "main.duckdb", "gift-shop.duckdb", "no_ending"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with Store.open(tmp_path / name) as store:
        store.create_twin("gift-shop", "shop", {})
        assert store.rows("select count(*) from orders, snapshots", twin="gift-shop") == [(0,)]


def test_what_is_no_store_reads_as_a_sentence(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("milk, bread\n" * 1000)
    with pytest.raises(TwinError, match="is not a store: it is not a DuckDB database"):
        Store.open(text)
    with pytest.raises(TwinError, match="is a folder"):
        Store.open(tmp_path)
    with pytest.raises(TwinError, match=r"folder .*nowhere.* does not exist"):
        Store.open(tmp_path / "nowhere" / "twin.duckdb")
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table mine (a integer)")
    with pytest.raises(TwinError, match="not a store of Understudy"):
        Store.open(other)
    assert text.read_text().startswith("milk")


def test_a_cut_off_store_reads_as_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "twin.duckdb"
    Store.open(path).close()
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(TwinError, match=r"cannot be opened|is not a store|another version"):
        Store.open(path)


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twin.duckdb"
    with Store.open(path) as store, store.transaction() as cursor:
        cursor.execute("insert into schema_version values (9999, now()::timestamp)")
    with pytest.raises(TwinError, match=r"newer Understudy .*version 9999"):
        Store.open(path)


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "twin.duckdb"
    for _ in range(2):
        with Store.open(path) as store:
            assert store.rows("select version from schema_version order by version") == [(n,) for n in NUMBERS]


def test_every_column_says_what_it_is_and_in_which_unit(store: Store) -> None:
    columns = store.rows(
        "select schema_name, table_name, column_name, comment from duckdb_columns() where not internal"
    )
    tables = {table for _, table, _, _ in columns}
    assert {"customers", "items", "orders", "order_lines", "set_aside", "ingests", "runs", "blobs"} <= tables
    silent = [row[:3] for row in columns if not row[3]]
    assert silent == []
    without_unit = [row[:3] for row in columns if "; " not in row[3]]
    assert without_unit == []


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    row = "insert into schema_version values (77, now()::timestamp)"
    with pytest.raises(duckdb.ConstraintException), store.transaction() as cursor:
        cursor.execute(f"{row}; {row}")
    assert store.rows("select max(version) from schema_version") == [(NUMBERS[-1],)]


def test_many_threads_can_read_and_write_at_once(store: Store) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for n in range(10):
                name = store.put_blob(f"{number}-{n % 3}".encode())
                assert store.blob(name) == f"{number}-{n % 3}".encode()
                assert [twin.name for twin in store.twins()] == ["gift-shop"]
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert store.rows("select count(*) from blobs") == [(18,)]


def test_the_data_dictionary_has_every_table_and_column(store: Store) -> None:
    words = (Path(__file__).parents[2] / "data" / "README.md").read_text(encoding="utf-8")
    sections = {part.split("`")[0]: part for part in words.split("\n### `")[1:]}
    question = "select table_name, column_name, comment from duckdb_columns() where not internal"
    for table, column, comment in store.rows(question):
        meaning, unit = comment.rsplit("; ", 1)
        row = next((line for line in sections[table].splitlines() if line.startswith(f"| `{column}` |")), "")
        assert row.endswith(f"| {meaning} | {unit} |"), (table, column)


def test_a_new_version_reaches_every_twin_or_none(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.duckdb"
    path.write_bytes(empty_store.read_bytes())
    first = migrations.steps()
    number = NUMBERS[-1] + 1
    broken = {
        number: {"main": "create table notes (a integer)", "twin": "alter table no_such_table add column b integer"}
    }
    monkeypatch.setattr(migrations, "steps", lambda: first | broken)
    with pytest.raises(duckdb.CatalogException):
        Store.open(path)
    sound = {
        number: {"main": "create table notes (a integer)", "twin": "alter table items add column unit_cost double"}
    }
    monkeypatch.setattr(migrations, "steps", lambda: first | sound)
    with Store.open(path) as store:
        assert store.rows("select version from schema_version order by version") == [(n,) for n in (*NUMBERS, number)]
        assert store.rows("select count(unit_cost) from items", twin="gift-shop") == [(0,)]
        store.create_twin("second", "shop", {})
        assert store.rows("select count(unit_cost) from items", twin="second") == [(0,)]


def test_a_store_of_the_first_version_gains_the_tables_of_visits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.duckdb"
    every = migrations.steps()
    monkeypatch.setattr(migrations, "steps", lambda: {1: every[1]})
    with Store.open(path) as store:
        store.create_twin("gift-shop", "shop", {"currency": "GBP"})
        with store.transaction("gift-shop") as cursor:
            cursor.execute(
                "insert into order_lines values (7, '1', timestamp '2011-03-01 10:00', '10001', 'Lamp', 2, 1.5, 7, "
                "'France', 'sale', 1)"
            )
            cursor.execute(
                "insert into snapshots values ('gift-shop', 'abc', now()::timestamp, 1, date '2011-03-01', "
                "date '2011-03-01', '{}', '[]', '[]')"
            )
    monkeypatch.setattr(migrations, "steps", lambda: every)
    with Store.open(path) as store:
        assert store.rows("select quantity, site, shipped from order_lines", twin="gift-shop") == [(2, None, None)]
        later = ("visits", "visit_steps", "contracts", "attendance", "records_set_aside")
        for table in (*later, "deliveries", "stock_counts", "machine_events", "loans", "loan_months", "recoveries"):
            assert store.rows(f"select count(*) from {table}", twin="gift-shop") == [(0,)]
        kept = store.snapshot("gift-shop")
        assert kept
        assert kept.snapshot == "abc"
