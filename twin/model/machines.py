"""The machines of a business, finite room and scrap, as arrays that the kernels read, and what their time went to."""

import math

import numpy as np

from twin.model.chance import Chance, Purpose, entity
from twin.model.kernels import machines as kernel
from twin.model.kernels import queues
from twin.model.kernels.chance import draw
from twin.model.layout import TIMES
from twin.spec.machines import Errand, MachineGroup
from twin.spec.structure import OUT, Station, Structure, Values, day_minutes, number, ways_on, whole

PURPOSES = (Purpose.MACHINE_LIFE, Purpose.REPAIR_TIME, Purpose.MAINTENANCE_TIME)
MACHINE_SUMS = np.dtype(
    [
        ("idle_minutes", "f8"),  # in the order of the states of kernels/machines.py
        ("setup_minutes", "f8"),
        ("running_minutes", "f8"),
        ("blocked_minutes", "f8"),
        ("failed_minutes", "f8"),
        ("maintenance_minutes", "f8"),
        ("off_minutes", "f8"),
        ("ideal_minutes", "f8"),  # what finished work takes at the usual speed, and of it what good work does
        ("good_minutes", "f8"),
        ("good", "f8"),
        ("scrapped", "f8"),
        ("failures", "f8"),
    ]
)
STATES = (
    "idle_minutes", "setup_minutes", "running_minutes", "blocked_minutes", "failed_minutes", "maintenance_minutes",
    "ideal_minutes", "good_minutes",
)  # fmt: skip
LEAST_MINUTES = 1.0  # between two maintenances, so that time goes on whatever a lever is set to


