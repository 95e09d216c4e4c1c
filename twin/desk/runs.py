"""The runs of a twin: played once, stored, found again, and checked by playing them once more."""

import json
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np

from twin.clock import Horizon
from twin.desk.answers import Comparison, Run
from twin.desk.desk import UnknownRun, local_name
from twin.errors import TwinError
from twin.experiment.engine import engine
from twin.experiment.inputs import RunInputs
from twin.experiment.outcome import OtherFields, RunOutcome, factors_of
from twin.experiment.question import Question
from twin.experiment.statistics import batches
from twin.spec.scenario import Scenario, stored
from twin.store import ComparisonRow, RunRow

if TYPE_CHECKING:
    from twin.desk.twin import Twin

CACHED = 48
SHORTER = (256, 128, 64, 32, 16, 8)
_makers = threading.local()


def made_by(name: str) -> None:
    """Say who makes the runs of this thread."""
    _makers.name = name


def maker() -> str:
    """Who makes a run: the signed-in user where the app has told us, else the local name."""
    return getattr(_makers, "name", "") or local_name()


Factors = Callable[[int], np.ndarray]


class Ahead:
    """A baseline that is played as far as its scenario needs it, so that first numbers come before all of it."""

    def __init__(self, plays: Iterator[Run]) -> None:
        self.plays, self.run = plays, next(plays)

    def at_least(self, replications: int) -> Run:
        """The baseline with at least so many replications."""
        while self.run.outcome.replications < replications:
            self.run = next(self.plays)
        return self.run

    def factors(self, replications: int) -> np.ndarray:
        """The factors of its first so many replications."""
        return factors_of(self.at_least(replications).outcome.days)

    def whole(self) -> Run:
        """All of it, as it is stored."""
        *_, self.run = [self.run, *self.plays]
        return self.run


