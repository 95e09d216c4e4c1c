"""Taking a file into a twin: staged, checked and stored in one transaction, so that nothing is ever half written."""

import hashlib
from typing import Any

import duckdb

from twin.errors import TwinError
from twin.store.checks import checks_of_all, checks_of_file, first_and_last_day, order_checks, repeat_counts
from twin.store.foreign import Known, foreign_names
from twin.store.rows import Check, Intake, Snapshot
from twin.store.shelf import as_json, now, snapshot_of
from twin.store.sqltext import sql
from twin.store.staging import Reading, stage
from twin.store.store import Store
from twin.store.versions import REASONS, THINGS, judged_counts, take_versions, version_counts, version_names

COUNTED = ("customers", "items", "orders", "order_lines", "set_aside")


def take_in(store: Store, twin: str, reading: Reading) -> Intake:
    """Read a file into a twin's table: all of it, or nothing when any row cannot be used (TwinError)."""
    store.twin(twin)
    with store.transaction(twin) as cursor:
        rows_read = stage(cursor, reading)
        number = cursor.execute("select coalesce(max(ingest), 0) + 1 from ingests").fetchall()[0][0]
        cursor.execute("set variable item_pattern = ?", [reading.item_pattern])
        cursor.execute("set variable ingest = ?", [number])
        if reading.table == "order_lines":
            return lines_taken(cursor, twin, reading, rows_read, number)
        if reading.table in THINGS:
            return versions_taken(cursor, twin, reading, rows_read, number)
        return rows_given(cursor, twin, reading, rows_read, number)


def lines_taken(cursor: duckdb.DuckDBPyConnection, twin: str, reading: Reading, rows_read: int, number: int) -> Intake:
    """Store the lines that are new, make everything derived anew if there are any, and say what was found."""
    before = counts(cursor)
    cursor.execute(sql("order_lines"))
    check_items(cursor, reading)
    added = counts(cursor)["order_lines"] - before["order_lines"]
    changed = added or counts(cursor) != before
    if changed:
        cursor.execute(sql("rebuild"))
    repeats = repeat_counts(cursor, "repeat")
    rejected = sum(repeats.values())
    of_file = "select order_id from line where kind = 'sale'"
    checks = order_checks(cursor, "line", repeats, f"order_id in ({of_file})")
    checks += foreign_names(cursor, "order_lines", "line", reading.known)
    intake = (rows_read, rows_read - rejected, rejected, added, checks)
    return recorded(cursor, twin, reading, number, intake, bool(changed))


def versions_taken(
    cursor: duckdb.DuckDBPyConnection, twin: str, reading: Reading, rows_read: int, number: int
) -> Intake:
    """Store what a file tells of visits and what belongs to them; the newest version of each is used."""
    before = version_counts(cursor)
    added = take_versions(cursor, reading.table)
    rejected = sum(judged_counts(cursor)[reason] for reason in REASONS)
    intake = (rows_read, rows_read - rejected, rejected, added, checks_of_file(cursor, reading.table, reading.known))
    return recorded(cursor, twin, reading, number, intake, bool(added) or version_counts(cursor) != before)


def rows_given(cursor: duckdb.DuckDBPyConnection, twin: str, reading: Reading, rows_read: int, number: int) -> Intake:
    """Store what a customer or item file says; a row that says something new about a known one takes its place."""
    added, repeats = given(cursor, reading.table, number)
    if added:
        cursor.execute(sql("rebuild"))
    checks = [Check("exact_duplicate", repeats, "set_aside", "Rows that repeat another exactly; one of each is kept.")]
    return recorded(
        cursor, twin, reading, number, (rows_read, rows_read - repeats, repeats, added, checks), bool(added)
    )


