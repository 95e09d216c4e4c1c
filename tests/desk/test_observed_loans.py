"""The days of a lender as they were: counted by hand, and continued by the first played day without a break."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from twin.calibrate.loan_tables import LoanTables, loan_tables
from twin.desk.observed_loans import with_loans
from twin.spec.template import template

KIND = template("lender")
FIRST = date(2026, 3, 1)
VALUES = {name: float(one.value) for name, one in KIND.declarations.items()}


def lent() -> LoanTables:
    """One loan from before, which defaults; one that is granted and paid off; one of which no month was told yet."""
    loans = [("old", "2025-06-10", 1200.0), ("new", "2026-03-10", 100.0), ("untold", "2026-05-02", 50.0)]
    months: list[tuple[Any, ...]] = [
        ("old", "2026-03-05", 10.0, 0.0, 810.0, "late_3"),
        ("old", "2026-04-05", 8.0, 0.0, 818.0, "default"),
        ("old", "2026-05-05", 0.0, 0.0, 818.0, "default"),
        ("new", "2026-04-07", 1.0, 51.0, 50.0, "current"),
        ("new", "2026-05-07", 1.0, 51.0, 0.0, "paid_off"),
    ]
    back = pd.DataFrame([("old", "2026-05-09", 30.0)], columns=["loan_id", "received_on", "amount"])
    return loan_tables(
        pd.DataFrame(loans, columns=["loan_id", "granted_on", "amount"]).assign(rate=0.12, term_months=12),
        pd.DataFrame(months, columns=["loan_id", "due_on", "interest", "paid", "balance", "state"]),
        back,
        date(2026, 6, 1),
    )


@pytest.fixture
def days() -> pd.DataFrame:
    every = pd.DataFrame({"day": [FIRST + timedelta(days=n) for n in range(92)], "visits": 1})
    return with_loans(every, lent(), KIND.structure, VALUES).set_index("day")


def test_evenings_are_counted(days: pd.DataFrame) -> None:
    evenings = {
        date(2026, 3, 1): (1, 0, 800.0),
        date(2026, 3, 5): (1, 1, 810.0),
        date(2026, 3, 10): (2, 1, 910.0),
        date(2026, 4, 5): (1, 0, 100.0),
        date(2026, 4, 7): (1, 0, 50.0),
        date(2026, 5, 2): (2, 0, 100.0),
        date(2026, 5, 31): (1, 0, 50.0),
    }
    for day, (open_, late, owed) in evenings.items():
        found = days.loc[day]
        if day == date(2026, 3, 1):
            late = 1  # how it stood before the first month that is told is taken from that month
        assert (found["loans_open"], found["loans_late"], found["loan_balance"]) == (open_, late, owed), day
        assert found["loans_current"] == open_ - late


def test_what_happened_is_counted_on_its_day_and_once(days: pd.DataFrame) -> None:
    share = VALUES["recovery_share"]
    sums = {
        "loans_due": 4, "loans_defaulted": 1, "loans_paid": 1, "interest_income": 20.0, "loan_payments": 102.0,
        "loans_new": 2, "loans_lent": 150.0, "recoveries": 30.0, "loan_losses": 818.0 * (1 - share),
        "loan_balance_due": 800.0 + 810.0 + 100.0 + 50.0,
    }  # fmt: skip
    for name, total in sums.items():
        assert days[name].sum() == pytest.approx(total), name
    assert days.loc[date(2026, 4, 5), "loans_defaulted"] == 1
    assert days.loc[date(2026, 5, 9), "recoveries"] == 30.0


def test_the_fields_are_those_of_a_played_day(days: pd.DataFrame) -> None:
    assert set(days.columns) - {"visits"} <= set(KIND.structure.columns)
    assert np.isfinite(days.to_numpy(float)).all()


def test_before_any_loan_was_read_in_no_evening_has_one() -> None:
    whole = lent()
    nothing = loan_tables(whole.loans.head(0), whole.months.head(0), None, whole.today)
    every = pd.DataFrame({"day": [FIRST, FIRST + timedelta(days=1)], "visits": 1})
    found = with_loans(every, nothing, KIND.structure, VALUES)
    assert found["loans_open"].tolist() == [0, 0]
    assert found["loan_balance"].tolist() == [0.0, 0.0]
