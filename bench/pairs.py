"""A what-if on the reference shop: scenarios beside a baseline that is there, played in two warm workers."""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from bench import shops
from bench.figures import Figure
from twin.clock import Horizon
from twin.experiment.inputs import Bundle
from twin.experiment.outcome import RunOutcome, factors_of
from twin.experiment.question import Question
from twin.experiment.statistics import Difference, batches, differences
from twin.experiment.workers import played, workers
from twin.spec.scenario import Change, Scenario
from twin.spec.template import template

PAIRS, CORES = 32, 2
CHANGES = (
    Change("pickers_weekday", "add", 1.0), Change("price", "scale", 1.05), Change("lead_time_days", "add", 7.0),
    Change("demand", "scale", 1.2), Change("marketing", "scale", 2.0), Change("absence_share", "add", 0.03),
    Change("picking_speed", "scale", 1.1), Change("opening_hours", "add", 1.0), Change("reorder_point", "add", -7.0),
)  # fmt: skip


@dataclass
class Beside:
    """A shop whose baseline was played, and the workers that know it."""

    shop: Bundle
    pool: Executor
    pairs: int = PAIRS

    def __post_init__(self) -> None:
        self.content = self.shop.to_bytes()
        self.measures, self.headline = template("shop").measures, template("shop").headline
        self.baseline = self.played(Scenario(), range(self.pairs), None)
        self.factors = factors_of(self.baseline.days)

    def played(self, scenario: Scenario, which: range, factors: np.ndarray | None) -> RunOutcome:
        """Some replications of a scenario."""
        question = Question(scenario, Horizon(shops.TODAY, len(self.shop.open_days)), 1)
        rows = None if factors is None else factors[which.start : which.stop]
        return RunOutcome.stacked(list(played(self.pool, "shop", self.content, question, which, rows)))

    def judged(self, outcome: RunOutcome) -> dict[str, Difference]:
        """Every measure of a scenario against the baseline's, pair by pair."""
        before, after = (one.measured(self.measures) for one in (self.baseline.first(outcome.replications), outcome))
        return differences(self.measures, before, after, self.headline)

    def what_if(self, change: Change) -> Iterator[dict[str, Difference]]:
        """The answer to a question as it comes in: after 16 pairs, and after all."""
        done: RunOutcome | None = None
        for size in batches(self.pairs):
            fresh = self.played(Scenario((change,)), range(done.replications if done else 0, size), self.factors)
            done = done.joined(fresh) if done else fresh
            yield self.judged(done)


def measured() -> list[Figure]:
    """Nine scenarios of the reference shop that its workers have never played before."""
    first = Figure(f"reference shop, what-if: first numbers (16 pairs), baseline stored, {CORES} cores", 0.3)
    whole = Figure(f"reference shop, what-if: all {PAIRS} pairs, baseline stored, {CORES} cores", 1.0)
    with workers(CORES) as pool:
        beside = Beside(shops.bundle(10_000, 1_000), pool)
        for change in CHANGES:
            with whole.timed():
                answers = beside.what_if(change)
                with first.timed():
                    next(answers)
                *_, last = answers
            assert last[beside.headline].replications == PAIRS
    return [first, whole]
