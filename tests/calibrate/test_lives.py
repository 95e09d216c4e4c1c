"""How long machines run until they fail, when many are maintained before they would."""

from math import gamma

import numpy as np
import pytest
from scipy.stats import binom, weibull_min

from tests.calibrate.small_log import asking, log, states
from twin.calibrate.joint import fitted
from twin.calibrate.lives import Lives, lives

DATASETS = 100
MILLS = {"mills": ("life", "shape")}
BOTH = asking("life", "shape")


def failing(*hours: float, machine: str = "M1", group: str = "mills", repaired: bool = True) -> list:
    """A machine that fails after so many hours of running each time, with an hour of repair."""
    minute, rows = 0.0, []
    for length in hours:
        rows += [(minute, "running"), (minute + 60 * length, "failed"), (minute + 60 * length, "repair")]
        minute += 60 * length + 60
    return states(*rows, *([(minute, "idle")] if repaired else []), machine=machine, group=group)


def test_where_machines_do_not_wear_out_it_is_hours_over_failures() -> None:
    found = lives(log(*failing(*[5, 3, 7, 1, 9] * 4)), {"mills": ("life", 1.0)}, BOTH).estimates["life"]
    assert found.rows == 19
    assert found.value == pytest.approx(95 / 19)
    assert found.standard_error == pytest.approx(95 / 19 / np.sqrt(19), rel=1e-4)
    assert "19 failures in 95 running hours" in found.method


def test_the_likelihood_is_that_of_censored_weibull_lives() -> None:
    one = Lives("life", "shape", np.array([2.0, 5.0]), np.array([4.0]))
    law = weibull_min(1.7, scale=6 / gamma(1 + 1 / 1.7))
    expected = law.logpdf(2) + law.logpdf(5) + law.logsf(4)
    assert one.log_likelihood({"life": 6.0, "shape": 1.7}) == pytest.approx(expected, rel=1e-12)


def test_how_old_a_machine_was_when_the_log_began_is_not_known() -> None:
    known = failing(*[100.0, *[5, 3, 7, 1, 9] * 3])
    found = lives(log(*known), {"mills": ("life", 1.0)}, BOTH).estimates["life"]
    assert found.value == pytest.approx(5)


def test_lives_that_maintenance_cuts_short_and_that_go_on_count() -> None:
    rows = failing(*[10.0] * 11)
    last = 60 * 11 * 11
    more = [(last, "running"), (last + 240, "maintenance"), (last + 300, "running"), (last + 360, "off")]
    found = lives(log(*rows, *states(*more)), {"mills": ("life", 1.0)}, BOTH).estimates["life"]
    assert found.value == pytest.approx((100 + 4 + 1) / 10)
    assert "2 lives that maintenance cut short or that go on today" in found.method
    stands = log(*failing(*[10.0] * 11, repaired=False))
    assert lives(stands, {"mills": ("life", 1.0)}, BOTH).estimates["life"].value == pytest.approx(10)


def planted(seed: int, mean: float, shape: float, number: int, maintained: float) -> Lives:
    """Lives of which those that reach an age are ended by maintenance."""
    scale = mean / gamma(1 + 1 / shape)
    hours = scale * np.random.default_rng(seed).weibull(shape, number)
    fails = hours < maintained
    return Lives("life", "shape", hours[fails], np.full((~fails).sum(), maintained))


@pytest.mark.parametrize(
    ("shape", "number", "maintained"), [(2.0, 60, 60.0), (1.0, 50, np.inf), (3.0, 120, 45.0), (0.7, 60, 100.0)]
)
def test_the_intervals_hold_the_truth_as_often_as_they_say(shape: float, number: int, maintained: float) -> None:
    """Of the third, nearly two in three are maintained before they fail."""
    hits = np.zeros(2)
    for seed in range(DATASETS):
        reached = fitted(["life", "shape"], [planted(seed, 50.0, shape, number, maintained)], {})
        reach = 1.645 * np.sqrt(np.diag(reached.covariance))
        hits += np.abs(reached.place - np.log([50.0, shape])) <= reach
    least, most = binom.ppf((0.001, 0.999), DATASETS, 0.9)
    assert least <= hits.min() <= hits.max() <= most, hits


def test_groups_with_one_shape_are_estimated_together() -> None:
    rows = [*failing(*[5, 3, 7, 1, 9] * 4), *failing(*[10, 6, 14, 2, 18] * 4, machine="S1", group="saws")]
    part = lives(
        log(*rows), {"mills": ("life", "shape"), "saws": ("saw_life", "shape")}, asking("life", "saw_life", "shape")
    )
    assert part.estimates["saw_life"].value == pytest.approx(2 * part.estimates["life"].value, rel=0.02)
    assert part.estimates["shape"].rows == 38
    assert [set(names) for names, _ in part.covariances] == [{"life", "shape", "saw_life"}]


def test_few_failures_leave_the_assumption() -> None:
    part = lives(log(*failing(*[5.0] * 8)), MILLS, BOTH)
    assert part.estimates == {}
    assert part.reasons == dict.fromkeys(("life", "shape"), "7 failures, 8 needed")
