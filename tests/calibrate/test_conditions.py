"""Hidden conditions told from how many tests are positive, and routes told by what the tests found."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from tests.calibrate.small_visits import Row, counter, records, step, visit
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.conditions import GOLD, Results, conditions, spread
from twin.calibrate.estimate import Z90, Part
from twin.calibrate.shares import routes

DATASETS, LEVEL, UNLIKELY = 300, 0.9, 0.001
KINDS = {
    "usual": {"start": "counter", "share": 0.5, "condition_share": "usual_share"},
    "odd": {"start": "counter", "share": 0.5, "condition_share": "odd_share"},
}


def exact_test(sensitivity: float = 0.9, specificity: float = 0.8, exact: bool = True) -> Blueprint:
    """A counter with a test and a laboratory behind it; `exact` numbers have no range."""
    test = {"sensitivity": "sensitivity", "specificity": "specificity", "next": {"lab": "to_lab"}}
    lab = {"test": {"sensitivity": 0.99, "specificity": 0.99}}
    blueprint = counter(kinds=KINDS, counter={"test": test, "next": {"lab": "anyway"}}, lab=lab)
    known = dict(blueprint.declarations)
    for name, value in (("sensitivity", sensitivity), ("specificity", specificity)):
        reach = None if exact else (value - 0.06, value + 0.03)
        known[name] = replace(known[name], value=value, range=reach)
    return Blueprint(blueprint.structure, known)


def told(results: list[str | None], kind: str = "usual", first: int = 0) -> tuple[list[Row], list[Row]]:
    """Visits that were tested at the counter, one after the other."""
    numbers = range(first, first + len(results))
    visits = [visit(n, 10.0 * n, 10.0 * n + 5, kind=kind) for n in numbers]
    steps = [
        step(n, 10.0 * n, 10.0 * n, 10.0 * n + 5, result=result) for n, result in zip(numbers, results, strict=True)
    ]
    return visits, steps


def found(results: list[str | None], blueprint: Blueprint) -> Part:
    return conditions(records(*told(results)), blueprint)


def test_the_true_share_follows_from_the_positive_ones() -> None:
    one = found(["positive"] * 34 + ["negative"] * 65, exact_test()).estimates["usual_share"]
    positive = 34.5 / 100
    assert one.value == pytest.approx((positive - 0.2) / 0.7)
    assert one.standard_error == pytest.approx(np.sqrt(positive * (1 - positive) / 99) / 0.7)
    assert one.rows == 99
    assert "Rogan and Gladen" in one.method


def test_what_is_not_known_of_the_test_widens_the_range() -> None:
    results = ["positive"] * 34 + ["negative"] * 65
    sure, unsure = (found(results, exact_test(exact=exact)).estimates["usual_share"] for exact in (True, False))
    assert unsure.value == sure.value
    known = exact_test(exact=False)
    doubts = sure.value * spread("sensitivity", known), (1 - sure.value) * spread("specificity", known)
    assert unsure.standard_error**2 == pytest.approx(sure.standard_error**2 + (doubts[0] ** 2 + doubts[1] ** 2) / 0.49)


def test_the_spread_of_an_assumption_is_that_of_its_draws() -> None:
    draws = np.random.default_rng(1).triangular(0.84, 0.9, 0.93, 200_000)
    assert spread("sensitivity", exact_test(exact=False)) == pytest.approx(draws.std(), rel=0.01)


def test_a_share_never_leaves_what_can_be() -> None:
    assert found(["negative"] * 200, exact_test()).estimates["usual_share"].value == 0.0
    assert found(["positive"] * 200, exact_test()).estimates["usual_share"].value == 1.0


def test_each_kind_has_its_own_share() -> None:
    usual, odd = told(["positive"] * 50 + ["negative"] * 50), told(["positive"] * 80 + ["negative"] * 20, "odd", 100)
    tables = records([*usual[0], *odd[0]], [*usual[1], *odd[1]])
    shares = conditions(tables, exact_test()).estimates
    assert shares["usual_share"].value == pytest.approx((50.5 / 101 - 0.2) / 0.7)
    assert shares["odd_share"].value == pytest.approx((80.5 / 101 - 0.2) / 0.7)


def test_only_the_first_test_of_a_visit_counts() -> None:
    visits, steps = told(["positive"] * 40 + ["negative"] * 60)
    again = [step(n, 10.0 * n + 5, 10.0 * n + 5, 10.0 * n + 8, "lab", result="negative") for n in range(40)]
    assert conditions(records(visits, [*steps, *again]), exact_test()).estimates["usual_share"].rows == 100


def test_what_records_cannot_tell_says_why() -> None:
    few = found(["positive"] * 12 + [None] * 100, exact_test())
    assert few.reasons["usual_share"] == "12 visits of the last year with the result of a test, 50 needed"
    assert few.reasons["sensitivity"] == few.reasons["specificity"] == GOLD
    assert "chance" in found(["positive"] * 60, exact_test(0.5, 0.52)).reasons["usual_share"]


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    luck, hits, blueprint = np.random.default_rng(5), 0, exact_test()
    test = blueprint.structure.stations["counter"].test
    assert test
    for _ in range(DATASETS):
        ill = luck.random(400) < 0.3
        positive = luck.random(400) < np.where(ill, 0.9, 0.2)
        told_share = Results(test, 400, int(positive.sum())).prevalence(blueprint)
        assert told_share
        hits += abs(told_share[0] - 0.3) <= Z90 * told_share[1]
    low, high = (int(binom.ppf(share, DATASETS, LEVEL)) for share in (UNLIKELY, 1 - UNLIKELY))
    assert low <= hits <= high, hits


def test_where_work_goes_is_told_by_its_result() -> None:
    results = ["positive"] * 40 + ["negative"] * 60
    visits, steps = told(results)
    onward = [n for n in range(100) if (n < 30 if results[n] == "positive" else n % 4 == 0)]
    steps += [step(n, 10.0 * n + 5, 10.0 * n + 5, 10.0 * n + 8, "lab") for n in onward]
    shares = routes(records(visits, steps), exact_test()).estimates
    assert shares["to_lab"].value == pytest.approx(30.5 / 41)
    assert shares["anyway"].value == pytest.approx(15.5 / 61)


def test_without_results_nothing_is_said_of_routes_behind_a_test() -> None:
    shares = routes(records(*told([None] * 100)), exact_test())
    assert not shares.estimates
    assert shares.reasons["to_lab"] == "0 finished steps of visits of the last year, 20 needed"
