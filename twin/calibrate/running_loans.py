"""The loans that run this morning, as the model begins with them."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.loan_tables import DEFAULT, STATES, LoanTables, reached
from twin.calibrate.loan_terms import defaults

DUE_DAYS = 28  # the model's loans are due on a day that every month has
SILENT_DAYS = 62  # a loan that is not told of for two months does not run any more
Vectors = dict[str, NDArray[Any]]


def running(tables: LoanTables, calls: pd.DataFrame, place: int) -> Vectors:
    """Each running loan: what it owes and pays, its rate, months left and behind, its day, whether it was called.

    calls : finished calls: customer_id, ended_at; place : of the book
    An instalment of 0 follows from the rest. `loan_new` marks loans that were granted in this calendar month, which
    are first due in the next.
    """
    loans = tables.loans.merge(_last(tables), on="loan_id", how="left")
    told = loans["state"].notna()
    new = ~told & ((tables.morning - loans["granted_on"]).dt.days <= SILENT_DAYS)
    fresh = told & (loans["due_on"] > tables.morning - pd.Timedelta(days=SILENT_DAYS))
    state = loans["state"].map({name: n for n, name in enumerate(STATES)}).fillna(0).astype(int)
    loans = loans[new | (fresh & (state < DEFAULT))].reset_index(drop=True)
    state = loans["state"].map({name: n for n, name in enumerate(STATES)}).fillna(0).astype(int)
    since = loans["due_on"].fillna(loans["granted_on"])
    day = loans["due_day"].fillna(loans["due_on"].dt.day).fillna(loans["granted_on"].dt.day)
    left = loans["term_months"] - (_nth(since) - _nth(loans["granted_on"]))
    asked = loans.assign(since=since, until=tables.morning)
    return {
        "loan_book": np.full(len(loans), place, np.int64),
        "loan_balance": loans["balance"].fillna(loans["amount"]).to_numpy(float),
        "loan_instalment": loans["due"].fillna(0.0).to_numpy(float),
        "loan_rate": loans["rate"].to_numpy(float),
        "loan_months_left": np.maximum(left.to_numpy(), 0).astype(np.int64),
        "loan_months_behind": state.to_numpy(np.int64),
        "loan_due_day": np.clip(day.to_numpy(), 1, DUE_DAYS).astype(np.int64),
        "loan_called": reached(asked, calls, "since", "until").astype(np.int64),
        "loan_new": (_nth(loans["granted_on"]) == 12 * tables.today.year + tables.today.month).astype(np.int64),
    }


def lost(tables: LoanTables, place: int) -> Vectors:
    """Each loan in default that something may still come back of: what was owed then, and how many days ago that is."""
    found = defaults(tables)
    return {
        "lost_book": np.full(len(found), place, np.int64),
        "lost_balance": found["balance"].to_numpy(float),
        "lost_days_ago": (tables.morning - found["due_on"]).dt.days.to_numpy(np.int64),
    }


def _last(tables: LoanTables) -> pd.DataFrame:
    """The last month that is told of each loan."""
    return tables.months.drop_duplicates("loan_id", keep="last")[["loan_id", "due_on", "due", "balance", "state"]]


def _nth(days: pd.Series) -> NDArray[np.int64]:
    """Calendar months, counted through the years."""
    return np.asarray(12 * days.dt.year + days.dt.month, dtype=np.int64)
