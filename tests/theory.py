"""What textbooks say must come out: closed forms of queues, diffusion and repeat purchases.

Rates are per minute (or per day for customers), times in the same unit. Each formula names its paper.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import gammaln, hyp2f1, ndtr, ndtri
from scipy.stats import binom

Floats = NDArray[np.float64]


def erlang_c(offered: float, servers: int) -> float:
    """How likely a visit has to wait in M/M/c, where `offered` is rate times mean service time.

    Source: Erlang (1917).

    >>> erlang_c(0.5, 1)
    0.5
    >>> round(erlang_c(2.0, 3), 6)
    0.444444
    """
    blocked = 1.0
    for n in range(1, servers + 1):  # Erlang B, one server more at a time: no factorials that overflow
        blocked = offered * blocked / (n + offered * blocked)
    return blocked / (1.0 - offered / servers * (1.0 - blocked))


def wait_erlang_c(rate: float, minutes: float, servers: int) -> float:
    """The mean wait in M/M/c: those who have to wait do so until one of c servers has worked through the queue.

    >>> wait_erlang_c(0.5, 1.0, 1)
    1.0
    """
    return erlang_c(rate * minutes, servers) * minutes / (servers - rate * minutes)


def erlang_a(rate: float, minutes: float, patience: float, servers: int) -> tuple[float, float]:
    """Which share of visits gives up in M/M/c + M, and the mean minutes in the queue of all visits.

    The number present is a birth-death process: `rate` up, min(n, c) / minutes + max(n - c, 0) / patience down.
    Source: Palm (1957); Garnett, Mandelbaum and Reiman (2002).

    >>> share, wait = erlang_a(1.0, 1.0, 1.0, 1)  # patience as long as service: then Poisson(1) are present
    >>> round(share, 6) == round(math.exp(-1.0), 6)
    True
    """
    weight, total, queue, present = 1.0, 1.0, 0.0, 0
    while present < servers or weight > 1e-18 * total:
        present += 1
        weight *= rate / (min(present, servers) / minutes + max(present - servers, 0) / patience)
        total += weight
        queue += weight * max(present - servers, 0)
    waiting = queue / total
    return waiting / patience / rate, waiting / rate


def turned_round(rate: float, minutes: float, servers: int, places: int) -> float:
    """Which share of visits finds all `places` of the queue taken in M/M/c/(c + places) and turns round.

    Source: Erlang (1917).

    >>> turned_round(1.0, 1.0, 1, 0)
    0.5
    """
    weight, total = 1.0, 1.0
    for present in range(1, servers + places + 1):
        weight *= rate * minutes / min(present, servers)
        total += weight
    return weight / total


def pollaczek_khinchine(rate: float, minutes: float, scatter: float) -> float:
    """The mean wait in M/G/1, where `scatter` is the standard deviation of service over its mean.

    Source: Pollaczek (1930), Khinchine (1932).

    >>> round(pollaczek_khinchine(0.5, 1.0, 0.0), 12)
    0.5
    """
    return rate * minutes**2 * (1.0 + scatter**2) / 2.0 / (1.0 - rate * minutes)


def traffic(outside: Sequence[float], routes: Sequence[Sequence[float]]) -> Floats:
    """The rate at each station of a network: from outside, and sent on from the others.

    Source: Jackson (1957).

    >>> traffic([1.0, 0.0], [[0.0, 0.5], [0.0, 0.0]]).tolist()
    [1.0, 0.5]
    """
    size = len(outside)
    return np.asarray(np.linalg.solve(np.eye(size) - np.asarray(routes).T, np.asarray(outside)))


def jackson(
    outside: Sequence[float], routes: Sequence[Sequence[float]], minutes: Sequence[float], servers: Sequence[int]
) -> tuple[float, float]:
    """The mean minutes of a visit in queues, and from door to end, in an open network of M/M/c stations.

    Each station is on average as if alone with its own rate; a visit passes it rate / (rate from outside) times.
    Source: Jackson (1957); for the tandem, Burke (1956).
    """
    rates = traffic(outside, routes)
    stations = list(zip(rates.tolist(), minutes, servers, strict=True))
    waiting = math.fsum(rate * wait_erlang_c(rate, mean, c) for rate, mean, c in stations)
    served = math.fsum(rate * mean for rate, mean, _ in stations)
    return waiting / math.fsum(outside), (waiting + served) / math.fsum(outside)


def cobham(rates: Sequence[float], minutes: Sequence[float], scatters: Sequence[float]) -> list[float]:
    """The mean wait by class in M/G/1 whose server takes the first class first and finishes what it has begun.

    Source: Cobham (1954).

    >>> cobham([0.5], [1.0], [1.0]) == [pollaczek_khinchine(0.5, 1.0, 1.0)]
    True
    """
    classes = zip(rates, minutes, scatters, strict=True)
    residual = math.fsum(rate * mean**2 * (1.0 + scatter**2) / 2.0 for rate, mean, scatter in classes)
    return _behind_the_better([rate * mean for rate, mean in zip(rates, minutes, strict=True)], residual)


def cobham_servers(rates: Sequence[float], minutes: float, servers: int) -> list[float]:
    """The same for M/M/c, where all classes are served alike.

    Source: Cobham (1954).
    """
    offered = math.fsum(rates) * minutes
    residual = erlang_c(offered, servers) * minutes / servers
    return _behind_the_better([rate * minutes / servers for rate in rates], residual)


def _behind_the_better(loads: Sequence[float], residual: float) -> list[float]:
    """Until a server is free, then those before, then the better ones who come meanwhile."""
    waits, before = [], 0.0
    for load in loads:
        waits.append(residual / (1.0 - before) / (1.0 - before - load))
        before += load
    return waits


def availability(life: float, repair: float) -> float:
    """Which share of its time a machine that always has work runs: a renewal process, whatever the law of its life.

    Source: Barlow and Proschan (1965).

    >>> availability(90.0, 10.0)
    0.9
    """
    return life / (life + repair)


def machines_down(machines: int, crews: int, life: float, repair: float) -> float:
    """How many of some machines are down on average where few crews repair them: the queue with a finite source.

    The number down is a birth-death process: (machines - n) / life up, min(n, crews) / repair down.
    Source: Palm (1943), machine interference.

    >>> round(machines_down(1, 1, 90.0, 10.0), 12)
    0.1
    """
    weight, total, down = 1.0, 1.0, 0.0
    for n in range(1, machines + 1):
        weight *= (machines - n + 1) * repair / (life * min(n, crews))
        total += weight
        down += n * weight
    return down / total


def two_machine_line(
    minutes: tuple[float, float], lives: tuple[float, float], repairs: tuple[float, float], room: int
) -> tuple[float, float, float]:
    """Pieces a minute, pieces between the machines, and the share of time that the first is blocked, of two in a line.

    The first machine is never starved, the second never blocked; work, lives and repairs are exponential, and a
    machine fails only while it works. A state is how many pieces the first has finished and the second has not,
    the one that blocks the first included, and which machine is up; the chain is solved as it is.
    Source: Gershwin (1994), chapter 3 (the exponential line).

    >>> round(two_machine_line((1.0, 1.0), (1e9, 1e9), (1.0, 1.0), 0)[0], 6)  # two of three places: 2 / 3
    0.666667
    """
    most = room + 2
    states = [(pieces, first, second) for pieces in range(most + 1) for first in (0, 1) for second in (0, 1)]
    place = {state: n for n, state in enumerate(states)}
    rates = np.zeros((len(states), len(states)))
    for pieces, first, second in states:
        moves = [((pieces, 1, second), 1.0 / repairs[0])] if not first else []
        moves += [((pieces, first, 1), 1.0 / repairs[1])] if not second else []
        if first and pieces < most:
            moves += [((pieces + 1, 1, second), 1.0 / minutes[0]), ((pieces, 0, second), 1.0 / lives[0])]
        if second and pieces > 0:
            moves += [((pieces - 1, first, 1), 1.0 / minutes[1]), ((pieces, first, 0), 1.0 / lives[1])]
        for target, rate in moves:
            rates[place[pieces, first, second], place[target]] += rate
    rates -= np.diag(rates.sum(axis=1))
    equations = np.vstack([rates.T, np.ones(len(states))])
    chance = np.linalg.lstsq(equations, np.append(np.zeros(len(states)), 1.0))[0]
    made = sum(chance[n] for n, (pieces, _, second) in enumerate(states) if second and pieces) / minutes[1]
    between = sum(chance[n] * pieces for n, (pieces, _, _) in enumerate(states))
    blocked = sum(chance[n] for n, (pieces, first, _) in enumerate(states) if pieces == most)
    return float(made), float(between), float(blocked)


def failures_with_maintenance(life: float, shape: float, age: float, piece: float) -> float:
    """Failures in a unit of running time where a machine is renewed at an age, as soon as its piece is finished.

    Pieces are exponential, so that what is left of the one in hand is exponential, too: maintenance comes at `age`
    plus that. Failures a cycle over running time a cycle; a piece of no length is the textbook's age replacement.
    Source: Barlow and Proschan (1965), chapter 4.

    >>> round(failures_with_maintenance(500.0, 1.0, 100.0, 10.0) * 500.0, 9)  # without wear maintenance is in vain
    1.0
    """
    scale = life / math.gamma(1.0 + 1.0 / shape)

    def survives(time: float) -> float:
        return math.exp(-((time / scale) ** shape))

    ran = (
        quad(survives, 0.0, age)[0] + quad(lambda over: survives(age + over) * math.exp(-over / piece), 0.0, np.inf)[0]
    )
    renewed = quad(lambda over: survives(age + over) * math.exp(-over / piece) / piece, 0.0, np.inf)[0]
    return float((1.0 - renewed) / ran)


def bass(innovation: float, imitation: float, time: float) -> float:
    """The share of a market that has been won by a time, innovation p and imitation q in the same unit.

    Source: Bass (1969).

    >>> bass(0.03, 0.38, 0.0)
    0.0
    """
    gone = math.exp(-(innovation + imitation) * time)
    return (1.0 - gone) / (1.0 + imitation / innovation * gone)


def bass_peak(innovation: float, imitation: float) -> float:
    """When most are won: Bass (1969)."""
    return math.log(imitation / innovation) / (innovation + imitation)


def bass_by_days(innovation: float, imitation: float, days: int) -> float:
    """The same with a day as step: each day (p + q F) of those who are left.

    >>> abs(bass_by_days(1e-4, 1e-3, 3000) - bass(1e-4, 1e-3, 3000)) < 1e-3
    True
    """
    won = 0.0
    for _ in range(days):
        won += (innovation + imitation * won) * (1.0 - won)
    return won


def repeats_since_joining(fitted: Sequence[float], time: Floats) -> Floats:
    """How many repeat purchases a new customer makes within a time: r, alpha, a, b.

    Source: Fader, Hardie and Lee (2005), equation 9.
    """
    r, alpha, a, b = fitted
    still = (alpha / (alpha + time)) ** r * hyp2f1(r, b, a + b - 1.0, time / (alpha + time))
    return np.asarray((a + b - 1.0) / (a - 1.0) * (1.0 - still))


def repeats_ahead(fitted: Sequence[float], repeats: Floats, recency: Floats, age: Floats, time: float) -> Floats:
    """How many purchases each known customer makes within a time to come, given x, t_x and T.

    Source: Fader, Hardie and Lee (2005), equation 10.

    >>> round(float(repeats_ahead((0.243, 4.414, 0.793, 2.426), 2.0, 30.43, 38.86, 39.0)), 3)  # the paper's own example
    1.226
    """
    (r, alpha, a, b), x = fitted, np.asarray(repeats, dtype=float)
    whole = alpha + np.asarray(age) + time
    still = ((alpha + age) / whole) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1.0, time / whole)
    gone = np.where(x > 0, a / (b + x - 1.0) * ((alpha + age) / (alpha + np.asarray(recency))) ** (r + x), 0.0)
    return np.asarray((a + b + x - 1.0) / (a - 1.0) * (1.0 - still) / (1.0 + gone))


def vasicek_given(share: float, correlation: float, factor: Floats) -> Floats:
    """Which share of a large book of loans defaults, given the factor of the month. Source: Vasicek (2002)."""
    return np.asarray(ndtr((ndtri(share) - math.sqrt(correlation) * factor) / math.sqrt(1.0 - correlation)))


def vasicek_quantile(share: float, correlation: float, level: float, months: int = 1) -> float:
    """The share of a large book that defaults at most, with probability `level`; over months of one lasting factor."""
    a_month = float(vasicek_given(share, correlation, np.array([-ndtri(level)]))[0])
    return 1.0 - (1.0 - a_month) ** months


def book_below(share: float, correlation: float, loans: int, months: int = 1) -> Floats:
    """The chance that at most j of so many loans default, j = 0, 1, ...: binomial given the factor, over the factor."""
    factor = np.linspace(-9.0, 9.0, 601)
    weight = np.exp(-0.5 * factor**2)
    goes = 1.0 - (1.0 - vasicek_given(share, correlation, factor)) ** months
    j = np.arange(loans + 1)
    ways = gammaln(loans + 1) - gammaln(j + 1) - gammaln(loans - j + 1)
    found = np.zeros(loans + 1)
    for chance, heavy in zip(goes, weight / weight.sum(), strict=True):
        found += heavy * np.exp(ways + j * math.log(chance) + (loans - j) * math.log1p(-chance))
    return np.asarray(np.minimum(np.cumsum(found), 1.0))


def expected_in_order(below: Floats, place: int, draws: int) -> float:
    """The expected value of the `place`-th smallest of so many draws from 0, 1, ..., given the chances to be below."""
    return float(binom.cdf(place - 1, draws, below).sum())


def both_default(share: float, correlation: float) -> float:
    """The chance that two borrowers default whose luck has this correlation, each with chance `share`."""
    found = quad(
        lambda z: float(vasicek_given(share, correlation, np.array([z]))[0]) ** 2 * math.exp(-0.5 * z * z), -9.0, 9.0,
        epsabs=1e-14,
    )[0]  # fmt: skip
    return float(found / math.sqrt(2.0 * math.pi))
