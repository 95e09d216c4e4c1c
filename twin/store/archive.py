"""The part of the store that keeps runs, comparisons and the bytes they refer to."""

import hashlib
from dataclasses import astuple, fields
from datetime import timedelta

from twin.errors import UnknownName
from twin.store.rows import ComparisonRow, RunRow
from twin.store.shelf import ORPHANS, Opened, now

RUN_COLUMNS = ", ".join(field.name for field in fields(RunRow))
COMPARISON_COLUMNS = ", ".join(field.name for field in fields(ComparisonRow))


class Archive(Opened):
    """Runs and comparisons, which never change once they are stored."""

    def put_blob(self, content: bytes) -> str:
        """Store bytes and return their name, the SHA-256; the same bytes are stored once."""
        name = hashlib.sha256(content).hexdigest()
        if not self.rows("select 1 from blobs where hash = ?", [name]):
            with self.transaction() as cursor:
                values = [name, now(), len(content), content]
                cursor.execute("insert into blobs values (?, ?, ?, ?) on conflict do nothing", values)
        return name

    def blob(self, name: str) -> bytes:
        """The bytes with this name. Raises UnknownName."""
        found = self.rows("select content from blobs where hash = ?", [name])
        if not found:
            raise UnknownName("stored result", name, [])
        return bytes(found[0][0])

    def save_run(self, run: RunRow) -> None:
        """Store a run; saving it again changes nothing, so the first maker and time stay."""
        self._save("runs", astuple(run))

    def run(self, run: str) -> RunRow | None:
        """The run with this name, or None."""
        found = self.rows(f"select {RUN_COLUMNS} from runs where run = ?", [run])
        return RunRow(*found[0]) if found else None

    def runs(self, twin: str) -> list[RunRow]:
        """Every run of a twin, the newest first."""
        question = f"select {RUN_COLUMNS} from runs where twin = ? order by created desc, run"
        return [RunRow(*row) for row in self.rows(question, [twin])]

    def beginning_with(self, start: str) -> tuple[list[str], list[str]]:
        """The names of the runs and of the comparisons that begin with this text."""
        runs = self.rows("select run from runs where starts_with(run, ?) order by run", [start])
        question = "select comparison from comparisons where starts_with(comparison, ?) order by comparison"
        comparisons = self.rows(question, [start])
        return [row[0] for row in runs], [row[0] for row in comparisons]

    def save_comparison(self, comparison: ComparisonRow) -> None:
        """Store a comparison; saving it again changes nothing, so the first maker and time stay."""
        self._save("comparisons", astuple(comparison))

    def comparison(self, comparison: str) -> ComparisonRow | None:
        """The comparison with this name, or None."""
        found = self.rows(f"select {COMPARISON_COLUMNS} from comparisons where comparison = ?", [comparison])
        return ComparisonRow(*found[0]) if found else None

    def comparisons(self, twin: str) -> list[ComparisonRow]:
        """Every comparison of a twin, the newest first."""
        question = f"select {COMPARISON_COLUMNS} from comparisons where twin = ? order by created desc, comparison"
        return [ComparisonRow(*row) for row in self.rows(question, [twin])]

    def keep(self, name: str) -> None:
        """Let a comparison with its two runs, or a single run, stay when the cache is emptied. Raises UnknownName."""
        compared = self.comparison(name)
        if not compared and not self.run(name):
            raise UnknownName("run or comparison", name, [])
        runs = [compared.baseline, compared.scenario] if compared else [name]
        with self.transaction() as cursor:
            cursor.execute("update comparisons set kept = true where comparison = ? and not kept", [name])
            cursor.execute("update runs set kept = true where list_contains(?, run) and not kept", [runs])

    def empty_cache(self, twin: str, older_than_days: int = 0) -> int:
        """Delete the runs and comparisons of a twin that nobody kept, with their bytes; returns how many runs went.

        Bytes of the last hour stay, since the run that they belong to may be about to be stored.
        """
        with self.transaction() as cursor:
            which = "where twin = ? and not kept and created <= ?"
            what = [twin, now() - timedelta(days=older_than_days)]
            cursor.execute(f"delete from comparisons {which}", what)
            gone = cursor.execute(f"delete from runs {which} returning run", what).fetchall()
            cursor.execute(ORPHANS)
        return len(gone)

    def _save(self, table: str, values: tuple[object, ...]) -> None:
        marks = ", ".join("?" * len(values))
        with self.transaction() as cursor:
            cursor.execute(f"insert into {table} values ({marks}) on conflict do nothing", list(values))
