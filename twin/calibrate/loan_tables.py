"""The records of a lender: loans, what became of them month by month, and what came back of those in default."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from twin.calibrate.tables import YEAR_DAYS
from twin.calibrate.visits import as_kind
from twin.errors import TwinError

COLUMNS: dict[str, dict[str, str]] = {
    "loans": {
        "loan_id": "text",
        "customer_id": "text",
        "book": "text",
        "granted_on": "time",
        "amount": "number",
        "rate": "number",
        "term_months": "number",
        "due_day": "number",
    },
    "loan_months": {
        "loan_id": "text",
        "due_on": "time",
        "due": "number",
        "interest": "number",
        "paid": "number",
        "balance": "number",
        "state": "text",
    },
    "recoveries": {"loan_id": "text", "received_on": "time", "amount": "number"},
}
LEFT_OUT = {"customer_id", "book", "due_day", "due", "interest"}  # columns that records may lack
ORDER = {
    "loans": ["granted_on", "loan_id"],
    "loan_months": ["loan_id", "due_on"],
    "recoveries": ["received_on", "loan_id"],
}
STATES = ("current", "late_1", "late_2", "late_3", "default", "paid_off")
CURRENT, DEFAULT, PAID_OFF = 0, 4, 5  # 1, 2 and 3 are months behind
MORE_THAN_ONE = 1.5  # instalments that somebody paid who paid up as well


@dataclass(frozen=True)
class LoanTables:
    """Everything that was known of loans on the morning of today.

    loans       loan_id, customer_id, book, granted_on, amount, rate, term_months, due_day
    months      loan_id, due_on, due, interest, paid, balance, state, in the order of each loan
    recoveries  loan_id, received_on, amount
    """

    today: date
    loans: pd.DataFrame
    months: pd.DataFrame
    recoveries: pd.DataFrame

    @property
    def morning(self) -> pd.Timestamp:
        """Today, as pandas counts days."""
        return pd.Timestamp(self.today)

    @property
    def year(self) -> pd.DataFrame:
        """The loans that were granted in the last 365 days."""
        return self.loans[self.loans["granted_on"] >= self.morning - pd.Timedelta(days=YEAR_DAYS)]

    @property
    def year_days(self) -> int:
        """How many days of the last year loans are known to have been granted on; fewer for a younger lender."""
        first = self.loans["granted_on"].min()
        return min(YEAR_DAYS, int((self.morning - first).days)) if len(self.loans) else 0

    def cut(self, today: date) -> "LoanTables":
        """The same records as they stood on an earlier morning."""
        return loan_tables(self.loans, self.months, self.recoveries, today)

    def of_book(self, book: str, only: bool) -> "LoanTables":
        """The loans of one book; those that name none belong to the only one."""
        loans = self.loans[(self.loans["book"] == book) | (self.loans["book"].isna() & only)]
        months, recoveries = (part[part["loan_id"].isin(loans["loan_id"])] for part in (self.months, self.recoveries))
        return LoanTables(self.today, loans.reset_index(drop=True), months, recoveries)

    @cached_property
    def followed(self) -> pd.DataFrame:
        """Each month of a loan with its loan and the state before, in the order of each loan.

        Columns of both tables; was_due : the day on which it was due before; after, before : places among STATES.
        Before is -1 where it is not known: after a gap, in the first month that is told of an older loan, and where the
        states cannot follow each other.
        """
        told = self.months.drop_duplicates(["loan_id", "nth"], keep="last").merge(self.loans, on="loan_id", sort=False)
        told = told[told["due_on"] > told["granted_on"]].reset_index(drop=True)
        state = told["state"].map(STATES.index).to_numpy(np.int64)
        same = (told["loan_id"] == told["loan_id"].shift()).to_numpy()
        nth, granted = told["nth"].to_numpy(), _month(told["granted_on"])
        first = ~same & (nth - granted == 1)
        step = same & (nth - np.r_[0, nth[:-1]] == 1)
        before = np.where(step, np.r_[0, state[:-1]], np.where(first, CURRENT, -1)) if len(told) else state
        jumps = (state < DEFAULT) & (state - before > 1)
        before = np.where((before >= DEFAULT) | jumps, -1, before)
        was_due = told["due_on"].shift().where(step, told["granted_on"])
        return told.assign(after=state, before=before, was_due=was_due)


def loan_tables(loans: pd.DataFrame, months: pd.DataFrame, recoveries: pd.DataFrame | None, today: date) -> LoanTables:
    """The records as they stood on a morning, checked and in a fixed order, whatever order they came in."""
    empty = pd.DataFrame({column: [] for column in COLUMNS["recoveries"]})
    given = {"loans": loans, "loan_months": months, "recoveries": empty if recoveries is None else recoveries}
    known = {name: _checked(name, frame) for name, frame in given.items()}
    odd = sorted(set(known["loan_months"]["state"].dropna()) - set(STATES))
    if odd:
        raise TwinError(f"The table loan_months has the state '{odd[0]}'. States are: {', '.join(STATES)}.")
    morning = pd.Timestamp(today)
    for name, day in (("loans", "granted_on"), ("loan_months", "due_on"), ("recoveries", "received_on")):
        frame = known[name]
        known[name] = frame[frame[day] < morning].sort_values(ORDER[name], ignore_index=True)
    known["loan_months"] = known["loan_months"].assign(nth=_month(known["loan_months"]["due_on"]))
    return LoanTables(today, known["loans"], known["loan_months"], known["recoveries"])


def reached(followed: pd.DataFrame, calls: pd.DataFrame, since: str = "was_due", until: str = "due_on") -> np.ndarray:
    """Whether the borrower was spoken to between two days: a call was finished on the first of them or after.

    calls : customer_id, ended_at of those that were finished
    """
    asked = followed[["customer_id", since, until]].assign(row=np.arange(len(followed)))
    asked = asked[asked["customer_id"].notna()].astype({until: "datetime64[us]"}).sort_values(until, kind="stable")
    done = calls[["customer_id", "ended_at"]].dropna().astype({"customer_id": object, "ended_at": "datetime64[us]"})
    done = done.sort_values("ended_at", kind="stable")
    found = pd.merge_asof(asked, done, left_on=until, right_on="ended_at", by="customer_id", allow_exact_matches=False)
    spoken = np.zeros(len(followed), bool)
    spoken[found["row"].to_numpy()] = (found["ended_at"] >= found[since]).to_numpy(bool)
    return spoken


def _checked(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that calibration needs, each as what it is."""
    needed = COLUMNS[name]
    missing = [column for column in needed if column not in frame.columns and column not in LEFT_OUT]
    if missing:
        raise TwinError(f"The table {name} has no column {', '.join(missing)}; calibration needs {', '.join(needed)}.")
    nothing = pd.Series(None, index=frame.index, dtype=object)
    return pd.DataFrame({column: as_kind(frame.get(column, nothing), what) for column, what in needed.items()})


def _month(days: pd.Series) -> np.ndarray:
    """Calendar months, counted through the years."""
    return np.asarray(12 * days.dt.year + days.dt.month, dtype=np.int64)
