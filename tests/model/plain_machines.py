"""Machines, finite room and scrap once more, as plain Python, on top of the stations of plain_stations.py."""

import math
from dataclasses import dataclass, field

from tests.model import plain_stations as people
from tests.model.plain import draw, lognormal, mixed
from tests.model.plain_stations import DONE, PUT_DOWN, SERVED, WAITING
from tests.model.plain_visits import Group, Visit
from twin.model.chance import entity
from twin.spec.machines import Errand, MachineGroup
from twin.spec.structure import number

STOPPED, RUNS_AGAIN, SET_UP, BLOCKED, SCRAPPED, MAINTAINED, RUNS = 8, 9, 10, 11, 12, 13, 14
STATES = ("idle", "setup", "running", "blocked", "failed", "maintenance", "off")


@dataclass(eq=False)
class Machine:
    """One machine; `law` is the scale and the shape that its present life was drawn from."""

    group: int
    slot: int
    number: int
    entity: int
    state: str = "off"
    visit: "Piece | None" = None
    set_for: tuple[int, int] | None = None
    setup: float = 0.0
    breaks: bool = False
    since: float = 0.0
    left: float = math.inf
    law: tuple[float, float] = (math.inf, 1.0)
    ran: float = 0.0
    failures: int = 0
    renewals: int = 0
    due: bool = False
    every: float = math.inf


@dataclass(eq=False)
class Piece(Visit):
    """A visit that may be on a machine, or be an errand to one; `held` where work on it has been put down."""

    machine: Machine | None = None
    errand: Machine | None = None


@dataclass
class Sums:
    """What a group of machines adds up."""

    minutes: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STATES, 0.0))
    ideal: float = 0.0
    good_ideal: float = 0.0
    good: int = 0
    scrapped: int = 0
    failures: int = 0


