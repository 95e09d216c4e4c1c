"""The books: what is earned, owed, paid and owned on each day, in whole cents and by double entry.

balance  what stands on each account: what it gets counts up, what it gives counts down
amounts  what is booked on a day, in the columns of the accounts and in those below
terms    of a day, see the columns below;  dues : what falls due on each day, of invoices and of bills
flow     cash that came in and went out today, and fees that are earned and not yet billed
"""

import math

from numba import njit

# Accounts, in the order of twin.model.accounts: what is owned, what is owed, equity, income and costs.
CASH, RECEIVABLES, STOCK, IN_HAND, LOANS, RECOVERABLE = range(6)
PAYABLES, WAGES_DUE, BORROWINGS, CAPITAL, IMPUTED, EARNINGS = range(6, 12)
SALES, FEES, INTEREST_INCOME = range(12, 15)
RETURNS, GOODS, WASTE, WAGES, MARKETING, TRANSPORT, ORDERING, FIXED, HOLDING, SHORTAGE = range(15, 25)
INTEREST, LOSSES, ACCOUNTS = 25, 26, 27
# Amounts that are on no account of their own: goods bought, loans, what comes back of them, and in the evening what
# goods cost that are held, and that open orders have taken.
BOUGHT, LENT, REPAID, EXPECTED_BACK, CAME_BACK, HELD, TAKEN, AMOUNTS = range(27, 35)
# Days until customers and suppliers are paid, the share that customers pay at once, whether wages are paid and fees
# billed today, and what borrowed and overdrawn money costs a year.
CUSTOMER_DAYS, SUPPLIER_DAYS, AT_ONCE, WAGE_DAY, FEE_DAY, BORROWING_RATE, OVERDRAFT_RATE, TERMS = range(8)
RECEIVED, PAID, UNBILLED, FLOWS = range(4)
INVOICES, BILLS = 0, 1
YEAR_DAYS = 365.0
ROUNDING = 3  # cents by which three rounded amounts, goods in hand and a stock on two evenings can differ


@njit(cache=True)
def cents(amount):
    """An amount of money in whole cents."""
    return int(math.floor(amount * 100.0 + 0.5))


@njit(cache=True)
def book(balance, flow, to, of, amount):
    """Book an amount to one account and off another (debit and credit)."""
    balance[to] += amount
    balance[of] -= amount
    if to == CASH or of == CASH:
        came = amount if to == CASH else -amount
        flow[RECEIVED if came > 0 else PAID] += abs(came)


@njit(cache=True)
def owe(due, day, after, amount):
    """Note an amount that is due so many days after a day, if that is still played."""
    if after < len(due) - day:
        due[day + int(after)] += amount


@njit(cache=True)
def fitted(balance, amounts):
    """Let the stock in the books be that on the shelves to the cent: what rounding leaves goes with the goods.

    On a day on which no goods come or leave, open orders bear it. Returns what the goods cost that orders took.
    """
    taken = amounts[GOODS] + amounts[TAKEN] - balance[IN_HAND]
    left = balance[STOCK] + amounts[BOUGHT] - amounts[WASTE] - taken - amounts[HELD]
    if abs(left) > ROUNDING:
        return taken
    if amounts[GOODS] > ROUNDING:
        amounts[GOODS] += left
        return taken + left
    if amounts[BOUGHT] > ROUNDING:
        amounts[BOUGHT] -= left
    elif amounts[WASTE] > ROUNDING:
        amounts[WASTE] += left
    else:
        return taken + max(left, -amounts[TAKEN])  # nobody holds less than nothing
    return taken


@njit(cache=True)
def earn(balance, flow, invoices, day, amounts, terms):
    """Sales and fees; customers owe them until they pay."""
    book(balance, flow, RECEIVABLES, SALES, amounts[SALES])
    book(balance, flow, RETURNS, RECEIVABLES, amounts[RETURNS])
    book(balance, flow, RECEIVABLES, FEES, amounts[FEES])
    flow[UNBILLED] += amounts[FEES]
    billed = amounts[SALES] - amounts[RETURNS]
    if terms[FEE_DAY] > 0.0:
        billed += flow[UNBILLED]
        flow[UNBILLED] = 0
    at_once = cents(billed * terms[AT_ONCE] / 100.0)
    owe(invoices, day, 0.0, at_once)
    owe(invoices, day, terms[CUSTOMER_DAYS], billed - at_once)


