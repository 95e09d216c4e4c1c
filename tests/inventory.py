"""What textbooks say of stock: closed forms and exact chains, by days as the model has them.

An order of one evening that takes `lead` days is on the shelf on the morning of day lead + 1, so a level protects
against lead + 1 days of demand. Demand is Poisson. Each formula names its paper.
"""

import math
from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, lognorm, poisson

Floats = NDArray[np.float64]
TINY = 1e-13


def poisson_loss(mean: float, level: float) -> float:
    """E[(X - level)+] of a Poisson number.

    >>> round(poisson_loss(1.0, 0), 6)
    1.0
    """
    return float(mean * poisson.sf(level - 1, mean) - level * poisson.sf(level, mean))


def loss(chances: Floats, level: float) -> float:
    """E[(X - level)+] of a number whose chances are given from 0 on."""
    values = np.arange(len(chances))
    return float((np.maximum(values - level, 0.0) * chances).sum())


def newsvendor(mean: float, level: int, waste: float, short: float) -> tuple[float, float, float]:
    """Pieces wasted and lost a day, and what that costs, where everything left is thrown away in the evening.

    Source: Arrow, Harris and Marschak (1951).
    """
    lost = poisson_loss(mean, level)
    wasted = level - mean + lost
    return wasted, lost, waste * wasted + short * lost


def best_level(mean: float, waste: float, short: float) -> int:
    """The smallest level whose chance of being enough is at least short / (short + waste).

    >>> best_level(20.0, 1.0, 1.0)
    20
    """
    return int(poisson.ppf(short / (short + waste), mean))


def base_stock(mean: float, lead: int, level: int) -> tuple[float, float, float]:
    """Share met at once, pieces on the shelf and pieces owed in the evening, where customers wait.

    Source: Zipkin (2000), section 6.2, by days.
    """
    owed, before = poisson_loss(mean * (lead + 1), level), poisson_loss(mean * lead, level)
    return 1.0 - (owed - before) / mean, level - mean * (lead + 1) + owed, owed


def crossing(mean: float, lead: float, scatter: float, level: int) -> tuple[float, float]:
    """The same share and pieces owed where each order has a log-normal time of its own, so that orders overtake.

    On order in the evening is the sum over days k ago of that day's Poisson demand, if its order takes k days or more.
    """
    variance = math.log(1.0 + scatter**2)
    time = lognorm(math.sqrt(variance), scale=lead * math.exp(-variance / 2.0))
    later = [time.sf(k - 0.5) for k in range(1, 2000)]
    older = np.ones(1)
    for chance in [one for one in later if one > TINY]:
        day = chance * poisson.pmf(np.arange(int(mean + 12 * math.sqrt(mean) + 12)), mean)
        day[0] += 1.0 - chance
        older = np.convolve(older, day)
        older = older[: np.flatnonzero(older > 1e-18)[-1] + 1]
    every = np.convolve(older, poisson.pmf(np.arange(int(mean + 12 * math.sqrt(mean) + 12)), mean))
    owed = loss(every, level)
    return 1.0 - (owed - loss(older, level)) / mean, owed


def stationary(step: Callable[[tuple[int, ...]], dict[tuple[int, ...], float]], start: tuple[int, ...]) -> dict:
    """The long-run chances of a Markov chain that is given by what may follow on each state."""
    states, rows = {start: 0}, []
    todo = [start]
    while todo:
        onward = step(todo.pop(0))
        for state in onward:
            if state not in states:
                states[state] = len(states)
                todo.append(state)
        rows.append(onward)
    matrix = np.zeros((len(states), len(states)))
    for state, onward in zip(states, rows, strict=True):
        for to, chance in onward.items():
            matrix[states[state], states[to]] += chance
    system = np.vstack([matrix.T - np.eye(len(states)), np.ones(len(states))])
    chances = np.linalg.lstsq(system, np.append(np.zeros(len(states)), 1.0), rcond=None)[0]
    return dict(zip(states, chances.tolist(), strict=True))


