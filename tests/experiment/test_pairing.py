"""Both sides share their luck, so that a difference is told apart with far fewer replications."""

import numpy as np
import pytest

from tests.model.small import MEASURES, baseline, scenario_of, small
from twin.experiment.outcome import RunOutcome

BUNDLE = small()
MANY = 48
MOST = 0.1
JUDGED = ("orders", "revenue", "profit")
REPORTED = ("wait_minutes", "late_share")
CHANGES = (
    "price=+5%", "marketing=*2", "promotion=+10%@2024-01-10:2024-01-16", "pickers_weekday=+1", "pickers_weekend=+1",
    "opening_hours=+1", "picking_speed=*1.1", "absence_share=*2", "reorder_point=+7", "lead_time_days=+4", "demand=+5%",
)  # fmt: skip


@pytest.fixture(scope="module")
def played() -> RunOutcome:
    """The baseline."""
    return baseline(BUNDLE, MANY, seed=1)


@pytest.mark.parametrize("change", CHANGES)
def test_a_paired_difference_scatters_a_tenth_of_an_unpaired_one(
    played: RunOutcome, change: str, record_property: pytest.FixtureRequest
) -> None:
    """With independent seeds the difference would scatter as much as both sides together."""
    before, after = (one.measured(MEASURES) for one in (played, scenario_of(BUNDLE, played, change, seed=1)))
    for measure in (*JUDGED, *REPORTED):
        paired = np.var(after[measure] - before[measure], ddof=1)
        unpaired = np.var(after[measure], ddof=1) + np.var(before[measure], ddof=1)
        record_property(f"{change} {measure}", round(float(paired / unpaired), 4))  # type: ignore[operator]
        most = MOST if measure in JUDGED else 1.0 + 1e-9  # where nobody is late any more, nothing is left to share
        assert paired <= most * unpaired, f"{measure}: {paired / unpaired:.3f}"
