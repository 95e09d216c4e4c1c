"""The factory of the template on its own records: at rest it stays at rest, and both sides of a question share luck."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.desk.conftest import Here
from twin.clock import Horizon
from twin.desk import Desk
from twin.experiment.inputs import Bundle, Uncertainties
from twin.experiment.outcome import RunOutcome, factors_of
from twin.experiment.question import Question
from twin.experiment.replicate import replicate
from twin.spec.scenario import Scenario, scenario
from twin.spec.template import template

KIND = template("factory")
DAYS, PLAYS = 90, 12
JUDGED = ("visits", "revenue", "profit")
CHANGES = (
    "ovens=+1",
    "oven_maintain_every_hours=30",
    "demand=+5%",
    "scrap_share=*2",
    "technicians_early=+1",
    "price=+5%",
    "finished_reorder_point=4",
)
LATER = (
    "saws=-1", "sawmill_delivers=0", "absence_share=*4", "scrap_share=*3", "oven_maintain_every_hours=20",
    "chair_units=*1.3", "cutting_minutes=*0.8", "overtime_hours=2", "stores_reorder_point=5",
    "finished_reorder_point=5", "finished_order_up_to_level=15",
)  # fmt: skip


@pytest.fixture(scope="module")
def known(factory_original: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Bundle, Horizon]:
    """What the twin starts from, with as many orders each week as its records have on average."""
    file = tmp_path_factory.mktemp("steady") / "twin.duckdb"
    file.write_bytes(factory_original.read_bytes())
    with Desk.open(file, Here()) as desk:
        twin = desk.twin("factory")
        bundle, today = Bundle.from_bytes(twin.knowledge.bundle), twin.today
    weekday = (bundle.first_weekday + np.arange(len(bundle.open_days))) % 7
    share = np.bincount((bundle.vectors["replay_day"] + bundle.first_weekday) % 7, minlength=7)
    level = 7 * bundle.vectors["work_per_day"][0] * share / share.sum()
    even = replace(bundle, paths=level[weekday][None, :], open_days=weekday < 5)
    return even, Horizon(today, DAYS)


def played(known: tuple[Bundle, Horizon], *changes: str, of: RunOutcome | None = None, seed: int = 1) -> RunOutcome:
    """Some plays without uncertainty about numbers; with changes on the factors of others."""
    bundle, horizon = known
    read = scenario(list(changes), KIND.levers, horizon, bundle.values) if changes else Scenario()
    question = Question(read, horizon, seed, Uncertainties(estimates=False, demand=False))
    factors = factors_of(of.days) if of is not None else [None] * PLAYS
    return RunOutcome.stacked([replicate(bundle, question, r, factors[r]) for r in range(PLAYS)])


@pytest.fixture(scope="module")
def baseline(known: tuple[Bundle, Horizon]) -> RunOutcome:
    """The factory at rest."""
    return played(known)


@pytest.mark.parametrize(
    "field",
    [
        "visits_open",
        "through_minutes_sum",
        "work_in_process",
        "machine_failed_minutes",
        "units_made",
        "stock_value",
        "stock_value[finished]",
        "production_orders_open",
    ],
)
def test_a_factory_at_rest_shows_no_trend(baseline: RunOutcome, field: str) -> None:
    values = baseline.days[:, :84, KIND.structure.columns[field]]
    first, last = values[:, :42].mean(axis=1), values[:, 42:].mean(axis=1)
    grown = last - first
    assert abs(grown.mean()) <= 3 * grown.std(ddof=1) / PLAYS**0.5, (first.mean(), last.mean())


def test_it_does_what_its_records_did(known: tuple[Bundle, Horizon], baseline: RunOutcome) -> None:
    """Minutes from order to shipment and the share of scrap are near those of the truth's own factory."""
    columns = KIND.structure.columns
    through, done, scrap, units = (
        baseline.days[:, :, columns[name]].sum(axis=1)
        for name in ("through_minutes_sum", "visits_finished", "units_scrapped", "units_finished")
    )
    assert 200 < np.median(through / done) < 700
    share = scrap / units
    assert abs(share.mean() - known[0].values["scrap_share"]) <= 3 * share.std(ddof=1) / PLAYS**0.5


def test_a_null_change_is_exactly_nothing(known: tuple[Bundle, Horizon], baseline: RunOutcome) -> None:
    nothing = [f"{name}=*1" for name in KIND.levers]
    assert played(known, *nothing, of=baseline).days.tobytes() == baseline.days.tobytes()


@pytest.mark.parametrize("change", LATER)
def test_no_byte_differs_before_a_change(known: tuple[Bundle, Horizon], baseline: RunOutcome, change: str) -> None:
    first = known[1].today.toordinal() + 30
    after = played(known, f"{change}@{known[1].today.fromordinal(first).isoformat()}", of=baseline)
    assert after.days[:, :30].tobytes() == baseline.days[:, :30].tobytes()
    assert (after.days[:, 30:] != baseline.days[:, 30:]).any()


@pytest.mark.parametrize("change", CHANGES)
def test_a_paired_difference_scatters_less_than_an_unpaired_one(
    known: tuple[Bundle, Horizon], baseline: RunOutcome, change: str
) -> None:
    other, after = played(known, seed=2), played(known, change, of=baseline)
    for name in JUDGED:
        measure = KIND.measures[name]
        same, apart, moved = (measure.compute(one.days) for one in (baseline, other, after))
        assert np.var(moved - same, ddof=1) <= 0.1 * np.var(moved - apart, ddof=1), name
