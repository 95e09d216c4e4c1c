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
    "competitor_price=-10%", "competitor_share=0.1", "supplier_delivers=0@2024-01-10:2024-01-24",
)  # fmt: skip


@pytest.fixture(scope="module")
def played() -> tuple[RunOutcome, RunOutcome]:
    """The baseline with one seed and with another."""
    return baseline(BUNDLE, MANY, seed=1), baseline(BUNDLE, MANY, seed=2)


@pytest.mark.parametrize("change", CHANGES)
def test_a_paired_difference_scatters_a_tenth_of_an_unpaired_one(
    played: tuple[RunOutcome, RunOutcome], change: str, record_property: pytest.FixtureRequest
) -> None:
    after = scenario_of(BUNDLE, played[0], change, seed=1).measured(MEASURES)
    same, other = (outcome.measured(MEASURES) for outcome in played)
    for measure in JUDGED:
        paired = np.var(after[measure] - same[measure], ddof=1)
        unpaired = np.var(after[measure] - other[measure], ddof=1)
        record_property(f"{change} {measure}", round(float(paired / unpaired), 4))  # type: ignore[operator]
        assert paired <= MOST * unpaired, f"{measure}: {paired / unpaired:.3f}"


@pytest.mark.parametrize("change", CHANGES)
def test_waits_and_lateness_never_scatter_more_than_unpaired_ones(
    played: tuple[RunOutcome, RunOutcome], change: str, record_property: pytest.FixtureRequest
) -> None:
    """Where a change ends all lateness nothing is left to share, so the variance of independent seeds is taken as
    the sum of both sides' own, of which a paired one is exactly the whole then."""
    same, after = (one.measured(MEASURES) for one in (played[0], scenario_of(BUNDLE, played[0], change, seed=1)))
    for measure in REPORTED:
        paired = np.var(after[measure] - same[measure], ddof=1)
        unpaired = np.var(after[measure], ddof=1) + np.var(same[measure], ddof=1)
        record_property(f"{change} {measure}", round(float(paired / unpaired), 4))  # type: ignore[operator]
        assert paired <= unpaired * (1.0 + 1e-9), f"{measure}: {paired / unpaired:.3f}"
