"""Luck without a state: each draw is a hash of who it is for, when, and what for."""

import numpy as np
from numba import njit, uint64

from twin.model.kernels.elementary import exponential, logarithm, normal

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xFF51AFD7ED558CCD)
SECOND = np.uint64(0xC4CEB9FE1A85EC53)
SHIFT = np.uint64(33)
TOP = np.uint64(11)
UNIT = 1.0 / 9007199254740992.0


@njit(cache=True)
def mixed(key, part):
    """A key made of another key and one more part: a bijection of either, so parts never cancel."""
    z = (uint64(key) ^ uint64(part)) + GOLDEN
    z = (z ^ (z >> SHIFT)) * FIRST
    z = (z ^ (z >> SHIFT)) * SECOND
    return z ^ (z >> SHIFT)


@njit(cache=True)
def stem(seed, replication, purpose):
    """The common start of all keys of one purpose in one replication."""
    return mixed(mixed(mixed(uint64(0), seed), replication), purpose)


@njit(cache=True)
def uniform(key):
    """A number strictly between 0 and 1 from a key."""
    return (float(uint64(key) >> TOP) + 0.5) * UNIT


@njit(cache=True)
def draw(key, entity, day, n):
    """The luck of one entity on one day, the n-th within that day: strictly between 0 and 1."""
    return uniform(mixed(mixed(mixed(key, entity), day), n))


@njit(cache=True)
def gamma(key, entity, shape):
    """A standard Gamma value of this shape that belongs to this entity.

    Source: Marsaglia and Tsang (2000); each try has draws of its own, so no luck is shifted.
    """
    boost = 1.0
    if shape < 1.0:
        boost = exponential(logarithm(draw(key, entity, 0, 0)) / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    for n in range(1, 200):
        x = normal(draw(key, entity, n, 0))
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            u = draw(key, entity, n, 1)
            if logarithm(u) < 0.5 * x * x + d - d * v + d * logarithm(v):
                return boost * d * v
    return boost * d


@njit(cache=True)
def beta(key, other, entity, a, b):
    """A Beta value of this entity; `key` and `other` are the stems of its two Gamma values."""
    x = gamma(key, entity, a)
    y = gamma(other, entity, b)
    return x / (x + y) if x + y > 0.0 else 0.5
