"""Reading one file into a twin, wholly or not at all, with a report of what was found."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from twin.connect.files import article, checked_file, csv_header
from twin.connect.mapping import Mapping, check_table, matched, read_mapping
from twin.errors import TwinError, UnknownName
from twin.spec.template import template
from twin.store import Check, Store
from twin.store.intake import take_in
from twin.store.staging import DEFAULT_ITEM_PATTERN, Format, Reading, file_columns, time_format
from twin.store.unreadable import Unreadable, reading


@dataclass(frozen=True)
class IngestReport:
    """What became of a file: every row read is kept or set aside; the same file again adds nothing."""

    rows_read: int
    rows_kept: int
    rows_rejected: int
    rows_added: int
    checks: list[Check]
    snapshot: str

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, ready for JSON."""
        return asdict(self)


def ingest(
    store: Store, twin: str, file: str | Path, table: str, mapping: Mapping | str | Path | None = None
) -> IngestReport:
    """Read a file into a twin as `table`, with a map where its headers need one.

    table : order_lines, customers or items of a shop; deliveries and stock_counts of a supply chain; visits,
            visit_steps, appointments, contracts or attendance of a business whose customers come and are served;
            machine_events of a factory
    Raises TwinError with a sentence for anything that cannot be used; then nothing has changed.
    """
    check_table(table)
    row = store.twin(twin)
    path, kind = checked_file(file)
    told = mapping if isinstance(mapping, Mapping) else read_mapping(mapping) if mapping is not None else Mapping()
    try:
        with reading():
            plan = read_plan(store, path, kind, table, told, row.settings)
            taken = take_in(store, twin, replace(plan, known=names_of(row.template)))
    except Unreadable as error:
        raise TwinError(explained(path, kind, error)) from None
    return IngestReport(
        taken.rows_read, taken.rows_kept, taken.rows_rejected, taken.rows_added, taken.checks, taken.snapshot.snapshot
    )


def read_plan(store: Store, path: Path, kind: Format, table: str, told: Mapping, settings: dict[str, Any]) -> Reading:
    """How the file will be read: which of its columns are ours, and how it writes times."""
    pattern = told.item_pattern or settings.get("item_pattern") or DEFAULT_ITEM_PATTERN
    zone = str(settings.get("time_zone", "UTC"))
    if zone not in available_timezones():
        raise TwinError(f"The twin's time zone '{zone}' is not known. An example of one is Europe/London.")
    header, delimiter = csv_header(path) if kind == "csv" else ((), ",")
    bare = Reading(path, kind, table, {}, told.formats, zone, pattern, header, delimiter, told.values)
    with store.cursor() as cursor:
        found = file_columns(cursor, bare)
        plan = replace(bare, columns=matched(table, found, told, path.name))
        return time_format(cursor, plan, found)


def names_of(template_name: str) -> dict[str, list[str]]:
    """The names that a twin's template has for its parts, by the column of records that tells them.

    A business with one outlet takes all orders there, whatever a file calls it.
    """
    try:
        told = template(template_name).structure
    except UnknownName:  # a store from a version that had this template; its records are read all the same
        return {}
    outlets = told.network.selling
    parts: dict[str, Iterable[str]] = {
        "segment": told.segments,
        "kind": told.kinds,
        "station": told.stations,
        "team": told.teams,
        "shift": dict.fromkeys(shift for team in told.teams.values() for shift in team.shifts),
        "machines": told.machines,
        "book": told.books,
        "node": told.network.nodes,
        "lane": told.lanes,
        "site": outlets if len(outlets) > 1 else (),
    }
    return {column: list(names) for column, names in parts.items()}


def explained(path: Path, kind: Format, error: Unreadable) -> str:
    """The sentence for a file that the database could not read or had no room for."""
    if error.no_room:
        return f"{path.name} could not be stored: {error} Nothing was stored."
    reason = "it is damaged or cut off"
    if error.encoding:
        reason = "it holds text that is not UTF-8; save it as UTF-8"
    elif kind == "csv" and error.line:
        reason = "that line does not have the columns that the header names"
    where = f" at line {error.line}" if error.line else ""
    return f"{path.name} cannot be read as {article(kind)}{where}: {reason}. Nothing was stored."
