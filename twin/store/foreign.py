"""Names in records that the twin does not have, such as a lane or a station of another business."""

from collections.abc import Mapping, Sequence

import duckdb

from twin.store.columns import TABLES
from twin.store.rows import Check

Known = Mapping[str, Sequence[str]]  # column of records -> the names that the twin has for it
NAMED = 3  # unknown names that are told, the most frequent first
LISTED = 8  # names that the twin has


def foreign_names(cursor: duckdb.DuckDBPyConnection, table: str, rows: str, known: Known) -> list[Check]:
    """How many rows name something that the twin does not have, one check for each column in which that is so."""
    columns = [column.name for column in TABLES[table] if column.kind == "name" and known.get(column.name)]
    return [check for column in columns for check in _of_column(cursor, rows, column, known[column])]


def _of_column(cursor: duckdb.DuckDBPyConnection, rows: str, column: str, names: Sequence[str]) -> list[Check]:
    question = (
        f"select {column}, count(*) from {rows} where {column} is not null and not list_contains(?, {column}) "
        "group by all order by 2 desc, 1"
    )
    found: list[tuple[str, int]] = cursor.execute(question, [list(names)]).fetchall()
    if not found:
        return []
    told = ", ".join(name for name, _ in found[:NAMED]) + (" and others" if len(found) > NAMED else "")
    has = ", ".join(names[:LISTED]) + (" and others" if len(names) > LISTED else "")
    note = (
        f"Rows that name {told}. This twin has {has}, and may work out no numbers while others are named. "
        f'A map says what a name means: [values.{column}] {found[0][0]} = "{names[0]}".'
    )
    return [Check(f"unknown_{column}", sum(count for _, count in found), "kept", note)]
