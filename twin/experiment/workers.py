"""Warm worker processes, and how a question is spread over them."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from twin.experiment.question import Question
from twin.experiment.tasks import Missing, play, probe, warm
from twin.spec.measures import Measure

CHUNK = 2
PROJECT = Path(__file__).parent.parent.parent
PLAYS_AHEAD = (
    6  # of one question at the workers at a time, so that somebody else's question need not wait for all of it
)
PROBES_AHEAD = 2  # probes are many and nobody waits for them; what a visitor asks meanwhile goes first
Part = TypeVar("Part")


def workers(number: int | None = None) -> ProcessPoolExecutor:
    """A pool of warm processes; one for each processor up to eight, unless told otherwise.

    They are copies of one clean process that has the kernels compiled (forkserver), so that neither
    threads nor the open store are copied; where a system has no such server each compiles its own.
    """
    number = number or max(1, min(os.cpu_count() or 1, 8))
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    context.set_forkserver_preload(["twin.experiment.warmed"])
    if method == "forkserver":
        start_server()
    pool = ProcessPoolExecutor(number, mp_context=context, initializer=attend)
    for _ in range(number):
        pool.submit(warm)
    return pool


def start_server() -> None:
    """Start the process that workers are copied from, deaf to a Ctrl-C that is meant for us; ours comes afterwards."""
    from multiprocessing import forkserver, resource_tracker

    paths = os.environ.get("PYTHONPATH")
    resource_tracker.ensure_running()  # it is started once, and lets go of the signal when it is
    with interrupts_held_back():
        os.environ["PYTHONPATH"] = os.pathsep.join([str(PROJECT), *([paths] if paths else [])])  # it looks nowhere else
        try:
            forkserver.ensure_running()
        finally:
            if paths is None:
                del os.environ["PYTHONPATH"]
            else:
                os.environ["PYTHONPATH"] = paths


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Hold a Ctrl-C back until the end, from us and from whatever is started meanwhile.

    A signal that this thread blocks stays blocked in what it starts, but is handed to any other thread of ours, and
    then the main thread is told: so that one notes it meanwhile. Another thread has nothing to hold back but its own.
    """
    pressed: list[int] = []
    usual = signal.getsignal(signal.SIGINT)
    ours = threading.current_thread() is threading.main_thread() and usual is not None
    if ours:
        signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if ours:
            signal.signal(signal.SIGINT, usual)
    if pressed:
        signal.raise_signal(signal.SIGINT)


def attend() -> None:
    """What each worker does first: leave Ctrl-C to whoever asks, and end with them, even if they are killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asker = multiprocessing.parent_process()
    if asker is not None:
        threading.Thread(target=end_with, args=(asker.sentinel,), daemon=True).start()


def end_with(sentinel: int) -> None:
    """Wait for another process to end, then end at once."""
    wait([sentinel])
    os._exit(0)


def played(
    executor: Executor,
    bundle: str,
    content: bytes,
    question: Question,
    replications: range,
    factors: np.ndarray | None = None,
    chunk: int = CHUNK,
) -> Iterator[dict[str, np.ndarray]]:
    """Play replications on an executor and hand them over in order, each as soon as it and all before it are there.

    factors : of the baseline, one row for each replication. Whoever stops listening stops the rest.
    """
    parts = [
        range(first, min(first + chunk, replications.stop))
        for first in range(replications.start, replications.stop, chunk)
    ]

    def asked(part: range, sent: bytes | None) -> Future[Any]:
        rows = None if factors is None else factors[part.start - replications.start : part.stop - replications.start]
        return executor.submit(play, bundle, sent, question, tuple(part), rows)

    for answer in in_order(asked, parts, content, PLAYS_AHEAD):
        yield from answer


def probed(
    executor: Executor,
    bundle: str,
    content: bytes,
    questions: Sequence[Question],
    replications: Sequence[int],
    measure: Measure,
) -> list[list[float]]:
    """The paired difference of one measure in each replication for each of several questions, in order.

    Each task is one pair, so that whoever asks something more urgent waits for no longer than that.
    """

    def asked(part: tuple[Question, int], sent: bytes | None) -> Future[Any]:
        return executor.submit(probe, bundle, sent, *part, measure)

    parts = [(question, replication) for question in questions for replication in replications]
    found = list(in_order(asked, parts, content, PROBES_AHEAD))
    return np.array(found).reshape(len(questions), -1).tolist()


def in_order(
    asked: Callable[[Part, bytes | None], Future[Any]],
    parts: Sequence[Part],
    content: bytes,
    ahead: int,
) -> Iterator[Any]:
    """The answers to all parts, in order; a worker that has never seen the bundle is asked again with it.

    ahead : how many parts may wait at the workers at a time, so that other questions need not wait for all
    """
    futures = [asked(part, None) for part in parts[:ahead]]
    try:
        for n, part in enumerate(parts):
            answer = futures[n].result()
            while isinstance(answer, Missing):
                futures[n] = asked(part, content)
                answer = futures[n].result()
            futures += [asked(more, None) for more in parts[n + ahead : n + ahead + 1]]
            yield answer
    finally:
        for future in futures:
            future.cancel()
