"""Real worker processes: the same answers as here, errors that arrive as sentences, and no more work than asked for."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace

import pytest

from tests.model.small import asked, baseline, small
from twin.clock import Horizon
from twin.errors import TwinError, UnknownName
from twin.experiment import tasks
from twin.experiment.outcome import RunOutcome
from twin.experiment.workers import PROJECT, in_order, played, workers


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with workers(1) as opened:
        yield opened


def test_a_worker_gives_the_bytes_that_this_process_gives(pool: ProcessPoolExecutor) -> None:
    bundle = small()
    parts = list(played(pool, "small", bundle.to_bytes(), asked(bundle), range(3)))
    assert RunOutcome.stacked(parts).sha256 == baseline(bundle, 3).sha256


def test_an_error_arrives_as_its_sentence_and_the_worker_lives_on(pool: ProcessPoolExecutor) -> None:
    bundle = small()
    too_long = replace(asked(bundle), horizon=Horizon(asked(bundle).horizon.today, 41))
    with pytest.raises(TwinError, match="The forecast reaches 40 days; 41 were asked for"):
        list(played(pool, "small", bundle.to_bytes(), too_long, range(2)))
    with pytest.raises(UnknownName, match="There is no template 'shoe'"):
        pool.submit(tasks.call, "twin.spec.template:template", "shoe").result()
    assert pool.submit(tasks.call, "operator:add", 1, 2).result() == 3


def test_who_stops_listening_stops_the_rest() -> None:
    futures: list[Future[int]] = [Future() for _ in range(4)]
    futures[0].set_result(0)
    answers = in_order(lambda part, _: futures[part], range(4), b"", 4)
    assert next(answers) == 0
    answers.close()  # type: ignore[attr-defined]
    assert [future.cancelled() for future in futures] == [False, True, True, True]


def test_only_a_worker_that_misses_the_bundle_is_sent_it() -> None:
    sent: list[tuple[int, bytes | None]] = []

    def ask(part: int, content: bytes | None) -> Future[object]:
        sent.append((part, content))
        answer: Future[object] = Future()
        answer.set_result(tasks.Missing("b") if content is None and part != 1 else part)
        return answer

    assert list(in_order(ask, range(3), b"all", 3)) == [0, 1, 2]
    assert sent == [(0, None), (1, None), (2, None), (0, b"all"), (2, b"all")]


def test_a_long_question_leaves_room_for_others() -> None:
    waiting: list[Future[int]] = []

    def ask(part: int, content: bytes | None) -> Future[int]:
        assert sum(not one.done() for one in waiting) < 3
        waiting.append(Future())
        if part < 2:
            waiting[part].set_result(part)
        return waiting[-1]

    answers = in_order(ask, range(50), b"", 3)
    assert [next(answers), next(answers)] == [0, 1]
    assert len(waiting) == 5


PRESSED = """
import os, signal, sys, threading
from multiprocessing import forkserver
from twin.experiment.workers import start_server

other = threading.Thread(target=threading.Event().wait, daemon=True)  # a thread that blocks nothing, as libraries have
other.start()

def starting():
    if sys.argv[1] == "another":
        signal.pthread_kill(other.ident, signal.SIGINT)
        while not noted():
            pass
    else:
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
    blocked = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    print("held back for who is started:", blocked, flush=True)

def noted():
    return signal.getsignal(signal.SIGINT).__closure__[0].cell_contents

forkserver.ensure_running, mask = starting, signal.pthread_sigmask(signal.SIG_BLOCK, ())
try:
    start_server()
except KeyboardInterrupt:
    print("came afterwards:", signal.pthread_sigmask(signal.SIG_BLOCK, ()) == mask)
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system cannot hold signals back")
@pytest.mark.parametrize("thread", ["main", "another"])
def test_ctrl_c_while_workers_start_is_held_back_and_not_lost(thread: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PRESSED, thread], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert told.stdout.splitlines() == ["held back for who is started: True", "came afterwards: True"]
