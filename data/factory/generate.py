"""Make the records of a fictional factory, of which every true number is known (truth.toml).

An independent simulation in plain Python and NumPy that shares no code with the twin, so that what the twin
estimates from the records can be held against the truth. Written again with `python data/factory/generate.py`.
"""

import heapq
import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # the module beside the folders of the businesses

import fictional  # noqa: E402
from fictional import DAY, Person, Truth, clock, day_factors, log_normal, luck  # noqa: E402

STORES, FINISHED, CREW = "stores", "finished", "technicians"
KEPT, BATCH = "stool", "stool_batch"  # what is sold from the finished goods, and the orders that make it
MORNING = 360.0  # when deliveries come in
ARRIVE, DELIVER, SHIFT, NEXT, EVENING = range(5)
SET_UP, WORK, LIFE, CARE = range(4)  # what a machine comes to the end of next
NOTE = (
    "Fictional records of a factory that does not exist, made by data/factory/generate.py of Understudy "
    "from the numbers in truth.toml. No person or company is described. CC0 1.0: no rights reserved."
)
SCHEMAS = {
    "visits": {
        "visit_id": pa.string(),
        "kind": pa.string(),
        "arrived_at": pa.timestamp("s"),
        "ended_at": pa.timestamp("s"),
        "outcome": pa.string(),
        "units": pa.int32(),
        "scrapped": pa.int32(),
    },
    "visit_steps": fictional.STEPS,
    "attendance": fictional.ATTENDANCE,
    "machine_events": {
        "machine_id": pa.string(),
        "machines": pa.string(),
        "happened_at": pa.timestamp("s"),
        "state": pa.string(),
        "kind": pa.string(),
        "visit_id": pa.string(),
    },
    "deliveries": {
        "delivery_id": pa.string(),
        "lane": pa.string(),
        "item_id": pa.string(),
        "ordered_on": pa.date32(),
        "received_on": pa.date32(),
        "quantity": pa.int32(),
        "received": pa.int32(),
    },
    "stock_counts": {"day": pa.date32(), "node": pa.string(), "item_id": pa.string(), "quantity": pa.int32()},
    "items": {"item_id": pa.string(), "description": pa.string(), "price": pa.float64()},
}


@dataclass
class Order:
    """An order and its way through the factory; `steps` are station, queued, began, ended and team."""

    name: str
    kind: str
    arrived: float
    units: int
    steps: list[list[Any]] = field(default_factory=list)
    ended: float | None = None
    scrapped: int | None = None


@dataclass(eq=False)
class Machine:
    """A machine with the order on it; it ages only while it runs, and works only while somebody stands at it."""

    name: str
    group: str
    one: str  # what a machine of the group is called
    station: str
    life: float  # running minutes until it fails
    kind: str | None = None
    order: Order | None = None
    set_up: float = 0.0
    work: float = 0.0
    age: float = 0.0
    repair: float | None = None
    care: float | None = None
    manned: bool = False
    mended: bool = False
    since: float = 0.0
    comes: int = WORK
    token: int = 0

    def settle(self, minute: float) -> None:
        """Count what was done since the last look."""
        done, self.since = minute - self.since, minute
        if self.mended and self.repair is not None:
            self.repair -= done
        elif self.mended and self.care is not None:
            self.care -= done
        elif self.manned and self.set_up > 0:
            self.set_up -= done
        elif self.manned:
            self.work, self.life, self.age = self.work - done, self.life - done, self.age + done

    @property
    def state(self) -> str:
        """What it does, while the factory is open."""
        if self.repair is not None:
            return "repair" if self.mended else "failed"
        if self.care is not None:
            return "maintenance"
        if self.manned:
            return "set_up" if self.set_up > 0 else "running"
        return "idle"

    def ahead(self) -> float:
        """How long it goes on as it is; notes what then comes to its end."""
        if self.mended:
            self.comes, left = CARE, self.repair if self.repair is not None else self.care
            assert left is not None
            return left
        if self.set_up > 0:
            self.comes = SET_UP
            return self.set_up
        self.comes = LIFE if self.life < self.work else WORK
        return min(self.life, self.work)


