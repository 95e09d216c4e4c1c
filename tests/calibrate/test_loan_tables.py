"""Loans as records tell of them: what followed on what, who was called, and what runs this morning."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.planted_loans import BOOK
from twin.calibrate.arrears import steps
from twin.calibrate.loan_tables import CURRENT, LoanTables, loan_tables, reached
from twin.calibrate.loan_terms import defaults, share_back
from twin.calibrate.running_loans import lost, running
from twin.errors import TwinError

TODAY = date(2026, 6, 11)
NO_CALLS = pd.DataFrame({"customer_id": pd.Series([], dtype=object), "ended_at": pd.Series([], dtype="datetime64[us]")})
LONG_AGO = pd.Timestamp("2020-01-01")


def loan(name: str, granted: str, **more: Any) -> dict[str, Any]:
    usual = {"customer_id": f"B{name}", "amount": 1200.0, "rate": 0.12, "term_months": 12, "due_day": 5}
    return {"loan_id": name, "granted_on": granted, **usual, **more}


def month(name: str, day: str, state: str, balance: float = 900.0, paid: float = 106.62) -> dict[str, Any]:
    return {"loan_id": name, "due_on": day, "due": 106.62, "paid": paid, "balance": balance, "state": state}


def tables(loans: list[dict[str, Any]], months: list[dict[str, Any]]) -> LoanTables:
    columns = ["loan_id", "due_on", "due", "paid", "balance", "state"]
    lent = pd.DataFrame(loans, columns=None if loans else [*loan("0", "2026-01-01")])
    return loan_tables(lent, pd.DataFrame(months, columns=columns), None, TODAY)


def befores(found: LoanTables) -> list[int]:
    return [int(n) for n in found.followed["before"]]


def test_the_first_month_of_a_new_loan_follows_on_nothing_owed_amiss() -> None:
    assert befores(tables([loan("1", "2026-02-10")], [month("1", "2026-03-05", "late_1")])) == [CURRENT]


def test_what_was_before_is_not_known_of_an_older_loan_or_after_a_gap_or_a_jump() -> None:
    old = [month("1", "2026-03-05", "late_1"), month("1", "2026-05-05", "late_2"), month("1", "2026-06-05", "late_3")]
    assert befores(tables([loan("1", "2025-11-10")], old)) == [-1, -1, 2]
    jump = [month("1", "2026-03-05", "current"), month("1", "2026-04-05", "late_3")]
    assert befores(tables([loan("1", "2026-02-10")], jump)) == [CURRENT, -1]


def test_months_before_the_loan_and_after_its_end_are_not_used_and_the_last_of_two_counts() -> None:
    told = [
        month("1", "2026-02-05", "current"),
        month("1", "2026-03-05", "late_1"),
        month("1", "2026-03-25", "current"),
        month("1", "2026-04-05", "paid_off"),
        month("1", "2026-05-05", "paid_off"),
    ]
    found = tables([loan("1", "2026-02-10")], told)
    assert [str(day.date()) for day in found.followed["due_on"]] == ["2026-03-25", "2026-04-05", "2026-05-05"]
    assert befores(found) == [CURRENT, CURRENT, -1]


def test_a_call_counts_from_the_day_on_which_the_loan_was_due_until_it_is_due_again() -> None:
    told = [month("1", "2026-03-05", "late_1"), month("1", "2026-04-05", "current")]
    found = tables([loan("1", "2026-02-10")], told).followed
    for ended, spoken in {
        "2026-03-04 23:59": [True, False],  # since the loan was granted
        "2026-03-05 09:00": [False, True],
        "2026-04-04 18:00": [False, True],
        "2026-04-05 09:00": [False, False],
    }.items():
        calls = pd.DataFrame({"customer_id": ["B1"], "ended_at": pd.to_datetime([ended])})
        assert reached(found, calls).tolist() == spoken, ended
    other = pd.DataFrame({"customer_id": ["B2"], "ended_at": pd.to_datetime(["2026-03-10"])})
    assert not reached(found, other).any()
    assert not reached(found, NO_CALLS).any()


def ways(
    *told: dict[str, Any], calls: pd.DataFrame = NO_CALLS, since: pd.Timestamp = LONG_AGO
) -> list[tuple[int, ...]]:
    """Months behind, called, way (default, worse, same, cure) of everything that is counted."""
    found = steps(tables([loan("1", "2026-01-10")], list(told)), calls, since, BOOK)
    return [(int(behind), int(called), int(way)) for _, behind, called, way in np.argwhere(found.counts > 0)]


def test_each_month_goes_its_way() -> None:
    late = month("1", "2026-02-05", "late_1")
    assert ways(late) == [(0, 0, 1)]
    assert ways(month("1", "2026-02-05", "default")) == [(0, 0, 0)]
    for state, way in (("late_1", 2), ("late_2", 1), ("current", 3), ("default", 0)):
        assert ways(late, month("1", "2026-03-05", state))[-1] == (1, 0, way)
    assert ways(late, month("1", "2026-03-05", "paid_off", 0.0, 213.24))[-1] == (1, 0, 3)
    assert ways(late, month("1", "2026-03-05", "paid_off", 0.0, 80.0))[-1] == (1, 0, 2), "an instalment was all it took"


def test_default_from_the_third_month_is_falling_further_behind() -> None:
    told = [month("1", f"2026-0{n + 1}-05", f"late_{n}") for n in (1, 2, 3)]
    assert ways(*told, month("1", "2026-05-05", "default"))[-1] == (3, 0, 1)


def test_those_who_may_have_been_called_before_calls_were_written_down_are_left_out() -> None:
    told = [month("1", "2026-02-05", "late_1"), month("1", "2026-03-05", "current")]
    assert ways(*told, since=pd.Timestamp("2026-02-06")) == [(0, 0, 1)]
    calls = pd.DataFrame({"customer_id": ["B1"], "ended_at": pd.to_datetime(["2026-02-08"])})
    assert ways(*told, calls=calls) == [(0, 0, 1), (1, 1, 3)]


def test_what_runs_this_morning() -> None:
    loans = [
        loan("told", "2026-01-10"),
        loan("new", "2026-05-20", due_day=None),
        loan("today", "2026-06-03"),
        loan("over", "2026-01-10"),
        loan("silent", "2026-01-10"),
        loan("never", "2026-01-10"),
        loan("late_in_month", "2026-01-10", due_day=31),
    ]
    told = [
        month("told", "2026-05-05", "late_1"),
        month("told", "2026-06-05", "late_2", 1100.0),
        month("over", "2026-06-05", "paid_off", 0.0),
        month("silent", "2026-03-05", "current"),
        month("late_in_month", "2026-05-31", "current"),
    ]
    calls = pd.DataFrame({"customer_id": ["Btold"], "ended_at": pd.to_datetime(["2026-06-08 10:00"])})
    found = running(tables(loans, told), calls, 0)
    rows = dict(zip(["late_in_month", "told", "new", "today"], np.arange(4), strict=True))
    assert len(found["loan_book"]) == 4
    expected = {
        "told": (1100.0, 106.62, 7, 2, 5, 1, 0),
        "new": (1200.0, 0.0, 12, 0, 20, 0, 0),
        "today": (1200.0, 0.0, 12, 0, 5, 0, 1),
        "late_in_month": (900.0, 106.62, 8, 0, 28, 0, 0),
    }
    names = ("balance", "instalment", "months_left", "months_behind", "due_day", "called", "new")
    for name, values in expected.items():
        assert tuple(float(found[f"loan_{one}"][rows[name]]) for one in names) == values, name


def test_of_what_was_lost_something_may_still_come() -> None:
    told = [month("1", "2026-02-05", "late_1"), month("1", "2026-03-05", "default", 700.0)]
    found = lost(tables([loan("1", "2026-01-10")], told), 3)
    assert [found[name].tolist() for name in ("lost_book", "lost_balance", "lost_days_ago")] == [[3], [700.0], [98]]


def test_an_earlier_morning_knows_only_what_came_before() -> None:
    told = [month("1", "2026-02-05", "late_1"), month("1", "2026-03-05", "default")]
    found = tables([loan("1", "2026-01-10"), loan("2", "2026-03-10")], told).cut(date(2026, 3, 5))
    assert (len(found.loans), len(found.months)) == (1, 1)


def test_records_that_cannot_be_read_say_so() -> None:
    short = pd.DataFrame({"loan_id": [], "due_on": [], "paid": [], "state": []})
    with pytest.raises(TwinError, match="has no column balance"):
        loan_tables(pd.DataFrame([loan("1", "2026-01-10")]), short, None, TODAY)
    with pytest.raises(TwinError, match=r"has the state 'lost'\. States are: current, late_1"):
        tables([loan("1", "2026-01-10")], [month("1", "2026-02-05", "lost")])


def test_a_lender_of_whom_only_calls_were_read_in_has_no_defaults() -> None:
    nothing = tables([], [])
    assert len(defaults(nothing)) == 0
    assert share_back(nothing) is None


def test_months_of_loans_that_no_file_has_told_of_yet_are_read_all_the_same() -> None:
    assert len(defaults(tables([], [month("1", "2026-03-05", "default")]))) == 0
