"""Customers, contracts and offers in plain Python: what their kernels must agree with."""

import math
from dataclasses import dataclass

from tests.model.plain import MOST_LINES, NORMAL, beta, draw, gamma, poisson


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
    patience = -math.log(draw(keys[3], name, 0, 0)) + hazard / 2
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
