"""Questions to a twin's records: complete days only, and never an order that was reversed in full.

Visits, deliveries and what belongs to them are told as they were known at the end of the last complete day.
Each takes the store and the name of a twin and gives an Arrow table, always in the same order of rows.
"""

from datetime import date
from typing import Any

import pyarrow as pa

from twin.errors import TwinError
from twin.store.rows import Snapshot
from twin.store.sqltext import sql
from twin.store.store import Store

BEGINNING = date(1, 1, 1)


def orders_by_day(store: Store, twin: str) -> pa.Table:
    """Orders and revenue of every calendar day, 0 on days the shop was closed.

    Columns: day, orders, revenue, open (had any order), orders_returning (of customers who had ordered before),
    orders_new (first orders of customers), orders_anonymous (without a customer number).
    """
    return answer(store, twin, "orders_by_day")


def orders_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """Orders from a day on: order_id, customer_id, ordered_at, day, lines, units, revenue."""
    return answer(store, twin, "orders_table", since)


def order_lines_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """Sale lines of those orders: order_id, item_id, quantity, price."""
    return answer(store, twin, "order_lines_table", since)


def item_sales(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """What was sold of each item, the largest revenue first: item_id, description, price, lines, units, revenue."""
    return answer(store, twin, "item_sales", since)


def items_table(store: Store, twin: str) -> pa.Table:
    """The list of items: item_id, description, price of one piece (null where it is not told)."""
    return answer(store, twin, "items_table")


def returns_by_day(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """What was paid back for goods that came back later: day, returned (positive); days without are left out."""
    return answer(store, twin, "returns_by_day", since)


def arrivals_by_day(store: Store, twin: str) -> pa.Table:
    """Every calendar day with what customers brought on it: orders of a shop, visits of any other business.

    The columns of orders_by_day where there are order lines, else those of visits_by_day; both have day and open.
    """
    orders = complete_snapshot(store, twin).tables.get("order_lines")
    return orders_by_day(store, twin) if orders else visits_by_day(store, twin)


def visits_by_day(store: Store, twin: str) -> pa.Table:
    """Visits that came on each calendar day, and how many were inside at its end.

    Columns: day, visits, visits_known (of customers who are known), visits_open (at the end of the day), open (the
    business was: had a visit, or so few come on such a day that having none is chance).
    """
    return answer(store, twin, "visits_by_day")


def visits_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """Visits from a day on: visit_id, customer_id, kind, arrived_at, day, ended_at, outcome, units, scrapped."""
    return answer(store, twin, "visits_table", since)


def visit_steps_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """Steps of those visits, in their order: visit_id, station, queued_at, began_at, ended_at, team, result."""
    return answer(store, twin, "visit_steps_table", since)


def appointments_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """Appointments that were planned from a day on: appointment_id, kind, planned_at, visit_id (null: nobody came)."""
    return answer(store, twin, "appointments_table", since)


def contracts_table(store: Store, twin: str) -> pa.Table:
    """Contracts that had begun: customer_id, segment, started_on, ended_on (first day without; null while it runs)."""
    return answer(store, twin, "contracts_table")


def attendance_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """Who was rostered from a day on, and whether they came: team, shift, person, day, present."""
    return answer(store, twin, "attendance_table", since)


def shipments_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """What was asked for and delivered: order_id, ordered_at, day, site, item_id, quantity, shipped (all if empty)."""
    return answer(store, twin, "shipments_table", since)


def deliveries_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """What was ordered from a day on: delivery_id, lane, item_id, ordered_on, shipped_on, received_on, quantity,
    received. What was still on its way at the end of the last complete day has no received_on.
    """
    return answer(store, twin, "deliveries_table", since)


def stock_counts_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """What lay on the shelves on the evenings of its counting: day, node, item_id, quantity."""
    return answer(store, twin, "stock_counts_table", since)


def machine_events_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """States of each machine, in their order: machine_id, machines, happened_at, state, kind, visit_id."""
    return answer(store, twin, "machine_events_table", since)


def loans_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """Loans granted from a day on: loan_id, customer_id, book, granted_on, amount, rate, term_months, due_day."""
    return answer(store, twin, "loans_table", since)


def loan_months_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """Months of known loans that were due from a day on: loan_id, due_on, due, interest, paid, balance, state."""
    return answer(store, twin, "loan_months_table", since)


def recoveries_table(store: Store, twin: str, since: date | None = None) -> pa.Table:
    """What came back of loans in default from a day on: loan_id, received_on, amount."""
    return answer(store, twin, "recoveries_table", since)


def answer(store: Store, twin: str, question: str, since: date | None = None) -> pa.Table:
    """The answer to one of the questions, from days of which everything is known. Raises TwinError without data."""
    last_day = complete_snapshot(store, twin).last_day
    closing_days = sql("closing_days").format(visits="complete", last="getvariable('last_day')")
    with store.cursor(twin) as cursor:
        cursor.execute("set variable last_day = ?::date", [last_day])
        cursor.execute("set variable until = getvariable('last_day')::timestamp + interval 1 day")
        cursor.execute("set variable since = ?::date", [since or BEGINNING])
        table: Any = cursor.sql(sql(f"queries/{question}").replace("{closing_days}", closing_days)).to_arrow_table()
    return table


def complete_snapshot(store: Store, twin: str) -> Snapshot:
    """The newest snapshot. Raises TwinError where no orders or visits were read yet, or not one whole day of them."""
    snapshot = store.snapshot(twin)
    if snapshot is None or snapshot.first_day is None or snapshot.last_day is None:
        raise TwinError(
            f"The twin '{twin}' has no orders yet and no visits. Read a file of order_lines or of visits into it first."
        )
    return snapshot
