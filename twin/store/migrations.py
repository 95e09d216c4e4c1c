"""Numbered steps that bring an older store to today's tables, each in one transaction."""

import re
from functools import cache
from pathlib import Path

import duckdb

from twin.errors import TwinError

FOLDER = Path(__file__).parent / "migrations"
VERSION_TABLE = """
create table if not exists main.schema_version (version integer primary key, applied timestamp not null);
comment on table main.schema_version is 'Which steps of the tables'' history this file has been through';
comment on column main.schema_version.version is 'Number of the migration; integer';
comment on column main.schema_version.applied is 'When it was applied; UTC';
"""


@cache
def steps() -> dict[int, dict[str, str]]:
    """Every migration by number, with its SQL for the shared tables ('main') and for those of a twin ('twin')."""
    found: dict[int, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.sql")):
        named = re.fullmatch(r"(\d{4})_(main|twin)", path.stem)
        if named:
            found.setdefault(int(named[1]), {})[named[2]] = path.read_text(encoding="utf-8")
    return found


def migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the file to the newest version. Raises TwinError for a newer store and for somebody else's database."""
    version = current_version(connection, path)
    newest = max(steps())
    if version > newest:
        raise TwinError(
            f"The store {path} was written by a newer Understudy (its tables are version {version}, "
            f"this one knows up to {newest}). Update Understudy, or name another file."
        )
    for number in sorted(number for number in steps() if number > version):
        apply(connection, number)


def current_version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """The number of the last migration the file went through, 0 for a new file."""
    tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'main'").fetchall()
    if not tables:
        return 0
    if ("schema_version",) not in tables:
        raise TwinError(f"The file {path} is a DuckDB database, but not a store of Understudy. Name another file.")
    rows = connection.execute("select coalesce(max(version), 0) from main.schema_version").fetchall()
    return int(rows[0][0])


def apply(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    """Take one step, for the shared tables and for every twin, wholly or not at all."""
    connection.execute("begin")
    try:
        connection.execute(VERSION_TABLE)
        connection.execute(steps()[number].get("main", ""))
        twins = connection.execute("select twin from main.twins").fetchall()
        for (twin,) in twins:
            enter(connection, twin)
            connection.execute(steps()[number].get("twin", ""))
        connection.execute("use main")
        connection.execute("insert into main.schema_version values (?, now() at time zone 'UTC')", [number])
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def make_twin_tables(cursor: duckdb.DuckDBPyConnection, twin: str) -> None:
    """Make the tables of a new twin, by the same steps that older twins went through."""
    cursor.execute(f'create schema "{twin}"')
    enter(cursor, twin)
    for number in sorted(steps()):
        cursor.execute(steps()[number].get("twin", ""))


def enter(cursor: duckdb.DuckDBPyConnection, twin: str) -> None:
    """Let table names mean those of the twin first, then the shared ones."""
    catalog = cursor.execute("select current_database()").fetchall()[0][0].replace('"', '""')
    cursor.execute(f"""set search_path = '{f'"{catalog}"."{twin}","{catalog}"."main"'.replace("'", "''")}'""")
