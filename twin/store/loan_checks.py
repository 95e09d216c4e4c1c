"""What is looked for in loans, their months and recoveries, how often it was found, and what was done with it."""

import duckdb

from twin.store.rows import Check
from twin.store.sqltext import sql


def loan_checks(cursor: duckdb.DuckDBPyConnection, loans: str) -> list[Check]:
    """What was found in loans one by one."""
    nobody, high, monthless = cursor.execute(sql("loan_checks").format(loans=loans)).fetchall()[0]
    rate_note = "Loans at more than 100 % a year. Rates are shares: write 8.5 % as 0.085."
    return [
        Check("borrower_missing", nobody, "kept", "Loans without a borrower; no call can be told to be about them."),
        Check("rate_above_one", high, "kept", rate_note),
        Check("loan_without_months", monthless, "kept", "Loans of which no month was told; they are not played on."),
    ]


def loan_month_checks(cursor: duckdb.DuckDBPyConnection, months: str) -> list[Check]:
    """What was found in the months of loans, one after the other."""
    question = sql("loan_month_checks").format(months=months)
    lost, early, after, missing, twice, odd = cursor.execute(question).fetchall()[0]
    gap = f"Rows that follow on a gap, {missing} months in all. What became of the loan in it is not known."
    return [
        Check("month_without_loan", lost, "kept", "Months of loans that no file has told of yet; not used until then."),
        Check("due_before_granted", early, "kept", "Months that were due on or before the day the loan was granted."),
        Check("month_missing", after, "kept", gap),
        Check("two_in_a_month", twice, "kept", "Rows of loans that were due in that month before; the last counts."),
        Check(
            "state_cannot_follow",
            odd,
            "kept",
            "Rows whose state cannot follow on the one before; no share counts them.",
        ),
    ]


def recovery_checks(cursor: duckdb.DuckDBPyConnection, recoveries: str) -> list[Check]:
    """What was found in recoveries, held against the defaults that they are of."""
    healthy, much = cursor.execute(sql("recovery_checks").format(recoveries=recoveries)).fetchall()[0]
    return [
        Check("recovery_without_default", healthy, "kept", "Recoveries of loans not known to be in default; not used."),
        Check("recovered_more_than_owed", much, "kept", "Recoveries of loans of which more came back than was owed."),
    ]
