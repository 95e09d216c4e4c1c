"""Real borrowers: 30,000 holders of credit cards in Taiwan, April to September 2005 (I-Cheng Yeh, UCI 350).

The records cannot be shipped; the folder that TWIN_REAL_DATA names may hold them as credit_card_default_taiwan.parquet.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.planted_loans import BLUEPRINT, BOOK
from twin.calibrate.arrears import Steps, arrears, steps
from twin.calibrate.loan_tables import loan_tables

TODAY = date(2005, 10, 1)
MONTHS = {"PAY_6": 4, "PAY_5": 5, "PAY_4": 6, "PAY_3": 7, "PAY_2": 8}  # September's is told by another rule
STATES = ["current", "late_1", "late_1", "late_2", "late_3", "default"]  # hardly any month is told as 1 behind


@pytest.fixture(scope="module")
def found(real_data: Path) -> Steps:
    """What became of every holder from month to month, as of loans that nobody calls about."""
    file = real_data / "credit_card_default_taiwan.parquet"
    if not file.exists():
        pytest.skip(f"{file.name} is not among the records that TWIN_REAL_DATA names.")
    told = pd.read_parquet(file)
    names = told["ID"].astype(int).astype(str)
    months = [
        pd.DataFrame({
            "loan_id": names,
            "due_on": pd.Timestamp(2005, month, 5),
            "state": np.array(STATES)[told[column].clip(0, 5).astype(int)],
            "paid": 0.0,
            "balance": told["BILL_AMT1"].clip(lower=0.0),
        })
        for column, month in MONTHS.items()
    ]  # fmt: skip
    loans = pd.DataFrame({"loan_id": names, "granted_on": pd.Timestamp(2004, 1, 1), "amount": told["LIMIT_BAL"]})
    tables = loan_tables(loans.assign(rate=0.2, term_months=24), pd.concat(months), None, TODAY)
    nobody = pd.DataFrame({"customer_id": [], "ended_at": pd.to_datetime([])})
    return steps(tables, nobody, pd.Timestamp(2000, 1, 1), BOOK.model_copy(update={"collections": None}))


def test_shares_lie_among_those_of_the_months(found: Steps) -> None:
    part = arrears(found, BLUEPRINT)
    for name, behind, way in (("late_share_month", 0, 1), ("worse_share_1", 1, 1), ("cure_share_1", 1, 3)):
        own = found.counts[:, behind].sum(axis=1)
        by_month = own[:, way] / own.sum(axis=1)
        one = part.estimates[name]
        assert by_month.min() <= one.value <= by_month.max(), (name, by_month, one)
        assert one.standard_error > np.sqrt(one.value * (1 - one.value) / own.sum()), (
            "months differ by more than chance"
        )


def test_four_steps_tell_no_shared_luck_and_no_effect_of_calls(found: Steps) -> None:
    part = arrears(found, BLUEPRINT)
    assert len(found.counts) == 4
    assert {"correlation", "persistence", "times_today", "cure_response"} <= set(part.reasons)
    assert part.estimates["late_share_month"].rows > 80_000
