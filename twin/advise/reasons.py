"""What an answer hangs on: the estimates and assumptions that move it most, and whether it survives their range."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Self

from twin.experiment.inputs import Uncertain
from twin.experiment.statistics import Difference

Pin = tuple[str, float]
TOP = 3


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
    headline: Difference,
    uncertain: Sequence[Uncertain],
    labels: dict[str, tuple[str, str]],
    probe: Callable[[Sequence[tuple[Pin, ...]]], Sequence[float]],
) -> Reasons:
    """Put each uncertain number at either end of its range, all others in the middle, and see what the answer does.

    labels  label and unit of each number by name
    probe   plays baseline and scenario with each list of pinned numbers, with the same luck, and returns
            the headline's mean difference for each; few plays are enough, since only what moves it away
            from the middle is used, and added to the headline's own difference
    """
    pins: list[tuple[Pin, ...]] = [((one.name, end),) for one in uncertain for end in (one.low, one.high)]
    middle, *ends = probe([(), *pins])
    found = [headline.difference + end - middle for end in ends]
    tried = [
        _reason(headline, one, labels[one.name], found[2 * n], found[2 * n + 1]) for n, one in enumerate(uncertain)
    ]
    moving = [reason for reason in tried if reason.reach > 0.0]
    top = tuple(sorted(moving, key=lambda reason: (-reason.reach, reason.parameter))[:TOP])
    return Reasons(headline.measure.name, top, all(reason.survives for reason in top))


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
