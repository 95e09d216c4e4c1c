"""How much work an order is at a station with machines: minutes for the order, and for each of its pieces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import log_ndtr

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Part
from twin.calibrate.joint import Telling, jointly
from twin.calibrate.machine_log import MachineLog
from twin.calibrate.service import SHORTEST
from twin.calibrate.visits import VisitTables
from twin.spec.structure import Number, Values, number

Floats = NDArray[np.float64]
FEWEST = 30
CLOCKS_APART = pd.Timedelta(seconds=5)  # what the clocks of machines and of steps may differ by


@dataclass(frozen=True)
class PieceWork:
    """Minutes of work of orders at one station, and their pieces: of steps that are over, and so far of others."""

    minutes: Number
    per_unit: Number
    scatter: Number
    finished: Floats
    units: Floats
    unfinished: Floats
    units_unfinished: Floats

    @property
    def names(self) -> list[str]:
        """The names that these orders tell of, asked for or not."""
        return [of for of in (self.minutes, self.per_unit, self.scatter) if isinstance(of, str)]

    @property
    def rows(self) -> int:
        """Steps that are over."""
        return len(self.finished)

    def log_likelihood(self, values: Values) -> float:
        """How likely these minutes are where they are log-normal with a mean that grows with the pieces."""
        variance = float(np.log1p(number(self.scatter, values) ** 2))
        spread = np.sqrt(variance)
        over = (self._logs - self._middle(self.units, values, variance)) / spread
        still = (self._logs_unfinished - self._middle(self.units_unfinished, values, variance)) / spread
        return float(-len(over) * np.log(spread) - (over**2).sum() / 2 + log_ndtr(-still).sum())

    def _middle(self, units: Floats, values: Values, variance: float) -> Floats:
        mean = number(self.minutes, values) + number(self.per_unit, values) * units
        return np.asarray(np.log(mean) - variance / 2)

    @cached_property
    def _logs(self) -> Floats:
        return np.log(self.finished)

    @cached_property
    def _logs_unfinished(self) -> Floats:
        return np.log(self.unfinished)

    def guess(self, name: str) -> float:
        """A straight line through the minutes, and how far they lie from it."""
        design = np.stack([np.ones_like(self.units), self.units], axis=1)
        line, *_ = np.linalg.lstsq(design, self.finished, rcond=None)
        least = 0.02 * float(self.finished.mean())
        apart = float(np.maximum(line[0], least)), float(np.maximum(line[1], least / max(self.units.mean(), 1.0)))
        if name in (self.minutes, self.per_unit):
            return apart[name != self.minutes]
        left = np.log(self.finished) - np.log(apart[0] + apart[1] * self.units)
        return float(np.sqrt(np.expm1(np.clip(left.var(), 1e-4, 9.0))))


def piece_work(
    tables: VisitTables, log: MachineLog, stations: Mapping[str, tuple[Number, Number, Number]], blueprint: Blueprint
) -> Part:
    """Minutes of an order and of each of its pieces, with their scatter, by station.

    stations : the numbers of each station's minutes, minutes_per_unit and scatter
    Work is the time in which a machine ran for the order: nights, repairs, set-ups and waits for a hand are left out.
    """
    worked = work(tables, log)
    found = [_of_station(worked, name, *numbers) for name, numbers in stations.items()]
    return jointly(found, blueprint, FEWEST, "finished steps of orders with a number of pieces", _method)


def work(tables: VisitTables, log: MachineLog) -> pd.DataFrame:
    """Each step of the last year that machines worked on: station, minutes they ran, units of its order, over."""
    steps = tables.steps[tables.steps["began_at"].notna()].reset_index(drop=True)
    units = tables.year["units"].to_numpy(float)[steps["visit"].to_numpy()]
    steps = steps.assign(units=units, step=steps.index)
    ran = log.stretches[log.stretches["state"] == "running"].dropna(subset="visit_id")
    left = ran[["visit_id", "happened_at", "minutes"]].sort_values("happened_at")
    right = steps[["visit_id", "step"]].assign(happened_at=steps["began_at"] - CLOCKS_APART).sort_values("happened_at")
    met = pd.merge_asof(left, right, on="happened_at", by="visit_id")
    minutes = met.dropna(subset="step").groupby("step")["minutes"].sum().reindex(steps["step"])
    return pd.DataFrame(
        {
            "station": steps["station"],
            "minutes": minutes.to_numpy(float),
            "units": steps["units"],
            "over": steps["ended_at"].notna(),
        }
    ).dropna()


def _of_station(worked: pd.DataFrame, station: str, minutes: Number, per_unit: Number, scatter: Number) -> PieceWork:
    own = worked[worked["station"] == station]
    over = own["over"].to_numpy(bool)
    length, units = np.maximum(own["minutes"].to_numpy(float), SHORTEST), own["units"].to_numpy(float)
    return PieceWork(minutes, per_unit, scatter, length[over], units[over], length[~over], units[~over])


def _method(found: Sequence[Telling], doubt: str) -> str:
    steps = sum(one.rows for one in found)
    return (
        f"log-normal minutes that machines ran, with a mean that grows with the pieces, by maximum likelihood: "
        f"{steps:,} finished steps of orders of the last year{doubt}"
    )
