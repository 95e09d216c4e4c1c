"""Loans month by month: who pays, who falls behind, who pays up again and who never will.

A borrower's month is one standard normal value, sqrt(correlation) x the month's factor + sqrt(1 - correlation) x an
own part; low is bad. It falls into default, behind, or makes up for it at thresholds that give each its probability.
The month's factor is the same for all, so the thresholds become shares of the own part's luck once a month, and a
borrower costs one draw. Source: Vasicek (2002); the thresholds by state as in CreditMetrics (1997).

Amounts are whole cents, so that sums do not depend on their order.
"""

import math

from numba import njit

from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import exponential, logarithm, lognormal, normal

CURRENT, DEFAULT, PAID = 0, 4, 5  # 1, 2 and 3 are months behind
DUE_DAYS = 28  # every month has these
DEFAULTS, WORSE, CURES = 0, 1, 2
COUNT_DUE, COUNT_DEFAULTED, COUNT_PAID, BALANCE_DUE, INTEREST, PAYMENTS, LOSSES, RECOVERABLE = 0, 1, 2, 3, 4, 5, 6, 7
SUMS = 8
TINY = 1e-6  # a monthly rate at which an annuity is no more than equal parts, and its formula loses its digits


@njit(cache=True)
def share_below(x):
    """Which share of all standard normal values lies below x: the inverse of `normal`, by halving."""
    low, high = 0.0, 0.5
    for _ in range(1100):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        if normal(middle) < -abs(x):
            low = middle
        else:
            high = middle
    return high if x <= 0.0 else 1.0 - high


@njit(cache=True)
def given_factor(share, correlation, factor):
    """The chance of what happens to the worst `share` of all borrowers, in a month with this factor.

    Source: Vasicek (2002), Loan portfolio value.
    """
    if share <= 0.0 or share >= 1.0:
        return min(1.0, max(0.0, share))
    if correlation <= 0.0:
        return share
    if correlation >= 1.0:
        return 1.0 if factor < normal(share) else 0.0
    return share_below((normal(share) - math.sqrt(correlation) * factor) / math.sqrt(1.0 - correlation))


@njit(cache=True)
def cut_at(rows, correlation, factor, cuts):
    """Where a borrower's own luck is cut in a month with this factor, by months behind.

    rows : by months behind, the shares that default, that fall one month further behind, that make up for it
    cuts : the same shape; luck below the first is default, below the second worse, above the third a cure
    """
    for state in range(len(rows)):
        default = rows[state, DEFAULTS]
        cuts[state, 0] = given_factor(default, correlation, factor)
        cuts[state, 1] = given_factor(min(1.0, default + rows[state, WORSE]), correlation, factor)
        cuts[state, 2] = (
            given_factor(1.0 - rows[state, CURES], correlation, factor) if rows[state, CURES] > 0.0 else 1.0
        )


@njit(cache=True)
def next_factor(before, shock, persistence):
    """The factor of a month after that of the month before: standard normal again, whatever stays of it."""
    return persistence * before + math.sqrt(max(0.0, 1.0 - persistence * persistence)) * shock


