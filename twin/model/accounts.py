"""Double-entry accounts in whole cents: every amount is booked once, to one account and off another."""

import math
from collections.abc import Iterable

ASSETS = ("cash", "receivables", "stock_value", "value_in_hand", "loan_balance", "recoveries_due")
LIABILITIES = ("payables", "wages_due", "borrowings")
EQUITY = ("capital", "imputed", "earnings")
INCOME = ("sales", "fees", "interest_income")
COSTS = (
    "returns", "cost_of_goods", "waste_cost", "wages", "marketing_cost", "transport_cost", "ordering_cost",
    "fixed_costs", "holding_cost", "shortage_cost", "interest_cost", "loan_losses",
)  # fmt: skip
RESULTS = (*INCOME, *COSTS)
NOUGHT = dict.fromkeys(RESULTS, 0)
CASH = "cash"


def cents(amount: float) -> int:
    """An amount of money in whole cents. Raises ValueError for what is no amount.

    >>> cents(19.995), cents(-0.004)
    (2000, 0)
    """
    return math.floor(amount * 100.0 + 0.5)


def total(amounts: Iterable[int]) -> int:
    """Whole amounts added up."""
    whole = 0
    for amount in amounts:
        whole += amount
    return whole


class Accounts:
    """What stands on each account, in cents; what an account gets counts up, what it gives counts down.

    So all accounts together are always nought, and what the business owns is what it owes and its equity.
    """

    def __init__(self) -> None:
        self.balance = dict.fromkeys((*ASSETS, *LIABILITIES, *EQUITY, *INCOME, *COSTS), 0)
        self.received, self.paid = 0, 0

    def book(self, to: str, of: str, amount: int) -> None:
        """Book an amount to one account and off another (debit and credit)."""
        self.balance[to] += amount
        self.balance[of] -= amount
        if to == CASH or of == CASH:
            came = amount if to == CASH else -amount
            if came > 0:
                self.received += came
            else:
                self.paid -= came

    def on(self, *accounts: str) -> int:
        """What stands on these accounts together."""
        return total(map(self.balance.__getitem__, accounts))

    @property
    def equity(self) -> int:
        """What the business owns less what it owes, profit of the day included."""
        return -self.on(*EQUITY, *RESULTS)

    def close(self) -> int:
        """The evening: the day's income and costs become earnings; returns the profit."""
        profit = -self.on(*RESULTS)
        self.balance.update(NOUGHT)
        self.balance["earnings"] -= profit
        self.received, self.paid = 0, 0
        return profit


class OpenItems:
    """Amounts by the day on which they are due."""

    def __init__(self) -> None:
        self.due: dict[int, int] = {}

    def add(self, day: int, amount: int) -> None:
        """An amount that is due on this day."""
        if amount:
            self.due[day] = self.due.get(day, 0) + amount

    def fallen(self, day: int) -> int:
        """Take all that is due by the end of this day."""
        fallen = [when for when in self.due if when <= day]
        return total(map(self.due.pop, fallen)) if fallen else 0