class Factory:
    """Three stations in a row with machines and operators, a crew for the machines, materials and finished goods."""

    def __init__(self, truth: Truth, present: dict[tuple[str, str, int], int]) -> None:
        self.truth, self.numbers, self.present = truth, truth["parameters"], present
        self.draws, self.breaks, self.ways = luck(truth, 3), luck(truth, 4), luck(truth, 5)
        self.stations = list(truth["stations"])
        self.teams = {name: told["team"] for name, told in truth["stations"].items()}
        self.machines = {name: self.made_machines(name) for name in self.stations}
        self.queues: dict[str, list[Order]] = {name: [] for name in self.stations}
        self.free = dict.fromkeys([*self.teams.values(), CREW], 0)
        self.broken: list[Machine] = []
        self.open = False
        self.events: list[tuple[float, int, int, Any]] = []
        self.counted = 0
        self.log: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.stock = {name: math.ceil(need * self.numbers["stores_order_up_to_level"]) for name, need in self.needs()}
        self.on_order = dict.fromkeys(self.stock, 0)
        self.short: list[Order] = []
        self.low, self.high = (math.ceil(self.sales() * self.numbers[f"{FINISHED}_{level}"])
                               for level in ("reorder_point", "order_up_to_level"))  # fmt: skip
        self.finished, self.put_away = self.high, 0
        self.owed: list[Order] = []
        self.planned: list[Order] = []
        self.batches: list[Order] = []
        self.bought: list[tuple[str, int, int, int]] = []
        self.counts: list[tuple[int, dict[str, int]]] = []

    def made_machines(self, station: str) -> list[Machine]:
        """The machines of a station, all of them new."""
        group = self.truth["stations"][station]["machines"]
        told = self.truth["machines"][group]
        names = (f"{told['one'].upper()}-{n}" for n in range(1, self.numbers[told["count"]] + 1))
        return [Machine(name, group, told["one"], station, self.new_life(told["one"])) for name in names]

    def new_life(self, one: str) -> float:
        """Running minutes until a machine that is as good as new fails: Weibull."""
        hours, shape = (self.numbers[f"{one}_life_{part}"] for part in ("hours", "shape"))
        scale = hours / math.gamma(1 + 1 / shape)
        return float(60 * scale * (-math.log(1 - self.breaks.random_sample())) ** (1 / shape))

    def needs(self) -> Iterator[tuple[str, float]]:
        """How many of each material are needed on an average day."""
        for name, told in self.truth["materials"].items():
            pieces = sum(
                self.numbers[f"{kind}_share"] * self.numbers[f"{kind}_units"] * n for kind, n in told["of"].items()
            )
            yield name, self.numbers["orders_per_day"] * pieces

    def sales(self) -> float:
        """How many pieces of what is kept are sold on an average day."""
        return float(self.numbers["orders_per_day"] * self.numbers[f"{KEPT}_share"] * self.numbers[f"{KEPT}_units"])

    def expect(self, minute: float, what: int, whom: Any) -> None:
        """Put something on the calendar; of one moment, what was put there first comes first."""
        self.counted += 1
        heapq.heappush(self.events, (minute, self.counted, what, whom))

    def play(self, orders: list[Order], working: list[int], days: int) -> None:
        """Let everything happen that happens in so many days."""
        for day in working:
            for hour, shift in ((6, "early"), (14, "late"), (22, "")):
                self.expect(day * DAY + 60 * hour, SHIFT, (shift, day))
        for day in range(days):
            self.expect((day + 1) * DAY, EVENING, day)
        for order in orders:
            self.expect(order.arrived, ARRIVE, order)
        happens = (self.arrive, self.deliver, self.change_shift, self.go_on, self.evening)
        while self.events and self.events[0][0] <= days * DAY:
            minute, _, what, whom = heapq.heappop(self.events)
            happens[what](minute, whom)

    # -------------------------------------------------------------- materials

    def arrive(self, minute: float, order: Order) -> None:
        """A production order is released as soon as all of its materials are there; stools are taken from the shelf."""
        if order.kind == KEPT:
            if not self.handed_over(minute, order):
                self.owed.append(order)
        elif not self.released(minute, order):
            self.short.append(order)

    def handed_over(self, minute: float, order: Order) -> bool:
        """Give an order all of its pieces from the finished goods, if they are there."""
        if self.finished < order.units:
            return False
        self.finished -= order.units
        order.ended, order.scrapped = minute, 0
        return True

    def plan(self, minute: float) -> None:
        """The end of a working day: stools are made again, where finished goods and open orders cover too little."""
        coming = self.put_away + sum(one.units for one in self.batches if one.ended is None)
        position = self.finished + coming - sum(one.units for one in self.owed)
        if position <= self.low:
            self.batches.append(Order(f"S{len(self.batches) + 1:06d}", BATCH, minute, self.high - position))
            self.planned.append(self.batches[-1])
        self.planned = [one for one in self.planned if not self.released(minute, one)]

    def released(self, minute: float, order: Order) -> bool:
        """Take the materials of an order from the store, if all are there, and send it to the first station."""
        made = KEPT if order.kind == BATCH else order.kind
        needed = {name: told["of"][made] * order.units for name, told in self.truth["materials"].items()}
        if any(self.stock[name] < pieces for name, pieces in needed.items()):
            return False
        for name, pieces in needed.items():
            self.stock[name] -= pieces
        self.queue(minute, order, self.stations[0])
        return True

    def deliver(self, minute: float, whom: tuple[str, int]) -> None:
        """A material comes in; orders that waited for it are released, first come first."""
        name, pieces = whom
        self.stock[name] += pieces
        self.on_order[name] -= pieces
        self.short = [order for order in self.short if not self.released(minute, order)]

    def evening(self, minute: float, day: int) -> None:
        """Put away what was made, order again what runs low, count, and hand over what customers are owed."""
        self.finished, self.put_away = self.finished + self.put_away, 0
        for name, need in self.needs():
            low, high = (
                math.ceil(need * self.numbers[f"stores_{part}"]) for part in ("reorder_point", "order_up_to_level")
            )
            position = self.stock[name] + self.on_order[name]
            if position <= low:
                way = f"{self.truth['materials'][name]['supplier']}_lead_time"
                wait = log_normal(self.ways, self.numbers[f"{way}_days"], self.numbers[f"{way}_scatter"])
                due, pieces = day + 1 + math.floor(wait + 0.5), high - position
                self.on_order[name] += pieces
                self.bought.append((name, day, due, pieces))
                self.expect(due * DAY + MORNING, DELIVER, (name, pieces))
        date_ = self.truth["first_day"] + timedelta(days=day)
        if date_.day == 1 or date_ == self.truth["last_day"]:
            self.counts.append((day, dict(self.stock) | {KEPT: self.finished}))
        self.owed = [order for order in self.owed if not self.handed_over(minute, order)]

    # -------------------------------------------------------------- people

    def change_shift(self, minute: float, whom: tuple[str, int]) -> None:
        """Everybody puts their work down, and whoever comes takes it up again; nobody comes at night."""
        shift, day = whom
        self.open = bool(shift)
        for machine in self.all_machines():
            machine.settle(minute)
            if machine.mended:
                self.broken.append(machine)
            machine.manned = machine.mended = False
            machine.token += 1
        self.broken.sort(key=lambda one: (one.repair is None, self.log[one.name][-1][0]))
        self.free = {team: self.present.get((team, shift, day), 0) for team in self.free}
        self.mend(minute)
        for station in self.stations:
            self.staff(minute, station)
        for machine in self.all_machines():
            self.note(minute, machine)
        if not shift:
            self.plan(minute)

    def all_machines(self) -> Iterator[Machine]:
        """Every machine, station by station."""
        return (machine for station in self.stations for machine in self.machines[station])

    def staff(self, minute: float, station: str) -> None:
        """Free operators take up work that lies on a machine, then the next order of the queue."""
        team, machines = self.teams[station], self.machines[station]
        while self.free[team]:
            ready = [one for one in machines if not one.manned and one.repair is None and one.care is None]
            begun = [one for one in ready if one.order is not None]
            empty = [one for one in ready if one.order is None]
            if not begun and not (empty and self.queues[station]):
                return
            machine = begun[0] if begun else self.loaded(minute, station, empty)
            self.free[team] -= 1
            machine.manned = True
            self.start(minute, machine)

    def loaded(self, minute: float, station: str, empty: list[Machine]) -> Machine:
        """Put the next order on a machine, if possible on one that is set up for its kind."""
        order = min(self.queues[station], key=lambda one: one.kind == BATCH)  # those of customers first
        self.queues[station].remove(order)
        machine = min(empty, key=lambda one: one.kind != order.kind)
        mean = self.numbers[f"{station}_minutes"] + self.numbers[f"{station}_minutes_per_unit"] * order.units
        machine.order, machine.work = order, log_normal(self.draws, mean, self.numbers[f"{station}_scatter"])
        machine.set_up = 0.0
        if machine.kind != order.kind:
            set_up = self.numbers[f"{machine.one}_setup_minutes"]
            machine.set_up = log_normal(self.draws, set_up, self.numbers["setup_scatter"])
        machine.kind = order.kind
        order.steps[-1][2], order.steps[-1][4] = minute, self.teams[station]
        return machine

    def mend(self, minute: float) -> None:
        """Free technicians turn to the machine that has waited longest."""
        while self.free[CREW] and self.broken:
            machine = self.broken.pop(0)
            self.free[CREW] -= 1
            machine.mended = True
            self.start(minute, machine)

    # -------------------------------------------------------------- machines

    def start(self, minute: float, machine: Machine) -> None:
        """A machine goes on with what it has to do."""
        machine.since = minute
        machine.token += 1
        self.expect(minute + machine.ahead(), NEXT, (machine, machine.token))
        self.note(minute, machine)

    def go_on(self, minute: float, whom: tuple[Machine, int]) -> None:
        """Something that a machine does comes to its end."""
        machine, token = whom
        if token != machine.token:
            return
        machine.settle(minute)
        (self.is_set_up, self.is_done, self.fails, self.is_mended)[machine.comes](minute, machine)
        self.mend(minute)
        self.staff(minute, machine.station)
        self.note(minute, machine)

    def is_set_up(self, minute: float, machine: Machine) -> None:
        """It is ready for its kind, and runs."""
        machine.set_up = 0.0
        self.start(minute, machine)

    def fails(self, minute: float, machine: Machine) -> None:
        """It breaks down; the order stays on it, and the operator is free for others."""
        machine.manned, machine.life = False, math.inf
        self.free[self.teams[machine.station]] += 1
        machine.repair = log_normal(self.breaks, self.numbers["repair_minutes"], self.numbers["repair_scatter"])
        self.broken.append(machine)
        self.note(minute, machine)

    def is_mended(self, minute: float, machine: Machine) -> None:
        """It is as good as new."""
        machine.mended, machine.repair, machine.care = False, None, None
        machine.life, machine.age = self.new_life(machine.one), 0.0
        self.free[CREW] += 1

    def is_done(self, minute: float, machine: Machine) -> None:
        """An order leaves a machine; when it is time and a technician is free, the machine is maintained."""
        order, machine.order, machine.manned = machine.order, None, False
        assert order is not None
        self.free[self.teams[machine.station]] += 1
        if machine.age >= 60 * self.numbers[f"{machine.one}_maintain_every_hours"] and self.free[CREW] > len(
            self.broken
        ):
            mean, scatter = self.numbers["maintenance_minutes"], self.numbers["maintenance_scatter"]
            machine.care = log_normal(self.breaks, mean, scatter)
            self.broken.append(machine)
        order.steps[-1][3] = minute
        self.onward(minute, order, machine.station)

    def onward(self, minute: float, order: Order, station: str) -> None:
        """An order goes to the next station, once more to the same one, or leaves."""
        again = station == "assembly" and self.draws.random_sample() < self.numbers["rework_share"]
        place = self.stations.index(station) + (not again)
        if place < len(self.stations):
            self.queue(minute, order, self.stations[place])
        else:
            order.ended = minute
            order.scrapped = int(self.draws.binomial(order.units, self.numbers["scrap_share"]))
            self.put_away += order.units - order.scrapped if order.kind == BATCH else 0

    def queue(self, minute: float, order: Order, station: str) -> None:
        """An order joins the queue of a station."""
        order.steps.append([station, minute, None, None, None])
        self.queues[station].append(order)
        self.staff(minute, station)

    def note(self, minute: float, machine: Machine) -> None:
        """Write down in which state a machine is, if that is news; what lasted no second did not happen."""
        state = machine.state if self.open else "off"
        order = machine.order if state in ("running", "set_up") else None
        row = (math.floor(minute * 60), state, order and order.kind, order and order.name, order and len(order.steps))
        rows = self.log[machine.name]
        if rows and rows[-1][0] == row[0] and rows[-1][1] in ("idle", "off"):
            rows.pop()
        if not rows or rows[-1][1:] != row[1:]:
            rows.append(row)


