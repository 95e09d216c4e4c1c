"""One life: what happened to one customer, or one piece of work, in one play of a run, event by event."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from twin.advise.amounts import symbol
from twin.desk.answers import Run
from twin.errors import TwinError
from twin.experiment import tasks
from twin.experiment.engine import engine
from twin.experiment.events import PAID
from twin.experiment.inputs import Bundle
from twin.experiment.outcome import factors_of
from twin.experiment.question import Question

if TYPE_CHECKING:
    from twin.desk.twin import Twin
    from twin.experiment.notable import Notable

LIFE, NOTABLE = "twin.experiment.life:life", "twin.experiment.notable:notable"


@dataclass(frozen=True)
class Event:
    """Something that happened: when, what, where, and what else is to be said of it.

    minute : of the calendar day, from 0 to 1440; time: the same as people write it
    """

    minute: float
    day: date
    time: str
    what: str
    where: str
    detail: str


@dataclass(frozen=True)
class Life:
    """Everything that happened to somebody in one replication of a run."""

    run: str
    replication: int
    who: str
    events: tuple[Event, ...]

    def contract(self) -> dict[str, Any]:
        """The same as the command line prints it."""
        events = [vars(event) | {"day": event.day.isoformat()} for event in self.events]
        return {"run": self.run, "replication": self.replication, "who": self.who, "events": events}


def life_of(twin: "Twin", run: Run, replication: int, who: str) -> Life:
    """Play one replication of a run again and follow somebody. Raises TwinError where that cannot be."""
    found = played_again(twin, run, replication, LIFE, who)
    today = run.horizon.today
    names = twin.knowledge.items if twin.template.structure.items and not twin.template.structure.stations else {}
    events = (
        Event(
            one.minute, today + timedelta(days=one.day), clock(one.minute), one.what,
            names.get(one.where) or one.where, symbol(run.currency) * (one.what == PAID) + one.detail,
        )
        for one in found
    )  # fmt: skip
    return Life(run.name, replication, who, tuple(events))


def notable_of(twin: "Twin", run: Run, replication: int) -> "list[Notable]":
    """Play one replication of a run again and say whom it is worth to follow. Raises TwinError where that cannot be."""
    found: list[Notable] = played_again(twin, run, replication, NOTABLE)
    return found


def played_again(twin: "Twin", run: Run, replication: int, function: str, *asked: str) -> Any:
    """What a function of a worker tells of one replication of a run, with the demand that it was played with."""
    inputs = run.inputs
    if not 0 <= replication < inputs.replications:
        raise TwinError(f"The run {run.name} has plays 0 to {inputs.replications - 1}; {replication} was asked for.")
    if inputs.engine != engine():
        raise TwinError(f"The run {run.name} was made by another engine; play it again to follow somebody through it.")
    factors = None
    if inputs.factors_of:
        factors = factors_of(twin.desk.run(inputs.factors_of).outcome.days[replication])
    question = Question(run.scenario, run.horizon, inputs.seed, inputs.uncertainties)
    bundle = Bundle.from_bytes(twin.runs.content(inputs.bundle))
    return twin.desk.executor.submit(tasks.call, function, bundle, question, replication, factors, *asked).result()


def clock(minute: float) -> str:
    """Minutes of the day as people write a time; the end of the day is the evening.

    >>> clock(581.6), clock(1440.0)
    ('09:41', 'evening')
    """
    if minute >= 1440.0:
        return "evening"
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"
