"""The ledger in plain Python, day by day with a dictionary of accounts: what the compiled books must agree with."""

from collections.abc import Iterable

from twin.model.accounts import ACCOUNTS, COSTS, EQUITY, RESULTS, cents
from twin.model.inputs import Values, Vectors
from twin.model.month import Months

NOUGHT = dict.fromkeys(RESULTS, 0)
CASH = "cash"
YEAR_DAYS = 365.0
ROUNDING = 3  # cents by which three rounded amounts, goods in hand and a stock on two evenings can differ
GIVEN = (
    "cost_of_goods",
    "waste_cost",
    "transport_cost",
    "shortage_cost",
    "loan_losses",
)  # costs as the record has them
AT_ONCE = ("marketing_cost", "ordering_cost", "fixed_costs")  # costs that are paid on the day
INVOICED = ("purchases", "transport_cost")
IMPUTED = ("holding_cost", "shortage_cost")  # costs that nobody is paid for
LENDING = ("loans_lent", "interest_income", "loan_payments", "recoveries_expected", "recoveries")
IN_WORK = ("work_in_process",)
SHOWN = ("receivables", "stock_value", "value_in_hand", "loan_balance", "recoveries_due")


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
        self.balance = dict.fromkeys(ACCOUNTS, 0)
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


class Ledger:
    """Books each day as the twin's ledger does."""

    def __init__(self, values: Values, vectors: Vectors, days: int) -> None:
        self.values, self.months = values, Months(vectors, days)
        self.accounts, self.opened = Accounts(), False
        self.invoices, self.bills = OpenItems(), OpenItems()
        self.unbilled = 0  # fees earned and not yet due; among the receivables
        self.in_hand = 0  # what the goods of open orders cost on the first morning

    def remember(self, past: Iterable[tuple[int, Values, float]]) -> None:
        """Live the recorded days by today's terms: what of them is not yet paid on the first morning is owed then.

        past : day, record and wages; what is open on the last evening is in hand
        """
        for day, record, wages in past:
            self.in_hand = cents(record.get("value_in_hand", 0.0))
            amounts = self._amounts(record, self.values, wages)
            self._earn(day, amounts, self.values)
            self._buy(day, amounts, self.values)
            self._settle(day, self.values)

    def close(self, day: int, record: Values, levers: Values, wages: float) -> Values:
        """Book the day and close it; returns the fields of the record that are money, as they were booked."""
        numbers = self.values | levers
        amounts = self._amounts(record, numbers, wages)
        if not self.opened:
            self._open(record, amounts)
        self._fit_stock(record, amounts)
        self._pay_interest(numbers)
        self._earn(day, amounts, numbers)
        self._buy(day, amounts, numbers)
        self._spend(amounts)
        self._lend(amounts)
        self._settle(day, numbers)
        return self._evening(record, amounts)

    def _amounts(self, record: Values, numbers: Values, wages: float) -> dict[str, int]:
        """Everything that is booked today, in cents."""
        sales, orders = record.get("revenue", 0.0), record.get("supplier_orders", 0.0)
        found = {
            "sales": sales,
            "fees": record.get("fees", 0.0),
            "returns": sales * numbers.get("return_share", 0.0),
            "purchases": record.get("purchases", 0.0),
            "wages": wages,
            "marketing_cost": numbers.get("marketing", 0.0),
            "fixed_costs": numbers["fixed_costs"],
            "holding_cost": record.get("stock_value", 0.0) * numbers.get("holding_cost_share", 0.0) / YEAR_DAYS,
            "ordering_cost": orders * numbers.get("ordering_cost", 0.0),
        }
        told = ("holding_cost", "ordering_cost", *GIVEN, *LENDING)  # a supply network reckons its own costs
        return {name: cents(value) for name, value in (found | {n: record[n] for n in told if n in record}).items()}

    def _open(self, record: Values, amounts: dict[str, int]) -> None:
        """The first morning: what is in the bank is known, the stock and the loans stand as they were before today."""
        get, balance = amounts.get, self.accounts.balance
        owed = {name: balance[name] for name in ("receivables", "payables", "wages_due")}
        self.accounts, self.opened = Accounts(), True
        stock = goods_at_cost(record) - amounts["purchases"] + get("waste_cost", 0)
        lent = get("loans_lent", 0) + get("interest_income", 0)
        gone = get("loan_payments", 0) + get("loan_losses", 0) + get("recoveries_expected", 0)
        opening = owed | {
            "cash": cents(self.values["opening_cash"]),
            "stock_value": stock + taken(record, amounts, self.in_hand),
            "value_in_hand": self.in_hand,
            "loan_balance": cents(record.get("loan_balance", 0.0)) - lent + gone,
            "recoveries_due": (
                cents(record.get("recoveries_due", 0.0)) - get("recoveries_expected", 0) + get("recoveries", 0)
            ),
            "borrowings": -cents(self.values.get("opening_borrowings", 0.0)),
        }
        for account, amount in opening.items():
            self.accounts.book(account, "capital", amount)
        self.accounts.received = self.accounts.paid = 0  # what was in the bank before did not come in today

    def _fit_stock(self, record: Values, amounts: dict[str, int]) -> None:
        """Let the stock in the books be that on the shelves to the cent: what rounding leaves goes with the goods.

        On a day on which no goods come or leave, open orders bear it.
        """
        balance, get = self.accounts.balance, amounts.get
        amounts["taken"] = taken(record, amounts, balance["value_in_hand"])
        stands = balance["stock_value"] + amounts["purchases"] - get("waste_cost", 0) - amounts["taken"]
        left = stands - goods_at_cost(record)
        if abs(left) > ROUNDING:
            return
        for name, sign in (("cost_of_goods", 1), ("purchases", -1), ("waste_cost", 1)):
            if get(name, 0) > ROUNDING:
                amounts[name] += sign * left
                amounts["taken"] += left if name == "cost_of_goods" else 0
                return
        amounts["taken"] += max(left, -cents(record.get("value_in_hand", 0.0)))  # nobody holds less than nothing

    def _pay_interest(self, numbers: Values) -> None:
        """Interest of a day on what was borrowed and overdrawn this morning."""
        balance, borrowed = self.accounts.balance, -self.accounts.balance["borrowings"]
        overdrawn = max(0, -balance["cash"])
        yearly = borrowed * numbers.get("borrowing_rate", 0.0) + overdrawn * numbers.get("overdraft_rate", 0.0)
        self.accounts.book("interest_cost", "cash", cents(yearly / YEAR_DAYS / 100.0))

    def _earn(self, day: int, amounts: dict[str, int], numbers: Values) -> None:
        """Sales and fees; customers owe them until they pay."""
        book = self.accounts.book
        book("receivables", "sales", amounts["sales"])
        book("returns", "receivables", amounts["returns"])
        book("receivables", "fees", amounts["fees"])
        self.unbilled += amounts["fees"]
        billed = amounts["sales"] - amounts["returns"]
        if self._is_day("fee_day", day, numbers):
            billed, self.unbilled = billed + self.unbilled, 0
        at_once = cents(billed * numbers.get("paid_at_once_share", 0.0) / 100.0)
        self.invoices.add(day, at_once)
        self.invoices.add(day + self._days("customer_payment_days", numbers), billed - at_once)

    def _buy(self, day: int, amounts: dict[str, int], numbers: Values) -> None:
        """Goods, carriers and work, which are owed until they are paid."""
        book, get = self.accounts.book, amounts.get
        book("stock_value", "payables", amounts["purchases"])
        book("transport_cost", "payables", get("transport_cost", 0))
        book("wages", "wages_due", amounts["wages"])
        when = day + self._days("supplier_payment_days", numbers)
        self.bills.add(when, total(get(name, 0) for name in INVOICED))

    def _spend(self, amounts: dict[str, int]) -> None:
        """What leaves the stock, what is paid on the day, and what nobody is paid for."""
        book, get = self.accounts.book, amounts.get
        book("value_in_hand", "stock_value", amounts["taken"])
        book("cost_of_goods", "value_in_hand", get("cost_of_goods", 0))
        book("waste_cost", "stock_value", get("waste_cost", 0))
        for name in AT_ONCE:
            book(name, "cash", amounts[name])
        for name in IMPUTED:
            book(name, "imputed", get(name, 0))

    def _lend(self, amounts: dict[str, int]) -> None:
        """What is lent, what it earns, what comes back, and what does not."""
        if "loans_lent" not in amounts:
            return
        book = self.accounts.book
        book("loan_balance", "cash", amounts["loans_lent"])
        book("loan_balance", "interest_income", amounts["interest_income"])
        book("cash", "loan_balance", amounts["loan_payments"])
        book("loan_losses", "loan_balance", amounts["loan_losses"])
        book("recoveries_due", "loan_balance", amounts["recoveries_expected"])
        book("cash", "recoveries_due", amounts["recoveries"])

    def _settle(self, day: int, numbers: Values) -> None:
        """What is due today is paid."""
        book = self.accounts.book
        book("cash", "receivables", self.invoices.fallen(day))
        book("payables", "cash", self.bills.fallen(day))
        if self._is_day("wage_day", day, numbers):
            book("wages_due", "cash", -self.accounts.balance["wages_due"])

    def _is_day(self, name: str, day: int, numbers: Values) -> bool:
        """Whether what is paid on one day of the month is paid today; 0 is every day."""
        due = self._days(name, numbers)
        return due == 0 or self.months.day_of(day) == due

    def _days(self, name: str, numbers: Values) -> int:
        return max(0, round(numbers.get(name, 0.0)))

    def _evening(self, record: Values, amounts: dict[str, int]) -> Values:
        """The day's money as it was booked."""
        accounts, balance = self.accounts, self.accounts.balance
        costs, imputed = accounts.on(*COSTS), total([amounts.get(name, 0) for name in IMPUTED])
        found = {name: balance[name] for name in COSTS if name in record or balance[name] or name in amounts}
        found |= {name: balance[name] for name in SHOWN if name in record or name == "receivables"}
        if "stock_value" in found:
            found |= {name: cents(record[name]) for name in IN_WORK if name in record}
            found["stock_value"] -= cents(record.get("value_on_the_way", 0.0)) + total(found.get(n, 0) for n in IN_WORK)
        found |= {"fees": amounts["fees"], "purchases": amounts["purchases"], "costs": costs, "imputed_costs": imputed}
        found |= {name: -balance[name] for name in ("payables", "wages_due", "borrowings")}
        found |= {
            "cash_received": accounts.received,
            "cash_paid": accounts.paid,
            "interest_cost": balance["interest_cost"],
        }
        found |= {"equity": accounts.equity, "cash": balance["cash"]}
        profit = accounts.close()
        found |= {"revenue": profit + costs, "profit": profit}
        return {name: amount / 100.0 for name, amount in found.items()}


def goods_at_cost(record: Values) -> int:
    """What goods on shelves, in the orders in work and on the way between own places cost, in cents."""
    held = record.get("stock_value", 0.0) + record.get("work_in_process", 0.0)
    return cents(held) + cents(record.get("value_on_the_way", 0.0))


def taken(record: Values, amounts: dict[str, int], in_hand: int) -> int:
    """What the goods cost that orders took from the shelves, less what went back, in cents.

    in_hand : what those of open orders cost in the morning
    """
    return amounts.get("cost_of_goods", 0) + cents(record.get("value_in_hand", 0.0)) - in_hand
