"""Visits, deliveries, machines, loans and what belongs to them: told again as they go on, and each kept once."""

from dataclasses import dataclass

import duckdb

from twin.store.sqltext import sql

REASONS = ("exact_duplicate", "older_version", "ended_before_it_began", "negative_count", "negative_amount")


@dataclass(frozen=True)
class Thing:
    """What a table tells of.

    key      columns that name one thing; rows that agree in them are versions of each other
    rest     the other columns that its content consists of
    added    columns that the content got later; one that is empty leaves the row's name as it was before
    noted    columns that are stored but are not content
    progress how far the thing has got as SQL: a version that has got further is newer
    fault    why a row that cannot be is not used
    """

    key: tuple[str, ...]
    rest: tuple[str, ...]
    added: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    progress: str = "0"
    fault: str = "ended_before_it_began"

    @property
    def content(self) -> tuple[str, ...]:
        """Every column that makes one row different from another."""
        return self.key + self.rest + self.added

    @property
    def texts(self) -> str:
        """The content as SQL texts, of which the name of a row is made; those that are null count for nothing."""
        always = (f"coalesce({name}::varchar, chr(30))" for name in self.key + self.rest)
        return ", ".join((*always, *(f"'{name}=' || {name}" for name in self.added)))


THINGS = {
    "visits": Thing(
        ("visit_id",),
        ("customer_id", "kind", "arrived_at", "ended_at", "outcome"),
        ("units", "scrapped"),
        noted=("corrected",),
        progress="((outcome <> 'open')::integer + (ended_at is not null)::integer)",
    ),
    "visit_steps": Thing(
        ("visit_id", "station", "queued_at"),
        ("began_at", "ended_at", "team"),
        ("result",),
        progress="((began_at is not null)::integer + 2 * (ended_at is not null)::integer)",
    ),
    "appointments": Thing(
        ("appointment_id",), ("kind", "planned_at", "visit_id"), progress="(visit_id is not null)::integer"
    ),
    "contracts": Thing(
        ("customer_id", "started_on"), ("segment", "ended_on"), progress="(ended_on is not null)::integer"
    ),
    "attendance": Thing(("team", "shift", "person", "day"), ("present",)),
    "deliveries": Thing(
        ("delivery_id", "item_id"),
        ("lane", "ordered_on", "shipped_on", "received_on", "quantity", "received"),
        progress="((shipped_on is not null)::integer + 2 * (received_on is not null)::integer)",
    ),
    "stock_counts": Thing(("day", "node", "item_id"), ("quantity",), fault="negative_count"),
    "machine_events": Thing(("machine_id", "happened_at", "state"), ("machines", "kind", "visit_id")),
    "loans": Thing(
        ("loan_id",),
        ("customer_id", "book", "granted_on", "amount", "rate", "term_months", "due_day"),
        fault="negative_amount",
    ),
    "loan_months": Thing(
        ("loan_id", "due_on"), ("due", "interest", "paid", "balance", "state"), fault="negative_amount"
    ),
    "recoveries": Thing(("loan_id", "received_on"), ("amount",), fault="negative_amount"),
}


def take_versions(cursor: duckdb.DuckDBPyConnection, table: str) -> int:
    """Store what the staged file tells that is new, and return how many rows that was.

    A newer version of a known thing takes its place and counts as new. The table `judged` says what became of each row.
    """
    thing = THINGS[table]
    cursor.execute(sql(f"told/{table}"))
    names = ", ".join((*thing.content, *thing.noted))
    cursor.execute(
        sql("versions").format(
            table=table,
            key=", ".join(thing.key),
            columns=names,
            texts=thing.texts,
            packed=", ".join(f"{name} := {name}" for name in thing.content),
            progress=thing.progress,
            fault=thing.fault,
        )
    )
    return int(cursor.execute("select count(*) from judged where verdict = 'news'").fetchall()[0][0])


def judged_counts(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows of the file are not used, by reason."""
    found = dict(cursor.execute("select verdict, count(*) from judged group by verdict").fetchall())
    return {reason: found.get(reason, 0) for reason in REASONS}


def aside_counts(cursor: duckdb.DuckDBPyConnection, table: str) -> dict[str, int]:
    """How many rows that were read as this table are not used, by reason."""
    question = "select reason, count(*) from records_set_aside where table_name = ? group by reason"
    found = dict(cursor.execute(question, [table]).fetchall())
    return {reason: found.get(reason, 0) for reason in REASONS}


def version_counts(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of each of these tables, those that are empty left out."""
    question = "select " + ", ".join(f"(select count(*) from {table})" for table in (*THINGS, "records_set_aside"))
    found = zip((*THINGS, "records_set_aside"), cursor.execute(question).fetchall()[0], strict=True)
    return {table: count for table, count in found if count}


def version_names(cursor: duckdb.DuckDBPyConnection) -> tuple[tuple[str, str], ...]:
    """For each of these tables that holds anything, a text that depends on its rows alone, not on their order."""
    mark = "[count(*), coalesce(sum(row_id), 0), coalesce(bit_xor(row_id), 0)]::varchar"
    found = ((table, cursor.execute(f"select count(*), {mark} from {table}").fetchall()[0]) for table in THINGS)
    return tuple((table, text) for table, (count, text) in found if count)
