"""New loans and recoveries: planted truths come back, however the records are cut off."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.planted_loans import BLUEPRINT, BOOK
from twin.calibrate.estimate import Part
from twin.calibrate.loan_tables import LoanTables, loan_tables
from twin.calibrate.loan_terms import new_loans, policies, recoveries

TODAY = date(2026, 11, 1)
MORNING = pd.Timestamp(TODAY)
SHARE, DAYS = 0.4, 150.0
PLANTS = 80


def lost(seed: int, defaults: int = 250) -> LoanTables:
    """Loans that defaulted over two years, of which a Beta share comes back after a log-normal time, if by today."""
    luck = np.random.default_rng(seed)
    ago = luck.integers(1, 731, defaults)
    owed = luck.lognormal(8.0, 0.7, defaults).round(2)
    back = (luck.beta(2 * SHARE, 2 * (1 - SHARE), defaults) * owed).round(2)
    wait = np.round(DAYS * luck.lognormal(-0.125, 0.5, defaults)).astype(int)
    names = [f"L{n}" for n in range(defaults)]
    due = MORNING - pd.to_timedelta(ago, unit="D")
    loans = pd.DataFrame({"loan_id": names, "granted_on": due - pd.DateOffset(months=1), "amount": owed * 2})
    months = pd.DataFrame({"loan_id": names, "due_on": due, "paid": 0.0, "balance": owed, "state": "default"})
    came = pd.DataFrame({"loan_id": names, "received_on": due + pd.to_timedelta(wait, unit="D"), "amount": back})
    return loan_tables(loans.assign(rate=0.1, term_months=36), months, came, TODAY)


def granted(seed: int, per_month: float = 100.0) -> LoanTables:
    """Two years of new loans with log-normal amounts of 5,000 and a scatter of 0.5."""
    luck = np.random.default_rng(seed)
    count = luck.poisson(per_month * 24)
    width = np.sqrt(np.log(1.25))
    loans = pd.DataFrame({
        "loan_id": [f"L{n}" for n in range(count)],
        "granted_on": MORNING - pd.to_timedelta(luck.integers(1, 731, count), unit="D"),
        "amount": 5000 * luck.lognormal(-(width**2) / 2, width, count),
        "rate": luck.choice([0.08, 0.1], count),
        "term_months": luck.choice([24, 48], count),
    })  # fmt: skip
    none = pd.DataFrame({"loan_id": [], "due_on": [], "paid": [], "balance": [], "state": []})
    return loan_tables(loans, none, None, TODAY)


def held(found: Part, name: str, true: float) -> bool:
    low, high = found.estimates[name].interval(BLUEPRINT.declarations[name].scale == "log")
    return low <= true <= high


@pytest.mark.parametrize("seed", range(4))
def test_what_comes_back_is_found_although_some_is_still_to_come(seed: int) -> None:
    found = recoveries(lost(seed, 2000), BOOK, BLUEPRINT).estimates
    for name, true in (("recovery_share", SHARE), ("recovery_days", DAYS)):
        assert abs(found[name].value - true) <= 3 * found[name].standard_error, found[name]
        assert found[name].standard_error < 0.05 * true


def test_plain_sums_would_be_too_low() -> None:
    tables = lost(1, 4000)
    plain = tables.recoveries["amount"].sum() / tables.months["balance"].sum()
    assert plain < SHARE - 0.03


def test_intervals_of_recoveries_hold_the_truth_as_often_as_they_say() -> None:
    parts = [recoveries(lost(seed), BOOK, BLUEPRINT) for seed in range(PLANTS)]
    for name, true in (("recovery_share", SHARE), ("recovery_days", DAYS)):
        share = sum(held(part, name, true) for part in parts) / PLANTS
        assert abs(share - 0.9) <= 3 * np.sqrt(0.9 * 0.1 / PLANTS), (name, share)


def test_share_and_days_are_known_together() -> None:
    ((names, matrix),) = recoveries(lost(2), BOOK, BLUEPRINT).covariances
    assert names == ("recovery_share", "recovery_days")
    assert np.linalg.eigvalsh(matrix).min() > 0.0


def test_few_defaults_tell_nothing_and_say_so() -> None:
    found = recoveries(lost(2, 12), BOOK, BLUEPRINT)
    assert not found.estimates
    assert found.reasons["recovery_share"] == "12 loans in default, 20 needed"


def test_a_default_that_is_told_again_counts_once_and_one_before_the_records_not() -> None:
    tables = lost(3, 400)
    later = tables.months.assign(due_on=tables.months["due_on"] + pd.Timedelta(days=31))
    twice = loan_tables(tables.loans, pd.concat([tables.months, later]), tables.recoveries, TODAY)
    one, other = (recoveries(each, BOOK, BLUEPRINT).estimates["recovery_share"] for each in (tables, twice))
    assert (one.value, one.rows) == (other.value, other.rows)
    long_ago = tables.loans.assign(granted_on=pd.Timestamp("2020-01-01"))
    unknown = recoveries(loan_tables(long_ago, tables.months, tables.recoveries, TODAY), BOOK, BLUEPRINT)
    assert unknown.reasons["recovery_share"].startswith("0 loans in default")


@pytest.mark.parametrize("seed", range(4))
def test_new_loans_are_as_many_and_as_large_as_planted(seed: int) -> None:
    found = new_loans(granted(seed), BOOK, BLUEPRINT).estimates
    for name, true in (("loans_new_per_month", 100.0), ("loan_amount", 5000.0), ("loan_amount_scatter", 0.5)):
        assert abs(found[name].value - true) <= 3 * found[name].standard_error, found[name]
        assert found[name].standard_error < 0.06 * true


def test_intervals_of_new_loans_hold_the_truth_as_often_as_they_say() -> None:
    parts = [new_loans(granted(seed), BOOK, BLUEPRINT) for seed in range(PLANTS)]
    for name, true in (("loans_new_per_month", 100.0), ("loan_amount", 5000.0), ("loan_amount_scatter", 0.5)):
        share = sum(held(part, name, true) for part in parts) / PLANTS
        assert abs(share - 0.9) <= 3 * np.sqrt(0.9 * 0.1 / PLANTS), (name, share)


def test_only_the_last_year_counts_and_a_young_lender_by_its_days() -> None:
    tables = granted(1)
    assert new_loans(tables, BOOK, BLUEPRINT).estimates["loan_amount"].rows == len(tables.year) < len(tables.loans)
    young = LoanTables(TODAY, tables.loans[tables.loans["granted_on"] >= MORNING - pd.Timedelta(days=61)], *[None] * 2)  # type: ignore[arg-type]
    found = new_loans(young, BOOK, BLUEPRINT).estimates["loans_new_per_month"]
    assert abs(found.value - 100.0) <= 3 * found.standard_error


def test_term_and_rate_are_facts_weighed_by_amount() -> None:
    tables = granted(1)
    year = tables.year
    found = policies(tables, BOOK, BLUEPRINT).estimates
    mean = (year["rate"] * year["amount"]).sum() / year["amount"].sum()
    assert found["loan_rate"].value == pytest.approx(mean, abs=5.1e-5)
    assert found["loan_term_months"].value == round(
        float((year["term_months"] * year["amount"]).sum() / year["amount"].sum())
    )
    assert found["loan_rate"].standard_error == 0.0
