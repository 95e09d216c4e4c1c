"""What was put into a service desk comes back, inside the stated interval as often as stated.

Each estimator is tried on a hundred data sets and more of its own in the tests beside this one.
"""

import numpy as np
import pytest
from scipy.stats import binom

from tests.calibrate.desk import desk_declarations, desk_structure
from tests.calibrate.planted_desk import ROSTER, TRUTH, planted_desk
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.business import calibrate_visits
from twin.spec.parameter import Parameter

DESKS = 60
LEVEL, UNLIKELY = 0.9, 0.001
BLUEPRINT = Blueprint(desk_structure(), desk_declarations())


@pytest.fixture(scope="module")
def found() -> list[dict[str, Parameter]]:
    return [calibrate_visits(planted_desk(seed), BLUEPRINT, "desk").parameters for seed in range(DESKS)]


@pytest.mark.parametrize(("name", "truth"), TRUTH.items())
def test_the_interval_holds_the_truth_as_often_as_it_says(
    found: list[dict[str, Parameter]], name: str, truth: float
) -> None:
    hits = sum(one[name].low <= truth <= one[name].high for one in found)
    assert all(one[name].origin == "data" for one in found)
    low, high = (int(binom.ppf(share, DESKS, LEVEL)) for share in (UNLIKELY, 1 - UNLIKELY))
    assert low <= hits <= high, f"{hits} of {DESKS}"


@pytest.mark.parametrize(("name", "truth"), TRUTH.items())
def test_the_stated_error_is_about_the_size_of_the_real_one(
    found: list[dict[str, Parameter]], name: str, truth: float
) -> None:
    misses = np.array([(one[name].value - truth) / one[name].standard_error for one in found])
    assert abs(misses.mean()) < 3.3 / np.sqrt(DESKS) + 0.1
    assert 0.75 < misses.std() < 1.3


def test_people_on_the_roster_are_counted_exactly(found: list[dict[str, Parameter]]) -> None:
    for (_, shift), (_, people) in ROSTER.items():
        name = {"office": "second_line_office"}.get(shift, f"first_line_{shift}")
        one = found[0][name]
        assert (one.value, one.low, one.high, one.origin) == (people, people, people, "data")