def orders(truth: Truth, days: list[date], factors: np.ndarray) -> list[Order]:
    """Every order of a customer, in order of time."""
    draws, shape = luck(truth, 1), np.cumsum(truth["hours"]["weekday"]) / sum(truth["hours"]["weekday"])
    kinds = list(truth["products"])
    running = np.cumsum([truth["parameters"][f"{kind}_share"] for kind in kinds])
    found: list[Order] = []
    for day in range(len(days)):
        number = draws.poisson(truth["parameters"]["orders_per_day"] * factors[day])
        hours = np.searchsorted(shape, draws.random_sample(number), side="right")
        for minute in np.sort((hours + draws.random_sample(number)) * 60).tolist():
            kind = kinds[min(int(np.searchsorted(running, draws.random_sample(), side="right")), len(kinds) - 1)]
            units = 1 + int(draws.poisson(truth["parameters"][f"{kind}_units"] - 1))
            found.append(Order(f"P{len(found) + 1:06d}", kind, day * DAY + minute, units))
    return found


def people(truth: Truth) -> list[Person]:
    """Everybody on a roster."""
    return [Person(f"W{n:02d}", **place) for n, place in enumerate(fictional.places(truth), start=1)]


def made(truth: Truth, days: int | None = None) -> dict[str, pa.Table]:
    """The seven tables of the factory, by name; of its first days only where a number of days is given."""
    whole = fictional.calendar(truth)
    factors = day_factors(truth, whole)
    roster = fictional.attendance(truth, people(truth), whole, truth["days"]["public_holidays"])
    until = len(whole) if days is None else days
    roster = [row for row in roster if row[0] < until]
    present: dict[tuple[str, str, int], int] = defaultdict(int)
    for day, person, came in roster:
        present[person.team, person.shift, day] += came
    coming = orders(truth, whole[:until], factors)
    factory = Factory(truth, present)
    factory.play(coming, [day for day in range(until) if factors[day] > 0], until)
    coming = sorted([*coming, *factory.batches], key=lambda one: one.arrived)
    rows = {
        "visits": visit_rows(truth, coming),
        "visit_steps": step_rows(truth, coming),
        "attendance": fictional.attendance_rows(whole, roster),
        "machine_events": event_rows(truth, factory),
        "deliveries": delivery_rows(truth, factory, until),
        "stock_counts": count_rows(truth, factory),
        "items": item_rows(truth),
    }
    return {name: fictional.as_table(rows[name], SCHEMAS[name]) for name in SCHEMAS}


