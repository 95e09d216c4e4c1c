"""Contracts and how often their customers come: known answers, phases of renewal, days that differ."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, nbinom

from tests.calibrate.desk import declaration
from tests.calibrate.small_visits import FIRST, TODAY, Row, at, records, visit
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.contracts import active, contracts, renewals
from twin.calibrate.rates import Counts, exposures, fitted, rates
from twin.calibrate.visits import VisitTables
from twin.spec.structure import Structure

DATASETS = 150
FIRST_VISIT = visit(0, 0.0, 5.0)  # the records begin on 1 January; today is 70 days later


def business(**segments: dict) -> Blueprint:
    structure = Structure.model_validate(
        {
            "segments": {name: {"relation": "contract"} | content for name, content in segments.items()},
            "kinds": {"usual": {"start": "counter"}},
            "teams": {"clerks": {"shifts": {"day": {"start": "09:00", "end": "17:00", "people": 2}}}},
            "stations": {"counter": {"teams": ["clerks"], "minutes": 5.0}},
        }
    )
    names = dict.fromkeys(of for _, of in structure.numbers() if isinstance(of, str))
    return Blueprint(structure, {name: declaration(name, 2.0) for name in names})


def contract(customer: str, started: int, ended: int | None = None, segment: str = "usual") -> Row:
    """A contract by day of the records."""
    return customer, segment, at(1440 * started), None if ended is None else at(1440 * ended)


def found(*rows: Row) -> VisitTables:
    return records(visits=[FIRST_VISIT], contracts=rows)


def counted(*rows: Row) -> tuple[int, int]:
    tables = found(*rows)
    one = renewals(tables.contracts, 30, tables)
    return one.due, one.refused


def test_renewals_inside_the_records_are_counted() -> None:
    assert counted(contract("a", 0)) == (2, 0)  # days 30 and 60 of 70
    assert counted(contract("a", 10)) == (1, 0)  # day 40; day 70 is today, and still to come
    assert counted(contract("a", 9)) == (2, 0)
    assert counted(contract("a", 50)) == (0, 0)
    assert counted(contract("a", 0, 30)) == (1, 1)
    assert counted(contract("a", 0, 60)) == (2, 1)
    assert counted(contract("a", -300)) == (3, 0)  # days 0, 30 and 60
    assert counted(contract("a", -299)) == (3, 0)  # days 1, 31 and 61
    assert counted(contract("a", -85)) == (3, 0)  # days 5, 35 and 65
    assert counted(contract("a", -85, 35)) == (2, 1)
    assert counted(contract("a", -85, -25)) == (0, 0)
    assert counted(contract("a", 0, 58)) == (2, 1)  # the end of a contract that is not quite on the day
    assert counted(contract("a", 0, 70)) == (2, 0)  # ends today: not known this morning


def test_churn_is_the_share_of_renewals_refused() -> None:
    rows = [contract(f"a{n}", 0) for n in range(45)] + [contract(f"b{n}", 0, 30) for n in range(10)]
    part = contracts(found(*rows), business(usual={"churn_share": "churn", "new_per_day": 0.0}))
    one = part.estimates["churn"]
    assert (one.rows, one.value) == (100, pytest.approx(10.5 / 101))
    assert "10 of 100 renewals" in one.method


def test_segments_with_one_name_share_it_and_few_renewals_leave_the_assumption() -> None:
    rows = [contract(f"a{n}", 0, segment="one") for n in range(10)]
    rows += [contract(f"b{n}", 0, 30, segment="two") for n in range(20)]
    shared = business(one={"churn_share": "churn"}, two={"churn_share": "churn"})
    assert contracts(found(*rows), shared).estimates["churn"].value == pytest.approx(20.5 / 41)
    apart = contracts(found(*rows), business(one={"churn_share": "churn"}, two={}))
    assert apart.reasons["churn"] == "20 renewals came due, 30 needed"


def test_new_customers_a_day() -> None:
    rows = [contract(f"a{n}", n) for n in range(70)] + [contract(f"b{n}", -5) for n in range(9)]
    one = contracts(found(*rows), business(usual={"new_per_day": "new"})).estimates["new"]
    assert (one.value, one.rows) == (1.0, 70)
    none = contracts(found(), business(usual={"new_per_day": "new"}))
    assert none.reasons["new"] == "there are no contracts in the records"


def test_who_runs_today_and_when_they_renew() -> None:
    tables = found(contract("a", 0), contract("b", 10), contract("c", 69), contract("d", -300), contract("e", 0, 60))
    running = active(tables, business(usual={}))
    assert dict(zip(running["customer_id"], running["renews_in_days"], strict=True)) == {
        "d": 20,
        "a": 20,
        "b": 0,
        "c": 29,
    }


def test_visits_count_on_the_days_of_the_contract_only() -> None:
    day = 1440.0
    visits = [FIRST_VISIT]
    for number, when in enumerate([5, 20, 29, 30, 45], start=1):
        row = list(visit(number, day * when + 600, day * when + 610))
        row[1] = "a"
        visits.append(row)
    tables = records(visits=visits, contracts=[contract("a", 10, 30), contract("a", 40), contract("b", -50)])
    table = exposures(tables, business(usual={})).set_index("started_on")[["days", "visits"]]
    assert table.loc[at(10 * day)].tolist() == [20, 2]
    assert table.loc[at(40 * day)].tolist() == [30, 1]
    assert table.loc[FIRST - pd.Timedelta(days=50)].tolist() == [70, 0]


def test_the_likelihood_is_the_negative_binomial_s() -> None:
    visits, days = np.array([0.0, 3.0, 10.0]), np.array([12.0, 100.0, 80.0])
    counts = Counts("r", "alpha", visits, days)

    def textbook(r: float, alpha: float) -> float:
        return float(nbinom.logpmf(visits, r, alpha / (alpha + days)).sum())

    difference = counts.log_likelihood({"r": 0.7, "alpha": 9.0}) - counts.log_likelihood({"r": 1.3, "alpha": 20.0})
    assert difference == pytest.approx(textbook(0.7, 9.0) - textbook(1.3, 20.0))


def test_rates_come_back_from_customers_with_unequal_days() -> None:
    truth, inside, hits = np.log([0.8, 16.0]), 0, 0
    for seed in range(DATASETS):
        draws = np.random.default_rng(seed)
        days = draws.integers(1, 200, 300).astype(float)
        visits = draws.poisson(draws.gamma(0.8, 1 / 16.0, 300) * days).astype(float)
        reached = fitted(["r", "alpha"], [Counts("r", "alpha", visits, days)], {})
        off = reached.place - truth
        inside += off @ np.linalg.solve(reached.covariance, off) <= 4.605  # 90 % of chi-square with two degrees
        hits += abs(off[1]) <= 1.645 * np.sqrt(reached.covariance[1, 1])
        assert reached.settled
    for held in (inside, hits):
        assert binom.ppf(0.001, DATASETS, 0.9) <= held <= binom.ppf(0.999, DATASETS, 0.9)


def test_customers_who_are_all_alike_give_a_wide_range_and_say_so() -> None:
    reached = fitted(["r", "alpha"], [Counts("r", "alpha", np.full(80, 5.0), np.full(80, 50.0))], {})
    assert not reached.settled
    assert np.isfinite(reached.covariance).all()
    assert reached.place[1] - reached.place[0] == pytest.approx(np.log(10), abs=0.01)


def test_few_customers_leave_the_assumption_and_their_rows() -> None:
    part = rates(found(contract("a", 10), contract("b", -40)), business(usual={"rate_shape": "r"}))
    assert part.reasons["r"] == "2 customers with 0 visits, 50 with 50 needed"
    assert part.vectors["customer_id"].tolist() == ["b", "a"]
    assert part.vectors["customer_days"].tolist() == [70, 60]


def test_a_business_without_contracts_has_no_customers() -> None:
    vectors = rates(found(), business(usual={"rate_shape": "r"})).vectors
    assert vectors["customer_id"].dtype.kind == "U"
    assert all(len(values) == 0 for values in vectors.values())


def test_today_is_seventy_days_on() -> None:
    assert (pd.Timestamp(TODAY) - FIRST).days == 70
