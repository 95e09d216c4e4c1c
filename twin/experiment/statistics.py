"""Is the difference real? Intervals and verdicts for paired replications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

import numpy as np

from twin.spec.measures import Measure

Verdict = Literal["better", "worse", "higher", "lower", "too small to matter", "no clear difference"]
LEVEL = 0.9
OUTCOME_LEVEL = 0.8
NORMAL_99 = 2.3263478740408408  # 99 of 100 normal values lie below
FEWEST = 16
BATCHES = (16, 32, 64, 128, 256)


@dataclass(frozen=True)
class Summary:
    """One measure of one run: its mean, and the range in which the middle 80 % of replications lay."""

    mean: float
    low: float
    high: float
    level: float = OUTCOME_LEVEL


@dataclass(frozen=True)
class Difference:
    """One measure of a paired comparison.

    low, high         the range of the effect: what this one future may bring, at `level`
    simulation_error  half the width of the 95 % interval of the mean difference: says only whether
                      more replications would sharpen the answer
    chance            how probable so large a difference would be if there were no effect (two-sided), or one of
                      skewed size that goes the same way in every replication
    verdict           None with fewer than 16 replications, or where the measure is undefined
    """

    measure: Measure
    baseline: float
    scenario: float
    difference: float
    low: float
    high: float
    simulation_error: float
    chance: float
    replications: int
    verdict: Verdict | None
    level: float = LEVEL
    matters: float = 0.0


def summary(values: np.ndarray) -> Summary | None:
    """The mean and the 80 % range of a measure over its replications; None where it is undefined in all."""
    kept = values[~np.isnan(values)]
    if not len(kept):
        return None
    low, high = np.quantile(kept, [(1 - OUTCOME_LEVEL) / 2, (1 + OUTCOME_LEVEL) / 2])
    return Summary(float(kept.mean()), float(low), float(high))


def range_of_effect(differences: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """What the difference of one future may be: mean -+ t * s * sqrt(1 + 1/n).

    differences : of paired replications, shape (n,), n at least 2

    >>> range_of_effect(np.zeros(8))
    (0.0, 0.0)
    """
    mean, reach = float(differences.mean()), _t(level, len(differences)) * _spread(differences)
    return mean - reach, mean + reach


def simulation_error(differences: np.ndarray, level: float = 0.95) -> float:
    """Half the width of Student's interval for the mean of the pairs: t * s / sqrt(n)."""
    return _t(level, len(differences)) * float(differences.std(ddof=1)) / sqrt(len(differences))


def _spread(differences: np.ndarray) -> float:
    return float(differences.std(ddof=1)) * sqrt(1 + 1 / len(differences))


def _t(level: float, number: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(number - 1, (1 + level) / 2))


def chance_of(differences: np.ndarray) -> float:
    """How probable a difference at least this large would be in one future if the true effect were none.

    Where a difference is many times as large in some replications as in others, its size says little and its sign
    all: see `chance_of_one_way`.
    """
    from scipy.special import stdtr

    mean, spread = float(differences.mean()), _spread(differences)
    if spread == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return min(float(2 * stdtr(len(differences) - 1, -abs(mean) / spread)), chance_of_one_way(differences))


def chance_of_one_way(differences: np.ndarray, level: float = LEVEL) -> float:
    """How probable it is without an effect that all replications go the same way, where their sizes are skewed.

    The exact sign test of n pairs, 2 / 2^n, whatever their distribution; 1 where some go the other way, or where no
    skew towards the effect misleads the range by mean and spread. It speaks of one future, too: one more pair goes
    the other way with a chance of at most 1 / (n + 1); with too few for that to be half of 1 - level, it is 1.
    Source: Arbuthnott (1710), the sign test; Fisher (1935), one more value among n.

    >>> few, many = np.array([0.1] * 31 + [500.0]), np.linspace(1.0, 2.0, 32)
    >>> chance_of_one_way(few) == 2.0**-31, chance_of_one_way(-few) == 2.0**-31, chance_of_one_way(many)
    (True, True, 1.0)
    """
    number = len(differences)
    one_way = bool((differences > 0.0).all() or (differences < 0.0).all())
    if not one_way or 2.0 / (number + 1) > 1.0 - level + 1e-9 or not _skewed(np.abs(differences)):
        return 1.0
    return float(2.0 ** (1 - number))


