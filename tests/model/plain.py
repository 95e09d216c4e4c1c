"""The kernels once more, as plain Python that reads like their descriptions: slow, and easy to trust."""

import math
from bisect import bisect_right
from dataclasses import dataclass
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


# ---------------------------------------------------------------- packing


@dataclass
class Order:
    """An order in the packing room; `began` is None until somebody takes it."""

    arrived: float
    minutes: float
    tag: int
    began: float | None = None


def packed(
    clock: float, length: float, pickers: int, table: list[Order], waiting: list[Order]
) -> tuple[list[Order], list[Order], list[tuple[float, float, float, int]], float]:
    """One day: still waiting, begun, finished (arrived, began, finished, tag), and minutes worked."""
    queue, free, finished, worked, begun = [*table, *waiting], [0.0] * pickers, [], 0.0, []
    while queue and pickers and length > 0:
        order, picker = queue[0], free.index(min(free))
        start = free[picker] if order.began is not None else max(free[picker], order.arrived - clock)
        if start >= length:
            break
        queue.pop(0)
        if order.began is None:
            order.began = clock + start
        end = free[picker] = start + order.minutes
        worked += min(end, length) - start if end > length else order.minutes
        if end > length:
            order.minutes = end - length
            begun.append(order)
        else:
            finished.append((order.arrived, order.began, clock + end, order.tag))
    begun += [order for order in queue if order.began is not None]
    return [order for order in queue if order.began is None], begun, finished, worked


# ---------------------------------------------------------------- stock


def delivered(
    day: int, orders: list[tuple[int, float, int]], stock: list[float], on_order: list[float], cost: list[float]
) -> tuple[list[tuple[int, float, int]], float, float]:
    """This morning's deliveries; orders are (item, pieces, due day)."""
    here = [one for one in orders if one[2] <= day]
    for item, pieces, _ in here:
        stock[item] += pieces
        on_order[item] -= pieces
    return (
        [one for one in orders if one[2] > day],
        sum(pieces for _, pieces, _ in here),
        sum(pieces * cost[item] for item, pieces, _ in here),
    )


def reordered(
    key: int, day: int, s_days: float, up_to_days: float, daily: list[float], lead: float, scatter: float,
    stock: list[float], on_order: list[float],
) -> list[tuple[int, float, int]]:  # fmt: skip
    """The (s,S) rule: new orders as (item, pieces, due day)."""
    made = []
    for item, a_day in enumerate(daily):
        position, up_to = stock[item] + on_order[item], math.ceil(up_to_days * a_day)
        if position <= math.ceil(s_days * a_day) and position < up_to:
            days = lognormal(draw(key, item, day, 0), lead, scatter)
            made.append((item, up_to - position, day + 1 + math.floor(days + 0.5)))
            on_order[item] += up_to - position
    return made


def filled(
    key_item: int, key_quantity: int, day: int, orders: list[tuple[int, int, int, float]], sums: list[float],
    quantity: list[float], effect: list[float], price: list[float], tracked: int, stock: list[float],
) -> tuple[list[float], list[float], list[float], list[float]]:  # fmt: skip
    """Orders are (entity, nth, lines, size); gives revenue and fill of each, totals, and pieces by item."""
    revenue, fill, totals, sold = [], [], [0.0, 0.0, 0.0], [0.0] * len(price)
    for entity, nth, lines, size in orders:
        taken = []
        for line in range(lines):
            item = located(sums, draw(key_item, entity, day, nth * MOST_LINES + line))
            luck = draw(key_quantity, entity, day, nth * MOST_LINES + line)
            asked = max(1, math.floor(quantity[item] * effect[item] * size + luck))
            given = min(asked, stock[item]) if item < tracked else asked
            taken.append((item, asked, given))
            sold[item] += given
            if item < tracked:
                stock[item] -= given
                totals[0] += asked
                totals[1] += given
        totals[2] += lines
        revenue.append(sum(given * price[item] for item, _, given in taken))
        asked_in_all = sum(asked for _, asked, _ in taken)
        fill.append(sum(given for _, _, given in taken) / asked_in_all if asked_in_all else 1.0)
    return revenue, fill, totals, sold


def filled_as_recorded(orders: list[list[tuple[int, int]]], tracked: int, stock: list[float]) -> list[float]:
    """Orders are lists of (item, pieces); gives the delivered share of each."""
    fill = []
    for lines in orders:
        given = 0.0
        for item, pieces in lines:
            shipped = min(pieces, stock[item]) if item < tracked else pieces
            if item < tracked:
                stock[item] -= shipped
            given += shipped
        asked = sum(pieces for _, pieces in lines)
        fill.append(given / asked if asked else 1.0)
    return fill


