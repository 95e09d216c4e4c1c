"""Each check on a small planted file, and the rules of ingesting: twice is once, all or nothing."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from twin.connect import IngestReport, ingest
from twin.store import Store
from twin.store.days import OpenDay, incomplete_last_day, last_complete_day

TWIN = "gift-shop"
Plant = Callable[..., Path]
LINE = ("1001", "10001", 2, "2011-03-01 10:00", 1.5, 7)


def rows_of(report: IngestReport) -> dict[str, int]:
    return {check.name: check.rows for check in report.checks}


def read(store: Store, file: Path) -> IngestReport:
    report = ingest(store, TWIN, file, "order_lines")
    assert report.rows_read == report.rows_kept + report.rows_rejected
    return report


def test_a_line_that_repeats_another_is_set_aside(store: Store, plant: Plant) -> None:
    report = read(store, plant(LINE, LINE, ("1001", "10002", 1, "2011-03-01 10:00", 3, 7), LINE))
    assert (report.rows_read, report.rows_kept, report.rows_rejected, report.rows_added) == (4, 2, 2, 2)
    assert rows_of(report)["exact_duplicate"] == 2
    assert rows_of(report)["overlapping_period"] == 0
    assert store.rows("select copy, reason from set_aside order by copy", twin=TWIN) == [
        (2, "exact_duplicate"),
        (3, "exact_duplicate"),
    ]


def test_repeats_from_an_earlier_sheet_are_an_overlapping_period(store: Store, plant: Plant) -> None:
    first = [(str(n), "10001", 1, f"2011-03-{n:02d} 10:00", 2, 7) for n in range(1, 21)]
    report = read(store, plant(*first, first[0], *first[15:], first[19], ("21", "10001", 1, "2011-03-21 10:00", 2, 7)))
    assert rows_of(report)["exact_duplicate"] == 7
    assert rows_of(report)["overlapping_period"] == 7
    assert report.rows_kept == 21


def test_a_file_in_no_order_of_time_has_no_sheets(store: Store, plant: Plant) -> None:
    lines = [(str(n), "10001", 1, f"2011-03-{n:02d} 10:00", 2, 7) for n in (9, 2, 17, 4, 13, 1)]
    report = read(store, plant(*lines, lines[1]))
    assert rows_of(report)["exact_duplicate"] == 1
    assert rows_of(report)["overlapping_period"] == 0


def test_what_is_no_sale_is_kept_and_not_counted(store: Store, plant: Plant) -> None:
    report = read(
        store,
        plant(
            LINE,
            ("C1002", "10001", -1, "2011-03-02 10:00", 1.5, 7),
            ("1003", "10002", 5, "2011-03-03 10:00", 0, ""),
            ("1004", "POST", 1, "2011-03-04 10:00", 18, 7),
            ("1005", "10001", 1, "2011-03-05 10:00", -4, ""),
        ),
    )
    found = rows_of(report)
    assert (found["cancellation"], found["price_not_positive"], found["customer_missing"], found["not_an_item"]) == (
        1,
        2,
        2,
        1,
    )
    assert store.rows("select kind from order_lines order by ordered_at", twin=TWIN) == [
        ("sale",),
        ("cancellation",),
        ("free",),
        ("charge",),
        ("free",),
    ]
    assert store.rows("select order_id, units, revenue::double from orders", twin=TWIN) == [("1001", 2, 3.0)]
    assert store.rows("select item_id from items", twin=TWIN) == [("10001",)]


def test_days_without_orders_are_closed_not_missing(store: Store, plant: Plant) -> None:
    report = read(store, plant(LINE, ("1002", "10001", 1, "2011-03-07 10:00", 1.5, 7)))
    assert rows_of(report)["closing_day"] == 5
    assert "1 of them Saturdays" in next(check.note for check in report.checks if check.name == "closing_day")


def order(name: str, time: str, customer: Any, *pieces: tuple[str, int]) -> list[tuple[Any, ...]]:
    return [(name, item, quantity, time, 2, customer) for item, quantity in pieces]


CANCELLATIONS = {
    "in full": (order("C9", "2011-03-01 11:00", 7, ("10002", -3), ("10001", -5)), True),
    "in the same minute": (order("C9", "2011-03-01 10:00", 7, ("10001", -5), ("10002", -3)), True),
    "before it was ordered": (order("C9", "2011-03-01 09:59", 7, ("10001", -5), ("10002", -3)), False),
    "the day after": (order("C9", "2011-03-02 10:00", 7, ("10001", -5), ("10002", -3)), False),
    "by somebody else": (order("C9", "2011-03-01 11:00", 8, ("10001", -5), ("10002", -3)), False),
    "one item only": (order("C9", "2011-03-01 11:00", 7, ("10001", -5)), False),
    "not all pieces": (order("C9", "2011-03-01 11:00", 7, ("10001", -5), ("10002", -2)), False),
    "other items": (order("C9", "2011-03-01 11:00", 7, ("10001", -5), ("10003", -3)), False),
}


@pytest.mark.parametrize(("cancelled", "reversed_"), CANCELLATIONS.values(), ids=CANCELLATIONS)
def test_an_order_is_reversed_only_when_all_of_it_is_taken_back_that_day(
    store: Store, plant: Plant, cancelled: list[tuple[Any, ...]], reversed_: bool
) -> None:
    placed = order("1", "2011-03-01 10:00", 7, ("10001", 2), ("10002", 3), ("10001", 3), ("POST", 1))
    other = order("2", "2011-03-03 12:00", 9, ("10003", 1))
    report = read(store, plant(*placed, *cancelled, *other))
    assert store.rows("select order_id, reversed, reversed_by from orders order by order_id", twin=TWIN) == [
        ("1", reversed_, "C9" if reversed_ else None),
        ("2", False, None),
    ]
    assert rows_of(report)["reversed_order"] == (3 if reversed_ else 0)


def test_one_cancellation_reverses_one_of_two_equal_orders(store: Store, plant: Plant) -> None:
    lines = order("1", "2011-03-01 10:00", 7, ("10001", 5)) + order("2", "2011-03-01 11:00", 7, ("10001", 5))
    read(store, plant(*lines, *order("C9", "2011-03-01 12:00", 7, ("10001", -5))))
    assert store.rows("select order_id from orders where reversed", twin=TWIN) == [("2",)]


def test_buyers_without_a_number_are_never_taken_for_the_same(store: Store, plant: Plant) -> None:
    lines = order("1", "2011-03-01 10:00", "", ("10001", 5)) + order("C9", "2011-03-01 12:00", "", ("10001", -5))
    read(store, plant(*lines))
    assert store.rows("select order_id from orders where reversed", twin=TWIN) == []


def closing_at(*last_hours: float) -> list[OpenDay]:
    """One day after another, each ending at that hour."""
    start = datetime(2011, 3, 1)
    return [
        OpenDay((start + timedelta(days=n)).date(), start + timedelta(days=n, hours=h), 3)
        for n, h in enumerate(last_hours)
    ]


def test_a_last_day_that_stops_early_is_not_complete() -> None:
    usual = [17.0, 17.5, 18.0, 17.2] * 10
    assert incomplete_last_day(closing_at(*usual, 17.1)) is None
    assert incomplete_last_day(closing_at(*usual, 12.8)) is not None
    assert last_complete_day(closing_at(*usual, 12.8)) == date(2011, 4, 9)
    assert last_complete_day(closing_at(*usual, 17.1)) == date(2011, 4, 10)


def test_a_weekday_that_always_ends_early_is_complete() -> None:
    week = [17.0, 17.2, 17.1, 17.3, 17.0, 13.0, 17.1]
    assert incomplete_last_day(closing_at(*week * 6, *week[:6])) is None
    assert incomplete_last_day(closing_at(*week * 6, *week[:5], 10.0)) is not None


def test_a_shop_whose_last_order_comes_at_any_time_has_no_early_day() -> None:
    assert incomplete_last_day(closing_at(*[9.0, 15.0, 11.0, 17.0, 13.0, 8.0, 16.0] * 6, 9.5)) is None


def test_too_few_days_say_nothing_about_the_last() -> None:
    assert incomplete_last_day(closing_at(17, 17, 17, 9)) is None
    assert last_complete_day([]) is None


def test_the_same_file_again_changes_nothing(store: Store, plant: Plant) -> None:
    file = plant(LINE, LINE, ("C1002", "10001", -1, "2011-03-02 10:00", 1.5, 7))
    first = read(store, file)
    tables = "select 'lines', count(*) from order_lines union all select 'ingests', count(*) from ingests"
    before, snapshot = store.rows(tables, twin=TWIN), store.snapshot(TWIN)
    again = read(store, file)
    assert (again.rows_added, again.snapshot, again.checks) == (0, first.snapshot, first.checks)
    assert store.rows(tables, twin=TWIN) == before
    assert store.snapshot(TWIN) == snapshot
    assert snapshot
    assert snapshot.checks == first.checks
    assert snapshot.tables == {"customers": 1, "items": 1, "orders": 1, "order_lines": 2, "set_aside": 1}


def test_an_overlapping_file_adds_only_what_is_new_and_order_does_not_matter(store: Store, plant: Plant) -> None:
    lines = [(str(n), "10001", n, f"2011-03-{n:02d} 10:00", 2, 7) for n in range(1, 13)]
    early, late = plant(*lines[:8], name="early.csv"), plant(*lines[4:], lines[11], name="late.csv")
    store.create_twin("other", "shop", {})
    first = [ingest(store, TWIN, file, "order_lines") for file in (early, late)]
    second = [ingest(store, "other", file, "order_lines") for file in (late, early)]
    assert [report.rows_added for report in first] == [8, 4]
    assert [report.rows_added for report in second] == [8, 4]
    assert first[0].snapshot != first[1].snapshot == second[1].snapshot
    one, two = store.snapshot(TWIN), store.snapshot("other")
    assert one
    assert two
    assert (one.checks, one.tables, one.last_day) == (two.checks, two.tables, two.last_day)
    assert (one.files, two.files) == (["early.csv", "late.csv"], ["late.csv", "early.csv"])


def test_csv_and_parquet_of_the_same_rows_are_the_same_content(store: Store, plant: Plant, tmp_path: Path) -> None:
    csv_file = plant(LINE, ("1002", "10002", 1, "2011-03-02 10:00:30", 0.1, ""))
    parquet = tmp_path / "lines.parquet"
    with store.cursor() as cursor:
        cursor.execute(
            f'copy (select * replace ("Customer ID"::double as "Customer ID", Price::double as Price) '
            f"from read_csv('{csv_file}', types = {{'StockCode': 'VARCHAR'}})) to '{parquet}'"
        )
    assert ingest(store, TWIN, csv_file, "order_lines").rows_added == 2
    assert ingest(store, TWIN, parquet, "order_lines").rows_added == 0


def test_an_item_file_goes_before_what_orders_say(store: Store, plant: Plant, tmp_path: Path) -> None:
    read(store, plant(LINE))
    items = tmp_path / "items.csv"
    items.write_text("item_id,description,price\n10001,Lamp,9.5\n10009,Vase,4\n")
    report = ingest(store, TWIN, items, "items")
    assert (report.rows_read, report.rows_added) == (2, 2)
    again = ingest(store, TWIN, items, "items")
    assert (again.rows_added, again.snapshot) == (0, report.snapshot)
    question = "select item_id, description, price::double, lines from items order by item_id"
    assert store.rows(question, twin=TWIN) == [("10001", "Lamp", 9.5, 1), ("10009", "Vase", 4.0, 0)]
    items.write_text("item_id,description,price\n10001,Lamp,8\n10009,Vase,4\n")
    changed = ingest(store, TWIN, items, "items")
    assert changed.rows_added == 1
    assert changed.snapshot != report.snapshot


def test_a_customer_file_adds_customers_who_have_not_ordered(store: Store, plant: Plant, tmp_path: Path) -> None:
    customers = tmp_path / "customers.json"
    customers.write_text('[{"customer_id": 7, "country": "Spain"}, {"customer_id": 8, "country": null}]')
    ingest(store, TWIN, customers, "customers")
    read(store, plant(LINE))
    question = "select customer_id, country, orders from customers order by customer_id"
    assert store.rows(question, twin=TWIN) == [(7, "Spain", 1), (8, None, 0)]


KILLED = """
import os, signal, sys, threading, time
from twin.connect import ingest
from twin.store import Store
store = Store.open(sys.argv[1])
print("open", flush=True)
ingest(store, "gift-shop", sys.argv[2], "order_lines")
print("done", flush=True)
"""


@pytest.mark.parametrize("after_seconds", [0.3, 0.9])
def test_a_killed_ingest_leaves_the_state_before(tmp_path: Path, plant: Plant, after_seconds: float) -> None:
    retail = Path(__file__).parents[2] / "data" / "online_retail_II.parquet"
    path = tmp_path / "killed.duckdb"
    with Store.open(path) as store:
        store.create_twin(TWIN, "shop", {})
        before = ingest(store, TWIN, plant(LINE), "order_lines").snapshot
    process = subprocess.Popen([sys.executable, "-c", KILLED, path, retail], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    time.sleep(after_seconds)
    process.kill()
    assert process.communicate()[0] == "", "the ingest was done before it could be killed"
    with Store.open(path) as store:
        snapshot = store.snapshot(TWIN)
        assert snapshot
        assert snapshot.snapshot == before
        assert store.rows("select count(*) from order_lines", twin=TWIN) == [(1,)]
        assert store.rows("select count(*) from ingests", twin=TWIN) == [(1,)]