def _skewed(sizes: np.ndarray) -> bool:
    """Whether sizes are skewed to the right more than normal values are in 99 of 100 samples of that many."""
    number, off = len(sizes), sizes - sizes.mean()
    variance = float((off**2).mean())
    usual = sqrt(6.0 * (number - 2) / ((number + 1) * (number + 3)))  # standard error of the skewness of normal values
    return variance > 0.0 and float((off**3).mean()) > NORMAL_99 * usual * variance**1.5


def differences(
    measures: Mapping[str, Measure],
    baseline: Mapping[str, np.ndarray],
    scenario: Mapping[str, np.ndarray],
    headline: str,
    level: float = LEVEL,
) -> dict[str, Difference]:
    """Every measure of a comparison with its verdict; the headline is judged alone, the others as a table (Holm)."""
    found = {name: _difference(one, baseline, scenario, level) for name, one in measures.items()}
    defined = {name: one for name, one in found.items() if one is not None}
    others = {name: one.chance for name, one in defined.items() if name != headline}
    convincing = holm(others, 1 - level) | {headline: headline in defined and defined[headline].chance <= 1 - level}
    return {name: _judged(one, convincing[name]) for name, one in defined.items()}


def holm(chances: dict[str, float], error: float) -> dict[str, bool]:
    """Which of several findings stand when they are judged together.

    Source: Holm (1979), A simple sequentially rejective multiple test procedure.

    >>> holm({"a": 0.01, "b": 0.04, "c": 0.5}, 0.1)
    {'a': True, 'b': True, 'c': False}
    """
    stands, standing = {}, True
    for place, (name, chance) in enumerate(sorted(chances.items(), key=lambda pair: pair[1])):
        standing = standing and chance <= error / (len(chances) - place)
        stands[name] = standing
    return stands


def _difference(
    measure: Measure, baseline: Mapping[str, np.ndarray], scenario: Mapping[str, np.ndarray], level: float
) -> Difference | None:
    before, after = baseline[measure.name], scenario[measure.name]
    both = ~(np.isnan(before) | np.isnan(after))
    if both.sum() < 2:
        return None
    before, after = before[both], after[both]
    pairs = after - before
    low, high = possible(measure, before, *range_of_effect(pairs, level))
    return Difference(
        measure=measure,
        baseline=float(before.mean()),
        scenario=float(after.mean()),
        difference=float(pairs.mean()),
        low=low,
        high=high,
        simulation_error=simulation_error(pairs),
        chance=chance_of(pairs),
        replications=len(pairs),
        verdict=None,
        level=level,
        matters=smallest_that_matters(measure, baseline),
    )


def possible(measure: Measure, before: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """The range, no further than the measure itself can go: a share from 0 to 1, a time not below 0."""
    if measure.unit in ("share", "minutes"):
        low = max(low, -float(before.max()))
    return low, min(high, 1.0 - float(before.min())) if measure.unit == "share" else high


def smallest_that_matters(measure: Measure, baseline: Mapping[str, np.ndarray]) -> float:
    """The smallest difference worth speaking of, in the measure's own unit."""
    if measure.unit == "share":
        return measure.matters
    return measure.matters * abs(float(np.nanmean(baseline[measure.against or measure.name])))


def _judged(one: Difference, convincing: bool) -> Difference:
    if one.replications < FEWEST:
        return one
    return replace(one, verdict=verdict(one, convincing))


def verdict(one: Difference, convincing: bool) -> Verdict:
    """The difference in words. `convincing` says whether it stands as more than chance."""
    if -one.matters <= one.low and one.high <= one.matters:
        return "too small to matter"
    if not convincing:
        return "no clear difference"
    if abs(one.difference) < one.matters:
        return "too small to matter"
    good, up = one.measure.good, one.difference > 0
    if good == "neither":
        return "higher" if up else "lower"
    return "better" if up == (good == "up") else "worse"


def sharp_enough(found: dict[str, Difference], headline: str) -> bool:
    """Whether more replications would add little: the headline's simulation error is a small part of its range.

    Looks at widths only, never at signs and never at the clock.
    """
    one = found.get(headline)
    if one is None or one.replications < FEWEST:
        return False
    return one.simulation_error <= max(0.25 * (one.high - one.low), one.matters)


def batches(most: int) -> Sequence[int]:
    """After how many replications an answer is shown on its way to `most`."""
    return [*(size for size in BATCHES if size < most), most]
