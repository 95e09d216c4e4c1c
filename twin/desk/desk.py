"""A desk: one open store and the workers that play for it."""

import getpass
import threading
from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from twin.errors import TwinError, UnknownName
from twin.spec.template import template
from twin.store import ComparisonRow, Store, TwinRow

if TYPE_CHECKING:
    from twin.desk.answers import Comparison, Run
    from twin.desk.twin import Twin

PROJECT = Path(__file__).parent.parent.parent
STORE = PROJECT / "data" / "twin.duckdb"


def local_name() -> str:
    """Who sits at this machine, for the runs that somebody makes without signing in."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"


class Desk:
    """Everything that can be asked of the twins in one store. Safe to use from several threads."""

    def __init__(self, store: Store, executor: Executor | None = None) -> None:
        self.store = store
        self._executor = executor
        self._owns_executor = executor is None
        self._lock = threading.RLock()
        self._pool_lock = threading.Lock()  # of its own: starting workers takes seconds, and pages must not wait
        self._twins: dict[tuple[str, str], Twin] = {}

    @classmethod
    def open(cls, path: str | Path = STORE, executor: Executor | None = None, wait_seconds: float = 10.0) -> Self:
        """Open a store; raises StoreBusy naming the process that holds it."""
        return cls(Store.open(path, wait_seconds), executor)

    @property
    def executor(self) -> Executor:
        """The workers; started when first needed, and anew if one of them has died."""
        with self._pool_lock:
            if self._executor is None or (self._owns_executor and getattr(self._executor, "_broken", False)):
                from twin.experiment.workers import workers

                self._executor = workers()
            return self._executor

    def close(self) -> None:
        """Give the store back and end the workers that were started here."""
        self.store.close()
        if self._owns_executor and self._executor is not None:
            self._executor.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def twins(self) -> list[TwinRow]:
        """The twins in this store, by name."""
        return self.store.twins()

    def twin(self, name: str | None = None) -> "Twin":
        """The twin with this name; the name may be left out while the store holds one."""
        from twin.desk.twin import Twin

        row = self._row(name)
        key = (row.name, row.created.isoformat())
        with self._lock:
            if key not in self._twins:
                self._twins[key] = Twin(self, row)
            return self._twins[key]

    def _row(self, name: str | None) -> TwinRow:
        if name:
            return self.store.twin(name)
        found = self.store.twins()
        if not found:
            raise TwinError(
                "This store holds no twin yet. Make one with 'python -m twin demo' "
                "or 'python -m twin create NAME --template shop'."
            )
        if len(found) > 1:
            names = ", ".join(row.name for row in found)
            raise TwinError(f"This store holds several twins ({names}); say which with --twin NAME.")

        return found[0]

    def create(self, name: str, template_name: str, settings: Mapping[str, Any] | None = None) -> "Twin":
        """Make an empty twin of a kind of business."""
        kind = template(template_name)
        given = {
            "currency": kind.currency,
            "time_zone": kind.time_zone,
            "country": kind.country,
            "title": name,
            **(settings or {}),
        }
        self.store.create_twin(name, template_name, given)
        return self.twin(name)

    def delete(self, name: str) -> None:
        """Delete a twin and all it knows."""
        self.store.twin(name)
        self.store.delete_twin(name)
        with self._lock:
            self._twins = {key: one for key, one in self._twins.items() if key[0] != name}

    def comparison_row(self, name: str) -> ComparisonRow:
        """A stored comparison by its name or the beginning of it. Raises TwinError where there is none."""
        row = self.store.comparison(name)
        if row is None:
            raise UnknownRun(name)
        return row

    def comparison(self, name: str) -> "Comparison":
        """A stored comparison exactly as it was made."""
        row = self.comparison_row(name)
        return self.twin(row.twin).runs.comparison(row)

    def run(self, name: str) -> "Run":
        """A stored run exactly as it was made."""
        row = self.store.run(name)
        if row is None:
            raise UnknownRun(name)
        return self.twin(row.twin).runs.from_row(row)


class UnknownRun(UnknownName):
    """A run or comparison that the store does not hold."""

    def __init__(self, name: str) -> None:
        super().__init__("run", name, [])
        self.args = (
            f"There is no run '{name}' in this store. It may have been made in another store, its twin may have been "
            "deleted, or it was a passing try that nobody kept.",
        )
