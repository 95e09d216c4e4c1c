"""A population that buys, remembers and leaves: what the twin's kernels and plain Mesa agents both play."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from twin.model.chance import Chance, Purpose
from twin.model.kernels import customers as kernel


@dataclass(frozen=True)
class Habits:
    """What is the same for everybody.

    late_share : of orders that come late; each moves its customer's satisfaction by `memory` towards 1 - loss_late
    return_response, dropout_response : how satisfaction against its `reference` moves orders, and leaving
    """

    late_share: float = 0.2
    loss_late: float = 0.5
    memory: float = 0.3
    return_response: float = 0.5
    dropout_response: float = 1.0

    @property
    def reference(self) -> float:
        """The satisfaction that everybody starts with, and ends with on average."""
        return 1.0 - self.late_share * self.loss_late


class Population(NamedTuple):
    """Everybody's own numbers: orders a day, and chance of leaving a day; both shape (customers,)."""

    rate: np.ndarray
    hazard: np.ndarray


class Season(NamedTuple):
    """What is compared: of one replication, all orders, the customers lost, and what those left feel on average."""

    orders: int
    lost: int
    satisfaction: float
    customer_days: int


def population(customers: int, seed: int = 1) -> Population:
    """Customers as the BG/NBD model has them: an order in 20 days on average, one in seven leaves within 90 days."""
    luck = np.random.default_rng(seed)
    rate = luck.gamma(0.8, 1.0 / 16.0, customers)
    return Population(rate, rate * luck.beta(0.5, 9.5, customers))


def season(people: Population, habits: Habits, days: int, seed: int, replication: int) -> Season:
    """Play the days on the twin's columns of customers."""
    chance, luck = Chance(seed, replication), np.random.default_rng([seed, replication])
    count = len(people.rate)
    alive, satisfaction = np.ones(count, np.bool_), np.full(count, habits.reference)
    patience, buyers, own = luck.exponential(size=count), np.empty(2 * count + 64, np.int64), np.empty(count, np.uint64)
    kernel.lucks(chance[Purpose.BUYING], np.arange(count), own)
    orders = lost = customer_days = 0
    for day in range(days):
        customer_days += count - lost
        bought = kernel.returning_orders(
            own, day, count, alive, people.rate, satisfaction, habits.reference, habits.return_response, 1.0, buyers,
        )  # fmt: skip
        outcomes = 1.0 - habits.loss_late * (luck.random(bought) < habits.late_share)
        kernel.remembered(buyers[:bought], outcomes, habits.memory, satisfaction)
        lost += kernel.leaving(
            count, alive, people.hazard, patience, satisfaction, habits.reference, habits.dropout_response, 1.0
        )
        orders += bought
    return Season(orders, lost, kernel.active(count, alive, satisfaction)[1], customer_days)
