"""What a twin knows from one snapshot of its data: records, numbers, forecast, and the bundle that runs start from."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.calibrate.calibration import Calibration
from twin.desk.fidelity import Fidelity, fidelity
from twin.desk.observed import with_customers, with_outcomes, with_pieces
from twin.desk.observed_loans import with_loans
from twin.errors import TwinError, UnknownName
from twin.experiment import tasks
from twin.experiment.engine import engine, estimator
from twin.experiment.inputs import Bundle, Uncertain
from twin.forecast.published import MeasureForecast
from twin.spec.scenario import Scenario
from twin.spec.template import template
from twin.store import Snapshot, queries

if TYPE_CHECKING:  # pandas takes a second to load, and most answers need no frame
    import pandas as pd

    from twin.calibrate.loan_tables import LoanTables
    from twin.calibrate.machine_log import MachineLog
    from twin.calibrate.supplies import SupplyTables
    from twin.calibrate.tables import Tables
    from twin.calibrate.visits import VisitTables
    from twin.desk.desk import Desk
    from twin.desk.twin import Twin

AHEAD_DAYS = 28
OF_CUSTOMERS = ("orders_returning", "orders_new", "orders_anonymous")
PLAYED = ("bundle", "fidelity")  # the model has a part in these
CALIBRATE = "twin.calibrate.estimates:calibrate"
FORECAST = "twin.forecast.measure:forecast_measure"


class Knowledge:
    """Everything derived from one snapshot; each part is worked out once, stored, and read from then on."""

    def __init__(self, desk: "Desk", twin: "Twin", snapshot: Snapshot) -> None:
        self.desk, self.twin, self.snapshot = desk, twin, snapshot
        self._lock = threading.RLock()
        self._forecasts: dict[str, MeasureForecast] = {}

    @property
    def driven(self) -> str:
        """What the forecast drives: orders or visits."""
        return str(self.twin.template.structure.driven)

    @property
    def today(self) -> date:
        """The day after the last complete day of data."""
        today = self.snapshot.today
        if today is None:
            raise TwinError(f"The twin '{self.twin.name}' has no complete day of records yet.")
        return today

    @cached_property
    def days(self) -> "pd.DataFrame":
        """Every complete day: what came in, what became of it, and whether the business was open."""
        store, name, kind = self.desk.store, self.twin.name, self.twin.template
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
        return days if self.twin.template.structure.segments else days.drop(columns=list(OF_CUSTOMERS))

    @property
    def tables(self) -> "Tables | VisitTables":
        """The records that calibration starts from."""
        from twin.calibrate.tables import tables_from
        from twin.calibrate.visits import visit_tables

        store, name = self.desk.store, self.twin.name
        if self.driven == "visits":
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

        store, name = self.desk.store, self.twin.name
        told = self.snapshot.tables
        several = len(self.twin.template.structure.network.selling) > 1
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

        if not self.twin.template.structure.books:
            return None
        store, name = self.desk.store, self.twin.name
        loans, months = queries.loans_table(store, name), queries.loan_months_table(store, name)
        back = queries.recoveries_table(store, name)
        return loan_tables(loans.to_pandas(), months.to_pandas(), back.to_pandas(), self.today)

    @property
    def machine_log(self) -> "MachineLog | None":
        """What machines did; None where the business keeps no log of them."""
        from twin.calibrate.machine_log import machine_log

        if not self.snapshot.tables.get("machine_events"):
            return None
        events = queries.machine_events_table(self.desk.store, self.twin.name)
        return machine_log(events.to_pandas(), self.today)

    @property
    def items_list(self) -> "pd.DataFrame | None":
        """The list of items; None where there is none."""
        if not self.snapshot.tables.get("items"):
            return None
        return queries.items_table(self.desk.store, self.twin.name).to_pandas()

    @cached_property
    def calibration(self) -> Calibration:
        """The numbers of the model as the data give them."""
        with self._lock:
            row = self.desk.store.calibration(self.twin.name, self.snapshot.snapshot)
            fresh = row is not None and row.summary.get("estimator") == estimator()
            return Calibration.from_bytes(row.payload) if row and fresh else self.calibrate()

    def calibrate(self) -> Calibration:
        """Estimate the numbers anew and store them."""
        found: Calibration = self._worker(CALIBRATE, self.tables, self.twin.template)
        self.desk.store.save_calibration(
            self.twin.name, self.snapshot.snapshot, found.to_bytes(), {"estimator": estimator()}
        )
        return found

    def forecast(self, measure: str) -> MeasureForecast:
        """What is to be expected of one of the forecast measures if nothing changes."""
        with self._lock:
            if measure not in self._forecasts:
                stored = self._stored(measure)
                self._forecasts[measure] = MeasureForecast.from_bytes(stored) if stored else self._fitted(measure)
            return self._forecasts[measure]

    def _fitted(self, measure: str) -> MeasureForecast:
        if measure not in self.twin.template.forecast:
            raise UnknownName("measure with a forecast", measure, self.twin.template.forecast)
        columns = self.days[["day", measure, "open"]]
        found: MeasureForecast = self._worker(FORECAST, columns, measure, self.today, self.twin.setting("country"))
        self._store(measure, found.to_bytes())
        return found

    @cached_property
    def bundle_name(self) -> str:
        """The name of what runs start from."""
        with self._lock:
            stored = self._stored("bundle")
            if stored:
                return stored.decode()
            demand, scales = self.days[self.driven].to_numpy(float), self._scales(self.calibration)
            made = bundle_of(self.calibration, self.forecast(self.driven), scales, demand)
            name = self.desk.store.put_blob(made.to_bytes())
            self._store("bundle", name.encode())
            return name

    @cached_property
    def bundle(self) -> bytes:
        """What runs start from, as bytes."""
        return self.desk.store.blob(self.bundle_name)

    def _scales(self, calibration: Calibration) -> np.ndarray | None:
        """By how much baskets are scaled; None for a business that sells no goods."""
        if not self.twin.template.structure.items:
            return None
        values = {name: one.value for name, one in calibration.parameters.items()}
        found: np.ndarray = self.desk.executor.submit(tasks.scales, values, dict(calibration.vectors)).result()
        return found

    def check_items(self, read: Scenario) -> None:
        """Refuse a price of an item that this business does not have."""
        targets = [change.target for change in read.changes if change.target]
        if targets:
            known = {
                *self.calibration.vectors["item_id"][:-1].tolist(),
                *self.calibration.vectors["other_item_id"].tolist(),
            }
            if not known.issuperset(targets):
                known |= set(queries.item_sales(self.desk.store, self.twin.name)["item_id"].to_pylist())
            for target in targets:
                if target not in known:
                    raise UnknownName("item", target, known)

    @cached_property
    def items(self) -> dict[str, str]:
        """What was sold in the last year: each item's code with its description, the largest revenue first."""
        sold = queries.item_sales(self.desk.store, self.twin.name, self.today - timedelta(days=365))
        return dict(zip(sold["item_id"].to_pylist(), sold["description"].to_pylist(), strict=True))

    def fidelity(self) -> Fidelity:
        """How well the twin would have told the last 28 days."""
        with self._lock:
            stored = self._stored("fidelity")
            if stored:
                return Fidelity.from_bytes(stored)
            found = fidelity(self)
            self._store("fidelity", found.to_bytes())
            return found

    def earlier(self, today: date) -> tuple[Bundle, MeasureForecast]:
        """What would have been known on an earlier morning, for asking how well the twin would have done."""
        import pandas as pd

        calibration: Calibration = self._worker(CALIBRATE, self.tables.cut(today), self.twin.template)
        columns = self.days[["day", self.driven, "open"]]
        columns = columns[pd.to_datetime(columns["day"]) < pd.Timestamp(today)]
        found: MeasureForecast = self._worker(FORECAST, columns, self.driven, today, self.twin.setting("country"), 60)
        demand = columns[self.driven].to_numpy(float)
        return bundle_of(calibration, found, self._scales(calibration), demand), found

    def has(self, name: str) -> bool:
        """Whether this part (calibration, a forecast measure, bundle or fidelity) has been worked out and stored."""
        if name == "calibration":
            row = self.desk.store.calibration(self.twin.name, self.snapshot.snapshot)
            return row is not None and row.summary.get("estimator") == estimator()
        return self._stored(name) is not None

    def _stored(self, name: str) -> bytes | None:
        return self.desk.store.forecast(self.twin.name, self.snapshot.snapshot, self._place(name))

    def _store(self, name: str, content: bytes) -> None:
        self.desk.store.save_forecast(self.twin.name, self.snapshot.snapshot, self._place(name), content)

    def _place(self, name: str) -> str:
        """The name under which a part is stored; each estimator has its own, and each engine for what is played."""
        played = f"-{engine()}" if name in PLAYED else ""
        return f"{name}@{estimator()}{played}"

    def _worker(self, function: str, *arguments: Any) -> Any:
        return self.desk.executor.submit(tasks.call, function, *arguments).result()


