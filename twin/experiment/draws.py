"""What one replication draws before it is played: the numbers that nobody knows exactly."""

import math
from functools import lru_cache

from twin.experiment.inputs import Bundle, Uncertain
from twin.model.chance import Purpose, entity, key
from twin.model.inputs import Values
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import exponential, logarithm, normal

RATIOS = ("basket_value", "anonymous_basket_value")


def drawn(bundle: Bundle, seed: int, replication: int) -> Values:
    """The numbers of one replication: each estimate within its error, each assumption within its range.

    Estimates of one fit are drawn together. The replication's luck decides, so that baseline and
    scenario draw the same.
    """
    luck = key(seed, replication, Purpose.ESTIMATE)
    values = dict(bundle.values)
    jointly = {name for names, _ in bundle.covariances for name in names}
    for one in bundle.uncertain:
        if one.name not in jointly:
            values[one.name] = _alone(one, draw(luck, entity(one.name), 0, 0))
    for names, matrix in bundle.covariances:
        values |= _together(bundle, names, matrix, [normal(draw(luck, entity(name), 0, 0)) for name in names])
    for one in bundle.uncertain:
        if one.allowed is not None:
            values[one.name] = min(max(values[one.name], one.allowed[0]), one.allowed[1])
    return with_ratios(values, bundle.values)


def central(bundle: Bundle) -> Values:
    """The numbers as they are estimated or assumed, nothing drawn."""
    return with_ratios(dict(bundle.values), bundle.values)


def with_ratios(values: Values, middle: Values) -> Values:
    """The same numbers with the order values also against their middle, which the baskets are scaled by."""
    known = [name for name in RATIOS if name in middle]
    return values | {f"{name}_ratio": values[name] / middle[name] if middle[name] else 1.0 for name in known}


def _alone(one: Uncertain, u: float) -> float:
    if one.standard_error is None:
        return triangular(u, one.low, one.value, one.high)
    if one.scale == "log" and one.value > 0:
        return one.value * exponential(one.standard_error / one.value * normal(u))
    return one.value + one.standard_error * normal(u)


def triangular(u: float, low: float, mode: float, high: float) -> float:
    """A value between low and high, most often near mode, by inversion."""
    if high <= low:
        return mode
    below = (mode - low) / (high - low)
    if u < below:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def _together(bundle: Bundle, names: tuple[str, ...], matrix: list[list[float]], z: list[float]) -> Values:
    """Jointly estimated numbers, each moved on the scale of its own, by logarithm or as it is."""
    lower = _lower(names, tuple(tuple(row) for row in matrix))
    scales = {one.name: one.scale for one in bundle.uncertain}
    moved = {}
    for i, name in enumerate(names):
        move, value = math.fsum(lower[i][j] * z[j] for j in range(i + 1)), bundle.values[name]
        moved[name] = exponential(logarithm(value) + move) if scales.get(name) == "log" else value + move
    return moved


@lru_cache(maxsize=64)
def _lower(names: tuple[str, ...], matrix: tuple[tuple[float, ...], ...]) -> list[list[float]]:
    """The lower Cholesky factor, by plain loops so that it is the same everywhere."""
    n = len(names)
    lower = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i][j] - math.fsum(lower[i][k] * lower[j][k] for k in range(j))
            if i == j:
                lower[i][i] = math.sqrt(max(rest, 0.0))
            elif lower[j][j] > 0.0:
                lower[i][j] = rest / lower[j][j]
    return lower
