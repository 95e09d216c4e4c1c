"""A desk for one command, which gives the store back while it waits for its workers."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from twin.desk.desk import Desk
from twin.store.lent import LentStore


class Awaited(Future):
    """What a worker was asked for; whoever waits for it lets go of the store meanwhile."""

    def __init__(self, asked: Future, let_go: Callable[[], None]) -> None:
        super().__init__()
        self._asked, self._let_go = asked, let_go

    def result(self, timeout: float | None = None) -> Any:
        """The worker's answer."""
        if not self._asked.done():
            self._let_go()
        return self._asked.result(timeout)

    def cancel(self) -> bool:
        """Not wanted any more."""
        return self._asked.cancel()

    def done(self) -> bool:
        """Whether the answer is there."""
        return self._asked.done()


class Patient(Executor):
    """Worker processes that start when first asked, for a store that others wait for too."""

    def __init__(self, store: LentStore) -> None:
        self._store = store
        self._pool: Executor | None = None

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future:
        """Ask a worker."""
        self._store.let_go()  # workers take seconds to start
        if self._pool is None:
            from twin.experiment.workers import workers

            self._pool = workers()
        return Awaited(self._pool.submit(function, *arguments, **options), self._store.let_go)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Send the workers home."""
        if self._pool is not None:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)


@contextmanager
def patient_desk(path: Path, wait_seconds: float) -> Iterator[Desk]:
    """The desk of a store for one command. Raises StoreBusy where another process keeps it."""
    store = LentStore.open(path, wait_seconds)
    executor = Patient(store)
    try:
        with Desk(store, executor) as desk:
            yield desk
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