@njit(cache=True)
def instalment_of(balance, rate, months):
    """What a month costs, in cents, so that the balance is paid off with interest after so many months."""
    months = max(1, months)
    monthly = rate / 12.0
    if monthly < TINY:
        return max(1, -int(-balance // months))
    return max(1, int(math.floor(balance * monthly / (1.0 - exponential(-months * logarithm(1.0 + monthly))) + 0.5)))


@njit(cache=True)
def outstanding(amount, rate, term, months):
    """What is left of an amount, in cents, with so many months of its term to go."""
    monthly = rate / 12.0
    if monthly < TINY:
        return max(1, int(math.floor(amount * months / term + 0.5)))
    step = logarithm(1.0 + monthly)
    share = (1.0 - exponential(-months * step)) / (1.0 - exponential(-term * step))
    return max(1, int(math.floor(amount * share + 0.5)))


@njit(cache=True)
def granted(key, due_key, first, count, born, amount, scatter, term, rate, entity, table, rates):
    """Write new loans into the rows from `first` on; returns what was lent, in cents."""
    lent = 0
    for row in range(first, first + count):
        cents = max(1, int(math.floor(100.0 * lognormal(draw(key, entity[row], 0, 0), amount, scatter) + 0.5)))
        _opened(table[row], cents, term, due_day(due_key, entity[row]), born)
        rates[row, 0], rates[row, 1] = rate, -1.0
        lent += cents
    return lent


@njit(cache=True)
def aged(key, age_key, due_key, count, amount, scatter, term, rate, entity, table, rates):
    """Write loans of every age, as a book holds them that has granted as many each month for a whole term."""
    for row in range(count):
        cents = max(1, int(math.floor(100.0 * lognormal(draw(key, entity[row], 0, 0), amount, scatter) + 0.5)))
        left = 1 + int(draw(age_key, entity[row], 0, 0) * term)
        _opened(table[row], outstanding(cents, rate, term, left), left, due_day(due_key, entity[row]), -1)
        rates[row, 0], rates[row, 1] = rate, -1.0


@njit(cache=True)
def due_day(key, entity):
    """The day of the month on which a loan is due, from 1 to 28."""
    return 1 + int(draw(key, entity, 0, 0) * DUE_DAYS)


STATE, BALANCE, INSTALMENT, LEFT, DUE_DAY, BORN, REACHED = 0, 1, 2, 3, 4, 5, 6
COLUMNS = 7


@njit(cache=True)
def _opened(loan, balance, left, day, born):
    loan[STATE], loan[BALANCE], loan[INSTALMENT] = CURRENT, balance, 0
    loan[LEFT], loan[DUE_DAY], loan[BORN], loan[REACHED] = left, day, born, 0


@njit(cache=True)
def seasoned(key, month, first_day, cuts, count, entity, table):
    """Move the states of loans through a month before the first day, no money with them; who defaults begins anew.

    first_day : only loans that are due before this day of the month
    """
    for row in range(count):
        loan = table[row]
        if loan[DUE_DAY] >= first_day:
            continue
        luck, state = draw(key, entity[row], month, 0), loan[STATE]
        if luck < cuts[state, 1]:
            loan[STATE] = state + 1 if luck >= cuts[state, 0] and state + 1 < DEFAULT else CURRENT
        elif luck > cuts[state, 2]:
            loan[STATE] = CURRENT


@njit(cache=True)
def fell_due(key, month, day, cuts, addition, recovery, count, entity, table, rates, sums, called):
    """All loans that are due on this day of the month: interest, then what each borrower does; returns how many
    are behind now, whose rows are written into `called`.

    cuts : of cut_at, for borrowers whom nobody spoke to in the last month and for those whom somebody did
    table : STATE to REACHED of each loan, whole numbers and cents; rates : as agreed, and as last charged
    sums  : COUNT_DUE to RECOVERABLE, added to
    """
    late = 0
    for row in range(count):
        loan = table[row]
        if loan[DUE_DAY] != day or loan[STATE] >= DEFAULT or loan[BORN] >= month:
            continue
        state, cut = loan[STATE], cuts[loan[REACHED]]
        luck = draw(key, entity[row], month, 0)
        _charged(loan, rates[row], addition, sums)
        loan[REACHED] = 0
        if luck < cut[state, 1] and (luck < cut[state, 0] or state + 1 == DEFAULT):
            _lost(loan, recovery, sums)
        elif luck < cut[state, 1]:
            loan[STATE] = state + 1
        else:
            _paid(loan, luck > cut[state, 2], sums)
        loan[LEFT] = max(0, loan[LEFT] - 1)
        if CURRENT < loan[STATE] < DEFAULT:
            called[late] = row
            late += 1
    return late


@njit(cache=True)
def _charged(loan, rates, addition, sums):
    """Interest for a month, on a loan whose instalment follows its rate."""
    rate = max(0.0, rates[0] + addition)
    if rate != rates[1]:
        rates[1] = rate
        loan[INSTALMENT] = instalment_of(loan[BALANCE], rate, loan[LEFT])
    interest = int(math.floor(loan[BALANCE] * (rate / 12.0) + 0.5))
    sums[COUNT_DUE] += 1
    sums[BALANCE_DUE] += loan[BALANCE]
    sums[INTEREST] += interest
    loan[BALANCE] += interest


@njit(cache=True)
def _lost(loan, recovery, sums):
    """The loan is in default: a part of it will come back, the rest is lost."""
    back = int(math.floor(loan[BALANCE] * recovery + 0.5))
    sums[COUNT_DEFAULTED] += 1
    sums[RECOVERABLE] += back
    sums[LOSSES] += loan[BALANCE] - back
    loan[STATE], loan[BALANCE] = DEFAULT, 0


@njit(cache=True)
def _paid(loan, cure, sums):
    """One instalment, or all that is behind as well; the last one pays off what is left."""
    months = 1
    if cure:
        months += loan[STATE]
        loan[STATE] = CURRENT
    paid = min(loan[BALANCE], months * loan[INSTALMENT])
    if loan[LEFT] <= 1 and loan[STATE] == CURRENT:
        paid = loan[BALANCE]
    loan[BALANCE] -= paid
    sums[PAYMENTS] += paid
    if loan[BALANCE] == 0:
        loan[STATE] = PAID
        sums[COUNT_PAID] += 1


@njit(cache=True)
def counted(count, table):
    """How many loans are current and how many behind, and what all of them owe, in cents."""
    current, late, owed = 0, 0, 0
    for row in range(count):
        state = table[row, STATE]
        if state == CURRENT:
            current += 1
        elif state < DEFAULT:
            late += 1
        owed += table[row, BALANCE]
    return current, late, owed
