"""Our engine beside others on the same work: interleaved rounds, ratios, and whether all give the same answer."""

import gc
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import fmean, median, stdev

from bench.figures import Section, cells, shown, verdict

OURS = "Understudy"
AGREED = 3.0  # standard errors


@dataclass
class Played:
    """What one engine did in one round: units of work, and each measure of each replication."""

    units: int
    measures: dict[str, list[float]]


@dataclass
class Engine:
    """One of those that play the work; `play` gets the replications of a round and plays them one after the other."""

    name: str
    replications: int
    play: Callable[[range], Played]
    at_least: float = 0.0  # how many times faster than this one ours is to be
    rates: list[float] = field(default_factory=list)
    measures: dict[str, list[float]] = field(default_factory=dict)

    def go(self, n: int) -> None:
        """Play round n and keep its rate, in units for a second of processor time, and its measures."""
        gc.collect()
        gc.freeze()  # so that nobody sweeps up after another, or through what others have loaded
        began = time.process_time()
        played = self.play(range(n * self.replications, (n + 1) * self.replications))
        self.rates.append(played.units / (time.process_time() - began))
        gc.unfreeze()
        for name, values in played.measures.items():
            self.measures.setdefault(name, []).extend(values)


@dataclass(frozen=True)
class Estimate:
    """A mean over replications and its standard error; one that is known has none."""

    mean: float
    error: float = 0.0

    @classmethod
    def of(cls, values: list[float]) -> "Estimate":
        """From independent replications, at least two."""
        return cls(fmean(values), stdev(values) / math.sqrt(len(values)))

    def apart(self, other: "Estimate") -> float:
        """How many standard errors of their difference two estimates are apart.

        >>> Estimate(10.0, 3.0).apart(Estimate(0.0, 4.0))
        2.0
        """
        return abs(self.mean - other.mean) / math.hypot(self.error, other.error)

    def __str__(self) -> str:
        if not self.error:
            return f"{self.mean:.5g}"
        share = f" ({self.error / abs(self.mean):.2%})" if self.mean else ""
        return f"{self.mean:.4g} ± {self.error:.2g}{share}"


@dataclass
class Race:
    """Some engines on the same work, ours first.

    known : what theory says about a measure;  error_at_most : our standard error of it, as a share of what is known
    """

    work: str
    unit: str
    engines: list[Engine]
    known: dict[str, float] = field(default_factory=dict)
    error_at_most: float = 0.0

    def run(self, rounds: int) -> "Race":
        """Play some rounds, every engine in each, beginning with another one each time; one replication to warm up."""
        for engine in self.engines:
            engine.play(range(1))
        for n in range(rounds):
            turn = n % len(self.engines)
            for engine in self.engines[turn:] + self.engines[:turn]:
                engine.go(n)
        return self

    @property
    def ours(self) -> Engine:
        """The twin's own."""
        return self.engines[0]

    def ratios(self, peer: Engine) -> list[float]:
        """How many times faster ours was in each round."""
        return [ours / theirs for ours, theirs in zip(self.ours.rates, peer.rates, strict=True)]

    def rows(self) -> Iterable[str]:
        """A row for each peer."""
        for peer in self.engines[1:]:
            ratios = self.ratios(peer)
            yield cells(
                self.work, f"{peer.name}: {median(peer.rates):,.0f} {self.unit}/s", f"{median(self.ours.rates):,.0f}",
                f"at least {peer.at_least:.0f} times" if peer.at_least else "", f"{median(ratios):.0f} times",
                f"{min(ratios):.0f} to {max(ratios):.0f}", len(ratios), reached(median(ratios), peer.at_least),
            )  # fmt: skip

    def agreement(self) -> Iterable[str]:
        """A row for each measure: what each engine says, and how far ours is from the furthest of the others."""
        for measure, values in self.ours.measures.items():
            ours = Estimate.of(values)
            others = {peer.name: Estimate.of(peer.measures[measure]) for peer in self.engines[1:]}
            if measure in self.known:
                others = {"theory": Estimate(self.known[measure])} | others
            furthest = max(ours.apart(other) for other in others.values())
            said = ", ".join(f"{name} {other}" for name, other in others.items())
            agreed = "agree" if furthest <= AGREED else "DIFFER"
            if self.error_at_most and measure in self.known:
                share = ours.error / self.known[measure] / self.error_at_most
                agreed += f"; our standard error at most {self.error_at_most:.2%}: {verdict(share)}"
            yield cells(self.work, measure, ours, said, f"{shown(furthest)} SE", agreed)


def reached(ratio: float, at_least: float) -> str:
    """Whether a ratio is as large as it was to be; nothing where nothing was asked.

    >>> reached(210.0, 200.0), reached(150.0, 200.0), reached(3.0, 0.0)
    ('reached', 'missed by 25%', '')
    """
    if not at_least:
        return ""
    return "reached" if ratio >= at_least else f"missed by {1 - ratio / at_least:.0%}"


def speeds() -> Section:
    """The table of ratios."""
    return Section("Beside other engines", SPEEDS, COLUMNS)


def answers() -> Section:
    """The table of agreement."""
    return Section("The same answers", ANSWERS, ("work", "measure", "ours", "others", "apart", ""))


COLUMNS = ("work", "peer", "ours, the same", "to reach", "ratio, median", "range", "rounds", "")
SPEEDS = """One process, the engines in turn, each round beginning with another; a replication is timed from nothing to
its means. Units of work for a second of processor time; the ratio is taken within each round. The peers stand in
[bench/peers](bench/peers), written as their own documentation writes them. What they play is told in
[bench/route.py](bench/route.py) and [bench/people.py](bench/people.py)."""
ANSWERS = f"""Means over independent replications ± their standard error, from the same runs. Apart: ours from the
furthest of the others, in standard errors of the difference; up to {AGREED:g} they agree. Queues begin empty, so
everybody leaves the first visits out: at the desk 2,000 customers, which is 18 times its relaxation time; on the route
the first day."""
