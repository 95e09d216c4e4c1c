"""Customers with a contract: how often each comes, and who ends the contract when it is due."""

import numpy as np
from numba import njit

from twin.model.kernels.chance import draw, gamma
from twin.model.kernels.customers import NEW, RANKS


@njit(cache=True)
def rates(key, first, visits, days, r, alpha):
    """How often each known customer comes, in visits a day, given how often it came.

    visits, days : x and T of each customer; first : entity of the first row
    Source: the Gamma is conjugate to the Poisson, so rate ~ Gamma(r + x, alpha + T); Ehrenberg (1959) for the
    model that Gamma rates and Poisson visits make (NBD).
    """
    rate = np.empty(len(visits))
    for i in range(len(visits)):
        rate[i] = gamma(key, first + i, r + visits[i]) / (alpha + days[i])
    return rate


@njit(cache=True)
def joining(first, joined, day, r, alpha, cycle, key, alive, rate, satisfaction, start, due, renewals, entity, offset):
    """Give new customers a row each; their contracts are due for renewal for the first time a cycle from today."""
    for rank in range(joined):
        i, name = first + rank, offset + NEW + day * RANKS + rank
        entity[i] = name
        alive[i] = True
        rate[i] = gamma(key, name, r) / alpha
        satisfaction[i] = start
        due[i], renewals[i] = day + cycle, 0


@njit(cache=True)
def churned(key, day, cycle, share, response, reference, count, alive, satisfaction, entity, due, renewals):
    """Let those go who do not renew a contract that is due today; returns how many were due and how many left.

    share, response : of the contracts due, how many end at usual satisfaction, and how much likelier that is
    for somebody who has lost all of it. The luck belongs to the customer and the number of the renewal.
    """
    asked, lost = 0, 0
    for i in range(count):
        if alive[i] and due[i] <= day:
            chance = share * max(0.0, 1.0 + response * (reference - satisfaction[i]))
            alive[i] = draw(key, entity[i], renewals[i], 0) >= chance
            renewals[i] += 1
            due[i] += cycle
            asked += 1
            if not alive[i]:
                lost += 1
    return asked, lost
