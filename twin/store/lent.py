"""A store that is given back while its holder waits for something else, so that others get their turn."""

from pathlib import Path
from typing import Self

import duckdb

from twin.store.opening import connected
from twin.store.store import Store

WAIT_SECONDS = 10.0


class LentStore(Store):
    """The same store for a single thread, which can let go of the file and takes it again when it next asks."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(path, connection)
        self._away = False

    @classmethod
    def open(cls, path: str | Path, wait_seconds: float = WAIT_SECONDS) -> Self:
        """Open the store; raises StoreBusy when another process still holds it after `wait_seconds`."""
        return super().open(path, wait_seconds)

    def let_go(self) -> None:
        """Give the file back until it is next needed."""
        if not self._away:
            self.close()
            self._away = True

    def cursor(self, twin: str | None = None) -> duckdb.DuckDBPyConnection:
        """A cursor as ever; raises StoreBusy where somebody else has taken the file and keeps it."""
        if self._away:
            self._connection = connected(self.path, WAIT_SECONDS)
            self._away = False
        return super().cursor(twin)
