"""Exports of help desks and rosters: headers that are recognised, words that are understood or asked about."""

import re
from pathlib import Path

import pytest

from twin.connect import Mapping, ingest, read_mapping
from twin.connect.mapping import matched
from twin.errors import TwinError
from twin.store import Store
from twin.store.columns import TABLES

TWIN = "gift-shop"
MADE_ANEW = ("customers", "items")
EXPORT = "Ticket ID,Requester,Priority,Created,Resolved At,Status"
ORDERED = ["order_id", "ordered_at", "item_id", "quantity", "price", "site", "shipped"]
TICKET = "T-1,Ann,Urgent,2026-03-02 09:00,2026-03-02 10:00,Closed"


def written(tmp_path: Path, header: str, *rows: str) -> Path:
    path = tmp_path / "export.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def sentence(store: Store, file: Path, table: str, mapping: Mapping | None = None) -> str:
    """What is said about a file that cannot be used, after making sure that nothing was stored."""
    with pytest.raises(TwinError) as error:
        ingest(store, TWIN, file, table, mapping)
    assert store.snapshot(TWIN) is None
    for name in (*(table for table in TABLES if table not in MADE_ANEW), "records_set_aside", "ingests"):
        assert store.rows(f"select count(*) from {name}", twin=TWIN) == [(0,)], name
    text = str(error.value)
    assert text.endswith((".", "?")), text
    assert "\n" not in text
    return text


def test_the_headers_of_a_help_desk_are_recognised(store: Store, tmp_path: Path) -> None:
    ingest(store, TWIN, written(tmp_path, EXPORT, TICKET), "visits")
    question = "select visit_id, customer_id, kind, arrived_at::varchar, ended_at::varchar, outcome from visits"
    assert store.rows(question, twin=TWIN) == [
        ("T-1", "Ann", "urgent", "2026-03-02 09:00:00", "2026-03-02 10:00:00", "done")
    ]


@pytest.mark.parametrize(
    ("table", "header", "expected"),
    [
        ("visits", "id,opened_at,closed_at,type", ["visit_id", "arrived_at", "ended_at", "kind"]),
        (
            "visit_steps",
            "ticket,queue,entered,started_at,finished",
            ["visit_id", "station", "queued_at", "began_at", "ended_at"],
        ),
        ("visit_steps", "case_id,Assignment Group,Created", ["visit_id", "station", "queued_at"]),
        ("visit_steps", "ticket,queue,entered,Test Result", ["visit_id", "station", "queued_at", "result"]),
        ("appointments", "Slot ID,Type,Scheduled For,Encounter", ["appointment_id", "kind", "planned_at", "visit_id"]),
        (
            "contracts",
            "Client ID,Plan,Start Date,Cancelled On",
            ["customer_id", "segment", "started_on", "ended_on"],
        ),
        ("attendance", "Group,Roster,Agent,Date,Attended", ["team", "shift", "person", "day", "present"]),
        ("visits", "id,type,created,Lot Size,Scrap", ["visit_id", "kind", "arrived_at", "units", "scrapped"]),
        ("order_lines", "Invoice,InvoiceDate,SKU,Qty,Price,Outlet,Qty Shipped", ORDERED),
        (
            "deliveries",
            "PO Number,Vendor,Material,PO Date,Goods Receipt,Order Quantity,Received Quantity",
            ["delivery_id", "lane", "item_id", "ordered_on", "received_on", "quantity", "received"],
        ),
        ("stock_counts", "Count Date,Warehouse,SKU,On Hand", ["day", "node", "item_id", "quantity"]),
        (
            "machine_events",
            "Machine,Work Centre,Timestamp,Event,Product,Work Order",
            ["machine_id", "machines", "happened_at", "state", "kind", "visit_id"],
        ),
        (
            "loans",
            "Loan ID,Borrower,Issue Date,Loan Amount,Int Rate,Term",
            ["loan_id", "customer_id", "granted_on", "amount", "rate", "term_months"],
        ),
        (
            "loan_months",
            "Loan No,Due Date,Instalment,Payment,Outstanding Balance,Loan Status",
            ["loan_id", "due_on", "due", "paid", "balance", "state"],
        ),
        ("recoveries", "Loan,Recovered On,Recovery Amount", ["loan_id", "received_on", "amount"]),
    ],
)
def test_other_names_of_columns_are_recognised(table: str, header: str, expected: list[str]) -> None:
    sources = header.split(",")
    found = matched(table, sources, Mapping(), "a.csv")
    assert {name: found.get(name) for name in expected} == dict(zip(expected, sources, strict=True))


def test_no_header_of_ours_is_taken_for_another() -> None:
    for table, declared in TABLES.items():
        names = [column.name for column in declared]
        assert matched(table, names, Mapping(), "a.csv") == dict(zip(names, names, strict=True))


def test_names_are_written_as_templates_write_them(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path, "ticket,queue,created,team", "7,1st Line (Mon-Fri),2026-03-02 09:00,Café Süd")
    ingest(store, TWIN, file, "visit_steps")
    assert store.rows("select visit_id, station, team from visit_steps", twin=TWIN) == [
        ("7", "1st_line_mon_fri", "café_süd")
    ]


def test_a_map_says_what_words_of_the_file_mean(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path, EXPORT, TICKET.replace("Urgent", "P1 - it's on fire").replace("Closed", "With vendor"))
    text = sentence(store, file, "visits")
    assert re.search(r"'Status' \(outcome\) in row 1 of the data holds 'With vendor'", text), text
    assert "done, abandoned, balked or open is needed" in text
    assert '[values.outcome] "With vendor" = "open"' in text
    told = tmp_path / "map.toml"
    told.write_text(
        '[values.outcome]\n"With vendor" = "open"\n[values.kind]\n"P1 - it\'s on fire" = "urgent"\n', encoding="utf-8"
    )
    ingest(store, TWIN, file, "visits", told)
    assert store.rows("select kind, outcome from visits", twin=TWIN) == [("urgent", "done")]


