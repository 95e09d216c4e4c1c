"""The kernels once more, as plain Python that reads like their descriptions: slow, and easy to trust."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
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


def substitute(
    key: int, share: float, entity: int, day: int, place: int, sums: list[float], tracked: int, stock: list[float]
) -> int | None:
    """What somebody takes who found an empty shelf: whatever of eight draws is there first, or one of what is there."""
    luck = [draw(key, entity, day, place * 10 + trial) for trial in range(10)]
    shares = [high - low for low, high in zip([0.0, *sums], sums, strict=False)]
    there = [item for item, width in enumerate(shares) if width > 0 and (item >= tracked or stock[item] > 0)]
    if luck[0] >= share or not there:
        return None
    found = [item for item in (located(sums, u) for u in luck[1:9]) if item in there]
    left = list(accumulate(shares[item] for item in there))
    return found[0] if found else there[located(left, luck[9] * left[-1])]


def filled(
    key_item: int, key_quantity: int, day: int, orders: list[tuple[int, int, int, float]], sums: list[float],
    quantity: list[float], effect: list[float], price: list[float], tracked: int, stock: list[float],
    key_substitute: int = 0, share: float = 0.0,
) -> tuple[list[float], list[float], list[float], list[float]]:  # fmt: skip
    """Orders are (entity, nth, lines, size); gives revenue and fill of each, totals, and pieces by item."""
    revenue, fill, totals, sold = [], [], [0.0, 0.0, 0.0, 0.0], [0.0] * len(price)
    for entity, nth, lines, size in orders:
        taken: list[tuple[float, float, float]] = []  # pieces asked for, of these given or made up for, money
        for line in range(lines):
            place = nth * MOST_LINES + line
            item = located(sums, draw(key_item, entity, day, place))
            luck = draw(key_quantity, entity, day, place)
            wanted = [
                max(1, math.floor(one * change * size + luck)) for one, change in zip(quantity, effect, strict=True)
            ]
            asked = wanted[item]
            given = min(asked, stock[item]) if item < tracked else asked
            met = given
            if item < tracked:
                totals[0] += asked
                totals[1] += given
            if given == 0:
                other = substitute(key_substitute, share, entity, day, place, sums, tracked, stock)
                if other is not None:
                    item, given = other, min(wanted[other], stock[other]) if other < tracked else wanted[other]
                    met = asked * given / wanted[other]
                    totals[3] += given
            if item < tracked:
                stock[item] -= given
            sold[item] += given
            taken.append((asked, met, given * price[item]))
        totals[2] += lines
        revenue.append(sum(money for _, _, money in taken))
        asked_in_all = sum(asked for asked, _, _ in taken)
        fill.append(sum(met for _, met, _ in taken) / asked_in_all if asked_in_all else 1.0)
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


def leaving(people: list[Person], reference: float, response: float, pull: float) -> int:
    """Everyone's patience shrinks by their hazard of a day; who has none left goes."""
    gone = 0
    for one in people:
        if one.alive:
            one.patience -= pull * one.hazard * max(0.0, 1.0 - response * (one.satisfaction - reference))
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


# ---------------------------------------------------------------- contracts


@dataclass
class Contract:
    """One subscriber: the day on which the contract is due next, and how often it has been."""

    entity: int
    alive: bool
    satisfaction: float
    due: int
    renewals: int = 0


def churned(
    key: int, day: int, cycle: int, share: float, response: float, reference: float, contracts: list[Contract]
) -> tuple[int, int]:
    """Whoever is due today renews or goes; gives how many were due and how many went."""
    due = [one for one in contracts if one.alive and one.due <= day]
    for one in due:
        likely = share * max(0.0, 1.0 + response * (reference - one.satisfaction))
        one.alive = draw(key, one.entity, one.renewals, 0) >= likely
        one.renewals, one.due = one.renewals + 1, one.due + cycle
    return len(due), sum(not one.alive for one in due)


def visit_rate(key: int, entity: int, visits: int, days: float, r: float, alpha: float) -> float:
    """The Gamma posterior of a customer who came so often in so many days; a new one came never in none."""
    return gamma(key, entity, r + visits) / (alpha + days)


# ---------------------------------------------------------------- who is won, and what offers bring


def new_customers(
    base: float, m: float, r: float, effect: float, carried: float, spent: list[float], people: list[float],
    satisfied: list[float], imitation: float = 0.0, market: float = math.inf,
) -> list[float]:  # fmt: skip
    """Expected new customers by day, of spending, customers and their satisfaction; the first of each is today."""
    ahead, adstock = [], spent[0]
    for spending, number, content in zip(spent[1:], people, satisfied, strict=True):
        adstock = carried * adstock + (1 - carried) * spending
        marketing = (adstock / spent[0]) ** effect if spent[0] else 1.0
        talk = content / satisfied[0]
        pull = 1 - m - r + m * marketing + r * number * talk / people[0]
        ahead.append((base * pull + imitation * number * talk) * max(0.0, 1 - number / market))
    return ahead


def offered(offers: list[float], usual: list[float], elasticity: float, share: float, days: int) -> list[float]:
    """Orders by day with these offers, debts of orders paid day by day."""
    weights = [(1 - 1 / days) ** k for k in range(days)]
    debts, late, orders = [0.0] * (len(usual) + days + 1), 0.0, []
    for day, (offer, each) in enumerate(zip(offers, usual, strict=True)):
        lifted = each * (1 - offer) ** elasticity
        for k, weight in enumerate(weights):
            debts[day + 1 + k] += share * (lifted - each) * weight / sum(weights)
        owed = late + debts[day]
        orders.append(max(0.0, lifted - owed))
        late = owed - (lifted - orders[-1])
    return orders
