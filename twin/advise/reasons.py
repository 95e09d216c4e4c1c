"""What an answer hangs on: the estimates and assumptions that move it most, and whether it survives their range."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Self

from twin.experiment.inputs import Uncertain
from twin.experiment.statistics import Difference

Pin = tuple[str, float]
Probe = Callable[[Sequence[tuple[Pin, ...]], Sequence[int]], Sequence[Sequence[float]]]
TOP = 3
SCREENED = 8
SCREENING, PLAYED = (0,), (1, 2, 3)  # replications that all numbers are tried in, and those that move the answer most


@dataclass(frozen=True)
class Reason:
    """One number that the answer hangs on.

    low, high                         the ends of its range
    difference_low, difference_high   what the headline's difference would be with the number at either end
    survives                          whether the verdict would be the same at both
    """

    parameter: str
    label: str
    unit: str
    low: float
    high: float
    difference_low: float
    difference_high: float
    survives: bool

    @property
    def reach(self) -> float:
        """How far the number moves the answer."""
        return abs(self.difference_high - self.difference_low)


@dataclass(frozen=True)
class Reasons:
    """The numbers that move a comparison's headline most, the strongest first.

    measure : the headline's name
    """

    measure: str
    top: tuple[Reason, ...]
    survives: bool

    def to_bytes(self) -> bytes:
        """The reasons as bytes for the store."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The reasons from their bytes."""
        read = json.loads(content)
        return cls(read["measure"], tuple(Reason(**one) for one in read["top"]), read["survives"])


def reasons(
    headline: Difference, uncertain: Sequence[Uncertain], labels: dict[str, tuple[str, str]], probe: Probe
) -> Reasons:
    """Put each uncertain number at either end of its range, all others in the middle, and see what the answer does.

    labels  label and unit of each number by name
    probe   plays baseline and scenario with each list of pinned numbers in these replications, with the same luck, and
            returns the headline's difference in each; few plays are enough, since only what moves it away from the
            middle is used, and added to the headline's own difference
    One play tells which numbers move it at all; those that move it most are then played more often.
    """
    middle, ends = _tried(uncertain, probe, SCREENING)
    moved = {one.name: abs(high[0] - low[0]) for one, (low, high) in zip(uncertain, ends, strict=True)}
    moving = sorted((one for one in uncertain if moved[one.name] > 0.0), key=lambda one: (-moved[one.name], one.name))
    chosen, first = moving[:SCREENED], dict(zip(moved, ends, strict=True))
    again, more = _tried(chosen, probe, PLAYED) if chosen else ([], [])
    usual = _mean(middle, again)
    found = []
    for one, (low, high) in zip(chosen, more, strict=True):
        at_low, at_high = _mean(first[one.name][0], low), _mean(first[one.name][1], high)
        around = [headline.difference + end - usual for end in (at_low, at_high)]
        found.append(_reason(headline, one, labels[one.name], *around))
    top = tuple(sorted(found, key=lambda reason: (-reason.reach, reason.parameter))[:TOP])
    return Reasons(headline.measure.name, top, all(reason.survives for reason in top))


def _tried(
    uncertain: Sequence[Uncertain], probe: Probe, plays: Sequence[int]
) -> tuple[Sequence[float], list[tuple[Sequence[float], Sequence[float]]]]:
    """The difference in each play with all numbers in the middle, and with each one at its low and its high end."""
    pins: list[tuple[Pin, ...]] = [((one.name, end),) for one in uncertain for end in (one.low, one.high)]
    middle, *ends = probe([(), *pins], plays)
    return middle, list(zip(ends[::2], ends[1::2], strict=True))


def _mean(some: Sequence[float], more: Sequence[float]) -> float:
    return math.fsum([*some, *more]) / (len(some) + len(more))


def _reason(headline: Difference, one: Uncertain, label: tuple[str, str], low: float, high: float) -> Reason:
    survives = same_verdict(headline, low) and same_verdict(headline, high)
    return Reason(one.name, *label, one.low, one.high, low, high, survives)


def same_verdict(headline: Difference, difference: float) -> bool:
    """Whether a difference would be judged like the headline's own: same side and large enough, or as small."""
    if headline.verdict == "too small to matter":
        return abs(difference) <= headline.matters
    if headline.verdict in (None, "no clear difference"):
        return headline.low <= difference <= headline.high
    return (difference > 0) == (headline.difference > 0) and abs(difference) >= headline.matters
