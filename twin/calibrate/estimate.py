"""A number as the records give it: its value, its standard error, how many rows it rests on and how it was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.spec.parameter import Declaration, Parameter, assumed

Floats = NDArray[np.float64]
Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Estimate:
    """A value found in records and how sure it is."""

    value: float
    standard_error: float
    rows: int
    method: str

    def parameter(self, declared: Declaration) -> Parameter:
        """The number of the model with its 90 % interval, kept inside what the template allows."""
        low, high = self.interval(declared.scale == "log")
        least, most = declared.allowed
        value, low, high = (float(np.clip(number, least, most)) for number in (self.value, low, high))
        return Parameter(
            name=declared.name,
            value=value,
            low=low,
            high=high,
            unit=declared.unit,
            origin="data",
            method=self.method,
            standard_error=self.standard_error,
            rows=self.rows,
            scale=declared.scale,
        )

    def interval(self, log: bool) -> tuple[float, float]:
        """The 90 % interval, symmetric on the scale on which the error is near normal."""
        if log and self.value > 0:
            factor = float(np.exp(min(Z90 * self.standard_error / self.value, 50.0)))
            return self.value / factor, self.value * factor
        return self.value - Z90 * self.standard_error, self.value + Z90 * self.standard_error


@dataclass(frozen=True)
class Part:
    """What one part of the calibration found.

    estimates    by the parameter's name
    covariances  names of jointly estimated parameters with their matrix, on each one's own scale
    vectors      arrays for the model
    errors       standard errors of some of the vectors, same shape
    evidence     what a page shows beside the numbers, plain JSON values
    reasons      why a number could not be estimated, by the parameter's name
    """

    estimates: dict[str, Estimate] = field(default_factory=dict)
    covariances: list[tuple[tuple[str, ...], Floats]] = field(default_factory=list)
    vectors: dict[str, NDArray[Any]] = field(default_factory=dict)
    errors: dict[str, Floats] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


def joined(parts: list[Part]) -> Part:
    """What all parts found, in one."""
    whole = Part()
    for part in parts:
        for name in ("estimates", "vectors", "errors", "evidence", "reasons"):
            getattr(whole, name).update(getattr(part, name))
        whole.covariances.extend(part.covariances)
    return whole


def unmeasured(declared: Declaration, reasons: Mapping[str, str]) -> Parameter:
    """The number as the template gives it, with the reason why records could not, where there is one."""
    stays, reason = assumed(declared), reasons.get(declared.name)
    return replace(stays, method=f"{stays.method}: {reason}") if reason else stays


def on_scale(names: tuple[str, ...], matrix: Floats, parameters: Mapping[str, Parameter]) -> Floats:
    """A covariance of plain values as one on the scale of each number, logarithms for those of scale log."""
    by = np.array([parameters[name].value if parameters[name].scale == "log" else 1.0 for name in names])
    return np.asarray(matrix / np.outer(by, by))


def clustered_covariance(influences: Floats, clusters: NDArray[np.int64]) -> Floats:
    """How sure averages are when rows of one cluster (a customer's orders, a week's days) move together.

    influences : array (rows, numbers), how much each row pulls on each number, mean zero
    """
    rows, numbers = influences.shape
    sums = np.stack([np.bincount(clusters, influences[:, column]) for column in range(numbers)], axis=1)
    groups = len(np.unique(clusters))
    return np.asarray(sums.T @ sums * (groups / max(groups - 1, 1)) / rows**2)