def given(cursor: duckdb.DuckDBPyConnection, table: str, number: int) -> tuple[int, int]:
    """How many rows of the stage were new or changed, and how many repeated another exactly."""
    key, rest = {"customers": ("customer_id", "country"), "items": ("item_id", "description, price")}[table]
    cursor.execute(f"create or replace temp table news as select distinct {key}, {rest} from stage")
    clash = cursor.execute(f"select {key} from news group by {key} having count(*) > 1 order by 1 limit 1").fetchall()
    if clash:
        raise TwinError(
            f"The file says two different things about {key} {clash[0][0]!r}. Keep one row "
            f"for each {key}; nothing was stored."
        )
    total, kept = cursor.execute("select (select count(*) from stage), (select count(*) from news)").fetchall()[0]
    cursor.execute(
        f"delete from news where exists (select 1 from {table}_given g where g.{key} = news.{key} "
        f"and ({', '.join('g.' + name.strip() for name in rest.split(','))}) is not distinct from ({rest_of(rest)}))"
    )
    added = cursor.execute("select count(*) from news").fetchall()[0][0]
    cursor.execute(f"delete from {table}_given where {key} in (select {key} from news)")
    cursor.execute(f"insert into {table}_given select *, ? from news order by {key}", [number])
    return int(added), int(total - kept)


def rest_of(names: str) -> str:
    """The same columns, of the news."""
    return ", ".join("news." + name.strip() for name in names.split(","))


def check_items(cursor: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """Raise TwinError when not one line of the file is of an item, since then everything would be a charge."""
    codes = "select 1 from line where regexp_matches(item_id, getvariable('item_pattern')) limit 1"
    if not cursor.execute(codes).fetchall():
        found = cursor.execute("select distinct item_id from line order by 1 limit 3").fetchall()
        raise TwinError(
            f"{reading.file.name} has no line with an item: no code matches {reading.item_pattern!r} "
            f"(found codes such as {', '.join(repr(code) for (code,) in found)}). "
            "Say what an item code looks like with item_pattern in a map; nothing was stored."
        )


def recorded(
    cursor: duckdb.DuckDBPyConnection,
    twin: str,
    reading: Reading,
    number: int,
    intake: tuple[int, int, int, int, list[Check]],
    changed: bool,
) -> Intake:
    """The report of an ingest, after noting it and its snapshot where it changed something."""
    if changed:
        name = content_name(cursor)
        checks = as_json([check.as_dict() for check in intake[4]])
        values = [number, reading.table, reading.file.name, now(), *intake[:4], checks, name]
        cursor.execute(f"insert into ingests values ({', '.join('?' * len(values))})", values)
        save_snapshot(cursor, twin, name, number, reading.known)
    return Intake(*intake, newest(cursor, twin))


def newest(cursor: duckdb.DuckDBPyConnection, twin: str) -> Snapshot:
    """The snapshot that the data are at now."""
    question = (
        "select snapshot, twin, created, first_day, last_day, tables, checks, files "
        "from snapshots where twin = ? order by ingest desc limit 1"
    )
    return snapshot_of(cursor.execute(question, [twin]).fetchall()[0])


def save_snapshot(cursor: duckdb.DuckDBPyConnection, twin: str, name: str, number: int, known: Known) -> None:
    """Note the state of the data under the name of its content; the time it was first reached stays."""
    checks = checks_of_all(cursor, known)
    first, last = first_and_last_day(cursor)
    files = [
        file for (file,) in cursor.execute("select file from ingests group by file order by min(ingest)").fetchall()
    ]
    values: list[Any] = [twin, name, now(), number, first, last, as_json(table_counts(cursor))]
    values += [as_json([check.as_dict() for check in checks]), as_json(files)]
    cursor.execute(
        "insert into snapshots values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set "
        "ingest = excluded.ingest, tables = excluded.tables, checks = excluded.checks, files = excluded.files",
        values,
    )


def content_name(cursor: duckdb.DuckDBPyConnection) -> str:
    """A name made from the kept rows alone: the same rows give the same name, in whatever order they came."""
    question = """
        select (select [count(*), coalesce(sum(line_id), 0), coalesce(bit_xor(line_id), 0)]::varchar from order_lines),
            (select md5(string_agg(to_json([customer_id::varchar, country]), '' order by customer_id))
                from customers_given),
            (select md5(string_agg(to_json([item_id, description, price::varchar]), '' order by item_id))
                from items_given)
    """
    rows = cursor.execute(question).fetchall()[0] + version_names(cursor)
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def table_counts(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of each table that belongs to the twin; a business with visits need not have those of a shop."""
    shop, visited = counts(cursor), version_counts(cursor)
    return {table: count for table, count in shop.items() if count or not visited} | visited


def counts(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of each table of a shop."""
    question = "select " + ", ".join(f"(select count(*) from {table})" for table in COUNTED)
    return dict(zip(COUNTED, cursor.execute(question).fetchall()[0], strict=True))