class Machines:
    """All machines of a business by number, and what each station needs of them."""

    def __init__(self, structure: Structure, values: Values, chance: Chance) -> None:
        self.structure, self.groups = structure, list(structure.machines.values())
        self.keys = np.array([chance[purpose] for purpose in PURPOSES], np.uint64)
        self.machines = np.zeros(0, kernel.MACHINE)
        self.pools = np.zeros(len(self.groups), kernel.POOL)
        self.setups = np.zeros((len(self.groups), len(structure.kinds)))
        self.places = np.zeros(len(structure.stations), kernel.PLACE)
        self.places["first"] = self.places["last"] = queues.NOBODY
        self.jobs = np.zeros(0, kernel.JOB)
        self.running_sums = np.zeros((len(self.groups), kernel.PLANT_SUMS), np.int64)
        self.told = self.running_sums.copy()
        self.tune(values, 0.0)

    @property
    def count(self) -> int:
        """How many machines there are."""
        return len(self.machines)

    @property
    def endless(self) -> bool:
        """Whether machines are maintained by the day, so that something always happens."""
        return bool((self.pools["every"] < math.inf).any())

    def plant(self, start: np.ndarray) -> kernel.Plant:
        """All arrays together."""
        return kernel.Plant(
            self.machines, self.pools, self.members, self.places, self.jobs, self.setups, start, self.running_sums,
            self.keys,
        )  # fmt: skip

    def widen(self, size: int) -> None:
        """Room for so many visits."""
        jobs = np.full(size, np.array((queues.NOBODY,) * 4, kernel.JOB))
        jobs[: len(self.jobs)] = self.jobs
        self.jobs = jobs

    def aged(self, minutes: np.ndarray) -> None:
        """Let machines that do not run now have run for so long since they were as good as new, group by group.

        Not a number is unknown; such a machine, and one that is out of use, stays as it is.
        """
        told = iter(minutes.tolist())
        for one in np.lexsort((self.machines["slot"], self.machines["pool"])).tolist():
            machine, age = self.machines[one], next(told, math.nan)
            if math.isnan(age) or machine["state"] not in (kernel.IDLE, kernel.OFF):
                continue
            pool = self.pools[machine["pool"]]
            own = (int(machine["entity"]), int(machine["failures"]), int(machine["renewals"]))
            machine["ran"], machine["scale"], machine["shape"] = age, pool["scale"], pool["shape"]
            machine["left"] = kernel.left_at(pool["scale"], pool["shape"], age, draw(self.keys[0], *own))

    def tune(self, values: Values, clock: float) -> None:
        """Use these numbers from now on: lives change in proportion, the rest for whatever begins."""
        for n, (name, group) in enumerate(self.structure.machines.items()):
            self._tune_pool(n, group, values)
            self._build(n, name, clock)
        self.members = np.lexsort((self.machines["slot"], self.machines["pool"]))
        self.pools["first"] = np.searchsorted(self.machines["pool"][self.members], np.arange(len(self.groups)))
        for place, station in enumerate(self.structure.stations.values()):
            self._tune_place(place, station, values)

    def _tune_pool(self, n: int, group: MachineGroup, values: Values) -> None:
        pool, count = self.pools[n], whole(number(group.count, values))
        shape, mean = number(group.life_shape, values), number(group.life_hours, values) * 60.0
        running = number(group.running, values)
        pool["count"], pool["limit"] = count, count if running == math.inf else min(count, whole(running))
        pool["scale"], pool["shape"] = mean if mean == math.inf else kernel.weibull_scale(mean, shape), shape
        hours, days = number(group.maintain_every_hours, values), number(group.maintain_every_days, values)
        pool["every_ran"] = max(LEAST_MINUTES, hours * 60.0)
        pool["every"] = days if days == math.inf else max(LEAST_MINUTES, days * day_minutes(self.structure, values))
        pool["repair_kind"], pool["service_kind"] = self._kind(group.repair), self._kind(group.maintenance)
        pool["repair_minutes"] = number(group.repair_minutes, values)
        pool["repair_times"] = TIMES[group.repair_times]
        pool["repair_spread"] = queues.spread(number(group.repair_scatter, values))
        pool["service_minutes"] = number(group.maintenance_minutes, values)
        for kind, name in enumerate(self.structure.kinds):
            self.setups[n, kind] = number(group.setup_minutes_of.get(name, group.setup_minutes), values)

    def _kind(self, errand: Errand | None) -> int:
        return queues.NOBODY if errand is None else list(self.structure.kinds).index(errand.kind)

    def _build(self, n: int, name: str, clock: float) -> None:
        """Machines that were not there before are new; they are off until they may run."""
        there = int((self.machines["pool"] == n).sum())
        new = np.zeros(max(0, int(self.pools[n]["count"]) - there), kernel.MACHINE)
        if not len(new):
            return
        new["pool"], new["slot"] = n, np.arange(there, there + len(new))
        new["entity"] = (entity(name) >> 8) + new["slot"]
        new["state"], new["tick"] = kernel.OFF, int(clock * queues.TICKS)
        new["visit"] = new["place"] = new["kind"] = queues.NOBODY
        new["every"] = math.inf
        first = len(self.machines)
        self.machines = np.concatenate([self.machines, new])
        self.members = np.arange(len(self.machines))
        for one in range(first, len(self.machines)):
            kernel.renew(self.plant(self.members), one)

    def _tune_place(self, place: int, station: Station, values: Values) -> None:
        own, names = self.places[place], list(self.structure.machines)
        own["pool"] = names.index(station.machines) if station.machines else queues.NOBODY
        own["room"], scrap = number(station.room, values), number(station.scrap_share, values)
        for name, branch in (("scrap_from", station), ("positive_scrap_from", station.test or station)):
            on = math.fsum(share for target, share in ways_on(branch.next, values).items() if target != OUT)
            own[name] = on if scrap > 0.0 and on + scrap >= 1.0 - 1e-9 else 1.0 - scrap

    def record(self, sums: np.ndarray) -> dict[str, float]:
        """The day's fields of machines, all together, and by group where there is more than one."""
        found, names = dict[str, float](), list(self.structure.machines)
        told = [_told(one) for one in sums.tolist()]
        for field in told[0] if told else ():
            found[field] = math.fsum(one[field] for one in told)
            if len(names) > 1:
                found |= {f"{field}[{name}]": one[field] for name, one in zip(names, told, strict=True)}
        return found

    def sums(self, clock: float) -> np.ndarray:
        """MACHINE_SUMS by group since this was told before; what is open counts up to the clock."""
        new = np.empty(self.told.shape)
        kernel.told(self.plant(self.members), clock, self.told, new)
        return new.view(MACHINE_SUMS)[:, 0]


def manned(sums: np.ndarray, there: list[bool]) -> np.ndarray:
    """MACHINE_SUMS of a stretch of time; where nobody was there for a group, only what ran was planned to."""
    found = sums.copy()
    kernel.left_alone(found.view(float).reshape(len(found), kernel.PLANT_SUMS), np.array(there, np.bool_))
    return found


def _told(sums: tuple[float, ...]) -> dict[str, float]:
    """The fields of one group of machines (twin.records)."""
    one = dict(zip(MACHINE_SUMS.names or (), sums, strict=True))
    operating = math.fsum(one[f"{state}_minutes"] for state in ("running", "blocked", "idle"))
    loading = math.fsum((operating, one["failed_minutes"], one["setup_minutes"]))
    apart = {f"machine_{name}": one[name] for name in STATES} | {"machine_failures": one["failures"]}
    return apart | {
        "machine_operating_minutes": operating,
        "machine_loading_minutes": loading,
        "machine_planned_minutes": loading + one["maintenance_minutes"],
        "pieces_good": one["good"],
        "pieces_scrapped": one["scrapped"],
    }
