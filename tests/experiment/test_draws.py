"""What a replication draws: estimates within their joint error, assumptions within their range, alike on both sides."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tests.model.small import BGNBD, ERRORS, baseline, field, pair, scenario_of, small
from twin.experiment.draws import central, drawn, triangular
from twin.experiment.inputs import Uncertainties
from twin.experiment.replicate import pinned
from twin.model.kernels.elementary import normal

BUNDLE = small()
MANY = 3000
NOTHING = Uncertainties(luck=False, estimates=False, demand=False)


@pytest.fixture(scope="module")
def draws() -> dict[str, np.ndarray]:
    found = [drawn(BUNDLE, 5, r) for r in range(MANY)]
    return {name: np.array([one[name] for one in found]) for name in found[0]}


def test_the_joint_covariance_is_met(draws: dict[str, np.ndarray]) -> None:
    moved = np.array([np.log(draws[name] / BUNDLE.values[name]) for name in BGNBD])
    expected = np.array(BUNDLE.covariances[0][1])
    found = np.cov(moved)
    variances = np.diag(expected)
    errors = np.sqrt((np.outer(variances, variances) + expected**2) / MANY)
    assert np.abs((found - expected) / errors).max() < 4.0
    assert np.abs(moved.mean(axis=1) / np.sqrt(variances / MANY)).max() < 3.5


@pytest.mark.parametrize("name", ERRORS)
def test_an_estimate_scatters_by_its_standard_error(draws: dict[str, np.ndarray], name: str) -> None:
    away = (draws[name] - BUNDLE.values[name]) / ERRORS[name]
    assert stats.kstest(away, "norm").pvalue > 0.001


def test_an_assumption_stays_in_its_range_and_is_most_often_near_its_value(draws: dict[str, np.ndarray]) -> None:
    assumptions = [one for one in BUNDLE.uncertain if one.standard_error is None]
    assert len(assumptions) > 10
    for one in assumptions:
        found = draws[one.name]
        assert one.low < found.min() < found.max() < one.high
        middle = (one.low + one.value + one.high) / 3.0
        assert abs(found.mean() - middle) < 4.0 * found.std() / np.sqrt(MANY), one.name


def test_a_plan_is_never_drawn(draws: dict[str, np.ndarray]) -> None:
    for name in ("price", "pickers_weekday", "opening_hours", "reorder_point", "opening_cash"):
        assert set(draws[name].tolist()) == {BUNDLE.values[name]}


def test_numbers_of_one_replication_are_drawn_apart_from_each_other(draws: dict[str, np.ndarray]) -> None:
    names = [one.name for one in BUNDLE.uncertain if one.name not in BGNBD]
    correlation = np.corrcoef([draws[name] for name in names]) - np.eye(len(names))
    assert np.abs(correlation).max() < 4.5 / np.sqrt(MANY)


def test_a_draw_does_not_depend_on_what_else_is_uncertain() -> None:
    fewer = replace(BUNDLE, uncertain=BUNDLE.uncertain[::-2])
    for one in fewer.uncertain:
        if one.name not in BGNBD:
            assert drawn(fewer, 5, 3)[one.name] == drawn(BUNDLE, 5, 3)[one.name]


@pytest.mark.parametrize(("u", "expected"), [(1e-12, 2.0), (0.5, 5.0 - 4.5**0.5), (0.25, 3.5), (1 - 1e-12, 5.0)])
def test_the_triangular_inverse(u: float, expected: float) -> None:
    assert triangular(u, 2.0, 2.0 if u == 0.5 else 3.5, 5.0) == pytest.approx(
        stats.triang.ppf(u, 0.0 if u == 0.5 else 0.5, 2.0, 3.0), abs=1e-5
    )


def test_a_range_without_width_is_its_value() -> None:
    assert triangular(0.9, 3.0, 3.0, 3.0) == 3.0


def test_the_order_value_is_drawn_against_its_middle(draws: dict[str, np.ndarray]) -> None:
    assert draws["basket_value_ratio"] == pytest.approx(draws["basket_value"] / BUNDLE.values["basket_value"])
    assert central(BUNDLE)["basket_value_ratio"] == 1.0
    assert pinned(BUNDLE, central(BUNDLE), (("basket_value", 44.0),))["basket_value_ratio"] == pytest.approx(1.1)


def test_both_sides_draw_the_same_numbers() -> None:
    """Nothing that the change does not touch differs: what a picker's hour costs shows the wage that was drawn."""
    before, after = pair(BUNDLE, "pickers_weekday=+1", replications=4)
    day = 0
    per_head = [field(one, "wages")[:, day] / field(one, "staff_rostered")[:, day] for one in (before, after)]
    cent = sum(0.005 / field(one, "staff_rostered")[:, day].min() for one in (before, after))  # wages are whole cents
    assert np.abs(per_head[0] - per_head[1]).max() <= cent + 1e-9
    assert len(set(per_head[0].tolist())) == 4


def test_with_everything_switched_off_all_replications_are_one() -> None:
    outcome = baseline(BUNDLE, 3, on=NOTHING)
    assert len({row.tobytes() for row in outcome.days}) == 1


@pytest.mark.parametrize("which", ["luck", "estimates", "demand"])
def test_each_uncertainty_alone_makes_replications_differ(which: str) -> None:
    outcome = baseline(BUNDLE, 3, on=replace(NOTHING, **{which: True}))
    assert len({row.tobytes() for row in outcome.days}) == 3
    paths = {row.tobytes() for row in field(outcome, "demand_expected").round(9)}
    assert len(paths) == (3 if which == "demand" else 1)
    wages = {row.tobytes() for row in field(outcome, "wages")}
    assert len(wages) == (3 if which == "estimates" else 1)


def test_an_assumption_set_to_another_value_keeps_what_is_unknown_about_it() -> None:
    before = baseline(BUNDLE, 12)
    doubled = scenario_of(BUNDLE, before, "absence_share=0.1")
    by_two = scenario_of(BUNDLE, before, "absence_share=*2")
    assert np.abs(doubled.days - by_two.days).max() < 1e-6
    assert normal(0.5) == 0.0
