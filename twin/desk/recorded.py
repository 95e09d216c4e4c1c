"""The records of a twin's snapshot, as the tables that calibration and forecast read."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from twin.desk.observed import with_customers, with_outcomes, with_pieces
from twin.desk.observed_loans import with_loans
from twin.errors import TwinError
from twin.spec.template import Template
from twin.store import Snapshot, Store, queries

if TYPE_CHECKING:  # pandas takes a second to load, and most answers need no frame
    import pandas as pd

    from twin.calibrate.loan_tables import LoanTables
    from twin.calibrate.machine_log import MachineLog
    from twin.calibrate.supplies import SupplyTables
    from twin.calibrate.tables import Tables
    from twin.calibrate.visits import VisitTables

OF_CUSTOMERS = ("orders_returning", "orders_new", "orders_anonymous")


@dataclass(frozen=True)
class Recorded:
    """What one snapshot of a twin holds; each table is read when it is asked for."""

    store: Store
    twin: str
    template: Template
    snapshot: Snapshot

    @property
    def today(self) -> date:
        """The day after the last complete day of data."""
        today = self.snapshot.today
        if today is None:
            raise TwinError(f"The twin '{self.twin}' has no complete day of records yet.")
        return today

    @cached_property
    def days(self) -> "pd.DataFrame":
        """Every complete day: what came in, what became of it, and whether the business was open."""
        store, name, kind = self.store, self.twin, self.template
        found: pd.DataFrame = queries.arrivals_by_day(store, name).to_pandas()
        if kind.structure.driven == "orders":
            return with_pieces(self._of_known(found), self.supply_tables)
        visits = queries.visits_table(store, name).to_pandas()
        promised = {one: declared.value for one, declared in kind.declarations.items()}
        days = with_outcomes(found, visits, kind.structure, promised)
        days = with_customers(days, queries.contracts_table(store, name).to_pandas())
        return with_loans(days, self.loans, kind.structure, promised) if self.loans else days

    def _of_known(self, days: "pd.DataFrame") -> "pd.DataFrame":
        """The same days without what tells of customers, where nobody is known."""
        return days if self.template.structure.segments else days.drop(columns=list(OF_CUSTOMERS))

    @property
    def tables(self) -> "Tables | VisitTables":
        """The records that calibration starts from."""
        from twin.calibrate.tables import tables_from
        from twin.calibrate.visits import visit_tables

        store, name = self.store, self.twin
        if self.template.structure.driven == "visits":
            visits, steps = queries.visits_table(store, name), queries.visit_steps_table(store, name)
            contracts, attendance = queries.contracts_table(store, name), queries.attendance_table(store, name)
            appointments = queries.appointments_table(store, name)
            found = visit_tables(
                visits.to_pandas(),
                steps.to_pandas(),
                contracts.to_pandas(),
                attendance.to_pandas(),
                self.today,
                appointments.to_pandas(),
            )
            found = replace(found, machines=self.machine_log, supply=self.supply_tables, items=self.items_list)
            return replace(found, loans=self.loans)
        orders = queries.orders_table(store, name).to_pandas()
        lines = queries.order_lines_table(store, name).to_pandas()
        returns = queries.returns_by_day(store, name).to_pandas()
        return tables_from(orders, lines, self.today, returns, self.supply_tables)

    @property
    def supply_tables(self) -> "SupplyTables | None":
        """What was shipped, ordered and counted; None where the business keeps no such records."""
        from twin.calibrate.supplies import supply_tables

        store, name = self.store, self.twin
        told = self.snapshot.tables
        several = len(self.template.structure.network.selling) > 1
        if not (several or told.get("deliveries") or told.get("stock_counts")):
            return None
        return supply_tables(
            queries.shipments_table(store, name).to_pandas(),
            queries.deliveries_table(store, name).to_pandas(),
            queries.stock_counts_table(store, name).to_pandas(),
            self.today,
        )

    @property
    def loans(self) -> "LoanTables | None":
        """Loans, their months and recoveries; None for a business that does not lend."""
        from twin.calibrate.loan_tables import loan_tables

        if not self.template.structure.books:
            return None
        store, name = self.store, self.twin
        loans, months = queries.loans_table(store, name), queries.loan_months_table(store, name)
        back = queries.recoveries_table(store, name)
        return loan_tables(loans.to_pandas(), months.to_pandas(), back.to_pandas(), self.today)

    @property
    def machine_log(self) -> "MachineLog | None":
        """What machines did; None where the business keeps no log of them."""
        from twin.calibrate.machine_log import machine_log

        if not self.snapshot.tables.get("machine_events"):
            return None
        events = queries.machine_events_table(self.store, self.twin)
        return machine_log(events.to_pandas(), self.today)

    @property
    def items_list(self) -> "pd.DataFrame | None":
        """The list of items; None where there is none."""
        if not self.snapshot.tables.get("items"):
            return None
        return queries.items_table(self.store, self.twin).to_pandas()
