"""What one place of a file holds, as SQL: its value in our type, and whether it can be used."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from twin.store.columns import FLAGS, Column

if TYPE_CHECKING:  # staging reads files with what is here
    from twin.store.staging import Reading

NUMERIC = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
LATEST = "(now() at time zone 'UTC' + interval 1 day)"
LAST_AHEAD = "timestamp '2200-01-01'"
NAME = re.compile(r"[^\W_A-Z]+(_[^\W_A-Z]+)*")  # as a template writes names
SQL_TYPES = {"flag": "bigint", "whole": "bigint", "number": "decimal(18, 6)", "time": "timestamp"}


def quoted(name: str) -> str:
    """A name as SQL wants it, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def sql_type(column: Column) -> str:
    """The type in which the store keeps a column."""
    return SQL_TYPES.get(column.kind, "varchar")


def raw_sql(source: str, kind: str) -> str:
    """Whether the file has anything in this place; not-a-number is how some programs write nothing."""
    if kind in {"DOUBLE", "FLOAT"}:
        return f"({source} is not null and not isnan({source}))"
    return f"({source} is not null and trim({source}) <> '')" if kind == "VARCHAR" else f"({source} is not null)"


def value_sql(column: Column, source: str, kind: str, reading: "Reading") -> str:
    """The value as near to our type as the file allows, null where it cannot be read."""
    if column.kind in {"text", "name", "word", "flag"}:
        return meant_sql(column, text_sql(source, kind), reading.values.get(column.name, {}))
    if column.kind == "time":
        return time_sql(source, kind, reading.formats.get(column.name), reading.time_zone)
    return source if kind in NUMERIC else f"try_cast({source} as double)"


def text_sql(source: str, kind: str) -> str:
    """The value as text, whole numbers without a point, null where it is empty."""
    whole = f"case when {source} = trunc({source}) then {source}::bigint::varchar else {source}::varchar end"
    return whole if kind in {"DOUBLE", "FLOAT"} else f"nullif({source}::varchar, '')"


def meant_sql(column: Column, text: str, values: Mapping[str, str]) -> str:
    """What a text means: as the map says it, then as a name, as one of the column's words, or as yes or no.

    A map may write a name as the file does or as we read it, which is how checks tell it.
    """
    if column.kind == "name":
        as_name = cases_sql(name_sql(text), {word: meant for word, meant in values.items() if NAME.fullmatch(word)})
        return f"nullif({name_sql(cases_sql(text, values, as_name))}, '')"
    if values:
        text = cases_sql(text, values, text)
    if column.kind == "text":
        return text
    said = {word: ours for ours, theirs in (column.words or FLAGS).items() for word in (ours, *theirs)}
    cases = " ".join(f"when {literal(word)} then {literal(ours)}" for word, ours in said.items())
    return f"case lower(trim(replace({text}, '_', ' '))) {cases} end"


def cases_sql(text: str, values: Mapping[str, str], other: str = "") -> str:
    """What each of these values means; any other is what is said of it, or itself."""
    cases = " ".join(f"when {literal(written)} then {literal(meant)}" for written, meant in values.items())
    return f"case {text} {cases} else {other or text} end" if values else other or text


def name_sql(text: str) -> str:
    """A text as a template writes names."""
    return f"trim(regexp_replace(lower({text}), '[^\\p{{L}}\\p{{N}}]+', '_', 'g'), '_')"


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def time_sql(source: str, kind: str, written: str | None, time_zone: str) -> str:
    """A time at the shop."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('{time_zone}', {source})"
    if written and kind == "VARCHAR":
        return f"try_strptime({source}, '{written.replace(chr(39), chr(39) * 2)}')::timestamp"
    if kind.startswith("TIMESTAMP") or kind in {"DATE", "VARCHAR"}:
        return f"try_cast({source} as timestamp)"
    return "null::timestamp"


def wrong_sql(column: Column) -> str:
    """Whether a value cannot be used: not readable, out of range, or missing where it is needed."""
    name, given = column.name, f"raw_{column.name}"
    empty = f"not {given}" if column.required else "false"
    if column.kind == "text":
        return f"coalesce({empty} or contains({name}, chr(0)), false)"
    if column.kind in {"name", "word", "flag"}:
        return f"coalesce({empty} or ({given} and {name} is null), true)"
    if column.kind == "time":
        latest = LAST_AHEAD if column.ahead else LATEST
        outside = f"not isfinite({name}) or {name} < timestamp '1970-01-01' or {name} > {latest}"
    else:
        outside = f"not {name} between {column.low} and {column.high}"
        outside += f" or {name} <> trunc({name})" if column.kind == "whole" else ""
    return f"coalesce({empty} or ({given} and ({name} is null or {outside})), true)"


def final_sql(column: Column) -> str:
    """The value in the type the store keeps; what is wrong is refused before it gets there."""
    if column.kind in {"whole", "number", "flag"}:
        return f"case when raw_{column.name} then try_cast({column.name} as {sql_type(column)}) end"
    return column.name