class Runs:
    """Playing, storing and finding runs of one twin."""

    def __init__(self, twin: "Twin") -> None:
        self.twin, self.desk = twin, twin.desk
        self._lock = threading.RLock()
        self._cache: OrderedDict[str, Run] = OrderedDict()
        self._contents: dict[str, bytes] = {}

    def pairs(self, as_today: RunInputs, inputs: RunInputs, read: Scenario) -> Iterator[tuple[Run, Run]]:
        """A scenario beside as today, both sides batch by batch; the last pair is stored on both sides."""
        before = Ahead(self.plays(as_today, Scenario(), None))
        for played in self.plays(inputs, read, before.factors):
            size = played.outcome.replications
            yield self.first(before.at_least(size), size) if size < inputs.replications else before.whole(), played

    def plays(self, inputs: RunInputs, read: Scenario, given: "Factors | None") -> Iterator[Run]:
        """A stored run at once, or a new one batch by batch; the last is stored.

        given : gives the baseline's factors of so many replications, by replication and day; None plays a baseline
        """
        known = self.known(inputs, read)
        if known is not None:
            yield known
            return
        done = self._shorter(inputs)
        for size in batches(inputs.replications):
            first = done.replications if done else 0
            if size > first:
                done = self._played(inputs, read, given(size) if given else None, range(first, size), done)
            elif size < inputs.replications:
                continue
            assert done is not None
            run = self._run(inputs, done, read)
            yield self._save(run) if size == inputs.replications else run

    def _played(
        self, inputs: RunInputs, read: Scenario, given: np.ndarray | None, which: range, done: RunOutcome | None
    ) -> RunOutcome:
        from twin.experiment.workers import played

        question = Question(read, _horizon(inputs), inputs.seed, inputs.uncertainties)
        rows = None if given is None else given[which.start : which.stop]
        content = self.content(inputs.bundle)

        def asked() -> RunOutcome:
            return RunOutcome.stacked(list(played(self.desk.executor, inputs.bundle, content, question, which, rows)))

        try:
            fresh = asked()
        except BrokenExecutor:  # a worker was killed; the desk has new ones, and they play the very same
            fresh = asked()
        return done.joined(fresh) if done else fresh

    def content(self, bundle: str) -> bytes:
        """What a run starts from, as bytes, also for a run of earlier data."""
        found = self._contents.get(bundle) or self.desk.store.blob(bundle)
        self._contents = {bundle: found}
        return found

    def _shorter(self, inputs: RunInputs) -> RunOutcome | None:
        """The longest stored run that has the same first replications."""
        for size in SHORTER:
            if size < inputs.replications:
                row = self.desk.store.run(_with_size(inputs, size).name)
                if row is not None:
                    return RunOutcome.from_bytes(self.desk.store.blob(row.outcome))
        return None

    def known(self, inputs: RunInputs, read: Scenario) -> Run | None:
        """The run with these inputs, if it has been played before."""
        with self._lock:
            if inputs.name in self._cache:
                self._cache.move_to_end(inputs.name)
                return self._cache[inputs.name]
        row = self.desk.store.run(inputs.name)
        return self._remembered(self.from_row(row, read)) if row else None

    def _remembered(self, run: Run) -> Run:
        with self._lock:
            self._cache[run.name] = run
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        return run

    def first(self, run: Run, replications: int) -> Run:
        """The same run as it was after its first so many replications."""
        return self._run(run.inputs, run.outcome.first(replications), run.scenario)

    def _run(self, inputs: RunInputs, outcome: RunOutcome, read: Scenario, row: RunRow | None = None) -> Run:
        created, made = (row.created, row.maker) if row else (None, "")
        return Run(inputs, _horizon(inputs), read, outcome, self.twin.currency, self.twin, created, made)

    def from_row(self, row: RunRow, read: Scenario | None = None) -> Run:
        """A stored run exactly as it was made."""
        inputs = RunInputs.parsed(row.inputs)
        try:
            columns = self.twin.template.structure.columns
            outcome = RunOutcome.from_bytes(self.desk.store.blob(row.outcome), columns)
        except OtherFields:
            raise TwinError(
                f"The run {row.run} was made by an engine whose records had other columns ({inputs.engine}), "
                "so it cannot be shown with today's measures. Ask the same question again."
            ) from None
        except (zlib.error, ValueError, TypeError) as error:
            raise TwinError(
                f"The stored result of run {row.run} cannot be read ({error}). "
                "Restore a backup of the store, or play it with another seed."
            ) from None
        return self._run(inputs, outcome, stored(inputs.changes) if read is None else read, row)

    def _save(self, run: Run) -> Run:
        store, inputs = self.desk.store, run.inputs
        names = self.twin.template.structure.columns
        outcome, content = store.put_blob(run.outcome.to_bytes(names)), run.outcome.sha256
        made = (_now(), maker(), inputs.engine, inputs.document, outcome, content)
        store.save_run(RunRow(run.name, self.twin.name, inputs.snapshot, *made))
        return self._remembered(self._run(inputs, run.outcome, run.scenario, store.run(run.name)))

    def compared(self, answer: Comparison) -> Comparison:
        """The same comparison, stored."""
        store = self.desk.store
        row = store.comparison(answer.name)
        if row is None:
            content = {"measures": answer.contract()["measures"], "headline": answer.headline}
            runs = (answer.baseline.name, answer.scenario.name)
            summary = json.dumps(content, sort_keys=True)
            row = ComparisonRow(answer.name, self.twin.name, *runs, _now(), maker(), summary)
            store.save_comparison(row)
            row = store.comparison(answer.name) or row
        return replace(answer, created=row.created, maker=row.maker)

    def comparison(self, row: ComparisonRow) -> Comparison:
        """A stored comparison exactly as it was made."""
        found = [self.desk.store.run(name) for name in (row.baseline, row.scenario)]
        if found[0] is None or found[1] is None:
            raise UnknownRun(row.comparison)
        baseline, played = self.from_row(found[0]), self.from_row(found[1])
        answer = Comparison.of(baseline, played, json.loads(row.summary)["headline"])
        return replace(answer, created=row.created, maker=row.maker)

    def verify(self, run: Run) -> tuple[bool | None, str]:
        """Play a stored run again from its own inputs: the same bytes, others, or None with the reason why neither."""
        if run.inputs.engine != engine():
            return None, f"This run was made by engine {run.inputs.engine}; this is engine {engine()}."
        given = None
        if run.inputs.factors_of is not None:
            row = self.desk.store.run(run.inputs.factors_of)
            if row is None:
                return None, "The baseline that this run stands on is no longer stored."
            given = factors_of(self.from_row(row).outcome.days)
        again = self._played(run.inputs, run.scenario, given, range(run.inputs.replications), None)
        return again.sha256 == run.outcome.sha256, ""


def _with_size(inputs: RunInputs, size: int) -> RunInputs:
    """The inputs of the same run with another number of replications, and so with another baseline."""
    baseline = inputs.factors_of
    if baseline is not None:
        baseline = replace(inputs, changes=(), factors_of=None, replications=size).name
    return replace(inputs, replications=size, factors_of=baseline)


def _horizon(inputs: RunInputs) -> Horizon:
    return Horizon(date.fromisoformat(inputs.today), inputs.days)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
