"""What a twin knows from one snapshot of its data: records, numbers, forecast, and the bundle that runs start from."""

import threading
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.calibrate.calibration import Calibration
from twin.desk.fidelity import Fidelity, fidelity
from twin.desk.recorded import Recorded
from twin.desk.start import bundle_of
from twin.errors import UnknownName
from twin.experiment import tasks
from twin.experiment.engine import engine, estimator
from twin.experiment.inputs import Bundle
from twin.forecast.published import MeasureForecast
from twin.spec.scenario import Scenario
from twin.store import Snapshot, queries

if TYPE_CHECKING:  # pandas takes a second to load, and most answers need no frame
    import pandas as pd

    from twin.desk.desk import Desk
    from twin.desk.twin import Twin

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
        return self.records.today

    @cached_property
    def records(self) -> Recorded:
        """The records themselves, as calibration and forecast read them."""
        return Recorded(self.desk.store, self.twin.name, self.twin.template, self.snapshot)

    @property
    def days(self) -> "pd.DataFrame":
        """Every complete day: what came in, what became of it, and whether the business was open."""
        return self.records.days

    @cached_property
    def calibration(self) -> Calibration:
        """The numbers of the model as the data give them."""
        with self._lock:
            row = self.desk.store.calibration(self.twin.name, self.snapshot.snapshot)
            fresh = row is not None and row.summary.get("estimator") == estimator()
            return Calibration.from_bytes(row.payload) if row and fresh else self.calibrate()

    def calibrate(self) -> Calibration:
        """Estimate the numbers anew and store them."""
        found: Calibration = self._worker(CALIBRATE, self.records.tables, self.twin.template)
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

        calibration: Calibration = self._worker(CALIBRATE, self.records.tables.cut(today), self.twin.template)
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
