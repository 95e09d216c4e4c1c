"""The customers' day: who is expected, who orders, who leaves. Each customer is one row of columns."""

import numpy as np
from numba import njit

from twin.model.kernels.chance import beta, draw, gamma, mixed, uniform
from twin.model.kernels.elementary import MANY, counted, exponential, logarithm, poisson

NEW = 1 << 40  # entities of new customers: NEW + day * RANKS + rank, the same in every scenario
RANKS = 1 << 16
SEGMENT = 1 << 48  # what entities of the second, third ... segment have more than those of the first
BLOCK = 256  # customers whose luck is drawn at once
ANONYMOUS = 1 << 60  # entities of anonymous buyers: ANONYMOUS + rank within the day


@njit(cache=True)
def odds_gone(repeats, recency, age, r, alpha, a, b):
    """How much likelier a customer is to be gone than to be still there, given its history."""
    if repeats <= 0.0:
        return 0.0
    longer = (r + repeats) * logarithm((alpha + age) / (alpha + recency))
    return a / (b + repeats - 1.0) * exponential(longer)


@njit(cache=True)
def expected_rates(repeats, recency, age, r, alpha, a, b):
    """How many orders a day each customer is expected to place, weighed by how likely it is still there."""
    rates = np.empty(len(repeats))
    for i in range(len(repeats)):
        gone = odds_gone(float(repeats[i]), recency[i], age[i], r, alpha, a, b)
        rates[i] = (r + repeats[i]) / (alpha + age[i]) / (1.0 + gone)
    return rates


@njit(cache=True)
def posterior(repeats, recency, age, r, alpha, a, b, key_alive, key_rate, key_a, key_b, key_time, first=0):
    """Draw what records cannot show: who is still a customer, how often each orders, how soon each leaves.

    repeats, recency, age : x, t_x and T of the BG/NBD model, in days; first : entity of the first row
    Returns alive (bool), rate (orders a day), hazard (chance of leaving, a day) and patience (how much
    hazard each bears before leaving: a standard exponential value).
    Source: Fader, Hardie and Lee (2005); given alive, rate ~ Gamma(r + x, alpha + T), p ~ Beta(a, b + x).
    """
    n = len(repeats)
    alive, rate = np.zeros(n, np.bool_), np.zeros(n)
    hazard, patience = np.zeros(n), np.zeros(n)
    for i in range(n):
        x = float(repeats[i])
        odds = odds_gone(x, recency[i], age[i], r, alpha, a, b)
        name = first + i
        alive[i] = draw(key_alive, name, 0, 0) * (1.0 + odds) < 1.0
        if alive[i]:
            rate[i] = gamma(key_rate, name, r + x) / (alpha + age[i])
            hazard[i] = rate[i] * beta(key_a, key_b, name, a, b + x)
            patience[i] = -logarithm(draw(key_time, name, 0, 0))
    return alive, rate, hazard, patience


@njit(cache=True)
def expected_returning(count, alive, rate, satisfaction, reference, response):
    """How many orders the known customers are expected to place in a day, before the day's factor."""
    total = 0.0
    for i in range(count):
        if alive[i]:
            total += rate[i] * max(0.0, 1.0 + response * (satisfaction[i] - reference))
    return total


@njit(cache=True)
def standing(count, alive, rate, satisfaction, reference, response):
    """What `expected_returning` and `active` tell, in one go: orders to be expected, customers, mean satisfaction."""
    orders, number, total = 0.0, 0, 0.0
    for i in range(count):  # without branches: who is there and who is gone alternate
        there = alive[i]
        each = rate[i] * max(0.0, 1.0 + response * (satisfaction[i] - reference))
        orders += each if there else 0.0
        total += satisfaction[i] if there else 0.0
        number += there
    return orders, number, (total / number if number > 0 else 1.0)


@njit(cache=True)
def lucks(key, entity, luck):
    """The start of each customer's draws of one purpose; of all that a day adds, this part stays the same."""
    for n in range(len(entity)):
        luck[n] = mixed(key, entity[n])


@njit(cache=True)
def returning_orders(luck, day, count, alive, rate, satisfaction, reference, response, factor, buyers):
    """Which known customers order today: row numbers go into `buyers`, as often as each orders.

    luck : the start of each one's draws, see `lucks`
    Returns how many orders there are; if more than `buyers` has room for, only the first are in it.
    """
    orders, rows = 0, np.empty(BLOCK + 1, np.int64)
    draws, means, nobody = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    for first in range(0, count, BLOCK):
        size, few = min(BLOCK, count - first), 0
        for n in range(size):  # each step in a loop of its own, so that several go at once
            draws[n] = uniform(mixed(mixed(luck[first + n], day), 0))
        for n in range(size):
            i = first + n
            means[n] = factor * rate[i] * max(0.0, 1.0 + response * (satisfaction[i] - reference))
        for n in range(size):  # without branches: nobody could guess who is one of the few that may come
            rows[few] = n
            few += alive[first + n] & (not draws[n] < 1.0 - means[n])
        for k in range(few):
            nobody[k] = exponential(-means[rows[k]])
        for k in range(few):
            n = rows[k]
            mean = means[n]
            times = counted(draws[n], mean, nobody[k]) if mean <= MANY else poisson(draws[n], mean)
            for place in range(orders, min(orders + times, len(buyers))):
                buyers[place] = first + n
            orders += times
    return orders


@njit(cache=True)
def places(rows, nth):
    """The how-manieth of its buyer's orders of the day each order is, where a buyer's orders stand together."""
    for n in range(1, len(rows)):
        nth[n] = nth[n - 1] + 1 if rows[n] == rows[n - 1] else 0


