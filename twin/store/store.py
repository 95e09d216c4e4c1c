"""The one file that holds every twin: opening it, reading it from several threads, writing it one at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from twin.store.archive import Archive
from twin.store.migrations import enter, migrate
from twin.store.opening import connected
from twin.store.shelf import Shelf

_writers: dict[Path, threading.RLock] = {}
_writers_guard = threading.Lock()


class Store(Shelf, Archive):
    """Everything that is known about the twins of one file; safe to use from several threads at once.

    >>> import tempfile
    >>> with Store.open(Path(tempfile.mkdtemp()) / "twin.duckdb") as store:
    ...     store.create_twin("gift-shop", "shop", {"currency": "GBP"})
    ...     [twin.name for twin in store.twins()]
    ['gift-shop']
    """

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self._connection = connection
        self._guard = threading.Lock()
        with _writers_guard:
            self._writer = _writers.setdefault(path, threading.RLock())

    @classmethod
    def open(cls, path: str | Path, wait_seconds: float = 10.0) -> Self:
        """Open the store, or make a new one where there is none.

        Raises StoreBusy when another process still holds it after `wait_seconds`, TwinError when it is no store.
        """
        place = Path(path).expanduser().resolve()
        connection = connected(place, wait_seconds)
        try:
            store = cls(place, connection)
            with store._writer:
                migrate(connection, place)
        except BaseException:
            connection.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the file, so that another process can open it."""
        with self._guard:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def cursor(self, twin: str | None = None) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for one use, closed with `with`; table names mean the twin's if one is given."""
        with self._guard:
            cursor = self._connection.cursor()
        cursor.execute("set TimeZone = 'UTC'")
        if twin is not None:
            enter(cursor, twin)
        return cursor

    @contextmanager
    def transaction(self, twin: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor whose changes come all together or not at all; only one writes at a time."""
        with self._writer, self.cursor(twin) as cursor:
            cursor.execute("begin")
            try:
                yield cursor
            except BaseException:
                cursor.execute("rollback")
                raise
            cursor.execute("commit")

    def rows(self, question: str, values: list[Any] | None = None, twin: str | None = None) -> list[tuple[Any, ...]]:
        """All rows that answer one SQL question."""
        with self.cursor(twin) as cursor:
            return cursor.execute(question, values or []).fetchall()
