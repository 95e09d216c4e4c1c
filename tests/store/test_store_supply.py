"""Deliveries, counts of the stock, outlets and what could be delivered: what is kept and what is asked of them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from twin.connect import IngestReport, ingest
from twin.store import Store, queries

TWIN = "gift-shop"
LINE_NAMES = (11457746112433182168, 15387644209938948696)  # as the store named it before it knew the new columns
HEADERS = {
    "order_lines": "order_id,ordered_at,item_id,quantity,price,site,shipped",
    "deliveries": "delivery_id,lane,item_id,ordered_on,shipped_on,received_on,quantity,received",
    "stock_counts": "day,node,item_id,quantity",
    "items": "item_id,description,price",
}
Tell = Callable[..., IngestReport]
LINE = "1,2026-03-02 10:00,10001,5,2.5,north,3"
SENT = "D1,mill_depot,10001,2026-03-02,,,40,"
LEFT = "D1,mill_depot,10001,2026-03-02,2026-03-04,,40,"
CAME = "D1,mill_depot,10001,2026-03-02,2026-03-04,2026-03-09,40,38"


@pytest.fixture
def tell(store: Store, tmp_path: Path) -> Tell:
    """Read rows into a table of the twin; every row is either kept or rejected."""

    def told(table: str, *rows: str, header: str | None = None, twin: str = TWIN) -> IngestReport:
        path = tmp_path / f"{table}.csv"
        path.write_text("\n".join([header or HEADERS[table], *rows]) + "\n", encoding="utf-8")
        report = ingest(store, twin, path, table)
        assert report.rows_read == report.rows_kept + report.rows_rejected == len(rows)
        return report

    return told


def rows_of(report: IngestReport) -> dict[str, int]:
    return {check.name: check.rows for check in report.checks}


def days_of_orders(tell: Tell) -> None:
    """Orders of a week, so that the last complete day is 8 March."""
    tell("order_lines", *(f"{n},2026-03-0{n} 17:00,10001,2,2,north,2" for n in range(2, 9)))


def test_what_was_asked_for_and_what_was_delivered_stay_apart(store: Store, tell: Tell) -> None:
    report = tell("order_lines", LINE, "1,2026-03-02 10:00,10002,4,1,north,", "2,2026-03-02 11:00,10001,1,2.5,,9")
    found = rows_of(report)
    assert (found["not_all_shipped"], found["shipped_more_than_ordered"], found["site_missing"]) == (1, 1, 1)
    note = next(check.note for check in report.checks if check.name == "not_all_shipped")
    assert "2 pieces" in note
    asked = queries.shipments_table(store, TWIN).to_pylist()
    assert [(row["site"], row["item_id"], row["quantity"], row["shipped"]) for row in asked] == [
        ("north", "10001", 5, 3),
        ("north", "10002", 4, 4),
        (None, "10001", 1, 1),
    ]
    orders = queries.orders_table(store, TWIN).to_pylist()
    assert [(row["units"], row["revenue"]) for row in orders] == [(9, 3 * 2.5 + 4), (1, 2.5)]
    items = queries.item_sales(store, TWIN).to_pylist()
    assert {row["item_id"]: (row["units"], row["revenue"]) for row in items} == {"10001": (4, 10.0), "10002": (4, 4.0)}
    assert queries.order_lines_table(store, TWIN)["quantity"].to_pylist() == [5, 4, 1]


def test_lines_without_the_new_columns_keep_their_names(store: Store, tell: Tell) -> None:
    """The names were made before there were outlets: by the store's first version, of the same two lines."""
    plain = "order_id,ordered_at,item_id,quantity,price"
    rows = ("1,2026-03-02 10:00,10001,5,2.5", "2,2026-03-03 10:00,10002,1,4")
    report = tell("order_lines", *rows, header=plain)
    assert store.rows("select line_id from order_lines order by order_id", twin=TWIN) == [
        (LINE_NAMES[0],),
        (LINE_NAMES[1],),
    ]
    assert not {"not_all_shipped", "shipped_more_than_ordered", "site_missing"} & set(rows_of(report))
    again = tell("order_lines", *(f"{row},," for row in rows))
    assert (again.rows_added, again.snapshot) == (0, report.snapshot)


def test_the_same_line_at_two_outlets_is_two_lines(store: Store, tell: Tell) -> None:
    others = LINE.replace("north", "south"), LINE.replace(",3", ",4"), LINE.replace(",3", ",")
    assert tell("order_lines", LINE, *others, LINE).rows_added == 4
    assert store.rows("select site, shipped from set_aside", twin=TWIN) == [("north", 3)]


def test_a_delivery_that_came_in_takes_the_place_of_the_one_on_its_way(store: Store, tell: Tell) -> None:
    tell("deliveries", SENT)
    before = tell("deliveries", LEFT)
    assert tell("deliveries", SENT).rows_added == 0
    assert rows_of(before)["on_the_way"] == 1
    assert "2026-03-02" in next(check.note for check in before.checks if check.name == "on_the_way")
    after = tell("deliveries", CAME)
    assert (after.rows_added, rows_of(after)["on_the_way"], rows_of(after)["received_less_than_ordered"]) == (1, 0, 1)
    late = tell("deliveries", SENT)
    assert (late.rows_added, rows_of(late)["older_version"], late.snapshot) == (0, 1, after.snapshot)
    assert store.rows("select received_on::varchar, received from deliveries", twin=TWIN) == [("2026-03-09", 38)]


