"""The days of a lender as they were: what was due, paid, lent and lost, and how the loans stood in the evening."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.spec.structure import Structure, number

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from twin.calibrate.loan_tables import LoanTables

LATE = ("late_1", "late_2", "late_3")
ENDED = ("default", "paid_off")


def with_loans(
    days: "pd.DataFrame", loans: "LoanTables", structure: Structure, values: Mapping[str, float]
) -> "pd.DataFrame":
    """The same days with the record's fields about loans.

    How a loan stood before the first month that is told of it is taken from that month; what it is expected to give
    back at default is the share that came back of all of them.

    days : every calendar day; values : the template's numbers, for a share that the records do not tell
    """
    from twin.calibrate.loan_terms import share_back

    share = share_back(loans)
    if share is None:
        share = number(next(iter(structure.books.values())).recovery_share, values)
    told = _told(loans)
    return days.assign(**_sums(days, told, loans, share), **_evenings(days, told, loans))


def _told(loans: "LoanTables") -> "pd.DataFrame":
    """Each month of a loan until it ended, with what it owed before; what is told of it afterwards is left out."""
    months = loans.months
    same = months["loan_id"] == months["loan_id"].shift()
    over = months["state"].isin(ENDED) & same
    after = over.shift(fill_value=False) & same
    told = months[~after].reset_index(drop=True)
    same = told["loan_id"] == told["loan_id"].shift()
    owed = told["balance"] + told["paid"] - told["interest"].fillna(0.0)
    return told.assign(first=~same, owed=told["balance"].shift().where(same, owed).clip(lower=0.0))


def _sums(days: "pd.DataFrame", told: "pd.DataFrame", loans: "LoanTables", share: float) -> "dict[str, np.ndarray]":
    """What happened on each day."""
    defaulted = (told["state"] == "default").astype(float)
    counted = {
        "loans_due": (told["due_on"], told["due_on"].notna().astype(float)),
        "loans_defaulted": (told["due_on"], defaulted),
        "loans_paid": (told["due_on"], (told["state"] == "paid_off").astype(float)),
        "loan_balance_due": (told["due_on"], told["owed"]),
        "interest_income": (told["due_on"], told["interest"].fillna(0.0)),
        "loan_payments": (told["due_on"], told["paid"]),
        "loan_losses": (told["due_on"], defaulted * told["balance"] * (1.0 - share)),
        "loans_new": (loans.loans["granted_on"], loans.loans["amount"].notna().astype(float)),
        "loans_lent": (loans.loans["granted_on"], loans.loans["amount"]),
        "recoveries": (loans.recoveries["received_on"], loans.recoveries["amount"]),
    }
    return {name: _by_day(days, when, amount) for name, (when, amount) in counted.items()}


def _evenings(days: "pd.DataFrame", told: "pd.DataFrame", loans: "LoanTables") -> "dict[str, np.ndarray]":
    """How many loans were open, current and behind in each evening, and what they owed."""
    import numpy as np
    import pandas as pd

    from twin.calibrate.visits import looked_up

    ended, behind = told["state"].isin(ENDED), told["state"].isin(LATE)
    before = behind.shift(fill_value=False).where(~told["first"], behind | (told["state"] == "default"))
    owes = told["balance"].where(~ended, 0.0)
    steps = pd.DataFrame({"day": told["due_on"], "open": -1.0 * ended, "late": 1.0 * behind - 1.0 * before})
    steps["owed"] = owes - told["owed"]
    granted = loans.loans.set_index("loan_id")
    begun = told[told["first"]]
    first = pd.DataFrame({"day": looked_up(begun["loan_id"], granted["granted_on"]), "open": 1.0, "late": 1.0 * before})
    first = first.loc[begun.index].assign(owed=begun["owed"])
    morning = pd.Timestamp(days["day"].iloc[0])
    first["day"] = first["day"].where(first["day"] >= morning, morning)
    new = granted[~granted.index.isin(told["loan_id"])]
    untold = pd.DataFrame({"day": new["granted_on"], "open": 1.0, "late": 0.0, "owed": new["amount"]})
    every = pd.concat([steps, first, untold])
    found = {name: np.cumsum(_by_day(days, every["day"], every[name])) for name in ("open", "late", "owed")}
    return {
        "loans_open": found["open"],
        "loans_late": found["late"],
        "loans_current": found["open"] - found["late"],
        "loan_balance": found["owed"],
    }


def _by_day(days: "pd.DataFrame", when: "pd.Series[Any]", amount: "pd.Series[Any]") -> "np.ndarray":
    """Amounts added up by day; those of other days are left out."""
    import numpy as np
    import pandas as pd

    place = (when - pd.Timestamp(days["day"].iloc[0])).dt.days.to_numpy()
    there = (place >= 0) & (place < len(days))
    return np.bincount(place[there], amount.to_numpy(float)[there], len(days))
