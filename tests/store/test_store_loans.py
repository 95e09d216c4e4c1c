"""Loans, their months and recoveries: what is kept, what is found amiss, and what is asked of them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from twin.connect import IngestReport, ingest
from twin.store import Store, queries

TWIN = "gift-shop"
HEADERS = {
    "visits": "visit_id,kind,arrived_at,ended_at",
    "loans": "loan_id,customer_id,book,granted_on,amount,rate,term_months,due_day",
    "loan_months": "loan_id,due_on,due,interest,paid,balance,state",
    "recoveries": "loan_id,received_on,amount",
}
LOAN = "L1,B1,,2025-01-10,1200,0.06,12,5"
Tell = Callable[..., IngestReport]


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


def months(*states: str, loan: str = "L1", first: int = 2) -> list[str]:
    """A loan month by month from February 2025 on, in these states; an empty one is not told."""
    told = [(first + n, state) for n, state in enumerate(states) if state]
    return [f"{loan},2025-{month:02d}-05,103.28,5.5,103.28,900,{state}" for month, state in told]


def test_told_twice_it_is_kept_once_and_a_newer_version_counts(store: Store, tell: Tell) -> None:
    assert rows_of(tell("loans", LOAN, LOAN))["exact_duplicate"] == 1
    tell("loan_months", *months("current", "late_1"))
    again = tell("loan_months", *months("current", "current"))
    assert (again.rows_added, rows_of(again)["older_version"]) == (1, 0)
    assert store.rows("select state from loan_months order by due_on", twin=TWIN) == [("current",), ("current",)]
    aside = store.rows("select reason, table_name from records_set_aside order by table_name", twin=TWIN)
    assert aside == [("older_version", "loan_months"), ("exact_duplicate", "loans")]


def test_amounts_below_zero_are_set_aside(store: Store, tell: Tell) -> None:
    assert rows_of(tell("loans", LOAN, "L2,B2,,2025-01-10,0,0.06,12,5"))["negative_amount"] == 1
    report = tell("loan_months", *months("current"), "L1,2025-03-05,103,5,-103,900,current")
    assert rows_of(report)["negative_amount"] == 1
    assert rows_of(tell("recoveries", "L1,2025-09-01,-4"))["negative_amount"] == 1
    counts = (
        "select (select count(*) from loans), (select count(*) from loan_months), (select count(*) from recoveries)"
    )
    assert store.rows(counts, twin=TWIN) == [(1, 1, 0)]
    reasons = store.rows("select distinct reason from records_set_aside", twin=TWIN)
    assert reasons == [("negative_amount",)]


def test_a_month_without_its_loan_is_not_used_until_the_loan_is_told(store: Store, tell: Tell) -> None:
    tell("visits", "V1,call,2025-12-01 10:00,2025-12-01 10:30", "V2,call,2025-12-02 10:00,2025-12-02 10:30")
    assert rows_of(tell("loan_months", *months("current")))["month_without_loan"] == 1
    assert queries.loan_months_table(store, TWIN).num_rows == 0
    tell("loans", LOAN)
    assert queries.loan_months_table(store, TWIN).num_rows == 1
    kept = store.snapshot(TWIN)
    assert kept
    assert {check.name: check.rows for check in kept.checks}["month_without_loan"] == 0


@pytest.mark.parametrize(
    ("states", "odd", "gaps"),
    [
        (("current", "late_1", "late_2", "late_3", "default"), 0, 0),
        (("late_2", "current", "default", "default"), 0, 0),
        (("late_3", "late_1", "paid_off", "paid_off"), 0, 0),
        (("current", "late_2"), 1, 0),
        (("late_1", "late_3"), 1, 0),
        (("default", "late_1"), 1, 0),
        (("paid_off", "current"), 1, 0),
        (("paid_off", "", "current"), 1, 0),
        (("current", "", "", "late_3"), 0, 1),
        (("current", "", "late_1"), 0, 1),
    ],
)
def test_states_follow_each_other_or_are_told_of(tell: Tell, states: tuple[str, ...], odd: int, gaps: int) -> None:
    tell("loans", LOAN)
    found = rows_of(tell("loan_months", *months(*states)))
    assert (found["state_cannot_follow"], found["month_missing"]) == (odd, gaps)


def test_days_that_cannot_be_are_counted(tell: Tell) -> None:
    tell("loans", "L1,B1,,2025-02-20,1200,0.06,12,5")
    found = rows_of(tell("loan_months", *months("current", "current"), "L1,2025-03-25,103,5,103,800,current"))
    assert (found["due_before_granted"], found["two_in_a_month"]) == (1, 1)


def test_what_is_missing_about_loans_is_counted(tell: Tell) -> None:
    tell("loan_months", *months("current", *[""] * 8, "current"))
    found = rows_of(tell("loans", "L1,,,2025-01-10,1200,8.5,12,5", "L2,B2,,2025-06-10,1200,0.085,12,5"))
    assert (found["borrower_missing"], found["rate_above_one"], found["loan_without_months"]) == (1, 1, 1)


def test_recoveries_are_held_against_defaults(tell: Tell) -> None:
    tell("loans", LOAN, "L2,B2,,2025-01-10,1200,0.06,12,5")
    tell("loan_months", *months("default"), *months("current", loan="L2"))
    report = tell("recoveries", "L1,2025-03-01,500", "L1,2025-04-01,401", "L1,2025-01-01,1", "L2,2025-04-01,5")
    found = rows_of(report)
    assert (found["recovery_without_default"], found["recovered_more_than_owed"]) == (2, 3)


def test_states_are_understood_in_the_words_of_files(store: Store, tell: Tell) -> None:
    tell("loans", LOAN)
    tell("loan_months", *months("Performing", "1-30", "Charged Off"))
    assert store.rows("select state from loan_months order by due_on", twin=TWIN) == [
        ("current",), ("late_1",), ("default",),
    ]  # fmt: skip


def test_only_what_was_known_on_the_last_complete_day_is_told(store: Store, tell: Tell) -> None:
    tell("visits", "V1,call,2025-03-01 10:00,2025-03-01 10:30", "V2,call,2025-03-02 10:00,2025-03-02 10:30")
    tell("loans", LOAN, "L2,B2,,2025-06-10,1200,0.06,12,5")
    tell("loan_months", *months("current", "current"))
    tell("recoveries", "L1,2025-02-10,5", "L1,2025-05-01,6")
    assert queries.loans_table(store, TWIN)["loan_id"].to_pylist() == ["L1"]
    assert queries.loan_months_table(store, TWIN)["due_on"].to_pylist() == [date(2025, 2, 5)]
    assert queries.recoveries_table(store, TWIN)["amount"].to_pylist() == [5.0]


def test_questions_have_the_columns_they_promise(store: Store, tell: Tell) -> None:
    tell("visits", "V1,call,2025-12-01 10:00,2025-12-01 10:30", "V2,call,2025-12-02 10:00,2025-12-02 10:30")
    promised: dict[Any, list[str]] = {
        queries.loans_table: HEADERS["loans"].split(","),
        queries.loan_months_table: HEADERS["loan_months"].split(","),
        queries.recoveries_table: HEADERS["recoveries"].split(","),
    }
    for question, names in promised.items():
        assert question(store, TWIN).column_names == names


def test_in_whatever_order_files_come_the_content_is_the_same(store: Store, tell: Tell) -> None:
    files = [("loans", LOAN), ("loan_months", months("late_1")[0]), ("recoveries", "L1,2025-09-01,4")]
    names = set()
    for twin, order in {"one": (0, 1, 2), "two": (2, 1, 0)}.items():
        store.create_twin(twin, "lender", {})
        for place in order:
            report = tell(*files[place], twin=twin)
        names.add(report.snapshot)
    assert len(names) == 1
