"""How time and memory grow with customers, stations, days and replications."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from bench import floor, people, shops, supply
from bench.figures import Figure, Section, cells, memory_now, memory_peak, shown
from twin.experiment.workers import workers

ENOUGH_S = 0.2  # shorter runs are repeated
ROUNDS = 3  # of the last two sizes, in turn: what a shared machine does to one of them, it does to the other
LINEAR = 1.1
MEASURABLE_MB = 1.0
BIG = 1_000_000


@dataclass(frozen=True)
class Taken:
    """What one size took: seconds of processor time, and the most memory above what was held before, in MB."""

    seconds: float
    memory: float


def took(work: str, size: int) -> Taken:
    """Play one size in a process of its own, copied from one that has all kernels compiled."""
    with workers(1) as pool:
        return pool.submit(taken, work, size).result()


def taken(work: str, size: int) -> Taken:
    """Prepare a size, then play it; short ones three times, the middle one counts."""
    prepare = WORKS[work]
    prepare(SMALLEST[work])()  # so that nothing is compiled while the clock runs
    held = memory_now()
    play = prepare(size)
    seconds: list[float] = []
    while not seconds or (seconds[0] < ENOUGH_S and len(seconds) < 3):
        began = time.process_time()
        play()
        seconds.append(time.process_time() - began)
    return Taken(sorted(seconds)[len(seconds) // 2], memory_peak() - held)


def population(customers: int) -> Callable[[], object]:
    """Customers who buy, remember and leave."""
    crowd = people.population(customers)
    return lambda: people.season(crowd, people.Habits(), 30, 1, 0)


def shop_of(customers: int) -> Callable[[], object]:
    """Whole days of a shop to which each customer comes every tenth day."""
    shop = shops.bundle(customers, customers / 10, days=30, staff=max(1, round(0.003 * customers)))
    return lambda: shops.play(shop, 0)


def stations(number: int) -> Callable[[], object]:
    """10,000 visits through so many stations in a row."""
    return lambda: floor.line(number, visits=10_000)


def days(number: int) -> Callable[[], object]:
    """The reference shop for so many days."""
    shop = shops.bundle(10_000, 1_000, days=number)
    return lambda: shops.play(shop, 0)


def replications(number: int) -> Callable[[], object]:
    """So many replications of a small shop, each reduced to its means when it ends."""
    shop = shops.bundle(1_000, 100, days=28, staff=3)

    def play() -> np.ndarray:
        total = np.zeros(1)
        for r in range(number):
            total = total + shops.play(shop, r).mean(axis=0)
        return total / number

    return play


WORKS = {
    "customers, who buys, remembers and leaves, 30 days": population,
    "customers, whole days of a shop, a tenth of them comes each day, 30 days": shop_of,
    "stations in a row, 10,000 visits (a single one takes the first-come path)": stations,
    "days of the reference shop": days,
    "replications of a small shop, each reduced as it ends": replications,
    "items at a warehouse and two outlets, 60 days": supply.items,
    "nodes of a supply chain, 500 items, 60 days": supply.nodes,
}
SIZES: dict[str, tuple[int, ...]] = dict(
    zip(
        WORKS,
        [
            (1_000, 10_000, 100_000, BIG),
            (1_000, 10_000, 100_000, BIG),
            (1, 5, 20, 50),
            (7, 30, 90, 365, 730),
            (1, 10, 100, 1_000),
            (10, 100, 1_000, 10_000, 100_000),
            (2, 5, 20, 50, 200),
        ],
        strict=True,
    )
)
SMALLEST = {work: sizes[0] for work, sizes in SIZES.items()}


@dataclass
class Growth:
    """What each size of something took, and in each round the exponent of the last step."""

    work: str
    sizes: tuple[int, ...]
    taken: list[Taken] = field(default_factory=list)
    last: list[float] = field(default_factory=list)

    def measure(self) -> None:
        """Measure every size; the last two several times, of which the middle one counts."""
        *smaller, before, largest = self.sizes
        self.taken = [took(self.work, size) for size in smaller]
        rounds = [(took(self.work, before), took(self.work, largest)) for _ in range(ROUNDS)]
        self.last = [slope((before, largest), (low.seconds, high.seconds)) for low, high in rounds]
        for same in zip(*rounds, strict=True):
            self.taken.append(Taken(median(one.seconds for one in same), median(one.memory for one in same)))

    @property
    def row(self) -> str:
        """The row of the table."""
        seconds = [one.seconds for one in self.taken]
        memory = [max(one.memory, MEASURABLE_MB) for one in self.taken]
        last = median(self.last)
        return cells(
            self.work, ", ".join(f"{size:,}" for size in self.sizes), ", ".join(map(shown, seconds)),
            f"{slope(self.sizes, seconds):.2f}", f"{last:.2f} ({min(self.last):.2f} to {max(self.last):.2f})",
            "linear" if last <= LINEAR else "MORE THAN LINEAR",
            ", ".join(f"{one:.0f}" for one in memory), f"{slope(self.sizes, memory):.2f}",
        )  # fmt: skip


def slope(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The exponent of growth: the slope of the least-squares line through the logarithms.

    >>> round(slope([1, 10, 100], [2.0, 200.0, 20000.0]), 9)
    2.0
    """
    x, y = [math.log(size) for size in sizes], [math.log(value) for value in values]
    middle_x, middle_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    over = math.fsum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True))
    return over / math.fsum((a - middle_x) ** 2 for a in x)


