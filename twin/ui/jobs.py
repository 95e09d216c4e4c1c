"""Slow questions answered in the background."""

import atexit
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from twin.desk import Comparison, Twin
from twin.desk.runs import made_by, maker

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.8  # a lever is often moved again before that


class Jobs:
    """Slow questions answered in the background, so that no page waits for them, and no end of the process either."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.futures: dict[tuple[str, ...], Future[Any]] = {}
        self.asked: queue.SimpleQueue[tuple[str, Twin, Comparison]] = queue.SimpleQueue()
        self.latest: dict[str, str] = {}
        self.failed: set[str] = set()
        self.closed = threading.Event()
        atexit.register(self.closed.set)
        threading.Thread(target=self._attend, name="reasons", daemon=True).start()

    def once(self, key: tuple[str, ...], work: Callable[[], Any]) -> "Future[Any]":
        """The work under this name: begun once, and begun again only where it failed and somebody was told."""
        with self.lock:
            if key not in self.futures:
                future: Future[Any] = Future()
                self.futures[key] = future
                threading.Thread(target=fulfil, args=(future, maker(), work), name=key[0], daemon=True).start()
            return self.futures[key]

    def forget(self, key: tuple[str, ...]) -> None:
        """Let the work be begun again."""
        with self.lock:
            self.futures.pop(key, None)

    def ask(self, visitor: str, twin: Twin, answer: Comparison) -> None:
        """Work out the reasons of an answer, unless the visitor asks for something else before it begins."""
        if self.latest.get(visitor) != answer.name:
            self.latest[visitor] = answer.name
            self.asked.put((visitor, twin, answer))

    def _attend(self) -> None:
        while not self.closed.is_set():
            visitor, twin, answer = self.asked.get()
            time.sleep(PAUSE_SECONDS)
            if self.latest.get(visitor) == answer.name and not self.closed.is_set():
                self._reasons(twin, answer)

    def _reasons(self, twin: Twin, answer: Comparison) -> None:
        try:
            twin.reasons(answer)
        except Exception:
            self.failed.add(answer.name)
            if not self.closed.is_set():
                log.exception("The reasons of %s could not be worked out", answer.name)


def fulfil(future: "Future[Any]", maker_name: str, work: Callable[[], Any]) -> None:
    """Do the work under the name of who asked for it."""
    made_by(maker_name)
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)
