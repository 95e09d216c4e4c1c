"""How long repairs, maintenance and set-ups of machines take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from twin.calibrate.blueprint import Blueprint, by_number
from twin.calibrate.estimate import Part
from twin.calibrate.joint import Method, Telling, jointly
from twin.calibrate.machine_log import MachineLog
from twin.calibrate.service import SHORTEST, Times
from twin.spec.structure import Number

FEWEST = 10
Law = str


@dataclass(frozen=True)
class Stretches(Times):
    """Minutes that something took: of what is over, and so far of what is not."""

    @property
    def rows(self) -> int:
        """How many are over."""
        return len(self.finished)

    def guess(self, name: str) -> float:
        """Mean and scatter of those that are over."""
        if name == self.mean:
            return float(self.finished.mean())
        return float(np.sqrt(np.expm1(np.clip(np.log(self.finished).var(), 1e-4, 9.0))))


Minutes = tuple[Number, Number | None, Law]  # mean, scatter and law: lognormal, exponential or fixed


def repairs(log: MachineLog, groups: Mapping[str, Minutes], blueprint: Blueprint) -> Part:
    """Mean minutes and scatter of repairs, by group of machines, from all of the log.

    Minutes are those in `repair`, nights left out. Where a log knows no `repair`, the wait for it is part of it.
    """
    stood = log.stoppages[log.stoppages["failed"]]
    found = []
    for name, numbers in groups.items():
        own = stood[stood["machines"] == name]
        minutes = own["minutes"] if own["minutes"].notna().any() else own["waited"]
        found.append(_of(numbers, minutes, own["over"]))
    return jointly(found, blueprint, FEWEST, "repairs", _told("repairs"))


def maintenance(log: MachineLog, groups: Mapping[str, Minutes], blueprint: Blueprint) -> Part:
    """Mean minutes and scatter of planned maintenance, by group of machines, from all of the log."""
    stood = log.stoppages[~log.stoppages["failed"]]
    own = {name: stood[stood["machines"] == name] for name in groups}
    found = [_of(groups[name], rows["minutes"], rows["over"]) for name, rows in own.items()]
    return jointly(found, blueprint, FEWEST, "maintenances", _told("maintenances"))


def set_ups(log: MachineLog, groups: Mapping[str, tuple[Number, Mapping[str, Number]]], blueprint: Blueprint) -> Part:
    """Mean minutes until a machine is ready for another kind of work, by group and by the kind that is to come.

    groups : the number of each group's set-up minutes, and those of the kinds of work that have one of their own
    """
    whole, found = changes(log), []
    for name, (usual, special) in groups.items():
        own = whole[whole["machines"] == name]
        kinds = sorted({*own["kind"].dropna(), *special})
        for mean, chosen in by_number(kinds, special, usual).items():
            rows = own[own["kind"].isin(chosen) | (own["kind"].isna() & (mean == usual))]
            found.append(_of((mean, None, "fixed"), rows["minutes"], rows["over"]))
        if not kinds:
            found.append(_of((usual, None, "fixed"), own["minutes"], own["over"]))
    return jointly([one for one in found if one.rows], blueprint, FEWEST, "set-ups", _told("set-ups"))


def changes(log: MachineLog) -> pd.DataFrame:
    """Each set-up of a machine: machines, kind that is to come, minutes, and whether it is over.

    What is interrupted, as by the end of a shift, is one set-up until the machine runs.
    """
    stretches = log.stretches
    ran = (stretches["state"] == "running").groupby(stretches["machine_id"]).cumsum()
    stretches = stretches.assign(ran=ran, most=ran.groupby(stretches["machine_id"]).transform("max"))
    setting = stretches[stretches["state"] == "set_up"]
    grouped = setting.groupby(["machine_id", "machines", "ran"], sort=True)
    found = grouped.agg(kind=("kind", "last"), minutes=("minutes", "sum"), most=("most", "max")).reset_index()
    return found.assign(over=found["ran"] < found["most"])


def _of(numbers: Minutes, minutes: pd.Series, over: pd.Series) -> Stretches:
    mean, scatter, law = numbers
    known = minutes.notna()
    length = np.maximum(minutes[known].to_numpy(float), SHORTEST)
    done = over[known].to_numpy(bool)
    return Stretches(mean, scatter if law == "lognormal" else None, law, length[done], length[~done])


def _told(what: str) -> Method:
    def method(found: Sequence[Telling], doubt: str) -> str:
        places = [one for one in found if isinstance(one, Stretches)]
        minutes = np.concatenate([one.finished for one in places])
        unfinished = sum(len(one.unfinished) for one in places)
        laws = " and ".join(dict.fromkeys({"lognormal": "log-normal"}.get(one.law, one.law) for one in places))
        return (
            f"{laws} times by maximum likelihood: {len(minutes)} {what} (plain average {minutes.mean():.3g} minutes), "
            f"{unfinished} not over yet{doubt}"
        )

    return method
