"""From the log of a business's machines to the numbers of its machines and of the work that they do."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part, joined
from twin.calibrate.lives import lives
from twin.calibrate.machine_log import OUT_OF_USE, MachineLog
from twin.calibrate.piece_work import piece_work
from twin.calibrate.repairs import Minutes, maintenance, repairs, set_ups
from twin.calibrate.visits import VisitTables
from twin.errors import UnknownName
from twin.spec.machines import Errand, MachineGroup
from twin.spec.structure import Number

UNKNOWN = np.nan


def plant(tables: VisitTables, blueprint: Blueprint) -> Part:
    """All that the log tells of the machines of the structure; nothing where there is no log."""
    log, groups = tables.machines, blueprint.structure.machines
    if log is None or not groups:
        return Part()
    for name in log.events["machines"].unique():
        if name not in groups:
            raise UnknownName("group of machines", name, groups)
    mended = {name: found for name, one in groups.items() if (found := _repair(one, blueprint)) is not None}
    cared = {name: found for name, one in groups.items() if (found := _maintenance(one, blueprint)) is not None}
    setting_up = {name: (one.setup_minutes, one.setup_minutes_of) for name, one in groups.items()}
    return joined([
        lives(log, {name: (one.life_hours, one.life_shape) for name, one in groups.items()}, blueprint),
        repairs(log, mended, blueprint),
        maintenance(log, cared, blueprint),
        set_ups(log, setting_up, blueprint),
        piece_work(tables, log, _stations(blueprint), blueprint),
        counts(log, blueprint),
        Part(vectors={"machine_age_minutes": ages(log, list(groups)), "machine_id": names(log, list(groups))}),
    ])  # fmt: skip


def _stations(blueprint: Blueprint) -> dict[str, tuple[Number, Number, Number]]:
    """Stations whose minutes grow with the pieces, at machines."""
    return {
        name: (station.minutes, station.minutes_per_unit, station.scatter)
        for name, station in blueprint.structure.stations.items()
        if station.machines and station.minutes_per_unit != 0.0
    }


def _repair(group: MachineGroup, blueprint: Blueprint) -> Minutes | None:
    if group.repair:
        return _errand(group.repair, blueprint)
    return (group.repair_minutes, group.repair_scatter, group.repair_times)


def _maintenance(group: MachineGroup, blueprint: Blueprint) -> Minutes | None:
    if group.maintenance:
        return _errand(group.maintenance, blueprint)
    return (group.maintenance_minutes, None, "fixed")


def _errand(errand: Errand, blueprint: Blueprint) -> Minutes:
    """The numbers of the station at which a crew does this work."""
    station = blueprint.structure.stations[blueprint.structure.kinds[errand.kind].start]
    return (station.minutes_of.get(errand.kind, station.minutes), station.scatter, station.times)


def counts(log: MachineLog, blueprint: Blueprint) -> Part:
    """How many machines of each group there are: those in the log, a fact and not an estimate."""
    whole = Part()
    for name, group in blueprint.structure.machines.items():
        own = log.events[log.events["machines"] == name]["machine_id"].nunique()
        if own and blueprint.asks(group.count):
            method = f"machines of the group '{name}' in the log"
            whole.estimates[str(group.count)] = Estimate(float(own), 0.0, own, method)
    return whole


def names(log: MachineLog, groups: Iterable[str]) -> NDArray[np.str_]:
    """What each machine is called, group by group and in order."""
    known = log.events[["machines", "machine_id"]].drop_duplicates()
    found = [sorted(known.loc[known["machines"] == group, "machine_id"]) for group in groups]
    return np.array([name for own in found for name in own], dtype=np.str_)


def ages(log: MachineLog, groups: Iterable[str]) -> NDArray[np.float64]:
    """Minutes that each machine has run since it was as good as new, group by group and in the order of their names.

    Not a number for one that is out of use this morning, and will be as good as new.
    """
    stretches, found = log.stretches, list[float]()
    for group in groups:
        own = stretches[stretches["machines"] == group]
        for _, rows in own.groupby("machine_id", sort=True):
            since = rows[rows["stoppage"] == rows["stoppage"].max()]
            out = rows["state"].iloc[-1] in OUT_OF_USE
            found.append(UNKNOWN if out else float(since.loc[since["state"] == "running", "minutes"].sum()))
    return np.array(found)