@njit(cache=True)
def leaving(count, alive, hazard, patience, satisfaction, reference, response, pull):
    """Let customers go whose patience is used up; returns how many left today.

    Dropout runs by the day, not by the order, so that a price rise cannot make customers loyal.
    pull : how much faster everybody goes than usual
    """
    lost = 0
    for i in range(count):  # without branches: who is there and who is gone alternate, and no processor guesses that
        there = alive[i]
        left = patience[i] - pull * hazard[i] * max(0.0, 1.0 - response * (satisfaction[i] - reference))
        gone = there & (left < 0.0)
        patience[i] = left if there else patience[i]
        alive[i] = there & (not gone)
        lost += gone
    return lost


@njit(cache=True)
def evening(
    count, alive, rate, hazard, patience, satisfaction, reference, dropout_response, pull, return_response
):  # fmt: skip
    """Who leaves, as `leaving` says; returns how many, and what `standing` tells of those who stay."""
    lost = leaving(count, alive, hazard, patience, satisfaction, reference, dropout_response, pull)
    return lost, standing(count, alive, rate, satisfaction, reference, return_response)


@njit(cache=True)
def joining(
    first, joined, day, r, alpha, a, b, keys, spends, alive, rate, hazard, patience, satisfaction, start, spend, entity,
    offset=0,
):  # fmt: skip
    """Give new customers a row each: how often they will order, how soon they leave, how much they buy.

    keys : stems for rate, the two dropout values, dropout time and spend, in this order; offset : of the segment
    They come at noon on average, so their first evening takes half a day of hazard; they bear that much more.
    """
    for rank in range(joined):
        i, name = first + rank, offset + NEW + day * RANKS + rank
        entity[i] = name
        alive[i] = True
        rate[i] = gamma(keys[0], name, r) / alpha
        hazard[i] = rate[i] * beta(keys[1], keys[2], name, a, b)
        patience[i] = -logarithm(draw(keys[3], name, 0, 0)) + 0.5 * hazard[i]
        satisfaction[i] = start
        place = int(draw(keys[4], name, 0, 0) * len(spends))
        spend[i] = spends[min(place, len(spends) - 1)]


@njit(cache=True)
def arrival_minutes(key, day, entities, nth, sums, bin_minutes, minutes):
    """At which minute of the day each order comes in, from the running shares of the day's hours."""
    for n in range(len(minutes)):
        u, place = draw(key, entities[n], day, nth[n]), 0
        for hour in range(len(sums) - 1):  # as `located`, but without branches that nobody could guess
            place += sums[hour] <= u
        low = sums[place - 1] if place > 0 else 0.0
        width = sums[place] - low
        within = (u - low) / width if width > 0.0 else 0.5
        minutes[n] = (place + within) * bin_minutes


@njit(cache=True)
def in_order(minutes, order):
    """List orders by the minute in which they come in; those of the same minute stay as they are.

    Each goes to its part of the time between the first and the last, of as many as there are orders, and there to its
    place among the one or two others.
    """
    count = len(minutes)
    if count == 0:
        return
    low, high = minutes[0], minutes[0]
    for n in range(count):
        low, high = min(low, minutes[n]), max(high, minutes[n])
    parts = (count - 1) / (high - low) if high - low > 1e-6 else 0.0
    ends = np.zeros(count, np.int64)
    for n in range(count):
        ends[int((minutes[n] - low) * parts)] += 1
    for part in range(1, count):
        ends[part] += ends[part - 1]
    for n in range(count - 1, -1, -1):
        part = int((minutes[n] - low) * parts)
        ends[part] -= 1
        order[ends[part]] = n
    for n in range(1, count):
        row, place = order[n], n
        while place > 0 and minutes[order[place - 1]] > minutes[row]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = row


@njit(cache=True)
def listed(known, first, joined, entity, rows, entities, nth):
    """List a day's buyers: the known ones, those who joined today from row `first` on, then those without a number.

    rows, entities, nth : get the row of each, -1 for none, the stable name, and the place among one's orders of the
    day; for those who come once, that is left alone
    """
    count = len(known)
    for n in range(count):
        rows[n], entities[n] = known[n], entity[known[n]]
    places(known, nth)
    for n in range(joined):
        rows[count + n], entities[count + n] = first + n, entity[first + n]
    for n in range(count + joined, len(rows)):
        rows[n], entities[n] = -1, ANONYMOUS + n - count - joined


@njit(cache=True)
def arrived(key, day, known, first, joined, entity, sums, bin_minutes, rows, entities, nth, minutes):
    """List a day's buyers as `listed` does, with the minute at which each comes, in order of time.

    sums : running shares of the day's hours, of so many minutes
    """
    count = len(minutes)
    who, names, turns = np.empty(count, np.int64), np.empty(count, np.int64), np.zeros(count, np.int64)
    moments, order = np.empty(count), np.empty(count, np.int64)
    listed(known, first, joined, entity, who, names, turns)
    arrival_minutes(key, day, names, turns, sums, bin_minutes, moments)
    in_order(moments, order)
    for n in range(count):
        old = order[n]
        rows[n], entities[n], nth[n], minutes[n] = who[old], names[old], turns[old], moments[old]


@njit(cache=True)
def remembered(rows, outcomes, memory, satisfaction):
    """Move each customer's satisfaction towards what the order was like, in the order of packing."""
    for n in range(len(rows)):
        i = rows[n]
        if i >= 0:
            satisfaction[i] += memory * (outcomes[n] - satisfaction[i])


@njit(cache=True)
def active(count, alive, satisfaction):
    """How many customers are left, and how satisfied they are on average (1 where none is left)."""
    number, total = 0, 0.0
    for i in range(count):
        if alive[i]:
            number += 1
            total += satisfaction[i]
    return number, (total / number if number > 0 else 1.0)