def test_a_map_of_values_that_cannot_be_used_reads_as_a_sentence(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path, EXPORT, TICKET)
    assert "Did you mean 'outcome'" in sentence(store, file, "visits", Mapping(values={"outcom": {"a": "open"}}))
    assert "only words" in sentence(store, file, "visits", Mapping(values={"arrived_at": {"a": "b"}}))
    still = sentence(store, file, "visits", Mapping(values={"outcome": {"Closed": "shut"}}))
    assert "done, abandoned, balked or open" in still
    path = tmp_path / "map.toml"
    for content in ("values = 3", "[values]\nkind = 3", "[values.kind]\nP1 = 3"):
        path.write_text(content)
        with pytest.raises(TwinError, match="must be"):
            read_mapping(path)


def test_who_came_is_told_in_any_usual_word(store: Store, tmp_path: Path) -> None:
    words = {"1": True, "0": False, "yes": True, "No": False, "TRUE": True, "absent": False, "1.0": True}
    rows = [f"first,early,{n},2026-03-02,{word}" for n, word in enumerate(words)]
    ingest(store, TWIN, written(tmp_path, "team,shift,agent,date,present", *rows), "attendance")
    found = store.rows("select present from attendance order by person", twin=TWIN)
    assert [came for (came,) in found] == list(words.values())


@pytest.mark.parametrize(
    ("table", "header", "row", "said"),
    [
        ("attendance", "team,shift,agent,date,present", "a,b,c,2026-03-02,perhaps", "holds 'perhaps'; yes or no is"),
        (
            "attendance",
            "team,shift,agent,date,present",
            "a,b,c,2026-03-02,",
            r"'present' in row 1 .* is empty",
        ),
        ("attendance", "team,shift,agent,date,present", "--,b,c,2026-03-02,1", "holds '--'; a name with letters"),
        ("attendance", "team,shift,agent,date,present", "a,b,c,2999-03-02,1", "a date between 1970 and today"),
        ("visits", "ticket,priority,created", "1,high,2999-03-02 10:00", "a date between 1970 and today"),
        ("visits", "ticket,priority,created", ",high,2026-03-02 10:00", r"'ticket' \(visit_id\) in row 1 .* is empty"),
        ("visits", "ticket,created", "1,2026-03-02 10:00", "no column for kind"),
        ("contracts", "customer,plan,start,end", "1,a,2026-03-02,2999-01-01", "a date between 1970 and 2200"),
        ("visit_steps", "ticket,queue,created", "1,,2026-03-02 10:00", r"'queue' \(station\) in row 1 .* is empty"),
        ("visits", "ticket,type,created,units", "1,a,2026-03-02,-4", "holds '-4'; a whole number from 0 to"),
        ("deliveries", "id,lane,sku,ordered_on,quantity", "1,a,b,2026-03-02,2.5", "holds '2.5'; a whole number is"),
        ("deliveries", "id,lane,sku,ordered_on,quantity,received", "1,a,b,2026-03-02,2,-1", "from 0 to"),
        ("stock_counts", "day,node,sku", "2026-03-02,a,b", "no column for quantity"),
        (
            "machine_events",
            "machine,group,time,state",
            "1,a,2026-03-02 10:00,humming",
            "running, idle, blocked, set_up,",
        ),
        ("machine_events", "machine,group,time,state", "1,a,2026-03-02 10:00,", r"'state' in row 1 .* is empty"),
        (
            "loans",
            "loan,issued on,principal,rate,term",
            "1,2026-03-02,900,8.5 %,12",
            "'rate' in row 1 .* holds '8.5 %'",
        ),
        ("loans", "loan,issued on,principal,rate,term", "1,2026-03-02,900,-0.1,12", "a number from 0 to 100 is needed"),
        (
            "loan_months",
            "loan,date,paid,balance,state",
            "1,2026-03-02,9,9,lost",
            "current, late_1, late_2, late_3, def",
        ),
        ("recoveries", "loan,date", "1,2026-03-02", "no column for amount"),
    ],
)
def test_a_wrong_value_names_column_row_and_value(
    store: Store, tmp_path: Path, table: str, header: str, row: str, said: str
) -> None:
    text = sentence(store, written(tmp_path, header, row), table)
    assert re.search(said, text), text


def test_a_contract_may_end_in_the_future(store: Store, tmp_path: Path) -> None:
    ingest(store, TWIN, written(tmp_path, "customer,plan,start,end", "1,a,2026-03-02,2199-12-31"), "contracts")
    assert store.rows("select ended_on::varchar from contracts", twin=TWIN) == [("2199-12-31",)]


def test_types_of_a_parquet_file_are_understood(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "visits.parquet"
    with store.cursor() as cursor:
        cursor.execute(
            "copy (select 17::bigint as ticket_id, 2::double as customer, 1 as priority, "
            f"timestamptz '2026-07-01 10:00:00+00' as created, null::timestamp as closed) to '{file}'"
        )
    ingest(store, TWIN, file, "visits")
    question = "select visit_id, customer_id, kind, arrived_at::varchar, outcome from visits"
    assert store.rows(question, twin=TWIN) == [("17", "2", "1", "2026-07-01 11:00:00", "open")]