# ---------------------------------------------------------------- customers


@dataclass
class Person:
    """One customer."""

    entity: int
    alive: bool
    rate: float
    hazard: float
    patience: float
    satisfaction: float


def returning(key: int, day: int, people: list[Person], reference: float, response: float, factor: float) -> list[int]:
    """Row numbers of who orders today, as often as each does."""
    buyers = []
    for row, one in enumerate(people):
        if one.alive:
            mean = factor * one.rate * max(0.0, 1.0 + response * (one.satisfaction - reference))
            buyers += [row] * poisson(draw(key, one.entity, day, 0), mean)
    return buyers


def leaving(people: list[Person], reference: float, response: float) -> int:
    """Everyone's patience shrinks by their hazard of a day; who has none left goes."""
    gone = 0
    for one in people:
        if one.alive:
            one.patience -= one.hazard * max(0.0, 1.0 - response * (one.satisfaction - reference))
            if one.patience < 0:
                one.alive = False
                gone += 1
    return gone


def remembered(rows: list[int], outcomes: list[float], memory: float, satisfaction: list[float]) -> None:
    for row, outcome in zip(rows, outcomes, strict=True):
        if row >= 0:
            satisfaction[row] += memory * (outcome - satisfaction[row])


def odds_gone(x: float, recency: float, age: float, r: float, alpha: float, a: float, b: float) -> float:
    """Fader, Hardie and Lee (2005): a customer who never came back cannot have dropped out."""
    longer = (r + x) * math.log((alpha + age) / (alpha + recency))
    return a / (b + x - 1) * math.exp(min(longer, 700.0)) if x > 0 else 0.0


def posterior(
    history: list[tuple[int, float, float]], fitted: tuple[float, float, float, float], keys: list[int]
) -> list[tuple[bool, float, float, float]]:
    """Of customers with (x, t_x, T): alive, rate, hazard, patience. Keys: alive, rate, a, b, time."""
    r, alpha, a, b = fitted
    drawn = []
    for i, (x, recency, age) in enumerate(history):
        if draw(keys[0], i, 0, 0) < 1 / (1 + odds_gone(x, recency, age, *fitted)):
            rate = gamma(keys[1], i, r + x) / (alpha + age)
            hazard = rate * beta(keys[2], keys[3], i, a, b + x)
            drawn.append((True, rate, hazard, -math.log(draw(keys[4], i, 0, 0))))
        else:
            drawn.append((False, 0.0, 0.0, 0.0))
    return drawn


def joined(
    name: int, fitted: tuple[float, float, float, float], keys: list[int], spends: list[float]
) -> tuple[float, float, float, float]:
    """A new customer's rate, hazard, patience and spend. Keys: rate, a, b, time, spend."""
    r, alpha, a, b = fitted
    rate = gamma(keys[0], name, r) / alpha
    hazard = rate * beta(keys[1], keys[2], name, a, b)
    patience = -math.log(draw(keys[3], name, 0, 0))
    return rate, hazard, patience, spends[int(draw(keys[4], name, 0, 0) * len(spends))]


def arrival_minute(key: int, day: int, entity: int, nth: int, shares: list[float], bin_minutes: float) -> float:
    """The minute of the day, uniform within its hour, hours by their shares."""
    u, below = draw(key, entity, day, nth), 0.0
    total = sum(shares)
    for place, share in enumerate(shares):
        if share > 0 and u < below + share / total:
            return (place + (u - below) / (share / total)) * bin_minutes
        below += share / total
    raise AssertionError("the shares do not reach the draw")


def sized(
    key_lines: int, key_size: int, day: int, entity: int, nth: int, log_mean: float, log_sd: float, scale: float,
    spend: float, scatter: float,
) -> tuple[int, float]:  # fmt: skip
    """How many lines an order has, and how large its quantities are."""
    lines = math.floor(math.exp(log_mean + log_sd * NORMAL.inv_cdf(draw(key_lines, entity, day, nth))) + 0.5)
    luck = NORMAL.inv_cdf(draw(key_size, entity, day, nth))
    return min(max(lines, 1), MOST_LINES), scale * spend * math.exp(scatter * luck - scatter**2 / 2)
