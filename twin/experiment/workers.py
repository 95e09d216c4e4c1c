"""Warm worker processes, and how a question is spread over them."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import Any, TypeVar

import numpy as np

from twin.experiment.tasks import Missing, Question, play, probe, warm

CHUNK = 2
Part = TypeVar("Part")


def workers(number: int | None = None) -> ProcessPoolExecutor:
    """A pool of warm processes; one for each processor up to eight, unless told otherwise.

    They start from a clean process (forkserver), so that neither threads nor the open store are copied.
    """
    number = number or max(1, min(os.cpu_count() or 1, 8))
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    pool = ProcessPoolExecutor(number, mp_context=multiprocessing.get_context(method))
    for _ in range(number):
        pool.submit(warm)
    return pool


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

    for answer in in_order(asked, parts, content):
        yield from answer


def probed(
    executor: Executor,
    bundle: str,
    content: bytes,
    questions: Sequence[Question],
    replications: tuple[int, ...],
    measure: str,
) -> list[float]:
    """The mean paired difference of one measure for each of several questions, in order."""

    def asked(question: Question, sent: bytes | None) -> Future[Any]:
        return executor.submit(probe, bundle, sent, question, replications, measure)

    return list(in_order(asked, questions, content))


def in_order(
    asked: Callable[[Part, bytes | None], Future[Any]], parts: Sequence[Part], content: bytes
) -> Iterator[Any]:
    """The answers to all parts, in order; a worker that has never seen the bundle is asked again with it."""
    futures = [asked(part, None) for part in parts]
    try:
        for n, part in enumerate(parts):
            answer = futures[n].result()
            while isinstance(answer, Missing):
                futures[n] = asked(part, content)
                answer = futures[n].result()
            yield answer
    finally:
        for future in futures:
            future.cancel()
