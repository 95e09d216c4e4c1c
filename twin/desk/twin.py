"""A twin at the desk: its data, its numbers, its forecast, and the questions that it can be asked."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from twin.advise.reasons import Pin, Reasons, reasons
from twin.clock import Horizon
from twin.desk.answers import Comparison, Run
from twin.desk.desk import STORE, Desk
from twin.desk.fidelity import Fidelity
from twin.desk.knowledge import Knowledge
from twin.desk.life import Life, life_of, notable_of
from twin.desk.runs import Runs
from twin.errors import TwinError
from twin.experiment.engine import engine
from twin.experiment.inputs import Bundle, RunInputs, Uncertainties
from twin.experiment.question import Question
from twin.spec.parameter import Declaration
from twin.spec.scenario import Scenario, scenario
from twin.spec.template import Template, template
from twin.spec.trade import counted, counted_one
from twin.store import Snapshot, TwinRow

if TYPE_CHECKING:
    from twin.connect.ingest import IngestReport
    from twin.experiment.notable import Notable

DAYS, REPLICATIONS, SEED = 90, 32, 1
REPLICATIONS_MOST = 512
FIRST_TABLE = {"orders": "order_lines", "visits": "visits"}
LOOK_SECONDS = 0.25  # a page asks dozens of times in one go, and a look costs 7 ms


class Twin:
    """The living model of one business."""

    def __init__(self, desk: Desk, row: TwinRow) -> None:
        self.desk, self.row = desk, row
        self.runs = Runs(self)
        self._lock = threading.RLock()
        self._knowledge: Knowledge | None = None
        self._looked = 0.0

    @classmethod
    def open(cls, name: str | None = None, store: str | Path = STORE) -> "Twin":
        """Open a twin by its name, in the project's own store unless told otherwise."""
        return Desk.open(store).twin(name)

    @property
    def name(self) -> str:
        """The twin's name, as in an address."""
        return self.row.name

    @cached_property
    def template(self) -> Template:
        """The kind of business it is."""
        return template(self.row.template)

    def setting(self, name: str) -> str:
        """A setting of this twin: currency, time_zone, country or title."""
        return str(self.row.settings.get(name, getattr(self.template, name, "")))

    @property
    def currency(self) -> str:
        """The ISO code of its currency."""
        return self.setting("currency")

    @property
    def counted(self) -> str:
        """What comes in, in the words of its trade, such as orders or tickets."""
        return counted(self.template.structure.driven, self.template.words)

    @property
    def work(self) -> tuple[str, str]:
        """One piece of work and several, in the words of its trade, such as order and orders."""
        return counted_one(self.template.structure.driven, self.template.words), self.counted

    @property
    def people(self) -> tuple[str, str]:
        """One of those who bring work and several, in the words of its trade, such as patient and patients."""
        words = self.template.words
        return counted_one("customers", words), counted("customers", words)

    @property
    def first_table(self) -> str:
        """The table of records without which nothing can be said."""
        return FIRST_TABLE[self.template.structure.driven]

    @property
    def snapshot(self) -> Snapshot:
        """The state of its data. Raises TwinError while it has none."""
        found = self.desk.store.snapshot(self.name)
        if found is None or found.today is None:
            raise TwinError(
                f"The twin '{self.name}' has no {self.counted} yet. Bring some in: "
                f"python -m twin ingest FILE --as {self.first_table} --twin {self.name}"
            )
        return found

    @property
    def knowledge(self) -> Knowledge:
        """What the twin knows from its newest data; worked out once for each snapshot."""
        known = self._knowledge
        if known is not None and monotonic() < self._looked + LOOK_SECONDS:
            return known
        snapshot = self.snapshot
        with self._lock:
            if self._knowledge is None or self._knowledge.snapshot.snapshot != snapshot.snapshot:
                self._knowledge = Knowledge(self.desk, self, snapshot)
            self._looked = monotonic()
            return self._knowledge

    @property
    def today(self) -> date:
        """The twin's own today: the day after its last complete day of data."""
        return self.knowledge.today

    def ingest(self, file: str | Path, table: str, mapping: str | Path | None = None) -> "IngestReport":
        """Bring a file in, wholly or not at all."""
        from twin.connect.ingest import ingest

        self._looked = 0.0
        try:
            return ingest(self.desk.store, self.name, file, table, mapping)
        finally:
            self._looked = 0.0

    def levers(self) -> dict[str, Declaration]:
        """The numbers that a what-if may change."""
        return self.template.levers

    def today_values(self) -> dict[str, float]:
        """What each lever is today."""
        parameters = self.knowledge.calibration.parameters
        return {name: parameters[name].value for name in self.levers()}

    def horizon(self, days: int = DAYS) -> Horizon:
        """The days that a what-if plays."""
        return Horizon(self.today, days)

    def scenario(self, changes: Sequence[str], days: int = DAYS, name: str = "") -> Scenario:
        """Read a list of changes; raises TwinError naming the nearest valid choice."""
        read = scenario(list(changes), self.levers(), self.horizon(days), self.today_values(), name)
        self.knowledge.check_items(read)
        return read

    def run(
        self, days: int = DAYS, replications: int = REPLICATIONS, seed: int = SEED, changes: Sequence[str] = ()
    ) -> Run:
        """Play the coming days many times: as today, or with changes."""
        if changes:
            return self.compare(changes, days, replications, seed).scenario
        *_, answer = self.runs.plays(self._as_today(days, replications, seed), Scenario(), None)
        return answer

    def compare(
        self, changes: Sequence[str], days: int = DAYS, replications: int = REPLICATIONS, seed: int = SEED
    ) -> Comparison:
        """Play a scenario against as today, with the same luck on both sides."""
        *_, answer = self.rehearse(changes, days, replications, seed)
        return answer

    def rehearse(
        self, changes: Sequence[str], days: int = DAYS, replications: int = REPLICATIONS, seed: int = SEED
    ) -> Iterator[Comparison]:
        """The same, as it comes in: a first answer after 16 replications; the last is complete and stored."""
        read = self.scenario(changes, days)
        as_today = self._as_today(days, replications, seed)
        inputs = replace(as_today, changes=tuple(read.texts), factors_of=as_today.name)
        for baseline, played in self.runs.pairs(as_today, inputs, read):
            found = Comparison.of(baseline, played, self.template.headline)
            yield self.runs.compared(found) if played.outcome.replications == replications else found

    def _as_today(self, days: int, replications: int, seed: int) -> RunInputs:
        """Everything that determines a run of this twin as it stands today, nothing changed."""
        if not 2 <= replications <= REPLICATIONS_MOST:
            raise TwinError(f"A run has 2 to {REPLICATIONS_MOST} replications; {replications} were asked for.")
        if not 0 <= seed < 2**63:
            raise TwinError(f"A seed is a whole number from 0 to 9223372036854775807; found {seed}.")
        knowledge = self.knowledge
        return RunInputs(
            twin=self.name,
            snapshot=knowledge.snapshot.snapshot,
            bundle=knowledge.bundle_name,
            today=knowledge.today.isoformat(),
            days=Horizon(knowledge.today, days).days,
            replications=replications,
            seed=seed,
            changes=(),
            engine=engine(),
        )

    def keep(self, answer: Comparison) -> str:
        """Keep a comparison for good, and return the name that a link opens."""
        self.desk.store.keep(answer.name)
        return answer.name

    def verify(self, run: Run) -> tuple[bool | None, str]:
        """Play a stored run again from its own inputs: the same bytes, others, or None with the reason why neither."""
        return self.runs.verify(run)

    def life(self, run: str, replication: int, who: str) -> Life:
        """What happened to one customer, one piece of work or one machine in one play of a run, event by event.

        run : its name; who : such as 'customer 17850', 'visit 0/12' for the 13th piece of work of the first day, or
        'machine SAW-1'
        """
        return life_of(self, self.desk.run(run), replication, who)

    def notable(self, run: str, replication: int) -> "list[Notable]":
        """Whom it is worth to follow through one play of a run: extremes of its work and customers, an ordinary one."""
        return notable_of(self, self.desk.run(run), replication)

    def fidelity(self) -> Fidelity:
        """How well the twin would have told the last 28 days, had it been asked before them."""
        return self.knowledge.fidelity()

    def known_reasons(self, answer: Comparison) -> Reasons | None:
        """What the answer hangs on, if that was asked before."""
        stored = self.desk.store.forecast(self.name, answer.scenario.inputs.snapshot, f"reasons/{answer.name}")
        return Reasons.from_bytes(stored) if stored else None

    def reasons(self, answer: Comparison) -> Reasons:
        """What the answer hangs on: the three numbers that move it most, and whether it survives their range."""
        known = self.known_reasons(answer)
        if known is None:
            known = self._asked_why(answer)
            place = (self.name, answer.scenario.inputs.snapshot, f"reasons/{answer.name}")
            self.desk.store.save_forecast(*place, known.to_bytes())
        return known

    def _asked_why(self, answer: Comparison) -> Reasons:
        from twin.experiment.workers import probed

        headline = answer.differences.get(answer.headline)
        if headline is None or not answer.scenario.inputs.changes:  # no number moves what is exactly nothing
            return Reasons(answer.headline, (), True)
        played, inputs = answer.scenario, answer.scenario.inputs
        content = self.runs.content(inputs.bundle)
        question = Question(played.scenario, played.horizon, inputs.seed, Uncertainties(estimates=False))

        def probe(pins: Sequence[tuple[Pin, ...]], plays: Sequence[int]) -> Sequence[Sequence[float]]:
            questions = [replace(question, pinned=pinned) for pinned in pins]
            return probed(self.desk.executor, inputs.bundle, content, questions, plays, headline.measure)

        labels = {name: (one.label, one.unit) for name, one in self.template.declarations.items()}
        return reasons(headline, Bundle.from_bytes(content).uncertain, labels, probe)
