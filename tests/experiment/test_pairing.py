"""Both sides share their luck, so that a difference is told apart with far fewer replications."""

import numpy as np
import pytest

from tests.model.small import baseline, scenario_of, small
from twin.experiment.outcome import RunOutcome

BUNDLE = small()
MANY = 48
MOST = 0.1
MEASURES = ("orders", "revenue", "profit")
CHANGES = ("price=+5%", "pickers_weekday=+1", "marketing=*2", "absence_share=*2", "lead_time_days=+4")


@pytest.fixture(scope="module")
def played() -> tuple[RunOutcome, RunOutcome]:
    """The baseline with one seed and with another."""
    return baseline(BUNDLE, MANY, seed=1), baseline(BUNDLE, MANY, seed=2)


@pytest.mark.parametrize("change", CHANGES)
def test_a_paired_difference_scatters_a_tenth_of_an_unpaired_one(
    played: tuple[RunOutcome, RunOutcome], change: str, record_property: pytest.FixtureRequest
) -> None:
    after = scenario_of(BUNDLE, played[0], change, seed=1).measured()
    same, other = (outcome.measured() for outcome in played)
    for measure in MEASURES:
        paired = np.var(after[measure] - same[measure], ddof=1)
        unpaired = np.var(after[measure] - other[measure], ddof=1)
        record_property(f"{change} {measure}", round(float(paired / unpaired), 4))  # type: ignore[operator]
        assert paired <= MOST * unpaired, f"{measure}: {paired / unpaired:.3f}"