@njit(cache=True)
def buy(balance, flow, bills, day, amounts, terms):
    """Goods, carriers and work, which are owed until they are paid."""
    book(balance, flow, STOCK, PAYABLES, amounts[BOUGHT])
    book(balance, flow, TRANSPORT, PAYABLES, amounts[TRANSPORT])
    book(balance, flow, WAGES, WAGES_DUE, amounts[WAGES])
    owe(bills, day, terms[SUPPLIER_DAYS], amounts[BOUGHT] + amounts[TRANSPORT])


@njit(cache=True)
def spend(balance, flow, amounts, taken):
    """What leaves the stock, what is paid on the day, and what nobody is paid for."""
    book(balance, flow, IN_HAND, STOCK, taken)
    book(balance, flow, GOODS, IN_HAND, amounts[GOODS])
    book(balance, flow, WASTE, STOCK, amounts[WASTE])
    book(balance, flow, MARKETING, CASH, amounts[MARKETING])
    book(balance, flow, ORDERING, CASH, amounts[ORDERING])
    book(balance, flow, FIXED, CASH, amounts[FIXED])
    book(balance, flow, HOLDING, IMPUTED, amounts[HOLDING])
    book(balance, flow, SHORTAGE, IMPUTED, amounts[SHORTAGE])


@njit(cache=True)
def lend(balance, flow, amounts):
    """What is lent, what it earns, what comes back, and what does not."""
    book(balance, flow, LOANS, CASH, amounts[LENT])
    book(balance, flow, LOANS, INTEREST_INCOME, amounts[INTEREST_INCOME])
    book(balance, flow, CASH, LOANS, amounts[REPAID])
    book(balance, flow, LOSSES, LOANS, amounts[LOSSES])
    book(balance, flow, RECOVERABLE, LOANS, amounts[EXPECTED_BACK])
    book(balance, flow, CASH, RECOVERABLE, amounts[CAME_BACK])


@njit(cache=True)
def settle(balance, flow, dues, day, terms):
    """What is due today is paid."""
    book(balance, flow, CASH, RECEIVABLES, dues[INVOICES, day])
    book(balance, flow, PAYABLES, CASH, dues[BILLS, day])
    dues[:, day] = 0
    if terms[WAGE_DAY] > 0.0:
        book(balance, flow, WAGES_DUE, CASH, -balance[WAGES_DUE])


@njit(cache=True)
def pay_interest(balance, flow, terms):
    """Interest of a day on what was borrowed and overdrawn this morning."""
    overdrawn = max(0, -balance[CASH])
    yearly = -balance[BORROWINGS] * terms[BORROWING_RATE] + overdrawn * terms[OVERDRAFT_RATE]
    book(balance, flow, INTEREST, CASH, cents(yearly / YEAR_DAYS / 100.0))


@njit(cache=True)
def remembered(balance, flow, dues, amounts, terms):
    """Live past days, the first of which is day 0 of what is due, to know what of them is still owed."""
    for day in range(len(amounts)):
        earn(balance, flow, dues[INVOICES], day, amounts[day], terms[day])
        buy(balance, flow, dues[BILLS], day, amounts[day], terms[day])
        settle(balance, flow, dues, day, terms[day])


@njit(cache=True)
def closed(balance, flow, dues, past, amounts, terms, evenings, flows):
    """Book so many days and close each; income and costs become earnings.

    past : days before the first;  evenings, flows : get balance and flow of each day before it is closed
    """
    for n in range(len(amounts)):
        taken = fitted(balance, amounts[n])
        pay_interest(balance, flow, terms[n])
        earn(balance, flow, dues[INVOICES], past + n, amounts[n], terms[n])
        buy(balance, flow, dues[BILLS], past + n, amounts[n], terms[n])
        spend(balance, flow, amounts[n], taken)
        lend(balance, flow, amounts[n])
        settle(balance, flow, dues, past + n, terms[n])
        evenings[n], flows[n] = balance, flow
        for account in range(SALES, ACCOUNTS):
            balance[EARNINGS] += balance[account]
            balance[account] = 0
        flow[RECEIVED], flow[PAID] = 0, 0