def visit_rows(truth: Truth, coming: list[Order]) -> Iterator[tuple[Any, ...]]:
    """A row for each order, of a customer or for the finished goods."""
    for one in coming:
        times = clock(truth, one.arrived), clock(truth, one.ended)
        outcome = "open" if one.ended is None else "done"
        yield one.name, one.kind, *times, outcome, one.units, one.scrapped


def step_rows(truth: Truth, coming: list[Order]) -> Iterator[tuple[Any, ...]]:
    """A row for each stay of an order at a station."""
    for one in coming:
        for station, queued, began, ended, team in one.steps:
            yield one.name, station, clock(truth, queued), clock(truth, began), clock(truth, ended), team


def event_rows(truth: Truth, factory: Factory) -> Iterator[tuple[Any, ...]]:
    """A row for each state of each machine."""
    start = datetime.combine(truth["first_day"], datetime.min.time())
    for machine in factory.all_machines():
        for second, state, kind, visit, _ in factory.log[machine.name]:
            yield machine.name, machine.group, start + timedelta(seconds=second), state, kind, visit


def codes(truth: Truth) -> dict[str, str]:
    """The code of each material and product."""
    return {name: f"{70001 + n}" for n, name in enumerate((*truth["materials"], *truth["products"]))}


def item_rows(truth: Truth) -> Iterator[tuple[Any, ...]]:
    """A row for each material, at its cost, and each product."""
    for name, code in codes(truth).items():
        price = truth["products"].get(name) or truth["materials"][name]["price"]
        yield code, name.capitalize(), price


def delivery_rows(truth: Truth, factory: Factory, until: int) -> Iterator[tuple[Any, ...]]:
    """A row for each order of a material."""
    code = codes(truth)
    for number, (name, day, due, pieces) in enumerate(factory.bought, start=1):
        ordered, came = (truth["first_day"] + timedelta(days=one) for one in (day, due))
        lane = f"{truth['materials'][name]['supplier']}_{STORES}"
        received = (came, pieces, pieces) if due < until else (None, pieces, None)
        yield f"D{number:05d}", lane, code[name], ordered, *received


def count_rows(truth: Truth, factory: Factory) -> Iterator[tuple[Any, ...]]:
    """A row for each material, and for what is kept, on each evening on which all was counted."""
    code = codes(truth)
    for day, stock in factory.counts:
        counted = truth["first_day"] + timedelta(days=day)
        for name, pieces in stock.items():
            yield counted, FINISHED if name == KEPT else STORES, code[name], pieces


if __name__ == "__main__":
    fictional.run("a fictional factory", HERE, made, NOTE)
