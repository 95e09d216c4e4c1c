"""The part of the store that keeps twins, their snapshots, and what was estimated from those."""

import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

import duckdb

from twin.errors import TwinError, UnknownName
from twin.store.migrations import make_twin_tables
from twin.store.rows import CalibrationRow, Check, Snapshot, TwinRow

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
RESERVED = {"main", "temp", "system"}
ORPHANS = """
delete from blobs where created < now() at time zone 'UTC' - interval 1 hour and hash not in (
    select outcome from runs
    union select unnest(regexp_extract_all(inputs, '[0-9a-f]{64}')) from runs
    union select unnest(regexp_extract_all(summary, '[0-9a-f]{64}')) from comparisons
)"""


class UnknownTwin(UnknownName):
    """A twin that the store does not hold; the message offers the nearest that it does."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__("twin", name, known)


class Opened(Protocol):
    """What the parts of a store need from it: reading and writing."""

    def rows(
        self, question: str, values: list[Any] | None = None, twin: str | None = None
    ) -> list[tuple[Any, ...]]: ...
    def transaction(self, twin: str | None = None) -> AbstractContextManager[duckdb.DuckDBPyConnection]: ...


class Shelf(Opened):
    """Twins and snapshots, calibrations and forecasts."""

    def twins(self) -> list[TwinRow]:
        """Every twin of the store, by name."""
        rows = self.rows("select twin, template, created, settings from twins order by twin")
        return [TwinRow(name, template, created, json.loads(settings)) for name, template, created, settings in rows]

    def twin(self, name: str) -> TwinRow:
        """The twin with this name. Raises UnknownTwin, which names the nearest."""
        known = {twin.name: twin for twin in self.twins()}
        if name not in known:
            raise UnknownTwin(name, list(known))
        return known[name]

    def create_twin(self, name: str, template: str, settings: Mapping[str, Any]) -> None:
        """Make an empty twin. Raises TwinError for a name that is taken or cannot be one."""
        check_name(name)
        with self.transaction() as cursor:
            if cursor.execute("select twin from twins where twin = ?", [name]).fetchall():
                raise TwinError(f"There is a twin '{name}' already. Choose another name, or delete that one first.")
            values = [name, template, now(), as_json(settings)]
            cursor.execute("insert into twins values (?, ?, ?, ?)", values)
            make_twin_tables(cursor, name)

    def delete_twin(self, name: str) -> None:
        """Remove a twin with its data, estimates and forecasts; runs and comparisons that someone kept stay."""
        self.twin(name)
        with self.transaction() as cursor:
            cursor.execute(f'drop schema if exists "{name}" cascade')
            for table in ("twins", "snapshots", "calibrations", "forecasts"):
                cursor.execute(f"delete from {table} where twin = ?", [name])
            for table in ("comparisons", "runs"):
                cursor.execute(f"delete from {table} where twin = ? and not kept", [name])
            cursor.execute(ORPHANS)

    def snapshot(self, twin: str, name: str | None = None) -> Snapshot | None:
        """The newest state of the twin's data, or the one named; None where there is none."""
        self.twin(twin)
        found = self.rows(
            "select snapshot, twin, created, first_day, last_day, tables, checks, files from snapshots "
            "where twin = ? and snapshot = coalesce(?, snapshot) order by ingest desc limit 1",
            [twin, name],
        )
        return snapshot_of(found[0]) if found else None

    def save_calibration(self, twin: str, snapshot: str, payload: bytes, summary: Mapping[str, Any]) -> None:
        """Keep what was estimated from a snapshot; a new estimate takes the place of an older one."""
        self.twin(twin)
        with self.transaction() as cursor:
            values = [twin, snapshot, now(), payload, as_json(summary)]
            cursor.execute("insert or replace into calibrations values (?, ?, ?, ?, ?)", values)

    def calibration(self, twin: str, snapshot: str) -> CalibrationRow | None:
        """What was estimated from a snapshot; None where nothing was yet."""
        found = self.rows(
            "select twin, snapshot, created, payload, summary from calibrations where twin = ? and snapshot = ?",
            [twin, snapshot],
        )
        return calibration_of(found[0]) if found else None

    def save_forecast(self, twin: str, snapshot: str, name: str, payload: bytes) -> None:
        """Keep a fitted forecast of a snapshot; a new one takes the place of an older one."""
        self.twin(twin)
        with self.transaction() as cursor:
            cursor.execute(
                "insert or replace into forecasts values (?, ?, ?, ?, ?)", [twin, snapshot, name, now(), payload]
            )

    def forecast(self, twin: str, snapshot: str, name: str) -> bytes | None:
        """A stored forecast as its maker packed it; None where there is none."""
        question = "select payload from forecasts where twin = ? and snapshot = ? and name = ?"
        found = self.rows(question, [twin, snapshot, name])
        return bytes(found[0][0]) if found else None


def now() -> datetime:
    """This moment in UTC, as the store keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def as_json(values: Any) -> str:
    """Values as one line of JSON, the same for the same values; NaN is refused."""
    return json.dumps(values, sort_keys=True, allow_nan=False, ensure_ascii=False)


def check_name(name: str) -> None:
    """Raise TwinError for a name that no twin can have."""
    if not NAME.fullmatch(name) or name in RESERVED:
        raise TwinError(
            f"'{name}' cannot be the name of a twin: a name begins with a letter, then has lower-case letters, digits "
            f"and hyphens, at most 40 in all, and is none of {', '.join(sorted(RESERVED))}. An example is gift-shop."
        )


def snapshot_of(row: tuple[Any, ...]) -> Snapshot:
    """A snapshot from its row in the store."""
    name, twin, created, first_day, last_day, tables, checks, files = row
    found = [Check(**check) for check in json.loads(checks)]
    return Snapshot(name, twin, created, first_day, last_day, json.loads(tables), found, json.loads(files))


def calibration_of(row: tuple[Any, ...]) -> CalibrationRow:
    """A calibration from its row in the store."""
    twin, snapshot, created, payload, summary = row
    return CalibrationRow(twin, snapshot, created, bytes(payload), json.loads(summary))
