"""Accounts in whole cents, and what is booked on them, by the names that the record of a day has."""

import math

import numpy as np

ASSETS = ("cash", "receivables", "stock_value", "value_in_hand", "loan_balance", "recoveries_due")
LIABILITIES = ("payables", "wages_due", "borrowings")
EQUITY = ("capital", "imputed", "earnings")
INCOME = ("sales", "fees", "interest_income")
COSTS = (
    "returns", "cost_of_goods", "waste_cost", "wages", "marketing_cost", "transport_cost", "ordering_cost",
    "fixed_costs", "holding_cost", "shortage_cost", "interest_cost", "loan_losses",
)  # fmt: skip
RESULTS = (*INCOME, *COSTS)
ACCOUNTS = (*ASSETS, *LIABILITIES, *EQUITY, *RESULTS)  # in the order of kernels/books.py
LARGEST = 2.0**53  # cents; beyond that not every whole number is one that a computer reckons with


def cents(amount: float) -> int:
    """An amount of money in whole cents. Raises ValueError for what is no amount.

    >>> cents(19.995), cents(-0.004)
    (2000, 0)
    """
    return math.floor(amount * 100.0 + 0.5)


def all_cents(name: str, amounts: np.ndarray) -> np.ndarray:
    """The same of many amounts of one name."""
    whole = np.floor(amounts * 100.0 + 0.5)
    if not (np.abs(whole) < LARGEST).all():
        wrong = amounts[~(np.abs(whole) < LARGEST)][0]
        raise ValueError(f"{name} is {wrong:g} on some day; the books take amounts below 90 million million.")
    return np.asarray(whole.astype(np.int64))
