"""Cached doors to the desk: what a page asks for is worked out once, and kept under the name of its data."""

import gc
import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from twin.advise.days import Days
from twin.advise.questions import questions
from twin.advise.standing import Standing, standing
from twin.cli.counter import open_counter
from twin.desk import Comparison, Desk, Run, Twin
from twin.desk.desk import STORE
from twin.errors import TwinError
from twin.ui.entry import after_first_page
from twin.ui.jobs import Jobs

if TYPE_CHECKING:
    from twin.advise.reasons import Reasons
    from twin.desk.fidelity import Fidelity
    from twin.desk.life import Life
    from twin.experiment.notable import Notable

log = logging.getLogger(__name__)
WAIT_SECONDS = 3.0
CACHED_DAYS = 7  # for which a run stays that nobody kept


def store_path() -> Path:
    """Where the store lies: TWIN_STORE, or the project's own."""
    return Path(os.environ.get("TWIN_STORE") or STORE)


@st.cache_resource(show_spinner=False)
def desk(path: str) -> Desk:
    """The one desk of this process, its workers already warming up. Raises StoreBusy or TwinError."""
    opened = open_counter(path, wait_seconds=WAIT_SECONDS)
    threading.Thread(target=warm, args=(opened,), name="warm", daemon=True).start()
    gc.collect()
    gc.freeze()
    return opened


def the_desk() -> Desk:
    """The desk of this process."""
    path = store_path()
    if not path.exists():
        raise MissingStore(path)
    return desk(str(path))


class MissingStore(TwinError):
    """There is no store yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no store at {path} yet. Build the demo twin: python -m twin demo")


def warm(opened: Desk) -> None:
    """Work out in the background what the first visitor will ask for."""
    after_first_page()
    try:
        import scipy.special  # noqa: F401  (half a second that nobody should wait for)

        for row in opened.twins():
            warm_twin(opened, row.name)
    except Exception:
        log.exception("Warming up stopped")


def warm_twin(opened: Desk, name: str) -> None:
    """The numbers of one twin, and the answers to its first questions; what it cannot answer stops no other twin."""
    opened.store.empty_cache(name, CACHED_DAYS)
    if opened.store.snapshot(name) is None:
        return
    try:
        twin = opened.twin(name)
        prepared(twin).result()
        for question in questions(twin.template, twin.horizon()):
            twin.compare(question.changes)
    except TwinError as error:
        log.info("%s: %s", name, error)


def days(twin: Twin) -> Days:
    """Every complete day of the twin's business."""
    return _days(twin.name, twin.knowledge.snapshot.snapshot, _Held(twin))


class _Held:
    """A value handed to a cached door beside the names that it is kept under."""

    def __init__(self, value: Any) -> None:
        self.value = value


HASH: dict[str | type[Any], Callable[[Any], Any]] = {_Held: lambda _: 0}


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=HASH)
def _days(name: str, snapshot: str, held: _Held) -> Days:
    frame = held.value.knowledge.days
    fields = {name: frame[name].to_numpy(float) for name in frame.columns if name not in ("day", "open")}
    return Days(list(frame["day"]), frame["open"].to_numpy(bool), fields)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=HASH)
def _standing(name: str, snapshot: str, held: _Held) -> Standing | None:
    return standing(days(held.value), held.value.template)


def business(twin: Twin) -> Standing | None:
    """How the business is doing."""
    return _standing(twin.name, twin.knowledge.snapshot.snapshot, _Held(twin))


def baseline(twin: Twin, horizon_days: int = 90) -> Run:
    """The coming weeks as today."""
    return twin.run(days=horizon_days)


def answers(
    twin: Twin, changes: tuple[str, ...], horizon_days: int, replications: int, seed: int
) -> Iterator[Comparison]:
    """A comparison as it comes in; at once where it is known."""
    kept = _kept()
    place = (twin.name, twin.knowledge.snapshot.snapshot, changes, horizon_days, replications, seed)
    if place in kept:
        yield kept[place]
        return
    answer = None
    for answer in twin.rehearse(changes, horizon_days, replications, seed):
        yield answer
    if answer is not None:
        kept[place] = answer
        while len(kept) > 64:
            kept.pop(next(iter(kept)))


@st.cache_resource(show_spinner=False)
def _kept() -> dict[Any, Comparison]:
    return {}


def life(twin: Twin, run: Run, replication: int, who: str) -> "Life":
    """What happened to somebody in one replication of a run. Raises TwinError where there is nobody of that name."""
    return _life(run.name, replication, who, _Held(twin))


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=HASH)
def _life(run: str, replication: int, who: str, held: _Held) -> "Life":
    found: Life = held.value.life(run, replication, who)
    return found


def notable(twin: Twin, run: Run, replication: int) -> "list[Notable]":
    """Whom it is worth to follow through one replication of a run."""
    return _notable(run.name, replication, _Held(twin))


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=HASH)
def _notable(run: str, replication: int, held: _Held) -> "list[Notable]":
    found: list[Notable] = held.value.notable(run, replication)
    return found


def without_effect(twin: Twin, answer: Comparison) -> tuple[str, ...]:
    """Which changes of a scenario leave every record as it would be without them."""
    texts = tuple(answer.scenario.scenario.texts)
    return _without_effect(answer.name, texts, _Held((twin, answer)))


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=HASH)
def _without_effect(name: str, texts: tuple[str, ...], held: _Held) -> tuple[str, ...]:
    twin, answer = held.value
    played, inputs = answer.scenario.outcome.days, answer.scenario.inputs
    idle = []
    for n, text in enumerate(texts):
        others = texts[:n] + texts[n + 1 :]
        try:
            first = (
                next(iter(twin.rehearse(others, inputs.days, inputs.replications, inputs.seed))) if others else answer
            )
        except TwinError:
            continue
        beside = first.scenario if others else answer.baseline
        size = min(beside.outcome.replications, len(played))
        if np.array_equal(beside.outcome.days[:size], played[:size], equal_nan=True):
            idle.append(text)
    return tuple(idle)


def stored(name: str) -> Comparison:
    """A stored comparison exactly as it was made; its numbers never change, so it is read once."""
    row = the_desk().comparison_row(name)
    the_desk().twin(row.twin)  # says so if the twin is gone
    kept = _kept()
    if row.comparison not in kept:
        kept[row.comparison] = the_desk().comparison(name)
    return kept[row.comparison]


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The background work of this process."""
    return Jobs()


def prepared(twin: Twin) -> "Future[Any]":
    """The numbers, the forecasts and the baseline of the newest data, worked out once."""
    key = ("prepared", twin.name, twin.snapshot.snapshot)

    def work() -> None:
        knowledge = twin.knowledge
        _ = knowledge.calibration
        for measure in twin.template.forecast:
            knowledge.forecast(measure)
        twin.run()

    return jobs().once(key, work)


def fidelity(twin: Twin) -> "Fidelity | None":
    """How well the twin would have told the last 28 days; None while it is being worked out."""
    key = ("fidelity", twin.name, twin.knowledge.snapshot.snapshot)
    future = jobs().once(key, twin.fidelity)
    if not future.done() and not twin.knowledge.has("fidelity"):  # what is stored is there in a moment
        return None
    if future.exception() is not None:
        jobs().forget(key)
    found: Fidelity = future.result()
    return found


def reasons(twin: Twin, answer: Comparison, visitor: str) -> "Reasons | None":
    """What an answer hangs on, or None while it is being worked out."""
    known = twin.known_reasons(answer)
    if known is None and answer.name not in jobs().failed:
        jobs().ask(visitor, twin, answer)
    return known
