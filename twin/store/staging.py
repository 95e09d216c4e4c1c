"""Reading a file into a temporary table with our names and types, or saying which row cannot be read."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import duckdb

from twin.errors import TwinError
from twin.store.cells import final_sql, quoted, raw_sql, sql_type, value_sql, wrong_sql
from twin.store.columns import Column, columns

Format = Literal["csv", "parquet", "json"]
DEFAULT_ITEM_PATTERN = "^[0-9]{5}"
WRITTEN = ("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y", "%m/%d/%Y")


@dataclass(frozen=True)
class Reading:
    """A file and how to read it.

    columns      our name of a column -> the file's name of it
    formats      how a time is written, such as %d/%m/%Y %H:%M; ISO where none is given
    values       for a column, what the file writes -> what that means here
    time_zone    of the shop; times that carry a zone are turned into the shop's own
    item_pattern regular expression; a code that does not match is a charge, not an item
    header       of a CSV file, the names of its columns
    delimiter    of a CSV file, the sign between two values
    known        for a column that names a part of the business, the names that the twin has
    """

    file: Path
    format: Format
    table: str
    columns: Mapping[str, str]
    formats: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = "UTC"
    item_pattern: str = DEFAULT_ITEM_PATTERN
    header: tuple[str, ...] = ()
    delimiter: str = ","
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def rows(self) -> str:
        """The file's rows as SQL, with a question mark where its name goes."""
        if self.format == "parquet":
            return "read_parquet(?, file_row_number = true)"
        if self.format == "json":
            return "read_json(?)"
        names = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in self.header)
        dialect = f"delim = '{self.delimiter}', quote = '\"', escape = '\"', header = true, auto_detect = false"
        return f"read_csv(?, {dialect}, columns = {{{names}}})"

    @property
    def place(self) -> str:
        """The number of a row in the file as SQL, counted from 1."""
        return "file_row_number + 1" if self.format == "parquet" else "row_number() over ()"

    @property
    def pattern(self) -> str:
        """The file's path with everything escaped that would be read as a wildcard."""
        return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(self.file))


def file_columns(cursor: duckdb.DuckDBPyConnection, reading: Reading) -> dict[str, str]:
    """The file's own columns with their types. Raises duckdb.Error when the file is not what its ending says."""
    rows = cursor.execute(f"describe select * from {reading.rows}", [reading.pattern]).fetchall()
    return {str(name): str(kind) for name, kind, *_ in rows if name != "file_row_number"}


def stage(cursor: duckdb.DuckDBPyConnection, reading: Reading) -> int:
    """Fill the temporary table `stage` from the file and count its rows; TwinError names the first that is wrong."""
    kinds = file_columns(cursor, reading)
    declared = columns(reading.table)
    chosen = [(declared[name], source, kinds[source]) for name, source in reading.columns.items()]
    values = [f"{value_sql(column, quoted(source), kind, reading)} as {column.name}" for column, source, kind in chosen]
    raws = [f"{raw_sql(quoted(source), kind)} as raw_{column.name}" for column, source, kind in chosen]
    wrongs = [f"{wrong_sql(column)} as wrong_{column.name}" for column, _, _ in chosen]
    missing = [
        f"null::{sql_type(column)} as {name}" for name, column in declared.items() if name not in reading.columns
    ]
    final = [f"{final_sql(column)} as {column.name}" for column, _, _ in chosen]
    cursor.execute(
        f"create or replace temp table stage as select place, {', '.join(final + missing + wrongs)} "
        f"from (select {reading.place} as place, {', '.join(values + raws)} from {reading.rows})",
        [reading.pattern],
    )
    return checked(cursor, reading, [column for column, _, _ in chosen])


def checked(cursor: duckdb.DuckDBPyConnection, reading: Reading, chosen: list[Column]) -> int:
    """The number of staged rows. Raises TwinError for the first wrong value and for a file without rows."""
    firsts = ", ".join(f"min(place) filter (wrong_{column.name})" for column in chosen)
    total, *rows = cursor.execute(f"select count(*), {firsts} from stage").fetchall()[0]
    if not total:
        raise TwinError(f"The file {reading.file.name} has column names but no rows. Choose a file with data in it.")
    faults = [(row, column) for row, column in zip(rows, chosen, strict=True) if row is not None]
    if faults:
        row, column = min(faults, key=lambda fault: fault[0])
        raise TwinError(fault_sentence(reading, column, row, raw_value(cursor, reading, column, row)))
    return int(total)