def measured(section: Section) -> None:
    """Measure every size of everything."""
    for work, sizes in SIZES.items():
        growth = Growth(work, sizes)
        growth.measure()
        section.add(growth.row)


def table() -> Section:
    """The table of growth."""
    return Section("Growth", TEXT, COLUMNS)


COLUMNS = ("what grows", "sizes", "seconds", "exponent", "last step", "", "MB", "exponent")
TEXT = f"""Seconds of processor time on one core, and the most memory in MB above what the idle process holds; each size
in a process of its own. The exponent is the slope of a line through the logarithms: 1 is proportional, 0 is flat. Small
sizes hold fixed costs, so the last step stands beside it, the median of {ROUNDS} rounds with their range; up to
{LINEAR} it counts as linear. Less than {MEASURABLE_MB:g} MB is taken as {MEASURABLE_MB:g}."""


def reference() -> list[Figure]:
    """The reference shop, and a hundred times as many customers and visits, each in a process of its own."""
    small = Figure(
        "reference shop: 10,000 customers, 1,000 visits a day, 3 stations, 30 staff, 500 items, 90 days: a play", 0.040,
        note="processor time of one core",
    )  # fmt: skip
    with workers(1) as pool:
        small.runs, _ = pool.submit(shop_runs, 10_000, 1_000, 30, 3, 12).result()
    large = Figure("1,000,000 customers, 100,000 visits a day, 1 station, 3,000 staff, 90 days: one replication", 8.0)
    memory = Figure("the same: the most memory that its process held", 1.0, unit="GB")
    large.note = small.note
    with workers(1) as pool:
        large.runs, peak = pool.submit(shop_runs, BIG, 100_000, 3_000, 1, 2).result()
    memory.runs = [peak / 1024.0]
    return [small, large, memory]


def shop_runs(customers: int, visits: int, staff: int, rooms: int, times: int) -> tuple[list[float], float]:
    """Seconds of several replications of a shop, and the peak memory of this process in MB."""
    shop = shops.bundle(customers, visits, staff=staff, rooms=rooms)
    shops.play(shop, 0, days=1)
    seconds = []
    for r in range(times):
        began = time.process_time()
        shops.play(shop, r)
        seconds.append(time.process_time() - began)
    return seconds, memory_peak()
