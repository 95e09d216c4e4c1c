"""Figures: what was measured, how often, and what was to be reached."""

import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass
class Figure:
    """One row of BENCHMARKS.md: several runs of the same work, in seconds unless `unit` says otherwise."""

    work: str
    reach: float
    runs: list[float] = field(default_factory=list)
    note: str = ""
    unit: str = "s"

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Time one run."""
        start = time.perf_counter()
        yield
        self.runs.append(time.perf_counter() - start)

    def repeat(self, times: int, work: Callable[[], object]) -> "Figure":
        """Time the same work several times."""
        for _ in range(times):
            with self.timed():
                work()
        return self

    @property
    def middle(self) -> float:
        """The median of all runs."""
        return median(self.runs)

    @property
    def row(self) -> str:
        """The figure as a row of the table."""
        low, middle, high = (shown(value) for value in (min(self.runs), self.middle, max(self.runs)))
        return cells(
            self.work, f"{self.reach:g} {self.unit}", f"{middle} {self.unit}", f"{low} to {high}", len(self.runs),
            verdict(self.middle / self.reach), self.note,
        )  # fmt: skip


def shown(value: float) -> str:
    """A number with two decimals, or three digits where those would not tell enough.

    >>> shown(1.234), shown(0.0456), shown(12345.6)
    ('1.23', '0.0456', '12,346')
    """
    if value >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 0.1 or value == 0.0 else f"{value:.3g}"


def verdict(share: float) -> str:
    """What to say when a figure is so much of what it may be at most.

    >>> verdict(0.9), verdict(1.25)
    ('reached', 'missed by 25%')
    """
    return "reached" if share <= 1.0 else f"missed by {share - 1:.0%}"


def cells(*texts: object) -> str:
    """A row of a table."""
    return f"| {' | '.join(map(str, texts))} |"


@dataclass
class Section:
    """A table of BENCHMARKS.md with its heading and what a reader must know about it."""

    title: str
    text: str
    columns: tuple[str, ...]
    rows: list[str] = field(default_factory=list)

    def add(self, row: str) -> None:
        """One more row, said at once."""
        print(row, flush=True)
        self.rows.append(row)

    @property
    def lines(self) -> str:
        """The section as it is written."""
        head = cells(*self.columns) + "\n" + "|---" * len(self.columns) + "|\n"
        return f"## {self.title}\n\n{self.text}\n\n{head}" + "\n".join(self.rows) + "\n"


def waited_for() -> Section:
    """The table of what somebody waits for."""
    columns = ("work", "to reach", "median", "range", "runs", "", "")
    return Section("What somebody waits for", "Seconds on the clock.", columns)


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


def memory_peak() -> float:
    """The most memory that this process has held so far, in MB."""
    return _status("VmHWM")


def memory_now() -> float:
    """The memory that this process holds, in MB; where the system does not say, the most it has held."""
    return _status("VmRSS")


def _status(name: str) -> float:
    """A line of /proc/self/status; elsewhere the system's own peak, which a child inherits from its parent."""
    status = Path("/proc/self/status")
    if status.exists():
        found = [line.split()[1] for line in status.read_text().splitlines() if line.startswith(f"{name}:")]
        if found:
            return int(found[0]) / 1024.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024.0**2 if sys.platform == "darwin" else 1024.0)


HEAD = """# Benchmarks

Written by `make bench`. Each figure is the median of several runs; machines differ and are shared, so read the
spread with it. `python -m bench --only queue` measures one part and writes nothing;
`--help` names the parts.

Machine: {machine}. Measured on {day}.

"""


def write(sections: list[Section], path: Path, day: str) -> None:
    """Write all tables."""
    text = HEAD.format(machine=machine(), day=day) + "\n".join(section.lines for section in sections)
    path.write_text(text, encoding="utf-8")
