"""How long machines run until they fail, and whether they wear out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Part
from twin.calibrate.joint import Telling, jointly
from twin.calibrate.machine_log import MachineLog
from twin.spec.structure import Number, Values, number

Floats = NDArray[np.float64]
FEWEST = 8
SHORTEST = 0.5 / 3600  # half of the second to which times are kept


@dataclass(frozen=True)
class Lives:
    """Running hours of machines from when they were as good as new: until they failed, or without having failed.

    failed   hours of lives that ended with a failure
    running  hours of lives that a maintenance cut short, or that go on today
    """

    mean: Number
    shape: Number
    failed: Floats
    running: Floats

    @property
    def names(self) -> list[str]:
        """The names that these lives tell of, asked for or not."""
        return [of for of in (self.mean, self.shape) if isinstance(of, str)]

    @property
    def rows(self) -> int:
        """Failures."""
        return len(self.failed)

    def log_likelihood(self, values: Values) -> float:
        """How likely these lives are where a life is Weibull with this mean and shape.

        Source: Meeker, Hong and Escobar, Statistical Methods for Reliability Data (2nd ed. 2022), on censored lives.
        """
        mean, shape = number(self.mean, values), number(self.shape, values)
        log_scale = np.log(mean) - gammaln(1 + 1 / shape)
        at_failure, ever = self._logs
        used_up = np.exp(np.minimum(shape * (ever - log_scale), 700.0)).sum()
        hazard = np.log(shape) - log_scale + (shape - 1) * (at_failure - log_scale)
        return float(hazard.sum() - used_up)

    @cached_property
    def _logs(self) -> tuple[Floats, Floats]:
        return np.log(self.failed), np.log(np.concatenate([self.failed, self.running]))

    def guess(self, name: str) -> float:
        """All hours over the number of failures, which is exact where machines do not wear out."""
        if name == self.mean:
            return float((self.failed.sum() + self.running.sum()) / max(len(self.failed), 1))
        return 1.0


def lives(log: MachineLog, groups: Mapping[str, tuple[Number, Number]], blueprint: Blueprint) -> Part:
    """Mean running hours and Weibull shape of the lives of machines, by group, from all of the log.

    groups : the numbers of each group's mean life in running hours and of its shape
    How old a machine was when the log began is not known: what it ran until its first stoppage is left out.
    """
    found = [_of_group(log, name, *numbers) for name, numbers in groups.items()]
    return jointly(found, blueprint, FEWEST, "failures", _method)


def _of_group(log: MachineLog, group: str, mean: Number, shape: Number) -> Lives:
    ended = log.stoppages[log.stoppages["machines"] == group]
    ended = ended[ended["stoppage"] > 1]
    now = log.stretches[log.stretches["machines"] == group]
    now = now[(now["stoppage"] > 0) & (now["stoppage"] == now.groupby("machine_id")["stoppage"].transform("max"))]
    ages = now[now["state"] == "running"].groupby("machine_id")["minutes"].sum()
    hours, failed = ended["age"].to_numpy(float) / 60, ended["failed"].to_numpy(bool)
    running = np.concatenate([hours[~failed], ages.to_numpy(float) / 60])
    return Lives(mean, shape, np.maximum(hours[failed], SHORTEST), running[running > 0])


def _method(found: Sequence[Telling], doubt: str) -> str:
    groups = [one for one in found if isinstance(one, Lives)]
    failures, others = sum(one.rows for one in groups), sum(len(one.running) for one in groups)
    hours = sum(float(one.failed.sum() + one.running.sum()) for one in groups)
    return (
        f"censored Weibull by maximum likelihood: {failures} failures in {hours:,.0f} running hours, {others} lives "
        f"that maintenance cut short or that go on today{doubt}"
    )