def reorder_up_to(mean: float, lead: int, low: int, high: int) -> dict[str, float]:
    """(s,S) where customers wait: share met at once, on the shelf, owed, orders a day; the chain of positions, exactly.

    Source: Veinott and Wagner (1965), by days.
    """
    most = int(poisson.isf(TINY, mean))

    def step(state: tuple[int, ...]) -> dict[tuple[int, ...], float]:
        found: dict[tuple[int, ...], float] = {}
        for asked in range(most + 1):
            after = state[0] - asked
            to = (after if after > low else high,)
            found[to] = found.get(to, 0.0) + float(poisson.pmf(asked, mean))
        return found

    chances = stationary(step, (high,))
    owed = sum(p * poisson_loss(mean * (lead + 1), y) for (y,), p in chances.items())
    before = sum(p * poisson_loss(mean * lead, y) for (y,), p in chances.items())
    shelf = sum(p * (y - mean * (lead + 1)) for (y,), p in chances.items()) + owed
    orders = sum(p * poisson.sf(y - low - 1, mean) for (y,), p in chances.items())
    return {"met": 1.0 - (owed - before) / mean, "shelf": shelf, "owed": owed, "orders": float(orders)}


def reorder_up_to_lost(mean: float, lead: int, low: int, high: int) -> dict[str, float]:
    """(s,S) where customers go without, at most one order out at a time (high - low > low): an exact chain.

    A state is the shelf in the morning, the mornings until the order comes (0: none is out), and its pieces.
    """
    assert high - low > low
    most = int(poisson.isf(TINY, mean))
    chance = [float(one) for one in poisson.pmf(np.arange(most + 1), mean)]

    def evening(shelf: int, left: int, out: int) -> tuple[int, ...]:
        if left == 0 and shelf <= low:
            left, out = lead + 1, high - shelf
        if left == 1:
            return (shelf + out, 0, 0)
        return (shelf, max(0, left - 1), out)

    def step(state: tuple[int, ...]) -> dict[tuple[int, ...], float]:
        found: dict[tuple[int, ...], float] = {}
        for asked, p in enumerate(chance):
            to = evening(max(0, state[0] - asked), state[1], state[2])
            found[to] = found.get(to, 0.0) + p
        return found

    chances = stationary(step, (high, 0, 0))
    met = shelf = orders = 0.0
    for (state, p), (asked, q) in product(chances.items(), enumerate(chance)):
        night = max(0, state[0] - asked)
        met += p * q * (state[0] - night)
        shelf += p * q * night
        orders += p * q * (state[1] == 0 and night <= low)
    return {"met": met / mean, "shelf": shelf, "orders": orders}


def two_echelons(
    means: list[float], depot: tuple[int, int], outlets: list[tuple[int, int]]
) -> list[tuple[float, float]]:
    """Pieces owed at each outlet under base stock everywhere: exactly, and by METRIC. (lead, level) of each.

    What the depot owes belongs to an outlet piece by piece with its share of demand; that adds to its own demand.
    Source: Simon (1971), Graves (1985); METRIC: Sherbrooke (1968).
    """
    total, found = sum(means), []
    lead, level = depot
    asked = poisson.pmf(
        np.arange(int(total * (lead + 1) + 14 * math.sqrt(total * (lead + 1)) + 20)), total * (lead + 1)
    )
    owes = asked[level:].copy()
    owes[0] = asked[: level + 1].sum()
    for mean, (own_lead, own_level) in zip(means, outlets, strict=True):
        late = thinned(owes, mean / total)
        own = poisson.pmf(np.arange(int(mean * (own_lead + 1) + 14 * math.sqrt(mean * (own_lead + 1)) + 20)),
                          mean * (own_lead + 1))  # fmt: skip
        exact = loss(np.convolve(late, own), own_level)
        metric = poisson_loss(mean * (own_lead + 1) + mean / total * loss(owes, 0), own_level)
        found.append((exact, metric))
    return found


def thinned(chances: Floats, share: float) -> Floats:
    """How many of a random number of pieces are of one kind, each with the same chance."""
    count = np.arange(len(chances))
    return np.asarray([float((chances * binom.pmf(k, count, share)).sum()) for k in count])


def bullwhip(days: float, window: int) -> float:
    """Variance of orders over that of demand: order up to so many days of a moving average, returns allowed.

    Source: Chen, Drezner, Ryan and Simchi-Levi (2000), equation 5.

    >>> bullwhip(5, 5)
    5.0
    """
    return 1.0 + 2.0 * days / window + 2.0 * days**2 / window**2