def time_format(cursor: duckdb.DuckDBPyConnection, reading: Reading, kinds: Mapping[str, str]) -> Reading:
    """The reading, told how the file writes its times where that is not ISO. Raises TwinError where two ways fit."""
    times = [column.name for column in columns(reading.table).values() if column.kind == "time"]
    for name in times:
        source = reading.columns.get(name)
        if source and kinds[source] == "VARCHAR" and name not in reading.formats:
            fitting = fitting_formats(cursor, reading, source)
            if len(fitting) > 1:
                raise TwinError(
                    f"{reading.file.name}: the dates in column '{source}' can be read in two ways, day or month first. "
                    f'Say which in a map: [formats] and {name} = "{fitting[0]}" or "{fitting[1]}".'
                )
            formats = {**reading.formats, **({name: fitting[0]} if fitting else {})}
            reading = replace(reading, formats=formats)
    return reading


def fitting_formats(cursor: duckdb.DuckDBPyConnection, reading: Reading, source: str) -> list[str]:
    """The ways with slashes that every time of a column can be read in; none where the first is written otherwise."""
    text = quoted(source)
    found = cursor.execute(
        f"select {text} from {reading.rows} where trim({text}) <> '' limit 1", [reading.pattern]
    ).fetchall()
    if not found or "/" not in found[0][0][:6]:
        return []
    fits = ", ".join(f"bool_and(try_strptime({text}, '{way}') is not null)" for way in WRITTEN)
    question = f"select {fits} from {reading.rows} where trim({text}) <> ''"
    return [
        way for way, fit in zip(WRITTEN, cursor.execute(question, [reading.pattern]).fetchall()[0], strict=True) if fit
    ]


def raw_value(cursor: duckdb.DuckDBPyConnection, reading: Reading, column: Column, row: int) -> str | None:
    """What the file itself has in one place, as text."""
    source = quoted(reading.columns[column.name])
    question = f"select {source}::varchar from {reading.rows} limit 1 offset {row - 1}"
    found = cursor.execute(question, [reading.pattern]).fetchall()
    return found[0][0] if found else None


def fault_sentence(reading: Reading, column: Column, row: int, value: str | None) -> str:
    """Which column, row and value is wrong, what is allowed, and that nothing was stored."""
    source = reading.columns[column.name]
    named = f"'{source}'" if source == column.name else f"'{source}' ({column.name})"
    found = "is empty" if value is None or not value.strip() else f"holds {value[:60]!r}"
    return (
        f"{reading.file.name}: column {named} in row {row} of the data {found}; {allowed(column, value)}. "
        "Correct the file and read it again; nothing was stored."
    )


def allowed(column: Column, value: str | None) -> str:
    """What a column accepts, in words."""
    if column.kind == "text":
        return "text without control characters is needed" + (", and it may not be empty" if column.required else "")
    if column.kind == "name":
        return "a name with letters or digits is needed"
    if column.kind == "flag":
        return "yes or no is needed (or 1 and 0, true and false)"
    if column.kind == "word":
        *most, last = column.words
        example = f'"{value}" = "{last}"' if value and value.strip() else f'"..." = "{last}"'
        return f"{', '.join(most)} or {last} is needed; a map says what a word means: [values.{column.name}] {example}"
    if column.kind == "time":
        written = "written like 2011-12-09 12:50 (another way goes into [formats] of a map)"
        return f"a date between 1970 and {'2200' if column.ahead else 'today'} is needed, {written}"
    number = "a whole number" if column.kind == "whole" else "a number"
    if out_of_range(value, column):
        return f"{number} from {column.low:,.0f} to {column.high:,.0f} is needed"
    return f"{number} is needed, " + ("in digits only" if column.kind == "whole" else "with a point and no other signs")


def out_of_range(value: Any, column: Column) -> bool:
    """Whether the value is a number, but too small, too large or endless."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return False
    return math.isinf(number) or not column.low <= number <= column.high
