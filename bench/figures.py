"""Figures: what was measured, how often, and what was to be reached."""

import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass
class Figure:
    """One row of BENCHMARKS.md: the seconds of several runs of the same work."""

    work: str
    reach_s: float
    seconds: list[float] = field(default_factory=list)
    note: str = ""

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Time one run."""
        start = time.perf_counter()
        yield
        self.seconds.append(time.perf_counter() - start)

    def repeat(self, times: int, work: Callable[[], object]) -> "Figure":
        """Time the same work several times."""
        for _ in range(times):
            with self.timed():
                work()
        return self

    @property
    def middle(self) -> float:
        """The median of all runs."""
        return median(self.seconds)

    @property
    def row(self) -> str:
        """The figure as a row of the table."""
        spread = f"{min(self.seconds):.2f} to {max(self.seconds):.2f}"
        verdict = "reached" if self.middle <= self.reach_s else f"missed by {self.middle / self.reach_s - 1:.0%}"
        cells = (
            self.work,
            f"{self.reach_s:g} s",
            f"{self.middle:.2f} s",
            spread,
            len(self.seconds),
            verdict,
            self.note,
        )
        return f"| {' | '.join(map(str, cells))} |"


def machine() -> str:
    """What the figures were measured on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        cpu = f"{len(names)} x {names[0]}" if names else cpu
    return f"{cpu}, {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}"


HEAD = """# Benchmarks

Written by `make bench`. Each figure is the median of several runs; machines differ and are shared, so read the
spread with it. The peers that the engine is measured against come with the engine's own proof.

Machine: {machine}. Measured on {day}.

| work | to reach | median | range | runs | | |
|---|---|---|---|---|---|---|
"""


def write(figures: list[Figure], path: Path, day: str) -> None:
    """Write the table."""
    path.write_text(
        HEAD.format(machine=machine(), day=day) + "\n".join(figure.row for figure in figures) + "\n", encoding="utf-8"
    )