class Floor(people.Floor):
    """Stations, some with machines; where a machine works alone, the team is one that is never short of people."""

    def start(self, keys: list[int], values: dict[str, float]) -> "Floor":
        self.machine_keys, self.values = keys, values  # life, repair, maintenance
        self.staff.append(10**9)
        self.speed.append(1.0)
        self.pools: list[MachineGroup] = list(self.structure.machines.values())
        self.pool_names = list(self.structure.machines)
        self.machines: list[Machine] = []
        self.blocked: list[list[Piece]] = [[] for _ in self.stations]
        self.plant = [Sums() for _ in self.pools]
        self.tune(values)
        return self

    def tune(self, values: dict[str, float]) -> None:
        self.values = values
        for group, (name, pool) in enumerate(self.structure.machines.items()):
            there = sum(machine.group == group for machine in self.machines)
            for slot in range(there, int(self.of(pool.count))):
                machine = Machine(group, slot, len(self.machines), (entity(name) >> 8) + slot)
                self.machines.append(machine)
                self.renew(machine)
        for machine in self.machines:
            every = self.of(self.pools[machine.group].maintain_every_days) * 1440.0
            if every != machine.every:
                self.agenda = [one for one in self.agenda if one[1:] != ("its day comes", machine)]
                machine.every = every
                self.plan(machine)
            if machine.visit is None and machine.state in ("idle", "off"):
                self.rest(machine)
        self.settle()

    # ---------------------------------------------------------------- looking around

    def of(self, name: float | str) -> float:
        return number(name, self.values)

    def able(self, team: int, station: int) -> bool:
        if team == len(self.teams):
            return not self.stations[station].teams
        return super().able(team, station)

    def skill(self, team: int, station: int) -> float:
        return 1.0 if team == len(self.teams) else super().skill(team, station)

    def limit(self, group: int) -> float:
        return min(self.of(self.pools[group].count), math.floor(min(self.of(self.pools[group].running), 1e9)))

    def machine_for(self, station: int, kind: int) -> Machine | None:
        """One that is set up for this work, else the first that is free."""
        name = self.stations[station].machines
        free = [
            machine
            for machine in self.machines
            if name == self.pool_names[machine.group]
            and machine.state == "idle"
            and machine.visit is None
            and machine.slot < self.limit(machine.group)
        ]
        free.sort(key=lambda machine: machine.slot)
        return next((machine for machine in free if machine.set_for == (station, kind)), free[0] if free else None)

    def can_begin(self, visit: Piece) -> bool:
        """Whether there is a machine for a visit, or none is needed."""
        if self.stations[visit.station].machines is None:
            return True
        if visit.machine is not None:
            return visit.machine.state == "idle"
        return self.machine_for(visit.station, visit.kind) is not None

    def next_of(self, station: int, rank: int) -> Piece | None:
        """Who is first in the queue of a rank, those passed over whose machine is out of use."""
        return next(
            (visit for visit in self.queue[station] if self.kinds[visit.kind].rank == rank and self.can_begin(visit)),
            None,
        )

    def newcomer_begins(self, station: int) -> int | None:
        """Which team would begin somebody who comes now; nobody where others wait who could be begun."""
        if not self.has_place(station) or any(self.can_begin(visit) for visit in self.queue[station]):
            return None
        if self.stations[station].machines is not None and self.machine_for(station, -1) is None:
            return None
        names = [self.team_names.index(name) for name in self.stations[station].teams] or [len(self.teams)]
        return next((team for team in names if self.able(team, station) and self.is_free(team)), None)

    def waits_in_room(self, station: int) -> int:
        return sum(visit.machine is None for visit in self.queue[station])

    def has_room(self, station: int) -> bool:
        return (
            self.waits_in_room(station) < self.of(self.stations[station].room)
            or self.newcomer_begins(station) is not None
        )

    def inside(self) -> int:
        everybody = [visit for some in (*self.queue, *self.serving, *self.blocked) for visit in some]
        return len({id(visit) for visit in everybody if visit.errand is None})

    # ---------------------------------------------------------------- what happens

    def pass_time(self, time: float) -> None:
        for machine in self.machines:
            self.plant[machine.group].minutes[machine.state] += time - self.clock
        super().pass_time(time)

    def happen(self, what: str, whom: "Visit | Group | Machine") -> None:
        if isinstance(whom, Machine):
            if what == "its day comes":
                whom.due = True
                self.plan(whom)
                if whom.state == "idle" and whom.visit is None:
                    self.rest(whom)
            else:
                self.restored(whom)
            self.settle()
        else:
            super().happen(what, whom)

    def log_machine(self, machine: Machine, what: int, tag: int) -> None:
        self.log.append((self.clock, tag, machine.set_for[0] if machine.set_for else -1, what, machine.number))

    # ---------------------------------------------------------------- visits

    def arrive(self, visit: Piece) -> None:  # type: ignore[override]
        here = visit.station
        visit.left, visit.since, visit.turn = None, self.clock, self.clock
        self.sums[here].arrivals += 1
        self.note(visit, WAITING)
        team = self.newcomer_begins(here)
        if team is not None:
            self.begin(visit, team)
        elif self.waits_in_room(here) >= number(self.stations[here].balk_at, {}) and visit.errand is None:
            self.sums[here].balks += 1
            self.leave(visit, people.BALKED)
        else:
            self.queue[here].append(visit)
            kind, station = list(self.structure.kinds)[visit.kind], self.stations[here]
            patience = number(station.patience_of.get(kind, station.patience_minutes), {})
            if patience < math.inf and visit.errand is None:
                u = draw(self.keys[1], visit.entity, here, visit.steps)
                self.agenda.append((self.clock - patience * math.log(u), "gives up", visit))

    def begin(self, visit: Piece, team: int) -> None:  # type: ignore[override]
        machine = visit.machine
        if self.stations[visit.station].machines is not None and machine is None:
            machine = visit.machine = self.machine_for(visit.station, visit.kind)
            assert machine is not None
            wanted, pool = (visit.station, visit.kind), self.pools[machine.group]
            kind = list(self.structure.kinds)[visit.kind]
            minutes = self.of(pool.setup_minutes_of.get(kind, pool.setup_minutes))
            machine.setup = 0.0 if machine.set_for in (None, wanted) else minutes
            machine.visit, machine.set_for = visit, wanted
        noted = len(self.log)
        super().begin(visit, team)
        if machine is None:
            return
        self.agenda.pop()  # a machine says itself how long it takes
        if machine.setup > 0.0:
            machine.state, machine.since = "setup", self.clock
            self.log.insert(noted, (self.clock, visit.tag, visit.station, SET_UP, machine.number))
            self.agenda.append((self.clock + machine.setup, "finishes", visit))
        else:
            self.log.insert(noted, (self.clock, visit.tag, visit.station, RUNS, machine.number))
            self.run(machine, visit)

    def call_next(self, team: int) -> None:
        while self.is_free(team):
            ranks = sorted({kind.rank for kind in self.kinds})
            first = [
                (rank, visit.turn, here, visit)
                for here in range(len(self.stations))
                if self.able(team, here) and self.has_place(here)
                for rank in ranks
                if (visit := self.next_of(here, rank)) is not None
            ]
            if not first:
                return
            visit = min(first, key=lambda one: one[:3])[3]
            self.queue[visit.station].remove(visit)
            self.begin(visit, team)

    def call_all(self) -> None:
        for team in range(len(self.teams) + 1):
            self.call_next(team)

    def give_up(self, visit: Visit) -> None:
        super().give_up(visit)
        self.settle()

    def change_staff(self, team: int, people: int, speed: float) -> None:
        super().change_staff(team, people, speed)
        self.settle()

    def stay_on(self, group: Group) -> None:
        super().stay_on(group)
        self.settle()

    def finish(self, visit: Piece) -> None:  # type: ignore[override]
        machine = visit.machine
        if machine is not None and machine.state == "setup":
            machine.setup, visit.began = 0.0, self.clock
            self.begun += 1
            visit.begun_as = self.begun
            self.log.append((self.clock, visit.tag, visit.station, RUNS, machine.number))
            self.run(machine, visit)
            return
        if machine is not None:
            self.stop(machine)
            if machine.breaks:
                self.fail(machine, visit)
                self.settle()
                return
        target, how = self.sent_to(visit), DONE
        if target is None and self.is_scrap(visit):
            how = SCRAPPED
        if target is None or (not self.blocked[target] and self.has_room(target)):
            self.serving[visit.station].remove(visit)
            self.depart(visit, target, how)
        else:
            if machine is not None:
                self.serving[visit.station].remove(visit)
                machine.state = "blocked"
            self.blocked[target].append(visit)
            self.note(visit, BLOCKED, -1 if machine is None else machine.number)
        self.settle()

    def is_scrap(self, visit: Piece) -> bool:
        station = self.stations[visit.station]
        shares = station.test.next if station.test and visit.result else station.next
        on, scrap = math.fsum(number(share, {}) for share in shares.values()), self.of(station.scrap_share)
        above = on if on + scrap >= 1.0 - 1e-9 else 1.0 - scrap
        u = draw(self.keys[2], visit.entity, visit.station, visit.steps)
        return scrap > 0.0 and visit.errand is None and u >= above

    def depart(self, visit: Piece, target: int | None, how: int) -> None:
        machine, visit.machine = visit.machine, None
        self.sums[visit.station].finished += 1
        if machine is not None:
            self.count(visit, self.plant[machine.group], how)
        self.note(visit, self.finished_as(visit), visit.team)
        if target is None and visit.errand is not None:
            self.note(visit, DONE)
            self.restored(visit.errand)
        elif target is None:
            self.leave(visit, how)
        if machine is not None:
            machine.visit = None
            self.rest(machine)
        if target is not None:
            if self.waits_in_room(target) < self.of(self.stations[target].room):
                self.call_all()
            visit.station = target
            self.arrive(visit)

    def count(self, visit: Piece, sums: Sums, how: int) -> None:
        station, kind = self.stations[visit.station], list(self.structure.kinds)[visit.kind]
        ideal = number(station.minutes_of.get(kind, station.minutes), {})
        ideal += number(station.minutes_per_unit, {}) * visit.units
        sums.ideal += ideal
        if how == SCRAPPED:
            sums.scrapped += 1
        else:
            sums.good, sums.good_ideal = sums.good + 1, sums.good_ideal + ideal

    def settle(self) -> None:
        moves = True
        while moves:
            moves = False
            self.call_all()
            for place, waiting in enumerate(self.blocked):
                while waiting and self.has_room(place):
                    visit, moves = waiting.pop(0), True
                    if visit in self.serving[visit.station]:
                        self.serving[visit.station].remove(visit)
                    self.depart(visit, place, DONE)

    def put_down(self, team: int) -> None:
        """As without machines; who is blocked stays, and what is put down stays on its machine."""
        while self.teams[team].shift_end == "pause" and self.busy(team) > self.number_there(team):
            blocked = [visit for some in self.blocked for visit in some]
            mine = [visit for some in self.serving for visit in some if visit.team == team and visit not in blocked]
            if not mine:
                return
            visit = max(mine, key=lambda one: one.begun_as)
            self.agenda = [one for one in self.agenda if one[2] is not visit]
            done, machine = self.clock - visit.began, visit.machine
            if machine is not None and machine.state == "setup":
                machine.setup, done = max(0.0, machine.setup - (self.clock - machine.since)), 0.0
            elif machine is not None:
                self.stop(machine)
            if machine is not None:
                machine.state = "idle"
            self.back_in_queue(visit, done)
            self.note(visit, PUT_DOWN, team)

    def back_in_queue(self, visit: Piece, done: float) -> None:
        assert visit.left is not None
        self.serving[visit.station].remove(visit)
        visit.left, visit.since = max(0.0, visit.left - done * visit.pace), self.clock
        self.queue[visit.station].insert(0, visit)

    # ---------------------------------------------------------------- machines

    def law(self, group: int) -> tuple[float, float]:
        mean, shape = self.of(self.pools[group].life_hours) * 60.0, self.of(self.pools[group].life_shape)
        return (mean / math.gamma(1.0 + 1.0 / shape), shape)

    def life(self, machine: Machine) -> float:
        u = draw(self.machine_keys[0], machine.entity, machine.failures, machine.renewals)
        return machine.law[0] * (-math.log(u)) ** (1.0 / machine.law[1])

    def renew(self, machine: Machine) -> None:
        machine.law, machine.ran = self.law(machine.group), 0.0
        machine.left = self.life(machine)

    def run(self, machine: Machine, visit: Piece) -> None:
        """Work runs on a machine until it is done, or the machine fails."""
        if machine.law != self.law(machine.group):
            before, machine.law = self.life(machine), self.law(machine.group)
            now = self.life(machine)
            machine.left = now if math.inf in (before, now) else machine.left * now / before
        assert visit.left is not None
        minutes = visit.left / visit.pace
        machine.state, machine.since, machine.breaks = "running", self.clock, machine.left < minutes
        self.agenda.append((self.clock + min(minutes, machine.left), "finishes", visit))

    def stop(self, machine: Machine) -> None:
        machine.ran += self.clock - machine.since
        machine.left = max(0.0, machine.left - (self.clock - machine.since))

    def fail(self, machine: Machine, visit: Piece) -> None:
        self.back_in_queue(visit, self.clock - visit.began)
        machine.state, machine.left = "failed", 0.0
        self.plant[machine.group].failures += 1
        self.note(visit, STOPPED, machine.number)
        pool = self.pools[machine.group]
        mean, scatter = self.of(pool.repair_minutes), self.of(pool.repair_scatter)
        u = draw(self.machine_keys[1], machine.entity, machine.failures, machine.renewals)
        minutes = {
            "fixed": mean, "exponential": -mean * math.log(u), "lognormal": lognormal(u, mean, scatter),
        }[pool.repair_times]  # fmt: skip
        self.send_for(machine, pool.repair, minutes, 1)

    def send_for(self, machine: Machine, errand: Errand | None, minutes: float, key: int) -> None:
        """A crew, whose work it is then; without one it takes its time."""
        if errand is None:
            self.agenda.append((self.clock + minutes, "is restored", machine))  # type: ignore[arg-type]
            return
        kind = list(self.structure.kinds).index(errand.kind)
        luck = self.machine_keys[key]
        for part in (machine.entity, machine.failures, machine.renewals):
            luck = mixed(luck, part)
        visit = Piece(self.clock, luck >> 1, kind, 0, 1.0, -1 - machine.number, errand=machine)
        visit.station = self.names.index(self.kinds[kind].start)
        self.arrive(visit)

    def restored(self, machine: Machine) -> None:
        if machine.state == "failed":
            machine.failures, machine.renewals = machine.failures + 1, 0
        else:
            machine.renewals += 1
        self.renew(machine)
        self.log_machine(machine, RUNS_AGAIN, machine.visit.tag if machine.visit else -1 - machine.number)
        if machine.visit:
            machine.state = "idle"
        else:
            self.rest(machine)

    def rest(self, machine: Machine) -> None:
        """A machine without work is off, is maintained or is idle."""
        pool = self.pools[machine.group]
        if machine.slot >= self.limit(machine.group):
            machine.state = "off"
        elif machine.due or machine.ran + 1e-6 >= self.of(pool.maintain_every_hours) * 60.0:
            machine.due, machine.state = False, "maintenance"
            self.log_machine(machine, MAINTAINED, -1 - machine.number)
            self.send_for(machine, pool.maintenance, self.of(pool.maintenance_minutes), 2)
        else:
            machine.state = "idle"

    def plan(self, machine: Machine) -> None:
        if machine.every < math.inf:
            self.agenda.append((self.clock + machine.every, "its day comes", machine))  # type: ignore[arg-type]


assert SERVED == people.SERVED