def test_a_delivery_may_bring_several_items(store: Store, tell: Tell) -> None:
    report = tell("deliveries", SENT, SENT.replace("10001", "10002"), SENT)
    assert (report.rows_added, rows_of(report)["exact_duplicate"]) == (2, 1)


def test_what_a_delivery_cannot_be_is_found(store: Store, tell: Tell) -> None:
    report = tell(
        "deliveries",
        CAME.replace("2026-03-09", "2026-03-03"),
        CAME.replace("D1", "D5").replace("2026-03-04", "2026-03-01"),
        CAME.replace("D1", "D2").replace("38", "44"),
        CAME.replace("D1", "D3").replace("2026-03-09", ""),
        CAME.replace("D1", "D4").replace("38", ""),
    )
    found = rows_of(report)
    assert found["ended_before_it_began"] == report.rows_rejected == 2
    assert (found["received_more_than_ordered"], found["received_without_day"], found["on_the_way"]) == (1, 1, 1)
    assert found["received_less_than_ordered"] == 0
    assert tell("deliveries", CAME).rows_added == 1


def test_items_that_nobody_knows_are_counted_once_there_are_items(store: Store, tell: Tell) -> None:
    assert rows_of(tell("deliveries", CAME))["item_unknown"] == 0
    tell("items", "10002,Vase,4")
    assert rows_of(tell("stock_counts", "2026-03-02,depot,10001,7"))["item_unknown"] == 1
    snapshot = store.snapshot(TWIN)
    assert snapshot
    assert {check.name: check.rows for check in snapshot.checks}["item_unknown"] == 2


def test_a_count_below_zero_waits_for_a_correction(store: Store, tell: Tell) -> None:
    report = tell("stock_counts", "2026-03-02,depot,10001,-7", "2026-03-02,north,10001,0")
    assert (report.rows_rejected, rows_of(report)["negative_count"]) == (1, 1)
    assert "ended_before_it_began" not in rows_of(report)
    assert store.rows("select node, quantity from stock_counts", twin=TWIN) == [("north", 0)]
    assert tell("stock_counts", "2026-03-02,depot,10001,7").rows_added == 1
    assert tell("stock_counts", "2026-03-02,depot,10001,9").rows_added == 1
    assert store.rows("select sum(quantity)::int from stock_counts", twin=TWIN) == [(9,)]
    reasons = store.rows("select distinct reason from records_set_aside order by 1", twin=TWIN)
    assert reasons == [("negative_count",), ("older_version",)]


def test_what_comes_in_after_the_last_complete_day_is_on_its_way(store: Store, tell: Tell) -> None:
    days_of_orders(tell)
    tell("deliveries", CAME, CAME.replace("D1", "D2").replace("03-09", "03-08").replace(",38", ","))
    tell("deliveries", SENT.replace("D1", "D3").replace("2026-03-02", "2026-03-09"))
    tell("stock_counts", "2026-03-08,depot,10001,7", "2026-03-09,depot,10001,6")
    found = queries.deliveries_table(store, TWIN).to_pylist()
    assert [(row["delivery_id"], row["received_on"], row["received"]) for row in found] == [
        ("D1", None, None),
        ("D2", date(2026, 3, 8), 40),
    ]
    assert queries.stock_counts_table(store, TWIN)["quantity"].to_pylist() == [7]
    assert queries.stock_counts_table(store, TWIN, date(2026, 3, 9)).num_rows == 0


def test_in_whatever_order_files_come_the_content_is_the_same(store: Store, tell: Tell) -> None:
    files: list[tuple[str, str]] = [
        ("deliveries", SENT),
        ("deliveries", CAME),
        ("stock_counts", "2026-03-02,depot,10001,7"),
        ("order_lines", LINE),
    ]
    names = set()
    for twin, order in {"one": (0, 1, 2, 3), "two": (3, 2, 1, 0)}.items():
        store.create_twin(twin, "shop", {})
        for place in order:
            report = tell(*files[place], twin=twin)
        names.add(report.snapshot)
    assert len(names) == 1


def test_questions_have_the_columns_they_promise(store: Store, tell: Tell) -> None:
    days_of_orders(tell)
    promised: dict[Any, list[str]] = {
        queries.shipments_table: ["order_id", "ordered_at", "day", "site", "item_id", "quantity", "shipped"],
        queries.deliveries_table: [
            "delivery_id", "lane", "item_id", "ordered_on", "shipped_on", "received_on", "quantity", "received",
        ],
        queries.stock_counts_table: ["day", "node", "item_id", "quantity"],
        queries.machine_events_table: ["machine_id", "machines", "happened_at", "state", "kind", "visit_id"],
    }  # fmt: skip
    for question, names in promised.items():
        assert question(store, TWIN).column_names == names
