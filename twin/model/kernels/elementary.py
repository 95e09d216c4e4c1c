"""Exponential, logarithm and inverse normal made of + - * / and square root only.

The functions of NumPy, SciPy and the C library differ in their last bits from processor to
processor; these do not, so that a run gives the same bytes everywhere.
"""

import math

import numpy as np
from numba import njit

from twin.model.kernels.calendar import BARE

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
FACTORIALS = (
    1 / 87178291200,
    1 / 6227020800,
    1 / 479001600,
    1 / 39916800,
    1 / 3628800,
    1 / 362880,
    1 / 40320,
    1 / 5040,
    1 / 720,
    1 / 120,
    1 / 24,
    1 / 6,
    1 / 2,
    1.0,
    1.0,
)  # fmt: skip  (1 / n! from 14 down, of the series of exp)
ROOT_OF_HALF = 0x3FE6A09E667F3BCD  # the bits of the square root of 1/2


@njit(cache=True)
def power_of_two(exponent):
    """2 to a whole power from -1022 to 1023, exactly: the number that has these bits."""
    return np.int64((exponent + 1023) << 52).view(np.float64)


@njit(cache=True)
def exponential(x):
    """e to the power of x, to about one unit in the last place; x is held within +-700.

    >>> exponential(0.0)
    1.0
    """
    x = min(max(x, -700.0), 700.0)
    k = int(math.floor(x * LOG2_E + 0.5))
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    total = FACTORIALS[0]
    for n in range(1, len(FACTORIALS)):
        total = total * r + FACTORIALS[n]
    return total * power_of_two(k)


@njit(cache=True, error_model="numpy")
def logarithm(x):
    """The natural logarithm of x > 0, to about one unit in the last place.

    x = 2 ** exponent * m with m around 1, read from the bits; log m by its series in (m - 1) / (m + 1).

    >>> logarithm(1.0)
    0.0
    """
    bits = np.float64(x).view(np.int64)
    exponent = (bits - ROOT_OF_HALF) >> 52
    m = np.int64(bits - (exponent << 52)).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    q = s * s
    q2 = q * q
    high = (1 / 11 + q * (1 / 13)) + q2 * ((1 / 15 + q * (1 / 17)) + q2 * (1 / 19 + q * (1 / 21)))
    series = (1 / 3 + q * (1 / 5)) + q2 * ((1 / 7 + q * (1 / 9)) + q2 * high)
    return exponent * LN2_HIGH + ((2.0 * s * q * series + exponent * LN2_LOW) + 2.0 * s)


@njit(cache=True)
def power(base, exponent):
    """base > 0 to any power; exactly 1 where base is 1."""
    return exponential(exponent * logarithm(base))


@njit(cache=True, error_model="numpy")
def _ratio(x, top, bottom):
    """The quotient of two polynomials whose highest coefficient comes first."""
    over, under = 0.0, 0.0
    for n in range(len(top)):
        over = over * x + top[n]
        under = under * x + bottom[n]
    return over / under


# Wichura (1988), Algorithm AS 241, PPND16; highest power first.
CENTRE_TOP = (
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
)  # fmt: skip
CENTRE_BOTTOM = (
    5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
)  # fmt: skip
MIDDLE_TOP = (
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
)  # fmt: skip
MIDDLE_BOTTOM = (
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
)  # fmt: skip
TAIL_TOP = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
)  # fmt: skip
TAIL_BOTTOM = (
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
)  # fmt: skip


@njit(cache=True)
def normal(u):
    """The standard normal value below which a share u of all values lies, 0 < u < 1.

    Source: Wichura (1988), Algorithm AS 241, accurate to about 1e-16.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(0.180625 - q * q, CENTRE_TOP, CENTRE_BOTTOM)
    r = math.sqrt(-logarithm(u if q < 0.0 else 1.0 - u))
    value = _ratio(r - 1.6, MIDDLE_TOP, MIDDLE_BOTTOM) if r <= 5.0 else _ratio(r - 5.0, TAIL_TOP, TAIL_BOTTOM)
    return -value if q < 0.0 else value


@njit(error_model="numpy", **BARE)
def normals(draws, values, tails, depths):
    """Turn draws into standard normal values, each the one that `normal` gives, in less than a third of the time.

    Each step is a loop of its own, so that the processor takes several values at once: first all as if they lay in
    the middle, then the few that do not, which are listed in `tails`. tails, depths : room for one more than draws.
    """
    count, deep = 0, 0.0
    for n in range(len(draws)):
        tails[count] = n
        count += abs(draws[n] - 0.5) > 0.425
    for n in range(len(draws)):
        q = draws[n] - 0.5
        values[n] = q * _ratio(0.180625 - q * q, CENTRE_TOP, CENTRE_BOTTOM)
    for n in range(count):
        u = draws[tails[n]]
        depths[n] = u if u < 0.5 else 1.0 - u
    for n in range(count):
        depths[n] = math.sqrt(-logarithm(depths[n]))
    for n in range(count):
        deep = max(deep, depths[n])
        depths[n] = _ratio(depths[n] - 1.6, MIDDLE_TOP, MIDDLE_BOTTOM)
    for n in range(count):
        u = draws[tails[n]]
        values[tails[n]] = depths[n] if u > 0.5 else -depths[n]
    if deep > 5.0:  # once in a hundred thousand million draws
        for n in range(count):
            values[tails[n]] = normal(draws[tails[n]])


@njit(cache=True)
def lognormal(u, mean, cv):
    """A positive value with this mean and this standard deviation over mean, by inversion."""
    if cv <= 0.0 or mean <= 0.0:
        return mean
    variance = logarithm(1.0 + cv * cv) if cv > 1e-4 else cv * cv  # 1 + cv * cv would round a tiny scatter away
    return mean * exponential(math.sqrt(variance) * normal(u) - 0.5 * variance)


MANY = 200.0  # events expected, from which on their number is as good as normal


@njit(cache=True)
def poisson(u, mean):
    """How many events happen where `mean` are expected, by inversion of one u."""
    if u < 1.0 - mean:  # 1 - m lies below exp(-m): most days of most customers end here
        return 0
    if mean > MANY:
        return max(0, int(math.floor(mean + math.sqrt(mean) * normal(u) + 0.5)))
    return counted(u, mean, exponential(-mean))


@njit(cache=True)
def counted(u, mean, chance):
    """The same where `chance` is how probable it is that nothing happens."""
    below, n = chance, 0
    while u >= below:
        n += 1
        chance *= mean / n
        if n > mean and below + chance == below:  # so rare that the sum of all chances no longer tells it from 1
            break
        below += chance
    return n


@njit(cache=True)
def located(sums, u):
    """The first place whose running sum exceeds u; the last place if none does."""
    low, high = 0, len(sums) - 1
    while low < high:
        middle = (low + high) >> 1
        if sums[middle] > u:
            high = middle
        else:
            low = middle + 1
    return low


@njit(cache=True)
def running_sums(weights):
    """Running sums of weights, scaled so that the last is 1, added in order."""
    sums = np.empty(len(weights))
    total = 0.0
    for n in range(len(weights)):
        total += weights[n]
        sums[n] = total
    for n in range(len(weights)):
        sums[n] /= total
    return sums
