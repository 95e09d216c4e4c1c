"""What is looked for in records, how often it was found, and what was done with it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import duckdb

from twin.store.days import OpenDay, closed_days, incomplete_last_day, incomplete_note, last_complete_day
from twin.store.foreign import Known, foreign_names
from twin.store.loan_checks import loan_checks, loan_month_checks, recovery_checks
from twin.store.rows import Check
from twin.store.sqltext import sql
from twin.store.versions import THINGS, aside_counts, judged_counts, version_counts

CONTENT = "(select * from order_lines union all by name select * exclude (copy, reason) from set_aside)"


BACKWARDS = "Rows whose end comes before their beginning; not used until a file tells them right."
BELOW_ZERO = "Rows with an amount below zero; not used until a file tells them right."
FAULTS = {  # why a row of a table cannot be; attendance and events of machines have nothing that could not
    "visits": ("ended_before_it_began", BACKWARDS),
    "visit_steps": ("ended_before_it_began", BACKWARDS),
    "contracts": ("ended_before_it_began", BACKWARDS),
    "deliveries": ("ended_before_it_began", BACKWARDS),
    "stock_counts": ("negative_count", "Counts below zero; not used until a file tells them right."),
    "loans": ("negative_amount", "Loans of nothing or less; not used until a file tells them right."),
    "loan_months": ("negative_amount", BELOW_ZERO),
    "recoveries": ("negative_amount", BELOW_ZERO),
}


def checks_of_all(cursor: duckdb.DuckDBPyConnection, known: Known) -> list[Check]:
    """What was found in everything that a twin holds: its order lines, or its visits and what belongs to them."""
    told = set(version_counts(cursor))
    orders = bool(cursor.execute("select 1 from order_lines limit 1").fetchall())
    found: list[Check] = []
    if orders or not told:
        found += order_checks(cursor, CONTENT, repeat_counts(cursor, "set_aside"), "true")
        found += foreign_names(cursor, "order_lines", "order_lines", known)
    for table in THINGS:
        if table in told:
            found += version_checks(cursor, table, table, aside_counts(cursor, table))
            found += foreign_names(cursor, table, table, known)
    if "visits" in told and not orders:
        found += visit_day_checks(cursor, "visits")
    return merged(found)


def checks_of_file(cursor: duckdb.DuckDBPyConnection, table: str, known: Known) -> list[Check]:
    """What was found in a file of visits, deliveries, machines, loans or what belongs to them that was just read."""
    used = "(from judged where verdict in ('news', 'known'))"
    found = version_checks(cursor, table, used, judged_counts(cursor))
    found += foreign_names(cursor, table, used, known)
    return found + (visit_day_checks(cursor, used) if table == "visits" else [])


def merged(checks: Iterable[Check]) -> list[Check]:
    """The checks, those of several tables that look for the same thing as one."""
    found: dict[str, Check] = {}
    for check in checks:
        same = found.get(check.name)
        found[check.name] = check if same is None else Check(check.name, same.rows + check.rows, same.action, same.note)
    return list(found.values())


def repeat_counts(cursor: duckdb.DuckDBPyConnection, table: str) -> dict[str, int]:
    """How many repeated lines there are, by reason."""
    return dict(cursor.execute(f"select reason, count(*) from {table} group by reason").fetchall())


def order_days(cursor: duckdb.DuckDBPyConnection, lines: str) -> list[OpenDay]:
    """The days with orders, in order."""
    return [OpenDay(*row) for row in cursor.execute(sql("days").format(lines=lines)).fetchall()]


def visit_days(cursor: duckdb.DuckDBPyConnection, visits: str) -> list[OpenDay]:
    """The days with visits, in order."""
    question = f"select arrived_at::date, max(arrived_at), count(*) from {visits} group by all order by all"
    return [OpenDay(*row) for row in cursor.execute(question).fetchall()]


def first_and_last_day(cursor: duckdb.DuckDBPyConnection) -> tuple[date | None, date | None]:
    """The first day of the records and the last complete one: of the orders or, where there are none, of the visits."""
    days = order_days(cursor, "order_lines") or visit_days(cursor, "visits")
    return (days[0].day if days else None), last_complete_day(days)


def order_checks(
    cursor: duckdb.DuckDBPyConnection, lines: str, repeats: dict[str, int], which_orders: str
) -> list[Check]:
    """What was found in a set of order lines and what is done with it, as the Data page and the report show it."""
    question = sql("checks").format(lines=lines)
    cancelled, unpriced, anonymous, charges, codes, total = cursor.execute(question).fetchall()[0]
    reversal = "select coalesce(sum(lines), 0), count(*), max_by(order_id, revenue) from orders where reversed and "
    reversed_lines, reversed_orders, largest = cursor.execute(reversal + which_orders).fetchall()[0]
    overlap = repeats.get("overlapping_period", 0)
    share = f"{100 * anonymous / total:.1f} % of all lines" if total else ""
    found = [
        Check(
            "exact_duplicate",
            sum(repeats.values()),
            "set_aside",
            "Lines that repeat another exactly; one of each is kept.",
        ),
        Check(
            "overlapping_period",
            overlap,
            "set_aside",
            "Those of the repeats that an earlier sheet of the file held already.",
        ),
        Check("cancellation", cancelled, "kept", "Lines that take an order back; never counted as orders."),
        Check("price_not_positive", unpriced, "kept", "Lines with a price of zero or less; not counted as sales."),
        Check(
            "customer_missing",
            anonymous,
            "kept",
            f"Lines without a customer, {share}; a stream of buyers of their own.",
        ),
        Check("not_an_item", charges, "kept", f"Lines of {codes} codes such as postage and fees; charges, not items."),
        Check(
            "reversed_order",
            int(reversed_lines),
            "corrected",
            f"Lines of {reversed_orders} orders cancelled in full the same day; neither orders nor revenue."
            + (f" The largest is {largest}." if largest else ""),
        ),
    ]
    return found + shipment_checks(cursor, lines) + day_checks(order_days(cursor, lines))


def shipment_checks(cursor: duckdb.DuckDBPyConnection, lines: str) -> list[Check]:
    """What was found where files tell how much could be delivered and at which outlet; nothing where none does."""
    question = sql("shipment_checks").format(lines=lines)
    told, short, pieces, more, placed, nowhere = cursor.execute(question).fetchall()[0]
    of_shipped = [
        Check("not_all_shipped", short, "kept", f"Lines of which {pieces:,} pieces could not be delivered."),
        Check("shipped_more_than_ordered", more, "corrected", "Lines that count as delivered in full, and no more."),
    ]
    of_sites = [Check("site_missing", nowhere, "kept", "Lines without an outlet, although others have one.")]
    return (of_shipped if told else []) + (of_sites if placed else [])


def day_checks(days: list[OpenDay]) -> list[Check]:
    """What was found about days with orders: those the shop was closed, and a last one that is not over."""
    closed = closed_days(days)
    saturdays = sum(day.weekday() == 5 for day in closed)
    note = f"Days without an order, {saturdays} of them Saturdays; not missing data."
    return [Check("closing_day", len(closed), "kept", note), incomplete_check(days)]


def incomplete_check(days: list[OpenDay]) -> Check:
    """Whether the last day is over."""
    unfinished = incomplete_last_day(days)
    note = incomplete_note(days) if unfinished else "The last day is complete."
    return Check("incomplete_last_day", unfinished.rows if unfinished else 0, "kept", note)


def visit_day_checks(cursor: duckdb.DuckDBPyConnection, visits: str) -> list[Check]:
    """What was found about days with visits. Most desks never close: only where one does, days without are counted."""
    days = visit_days(cursor, visits)
    closed = cursor.execute(sql("closing_days").format(visits=visits, last="(select max(day) from came)")).fetchall()
    found = [Check("closing_day", len(closed), "kept", "Days without a visit that are more than chance; closed.")]
    return (found if closed else []) + [incomplete_check(days)]


def version_checks(cursor: duckdb.DuckDBPyConnection, table: str, rows: str, aside: dict[str, int]) -> list[Check]:
    """What was found in rows of visits and the like, or what belongs to them, and what is done with it."""
    found = [
        Check(name, aside[name], "set_aside", note)
        for name, note in (
            ("exact_duplicate", "Rows that repeat another exactly; one of each is kept."),
            ("older_version", "Rows of which something newer is known."),
        )
    ]
    if table in FAULTS:
        name, note = FAULTS[table]
        found.append(Check(name, aside[name], "set_aside", note))
    of_table = {
        "visits": visit_checks,
        "visit_steps": step_checks,
        "appointments": appointment_checks,
        "deliveries": delivery_checks,
        "stock_counts": count_checks,
        "machine_events": machine_checks,
        "loans": loan_checks,
        "loan_months": loan_month_checks,
        "recoveries": recovery_checks,
    }.get(table)
    return found + (of_table(cursor, rows) if of_table else [])


def visit_checks(cursor: duckdb.DuckDBPyConnection, visits: str) -> list[Check]:
    """What was found in visits one by one."""
    question = sql("visit_checks").format(visits=visits)
    row: tuple[Any, ...] = cursor.execute(question).fetchall()[0]
    still_open, oldest, corrected, endless, anonymous, unknown, counted, uncounted, scrapped = row
    since = f" The oldest came on {oldest}." if oldest else ""
    pieces = [
        Check("units_missing", uncounted, "kept", "Visits without a number of pieces, although others have one."),
        Check("scrapped_more_than_units", scrapped, "kept", "Visits with more scrap than pieces; they tell no share."),
    ]
    found = [
        Check("open_visit", still_open, "kept", f"Visits that had not ended yet.{since}"),
        Check("ended_but_open", corrected, "corrected", "Visits called open although they had an end; taken as done."),
        Check("end_missing", endless, "kept", "Visits that are over, but nobody wrote when; they tell no durations."),
        Check("customer_missing", anonymous, "kept", "Visits without a customer."),
        Check("customer_unknown", unknown, "kept", "Visits of customers of whom no contract is known."),
    ]
    return found + (pieces if counted else [])


def step_checks(cursor: duckdb.DuckDBPyConnection, steps: str) -> list[Check]:
    """What was found in steps one by one."""
    question = f"select count(*) from {steps} where visit_id not in (select visit_id from visits)"
    note = "Steps of visits that no file has told of yet; not used until one does."
    return [Check("step_without_visit", cursor.execute(question).fetchall()[0][0], "kept", note)]


def appointment_checks(cursor: duckdb.DuckDBPyConnection, appointments: str) -> list[Check]:
    """What was found in appointments, held against the visits that came of them."""
    question = sql("appointment_checks").format(appointments=appointments)
    no_show, lost, shared, other_day, other_kind, unplanned = cursor.execute(question).fetchall()[0]
    known = "Their visit is of another {}; they count as kept, and tell nothing of punctuality."
    return [
        Check("no_show", no_show, "kept", "Appointments to which nobody came."),
        Check("appointment_without_visit", lost, "kept", "Appointments with a visit that no file has told of yet."),
        Check("appointments_of_one_visit", shared, "kept", "Appointments that name the same visit as another one."),
        Check("appointment_another_day", other_day, "kept", known.format("day")),
        Check("appointment_another_kind", other_kind, "kept", known.format("kind")),
        Check(
            "visit_without_appointment", unplanned, "kept", "Visits of a kind that is agreed, without an appointment."
        ),
    ]


def delivery_checks(cursor: duckdb.DuckDBPyConnection, deliveries: str) -> list[Check]:
    """What was found in deliveries one by one."""
    question = sql("delivery_checks").format(deliveries=deliveries)
    way, oldest, more, less, dayless, unknown = cursor.execute(question).fetchall()[0]
    since = f" The oldest was ordered on {oldest}." if oldest else ""
    dayless_note = "Rows with pieces received but no day; they count as on their way."
    return [
        Check("on_the_way", way, "kept", f"Deliveries that had not come in yet.{since}"),
        Check("received_more_than_ordered", more, "kept", "Deliveries that brought more than was ordered."),
        Check("received_less_than_ordered", less, "kept", "Deliveries that brought less than was ordered."),
        Check("received_without_day", dayless, "kept", dayless_note),
        Check("item_unknown", unknown, "kept", "Rows about items that neither an item file nor an order names."),
    ]


def count_checks(cursor: duckdb.DuckDBPyConnection, counts: str) -> list[Check]:
    """What was found in counts of the stock one by one."""
    known = "item_id in (select item_id from items) or not exists (select 1 from items)"
    question = f"select count(*) from {counts} where not ({known})"
    note = "Rows about items that neither an item file nor an order names."
    return [Check("item_unknown", cursor.execute(question).fetchall()[0][0], "kept", note)]


def machine_checks(cursor: duckdb.DuckDBPyConnection, events: str) -> list[Check]:
    """What was found in the states of machines, one after the other."""
    question = sql("machine_checks").format(events=events)
    again, unfailed, two_groups = cursor.execute(question).fetchall()[0]
    return [
        Check("state_again", again, "kept", "Rows that name the state in which the machine was already."),
        Check(
            "repair_without_failure",
            unfailed,
            "kept",
            "Repairs of machines that had not failed; they count as failures.",
        ),
        Check("machine_of_two_groups", two_groups, "kept", "Rows of machines that are named in more than one group."),
    ]
