"""The real shop: every count that was seen on its file, and what the questions answer."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from twin.connect import IngestReport, ingest
from twin.store import Store, queries

TWIN = "gift-shop"
RETAIL = Path(__file__).parents[2] / "data" / "online_retail_II.parquet"
Retail = tuple[Store, IngestReport]
CHECKS = {
    "exact_duplicate": (34_335, "set_aside"),
    "overlapping_period": (22_523, "set_aside"),
    "cancellation": (19_494, "kept"),
    "price_not_positive": (6_207, "kept"),
    "customer_missing": (243_007, "kept"),
    "not_an_item": (6_093, "kept"),
    "reversed_order": (767, "corrected"),
    "closing_day": (135, "kept"),
    "incomplete_last_day": (1_618, "kept"),
}


def test_every_check_has_its_known_count(retail: Retail) -> None:
    _, report = retail
    assert {check.name: (check.rows, check.action) for check in report.checks} == CHECKS
    assert (report.rows_read, report.rows_kept, report.rows_rejected) == (1_067_371, 1_033_036, 34_335)
    assert report.rows_added == report.rows_kept
    assert report.snapshot == "96dcc13496b48421", "runs and links name this content"


def test_today_is_the_day_after_the_last_complete_one(retail: Retail) -> None:
    snapshot = retail[0].snapshot(TWIN)
    assert snapshot
    assert (snapshot.first_day, snapshot.last_day, snapshot.today) == (
        date(2009, 12, 1),
        date(2011, 12, 8),
        date(2011, 12, 9),
    )
    note = next(check.note for check in snapshot.checks if check.name == "incomplete_last_day")
    assert note.startswith("2011-12-09 ends at 12:50")
    assert snapshot.files == ["online_retail_II.parquet"]
    assert snapshot.tables == {
        "customers": 5942,
        "items": 4876,
        "orders": 39516,
        "order_lines": 1033036,
        "set_aside": 34335,
    }


def test_the_same_file_again_adds_nothing(retail: Retail) -> None:
    store, report = retail
    before = store.snapshot(TWIN)
    again = ingest(store, TWIN, RETAIL, "order_lines")
    assert (again.rows_added, again.snapshot, again.checks) == (0, report.snapshot, report.checks)
    assert store.snapshot(TWIN) == before
    assert before
    assert before.checks == report.checks


def test_the_largest_reversals_are_found(retail: Retail) -> None:
    question = (
        "select order_id, reversed_by, units, revenue::double from orders where reversed order by revenue desc limit 2"
    )
    assert retail[0].rows(question, twin=TWIN) == [
        ("581483", "C581484", 80_995, 168_469.6),
        ("541431", "C541433", 74_215, 77_183.6),
    ]


def test_derived_tables_agree_with_the_lines(retail: Retail) -> None:
    store, _ = retail
    (sold,) = store.rows("select sum(quantity * price), count(*) from order_lines where kind = 'sale'", twin=TWIN)
    assert store.rows("select sum(revenue), sum(lines)::bigint from orders", twin=TWIN) == [sold]
    (kept,) = store.rows("select sum(revenue) from orders where not reversed", twin=TWIN)
    assert store.rows("select sum(revenue) from items", twin=TWIN) == [kept]
    for table, key in {
        "orders": "order_id",
        "items": "item_id",
        "customers": "customer_id",
        "order_lines": "line_id",
    }.items():
        assert store.rows(f"select count(*) - count(distinct {key}) from {table}", twin=TWIN) == [(0,)], table


def test_every_calendar_day_is_there_once(retail: Retail) -> None:
    days = queries.orders_by_day(retail[0], TWIN).to_pydict()
    first = date(2009, 12, 1)
    assert days["day"] == [first + timedelta(days=n) for n in range((date(2011, 12, 8) - first).days + 1)]
    assert days["open"] == [orders > 0 for orders in days["orders"]]
    parts = zip(days["orders_returning"], days["orders_new"], days["orders_anonymous"], strict=True)
    assert days["orders"] == [sum(part) for part in parts]
    orders = queries.orders_table(retail[0], TWIN)
    assert sum(days["orders"]) == orders.num_rows
    assert sum(days["revenue"]) == pytest.approx(sum(orders["revenue"].to_pylist()))
    closed = {day for day, opened in zip(days["day"], days["open"], strict=True) if not opened}
    assert {date(2010, 12, 25), date(2011, 1, 3), date(2011, 4, 29)} <= closed


def test_items_and_lines_agree(retail: Retail) -> None:
    since = date(2011, 6, 1)
    items = queries.item_sales(retail[0], TWIN, since)
    lines = queries.order_lines_table(retail[0], TWIN, since)
    assert sum(items["lines"].to_pylist()) == lines.num_rows
    assert sum(items["units"].to_pylist()) == sum(lines["quantity"].to_pylist())
    assert set(lines["order_id"].to_pylist()) == set(
        queries.orders_table(retail[0], TWIN, since)["order_id"].to_pylist()
    )
    assert min(items["price"].to_pylist()) > 0


def test_returns_leave_out_what_was_reversed_the_same_day(retail: Retail) -> None:
    returned = dict(zip(*queries.returns_by_day(retail[0], TWIN).to_pydict().values(), strict=True))
    assert returned[date(2011, 1, 18)] < 1_000
    sold = sum(queries.orders_table(retail[0], TWIN, since=date(2010, 12, 9))["revenue"].to_pylist())
    year = sum(paid for day, paid in returned.items() if day >= date(2010, 12, 9))
    assert year / sold == pytest.approx(0.0206, abs=0.0005)


def test_questions_have_the_columns_they_promise(retail: Retail) -> None:
    store = retail[0]
    promised = {
        queries.order_lines_table: ["order_id", "item_id", "quantity", "price"],
        queries.orders_table: ["order_id", "customer_id", "ordered_at", "day", "lines", "units", "revenue"],
        queries.item_sales: ["item_id", "description", "price", "lines", "units", "revenue"],
    }
    for question, names in promised.items():
        table: pa.Table = question(store, TWIN)
        assert table.column_names == names
        assert table.num_rows > 0
