"""The fictional lender: made again it is the same, it follows its truth, and the store takes all of it."""

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.data.generator import as_written, close, close_share, generator
from tests.fictional import truth
from tests.lender import LENDER, small
from twin.connect import ingest
from twin.store import Store, queries

TRUTH = truth("lender")
NUMBERS: dict[str, float] = TRUTH["parameters"]
ENDS = ("default", "paid_off")
LATE = ("current", "late_1", "late_2", "late_3")
NORMAL = NormalDist()
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def shipped() -> dict[str, pa.Table]:
    """The files of the project."""
    return {path.stem: pq.read_table(path) for path in LENDER.folder.glob("*.parquet")}


@pytest.fixture(scope="module")
def records(shipped: dict[str, pa.Table]) -> dict[str, Rows]:
    """The same as rows."""
    return {name: table.to_pylist() for name, table in shipped.items()}


@pytest.fixture(scope="module")
def steps(records: dict[str, Rows]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each month of a loan with the one after it."""
    by_loan: dict[str, Rows] = defaultdict(list)
    for row in records["loan_months"]:
        by_loan[row["loan_id"]].append(row)
    return [pair for rows in by_loan.values() for pair in pairwise(rows)]


def test_made_again_it_is_the_same(shipped: dict[str, pa.Table]) -> None:
    again = as_written(generator("lender").made(TRUTH), shipped)
    assert set(again) == set(shipped) == set(LENDER.tables)
    for name in LENDER.tables:
        assert again[name].equals(shipped[name].replace_schema_metadata(None)), name


def test_another_seed_makes_another_lender() -> None:
    brief = TRUTH | {"last_day": TRUTH["first_day"] + timedelta(days=20), "book_begins": date(2024, 4, 1)}
    one, again, other = (generator("lender").made(brief | {"seed": seed}) for seed in (1, 1, 2))
    for name in ("loans", "loan_months", "visits", "visit_steps", "attendance"):
        assert one[name].equals(again[name]), name
        assert not one[name].equals(other[name]), name


def test_every_file_says_that_it_is_fictional_and_all_are_small(shipped: dict[str, pa.Table]) -> None:
    for table in shipped.values():
        note = table.schema.metadata[b"note"].decode()
        assert "Fictional" in note
        assert "CC0" in note
    assert sum(path.stat().st_size for path in LENDER.folder.glob("*.parquet")) < 3_000_000


def test_the_readme_has_the_right_counts(shipped: dict[str, pa.Table]) -> None:
    words = (LENDER.folder / "README.md").read_text(encoding="utf-8")
    for name, table in shipped.items():
        (line,) = [line for line in words.splitlines() if line.startswith(f"| `{name}.parquet` |")]
        assert f"| {table.num_rows:,} |" in line


def test_money_is_never_made_or_lost(steps: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for before, after in steps:
        assert after["balance"] == before["balance"] + after["interest"] - after["paid"]
        if after["state"] == "paid_off":
            assert after["balance"] == 0


def test_interest_is_a_twelfth_of_the_rate(records: dict[str, Rows]) -> None:
    rate = {row["loan_id"]: row["rate"] for row in records["loans"]}
    for row in records["loan_months"][::50]:
        owed = row["balance"] + row["paid"] - row["interest"]
        assert abs(float(row["interest"]) - float(owed) * rate[row["loan_id"]] / 12) <= 0.0051


def test_states_follow_each_other_and_each_month_is_told(steps: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for before, after in steps:
        assert before["state"] not in ENDS
        months = 12 * (after["due_on"].year - before["due_on"].year) + after["due_on"].month - before["due_on"].month
        assert months == 1
        if after["state"] in LATE:
            assert LATE.index(after["state"]) - LATE.index(before["state"]) <= 1


@pytest.mark.parametrize("factor", [-2.0, 0.0, 1.5])
def test_a_month_is_as_bad_as_its_luck_makes_it(factor: float) -> None:
    script, shared = generator("lender"), 0.2
    book = script.Book(TRUTH | {"parameters": NUMBERS | {"correlation": shared}})
    book.factor, loans = factor, 4000
    late = 0
    for _ in range(loans):
        loan = script.Loan(1, date(2000, 1, 1), 100_000, 0.0, 480, 1, 100_000, 210, 480)
        book.one_month(loan, date(2001, 1, 1))
        late += loan.state > 0
    cut = NORMAL.inv_cdf(NUMBERS["late_share_month"] + NUMBERS["sudden_default_share"])
    given = NORMAL.cdf((cut - math.sqrt(shared) * factor) / math.sqrt(1 - shared))
    assert abs(late / loans - given) <= 3 * math.sqrt(given * (1 - given) / loans)


def test_a_month_keeps_some_of_the_luck_of_the_one_before() -> None:
    book = generator("lender").Book(TRUTH | {"parameters": NUMBERS | {"loans_new_per_month": 0}})
    found = []
    for month in range(2400):
        book.fall_due(date(1800 + month // 12, month % 12 + 1, 1))
        found.append(book.factor)
    luck, stays = np.array(found), NUMBERS["persistence"]
    assert abs(float(np.corrcoef(luck[:-1], luck[1:])[0, 1]) - stays) < 3 * math.sqrt((1 - stays**2) / len(luck))
    assert abs(float(luck.std()) - 1.0) < 3 * math.sqrt((1 + stays**2) / (1 - stays**2) / 2 / len(luck))


def test_calls_raise_cures(records: dict[str, Rows], steps: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    borrower = {row["loan_id"]: row["customer_id"] for row in records["loans"]}
    done: dict[str, list[date]] = defaultdict(list)
    for row in records["visits"]:
        if row["kind"] == "call" and row["outcome"] == "done":
            done[row["customer_id"]].append(row["ended_at"].date())
    cures: dict[tuple[str, bool], list[bool]] = defaultdict(list)
    for before, after in steps:
        if before["state"] in LATE[1:]:
            spoken = any(before["due_on"] <= day < after["due_on"] for day in done[borrower[before["loan_id"]]])
            cures[before["state"], spoken].append(after["state"] in ("current", "paid_off"))
    called, uncalled = cures["late_1", True], cures["late_1", False]
    assert len(uncalled) > 150
    assert sum(called) / len(called) > 1.3 * sum(uncalled) / len(uncalled)


def test_every_call_belongs_to_a_borrower_who_is_behind_that_day(records: dict[str, Rows]) -> None:
    loan = {row["customer_id"]: row["loan_id"] for row in records["loans"]}
    behind = {(row["loan_id"], row["due_on"]) for row in records["loan_months"] if row["state"] in LATE[1:]}
    calls = {(loan[row["customer_id"]], row["arrived_at"].date()) for row in records["visits"] if row["kind"] == "call"}
    assert calls == behind


def test_new_loans_are_as_many_and_as_large_as_they_truly_are(records: dict[str, Rows]) -> None:
    new = [row for row in records["loans"] if row["granted_on"] >= TRUTH["first_day"]]
    months = 730 / (365.25 / 12)
    close(len(new) / months, NUMBERS["loans_new_per_month"], math.sqrt(len(new)) / months)
    amount = np.array([float(row["amount"]) for row in new])
    close(float(amount.mean()), NUMBERS["loan_amount"], float(amount.std()) / math.sqrt(len(new)))
    for term, share in zip(TRUTH["terms"]["months"], TRUTH["terms"]["share"], strict=True):
        close_share(sum(row["term_months"] == term for row in new), len(new), share)
    assert {row["due_day"] for row in new} == set(range(1, 29))


def test_recoveries_come_of_defaults_and_never_exceed_them(records: dict[str, Rows]) -> None:
    owed = {row["loan_id"]: row for row in records["loan_months"] if row["state"] == "default"}
    for row in records["recoveries"]:
        assert row["received_on"] >= owed[row["loan_id"]]["due_on"]
        assert 0 < row["amount"] <= owed[row["loan_id"]]["balance"]


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with all six files in it."""
    with Store.open(tmp_path_factory.mktemp("lender") / "twin.duckdb") as store:
        store.create_twin("lender", "lender", {"currency": "EUR", "time_zone": TRUTH["time_zone"]})
        for table in LENDER.tables:
            report = ingest(store, "lender", LENDER.folder / f"{table}.parquet", table)
            assert report.rows_added == report.rows_kept == report.rows_read
        yield store


def test_the_store_takes_all_of_it_and_finds_nothing_amiss(lender: Store, shipped: dict[str, pa.Table]) -> None:
    snapshot = lender.snapshot("lender")
    assert snapshot
    assert snapshot.tables == {name: table.num_rows for name, table in shipped.items()}
    assert (snapshot.first_day, snapshot.last_day) == (TRUTH["first_day"], TRUTH["last_day"])
    still = [row for row in shipped["visits"].to_pylist() if row["outcome"] == "open"]
    assert {check.name: check.rows for check in snapshot.checks if check.rows} == {
        "open_visit": len(still),
        "customer_missing": shipped["visits"]["customer_id"].null_count,
    }
    for question, name in (
        (queries.loans_table, "loans"),
        (queries.loan_months_table, "loan_months"),
        (queries.recoveries_table, "recoveries"),
    ):
        assert question(lender, "lender").num_rows == shipped[name].num_rows


def test_a_smaller_lender_ends_in_the_middle_of_a_month() -> None:
    months = small()["loan_months"]["due_on"].to_pylist()
    assert max(months) == max(day.date() for day in small()["visits"]["arrived_at"].to_pylist())
    assert isinstance(small()["visits"]["arrived_at"][0].as_py(), datetime)
