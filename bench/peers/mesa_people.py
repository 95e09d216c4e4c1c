"""The population in plain Mesa: an object a customer, and a day is `agents.do("step")`."""

from math import exp

import mesa

from bench.people import Habits, Population, Season


class Customer(mesa.Agent):
    """Somebody who buys now and then, remembers how it was, and leaves for good one day."""

    def __init__(self, market: "Market", rate: float, hazard: float) -> None:
        super().__init__(market)
        self.rate, self.hazard = rate, hazard
        self.satisfaction = market.habits.reference
        self.patience = market.random.expovariate(1.0)

    def step(self) -> None:
        """One day."""
        market, habits = self.model, self.model.habits
        better = self.satisfaction - habits.reference
        for _ in range(market.poisson(self.rate * max(0.0, 1.0 + habits.return_response * better))):
            self.buy(market, habits)
        better = self.satisfaction - habits.reference
        self.patience -= self.hazard * max(0.0, 1.0 - habits.dropout_response * better)
        if self.patience < 0.0:
            market.lost += 1
            self.remove()

    def buy(self, market: "Market", habits: Habits) -> None:
        """An order, which may come late."""
        market.orders += 1
        outcome = 1.0 - habits.loss_late if market.random.random() < habits.late_share else 1.0
        self.satisfaction += habits.memory * (outcome - self.satisfaction)


class Market(mesa.Model):
    """Everybody."""

    def __init__(self, people: Population, habits: Habits, seed: int) -> None:
        super().__init__(seed=seed)
        self.habits, self.orders, self.lost, self.customer_days = habits, 0, 0, 0
        Customer.create_agents(self, len(people.rate), people.rate.tolist(), people.hazard.tolist())

    def step(self) -> None:
        """One day of everybody; whose turn comes first makes no difference, so nobody is shuffled."""
        self.customer_days += len(self.agents)
        self.agents.do("step")

    def poisson(self, mean: float) -> int:
        """How many events happen where `mean` are expected: by inversion, most often none after one comparison."""
        u = self.random.random()
        if u < 1.0 - mean:  # this lies below exp(-mean)
            return 0
        number, chance = 0, exp(-mean)
        while u >= chance:
            u -= chance
            number += 1
            chance *= mean / number
        return number


def played(market: Market, days: int) -> Season:
    """Play the days."""
    for _ in range(days):
        market.step()
    satisfaction = market.agents.agg("satisfaction", sum) / len(market.agents)
    return Season(market.orders, market.lost, satisfaction, market.customer_days)
