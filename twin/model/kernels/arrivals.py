"""Who comes by itself: moments of a steady rate, kinds of work and hidden conditions, each from its own draw."""

import math

from numba import njit

from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import logarithm, normal


@njit(cache=True)
def moments(key, first, after, rate, end, minute):
    """Moments after `after` and before `end`, from visit number `first` on; returns how many, at most len(minute)."""
    mean, time = 1.0 / rate, after
    for n in range(len(minute)):
        minute[n] = draw(key, first + n, 0, 0)
    for n in range(len(minute)):
        minute[n] = -mean * logarithm(minute[n])
    for n in range(len(minute)):
        time += minute[n]
        if time >= end:
            return n
        minute[n] = time
    return len(minute)


@njit(cache=True)
def kinds(key, shares, kind):
    """What each visit is for, by shares that sum to one; what rounding leaves over is of the last kind."""
    for n in range(len(kind)):
        u, below, found = draw(key, n, 0, 0), 0.0, 0
        for one in range(len(shares) - 1):
            below += shares[one]
            if u >= below:
                found = one + 1
        kind[n] = found


@njit(cache=True)
def conditions(key, shares, kind, condition):
    """Which visits have the hidden condition, by its share among their kind."""
    for n in range(len(kind)):
        condition[n] = 1 if draw(key, n, 0, 0) < shares[kind[n]] else 0


@njit(cache=True)
def in_order(minute, clock):
    """Whether moments come in order of time, none before the clock and none never."""
    before = clock
    for n in range(len(minute)):
        if not before <= minute[n] < math.inf:
            return False
        before = minute[n]
    return True


@njit(cache=True)
def of_kinds(kind, count):
    """Whether each is the number of one of so many kinds."""
    for n in range(len(kind)):  # noqa: SIM110  (loops that Numba compiles know no generators)
        if not 0 <= kind[n] < count:
            return False
    return True


@njit(cache=True)
def kept(key_no_show, key_punctuality, first, day, missed, scatter, last, minutes, places):
    """Which appointments are kept, and when whoever keeps one comes: around the agreed minute, within the day.

    first : number of the day's first place, for its luck;  missed : share that nobody comes to
    minutes : those agreed; gets those of the ones that are kept, in that order;  places : get their places
    Returns how many are kept.
    """
    count = 0
    for place in range(len(minutes)):
        if draw(key_no_show, first | place, day, 0) >= missed:
            off = scatter * normal(draw(key_punctuality, first | place, day, 0))
            minutes[count], places[count] = min(max(minutes[place] + off, 0.0), last), place
            count += 1
    return count
