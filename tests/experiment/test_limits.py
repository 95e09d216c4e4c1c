"""A drawn lever that is moved stays where it may be."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.model.small import small
from twin.clock import Horizon
from twin.experiment.draws import drawn
from twin.experiment.plan import plan
from twin.spec.scenario import Change, Scenario
from twin.spec.template import template

ALLOWED = {name: one.allowed for name, one in template("shop").levers.items()}
BUNDLE = replace(small(), allowed=ALLOWED)


@pytest.mark.parametrize(
    "change",
    [
        Change("absence_share", "set", 0.9),
        Change("lead_time_days", "add", -12.0),
        Change("absence_share", "add", -0.04),
    ],
)
def test_no_replication_plays_what_is_not_allowed(change: Change) -> None:
    low, high = ALLOWED[change.lever]
    horizon = Horizon(date(2000, 1, 3), len(BUNDLE.open_days))
    for replication in range(32):
        levers = plan(BUNDLE, drawn(BUNDLE, 1, replication), Scenario((change,)), horizon).levers[change.lever]
        assert low <= levers.min()
        assert levers.max() <= high


def test_the_limits_survive_the_way_through_bytes() -> None:
    again = type(BUNDLE).from_bytes(BUNDLE.to_bytes())
    assert again.allowed == ALLOWED
    assert np.array_equal(again.paths, BUNDLE.paths)
