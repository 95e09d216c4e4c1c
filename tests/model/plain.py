"""The kernels once more, as plain Python that reads like their descriptions: slow, and easy to trust."""

import math
from bisect import bisect_right
from statistics import NormalDist

BITS = (1 << 64) - 1
NORMAL = NormalDist()
MOST_LINES = 4000


def mixed(key: int, part: int) -> int:
    """Two rounds of multiply and fold, as in MurmurHash3's finaliser."""
    z = ((key ^ (part & BITS)) + 0x9E3779B97F4A7C15) & BITS
    z = ((z ^ (z >> 33)) * 0xFF51AFD7ED558CCD) & BITS
    z = ((z ^ (z >> 33)) * 0xC4CEB9FE1A85EC53) & BITS
    return z ^ (z >> 33)


def stem(seed: int, replication: int, purpose: int) -> int:
    key = 0
    for part in (seed, replication, purpose):
        key = mixed(key, part)
    return key


def draw(key: int, entity: int, day: int, n: int) -> float:
    key = int(key)
    for part in (entity, day, n):
        key = mixed(key, int(part))
    return ((key >> 11) + 0.5) / 2.0**53


def gamma(key: int, entity: int, shape: float) -> float:
    """Marsaglia and Tsang, with the boost for shapes below one."""
    if shape < 1.0:
        return draw(key, entity, 0, 0) ** (1.0 / shape) * gamma(key, entity, shape + 1.0)
    d = shape - 1 / 3
    for attempt in range(1, 200):
        x = NORMAL.inv_cdf(draw(key, entity, attempt, 0))
        v = (1 + x / math.sqrt(9 * d)) ** 3
        if v > 0 and math.log(draw(key, entity, attempt, 1)) < x * x / 2 + d - d * v + d * math.log(v):
            return d * v
    raise AssertionError("two hundred tries without a value")


def beta(key: int, other: int, entity: int, a: float, b: float) -> float:
    x, y = gamma(key, entity, a), gamma(other, entity, b)
    return x / (x + y)


def lognormal(u: float, mean: float, cv: float) -> float:
    if cv <= 0 or mean <= 0:
        return mean
    variance = math.log1p(cv * cv)
    return mean * math.exp(math.sqrt(variance) * NORMAL.inv_cdf(u) - variance / 2)


def poisson(u: float, mean: float) -> int:
    if mean > 200:
        return max(0, math.floor(mean + math.sqrt(mean) * NORMAL.inv_cdf(u) + 0.5))
    n, below = 0, math.exp(-mean)
    while u >= below:
        n += 1
        below += math.exp(-mean + n * math.log(mean) - math.lgamma(n + 1)) if mean > 0 else 1.0
    return n


def located(sums: list[float], u: float) -> int:
    return min(bisect_right(sums, u), len(sums) - 1)
