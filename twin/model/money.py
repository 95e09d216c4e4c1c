"""The ledger: profit and loss, balance sheet and cash of each day, in whole cents and by double entry."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.model.accounts import ACCOUNTS, COSTS, EQUITY, INCOME, RESULTS, all_cents, cents
from twin.model.inputs import Values, Vectors
from twin.model.kernels import books as kernel
from twin.model.month import Months

if TYPE_CHECKING:
    from twin.model.business import Business

Record = Mapping[str, np.ndarray]  # fields of the record, by day
ON_NO_ACCOUNT = (  # behind the accounts, as kernels/books.py has them, and what the record calls them
    "purchases", "loans_lent", "loan_payments", "recoveries_expected", "recoveries", "held", "value_in_hand",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(ACCOUNTS)}
AMOUNT = {**PLACE, **{name: len(ACCOUNTS) + n for n, name in enumerate(ON_NO_ACCOUNT)}}
RECORDED = (  # as the record has them
    "fees", "purchases", "cost_of_goods", "waste_cost", "transport_cost", "shortage_cost", "loan_losses", "loans_lent",
    "interest_income", "loan_payments", "recoveries_expected", "recoveries", "wages", "value_in_hand",
)  # fmt: skip
GOODS = ("stock_value", "work_in_process", "value_on_the_way")  # what is held, at cost
IMPUTED = ("holding_cost", "shortage_cost")  # costs that nobody is paid for
OWED = ("payables", "wages_due", "borrowings")
OWNED = ("cash", "receivables", "stock_value", "value_in_hand", "loan_balance", "recoveries_due")


class Ledger(mesa.Agent):
    """Books each day's amounts once, and carries what is owned and owed forward. No day of the business hangs on it.

    Customers pay after customer_payment_days, paid_at_once_share of it at once; returned goods are taken off what they
    owe. Goods are sold, and a cost, when the order leaves that took them; until then they stand in the stock or, with
    an open order, in hand, at cost. Suppliers and carriers are paid after supplier_payment_days. Wages and fees are
    paid on a day of the month, wage_day and fee_day; 0 is day by day.
    Holding stock and being out of it are costs without a payment: they have an account of their own in the equity.
    A term that a template does not declare is none: paid on the day.
    """

    def __init__(self, business: "Business", values: Values, vectors: Vectors) -> None:
        super().__init__(business)
        self.values, self.months = values, Months(vectors, business.inputs.days)
        self.balance, self.flow = np.zeros(kernel.ACCOUNTS, np.int64), np.zeros(kernel.FLOWS, np.int64)
        self.dues = np.zeros((2, len(self.months.days)), np.int64)  # of invoices and of bills
        self.in_hand = 0  # what the goods of open orders cost on the first morning

    def remember(self, record: Record) -> None:
        """Live the recorded days by today's terms: what of them is not yet paid on the first morning is owed then.

        What is open on the last evening is in hand.
        """
        past = self.months.replayed
        amounts = self._amounts(record, [self.values] * past)
        kernel.remembered(self.balance, self.flow, self.dues, amounts, self._terms(-past, [self.values] * past))
        self.in_hand = int(amounts[-1, AMOUNT["value_in_hand"]]) if past else 0

    def close(self, record: Record, numbers: Sequence[Values]) -> dict[str, np.ndarray]:
        """Book all days and close each; returns the fields of the record that are money, as they were booked."""
        amounts, days = self._amounts(record, numbers), len(numbers)
        self._open(record, amounts[0])
        evenings, flows = np.zeros((days, kernel.ACCOUNTS), np.int64), np.zeros((days, kernel.FLOWS), np.int64)
        kernel.closed(
            self.balance, self.flow, self.dues, self.months.replayed, amounts, self._terms(0, numbers), evenings, flows
        )
        return self._evenings(record, amounts, evenings, flows)

    def _amounts(self, record: Record, numbers: Sequence[Values]) -> np.ndarray:
        """Everything that is booked, in cents, by day and in the order of kernels/books.py."""
        days = len(numbers)
        found, nothing = np.zeros((days, kernel.AMOUNTS), np.int64), np.zeros(days)
        sales, orders = record.get("revenue", nothing), record.get("supplier_orders", nothing)
        stock = record.get("stock_value", nothing)
        told = {
            "sales": sales,
            "returns": sales * by_day("return_share", numbers),
            "marketing_cost": by_day("marketing", numbers),
            "fixed_costs": by_day("fixed_costs", numbers),
            "holding_cost": stock * by_day("holding_cost_share", numbers) / kernel.YEAR_DAYS,
            "ordering_cost": orders * by_day("ordering_cost", numbers),
        }
        own = ("holding_cost", "ordering_cost", *RECORDED)  # a supply network reckons its own costs
        for name, amount in (told | {name: record[name] for name in own if name in record}).items():
            found[:, AMOUNT[name]] = all_cents(name, amount)
        found[:, AMOUNT["held"]] = self._held(record, days)
        return found

    def _held(self, record: Record, days: int) -> np.ndarray:
        """What goods on shelves, in the orders in work and on the way between own places cost, in cents."""
        stock, in_work, moving = (record.get(name, np.zeros(days)) for name in GOODS)
        return all_cents("stock_value", stock + in_work) + all_cents("value_on_the_way", moving)

    def _terms(self, first: int, numbers: Sequence[Values]) -> np.ndarray:
        """The terms of each day from the first on, in the order of kernels/books.py."""
        day_of_month = np.array(self.months.days)[self.months.replayed + first :][: len(numbers)]
        customers, suppliers, wages, fees = (
            np.maximum(0.0, np.rint(by_day(name, numbers)))
            for name in ("customer_payment_days", "supplier_payment_days", "wage_day", "fee_day")
        )
        is_due = [(due == 0.0) | (due == day_of_month) for due in (wages, fees)]
        shares = [by_day(name, numbers) for name in ("paid_at_once_share", "borrowing_rate", "overdraft_rate")]
        return np.array([customers, suppliers, shares[0], *is_due, *shares[1:]], float).T.copy()

    def _open(self, record: Record, amounts: np.ndarray) -> None:
        """The first morning: what is in the bank is known, the stock and the loans stand as they were before today."""
        today = {name: int(amounts[place]) for name, place in AMOUNT.items()}
        lent = today["loans_lent"] + today["interest_income"]
        gone = today["loan_payments"] + today["loan_losses"] + today["recoveries_expected"]
        taken = today["cost_of_goods"] + today["value_in_hand"] - self.in_hand
        loans, back = (
            cents(float(record[name][0])) if name in record else 0 for name in ("loan_balance", "recoveries_due")
        )
        opening = {
            "cash": cents(self.values["opening_cash"]),
            "stock_value": today["held"] - today["purchases"] + today["waste_cost"] + taken,
            "value_in_hand": self.in_hand,
            "loan_balance": loans - lent + gone,
            "recoveries_due": back - today["recoveries_expected"] + today["recoveries"],
            "borrowings": -cents(self.values.get("opening_borrowings", 0.0)),
        }
        opening |= {name: int(self.balance[PLACE[name]]) for name in ("receivables", "payables", "wages_due")}
        self.balance[:] = 0
        for name, amount in opening.items():
            self.balance[PLACE[name]] = amount
        self.balance[PLACE["capital"]] = -self.balance.sum()
        self.flow[[kernel.RECEIVED, kernel.PAID]] = 0  # what was in the bank before did not come in today

    def _evenings(
        self, record: Record, amounts: np.ndarray, evenings: np.ndarray, flows: np.ndarray
    ) -> dict[str, np.ndarray]:
        """The money of each day as it was booked."""
        on = dict(zip(ACCOUNTS, evenings.T, strict=True))
        found = {name: on[name] for name in (*COSTS, *OWNED)} | {name: -on[name] for name in OWED}
        found |= {name: amounts[:, AMOUNT[name]] for name in ("fees", "purchases")}
        if "work_in_process" in record:
            found["work_in_process"] = all_cents("work_in_process", record["work_in_process"])
            found["stock_value"] = found["stock_value"] - found["work_in_process"]
        if "value_on_the_way" in record:
            found["stock_value"] = found["stock_value"] - all_cents("value_on_the_way", record["value_on_the_way"])
        found["costs"], results = together(on, COSTS), together(on, RESULTS)
        found["imputed_costs"] = together(on, IMPUTED)
        found |= {"profit": -results, "revenue": -together(on, INCOME), "equity": -results - together(on, EQUITY)}
        found |= {"cash_received": flows[:, kernel.RECEIVED], "cash_paid": flows[:, kernel.PAID]}
        return {name: amount / 100.0 for name, amount in found.items()}


def by_day(name: str, numbers: Sequence[Values]) -> np.ndarray:
    """A number on each day; nothing where it is not declared."""
    return np.array([one.get(name, 0.0) for one in numbers])


def together(on: Mapping[str, np.ndarray], names: Sequence[str]) -> np.ndarray:
    """What stands on these accounts together."""
    return reduce(np.add, [on[name] for name in names])