def bundle_of(
    calibration: Calibration, forecast: MeasureForecast, scales: np.ndarray | None, demand: np.ndarray
) -> Bundle:
    """What runs start from: the numbers with their uncertainties, the vectors, and the paths of demand.

    scales : of baskets, for a business that sells goods
    demand : orders or visits of every recorded day up to the calibration's today
    """
    parameters = calibration.parameters
    declared = template(calibration.template).declarations
    uncertain = tuple(
        Uncertain(one.name, one.value, one.low, one.high, one.standard_error, one.scale, declared[one.name].allowed)
        for one in parameters.values()
        if one.uncertain
    )
    assert forecast.paths is not None
    vectors = dict(calibration.vectors)
    vectors["replay_number"] = np.arange(len(vectors["replay_day"]), dtype=np.int64)
    since = range(-len(vectors["replay_open"]), len(forecast.open))
    vectors["month_day"] = np.array([(calibration.today + timedelta(days=n)).day for n in since])
    if scales is not None:
        vectors["basket_scale"] = scales
        vectors["item_revenue_share"] = revenue_shares(vectors)
        vectors["demand_ahead"] = demand_ahead(demand, np.asarray(forecast.forecast), len(vectors["replay_open"]))
    return Bundle(
        structure=template(calibration.template).structure,
        values={name: float(one.value) for name, one in parameters.items()},
        uncertain=uncertain,
        covariances=tuple((tuple(names), np.asarray(matrix).tolist()) for names, matrix in calibration.covariances),
        vectors=vectors,
        open_days=np.asarray(forecast.open, dtype=bool),
        months=np.array([(calibration.today + timedelta(days=n)).month - 1 for n in range(len(forecast.open))]),
        first_weekday=calibration.today.weekday(),
        paths=np.asarray(forecast.paths),
        levers=tuple(name for name, one in declared.items() if one.lever),
        allowed={name: one.allowed for name, one in declared.items() if one.lever},
    )


def demand_ahead(orders: np.ndarray, forecast: np.ndarray, replayed: int) -> np.ndarray:
    """Orders of the four weeks ahead against the year's average, by day from the first replayed one on.

    What a buyer knows who looks at the calendar: the records as they came, then the forecast.
    """
    before = np.concatenate([np.zeros(max(0, replayed - len(orders))), orders])[-replayed:]
    series = np.concatenate([before, forecast])
    sums = np.concatenate([[0.0], np.cumsum(series)])
    last = np.minimum(np.arange(len(series)) + AHEAD_DAYS, len(series))
    means = (sums[last] - sums[: len(series)]) / (last - np.arange(len(series)))
    usual = float(orders[-365:].mean())
    return means / usual if usual > 0 else np.ones(len(series))


def revenue_shares(vectors: dict[str, np.ndarray]) -> np.ndarray:
    """Which share of the revenue each item brings; the last is all others."""
    revenue = vectors["item_line_share"] * vectors["item_quantity"] * vectors["item_price"]
    total = float(revenue.sum())
    return revenue / total if total > 0 else np.full(len(revenue), 1.0 / max(1, len(revenue)))
