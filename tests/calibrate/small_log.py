"""Small logs of machines and deliveries, written row by row, and a blueprint that asks for any names."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from tests.calibrate.desk import declaration
from tests.calibrate.small_visits import FIRST, TODAY, at, counter
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.machine_log import MachineLog, machine_log
from twin.calibrate.supplies import COLUMNS, SupplyTables, supply_tables

NOTHING = counter(counter={})


def asking(*names: str) -> Blueprint:
    """A blueprint whose template declares these numbers and wants them from the records."""
    return replace(NOTHING, declarations={name: declaration(name, scale="log") for name in names})


def states(*rows: Sequence[object], machine: str = "M1", group: str = "mills") -> list[tuple[object, ...]]:
    """Rows of a machine's log: minute, state, and the kind and visit where they matter."""
    return [(machine, group, at(row[0]), *row[1:], *[None] * (4 - len(row))) for row in rows]


def log(*rows: Sequence[object], today: date = TODAY) -> MachineLog:
    """A log of such rows."""
    names = ["machine_id", "machines", "happened_at", "state", "kind", "visit_id"]
    return machine_log(pd.DataFrame(list(rows), columns=names), today)


def day(number: float | None) -> pd.Timestamp | None:
    """The day so many days after the first."""
    return None if number is None else FIRST + pd.Timedelta(days=number)


def supplies(
    shipments: Iterable[Sequence[object]] = (), deliveries: Iterable[Sequence[object]] = (), today: date = TODAY
) -> SupplyTables:
    """Tables of shipments (order, day, site, item, quantity, shipped) and of deliveries, as their columns are."""
    frames = {"shipments": list(shipments), "deliveries": list(deliveries), "stock_counts": []}
    tables = {name: pd.DataFrame(rows, columns=list(COLUMNS[name])) for name, rows in frames.items()}
    return supply_tables(**tables, today=today)
