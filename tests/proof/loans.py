"""A book of loans against Vasicek: what is lost in good months and in the worst, in a month and in a year."""

import math
from functools import cache

import numpy as np

from tests import theory
from tests.proof.study import Size, Study
from twin.model.chance import Chance
from twin.model.inputs import Vectors
from twin.model.kernels import loans as kernel
from twin.model.loans import Portfolio
from twin.spec.loans import Book, Row

LOANS, BOOKS = 1000, 1000  # of a book, and books of a replication, of which the quantiles are taken
LEVELS = (0.5, 0.9, 0.99, 0.999)
OVER_A_YEAR = LEVELS[:3]  # the last would take minutes more a seed for a standard error of half a per cent
CENTS = 1_000_000
MEAN = "share lost, mean"
MONTH, YEAR = (0.05, 0.05, 0.45), (0.01, 0.02, 0.45)  # chance of default a month, correlation, loss given default
LASTING = (0.05, 0.05, 0.8)  # chance, correlation, and how much of the factor stays


@cache
def holding() -> Vectors:
    """Equal loans without interest, all due on the first of the month, that never end by themselves."""
    whole = np.zeros(LOANS, np.int64)
    return {
        "loan_book": whole, "loan_balance": np.full(LOANS, CENTS / 100.0), "loan_rate": np.zeros(LOANS),
        "loan_months_left": whole + 10**9, "loan_months_behind": whole, "loan_due_day": whole + 1,
    }  # fmt: skip


def owing(book: Book, chance: Chance) -> Portfolio:
    """A book of these loans."""
    one = Portfolio(book, {}, chance)
    one.known(holding())
    return one


def next_month(one: Portfolio, month: int) -> int:
    """Play one month; returns how many default."""
    one.fall_due(month, month, 1, {})
    return int(one.sums[kernel.COUNT_DEFAULTED])


def place(level: float) -> int:
    """Which of the books, in order of what they lost, stands at this level of Vasicek's quantiles."""
    return math.ceil(level * BOOKS)


def figure(level: float) -> str:
    """The name of what stands at a level: 0.99 of all books lost no more."""
    return f"share lost, book {place(level):,} of {BOOKS:,} in order"


def quantiles(lost: list[float], levels: tuple[float, ...]) -> dict[str, float]:
    """Mean and quantiles of the share that each book lost."""
    in_order = sorted(lost)
    found = {figure(level): in_order[place(level) - 1] for level in levels}
    return {MEAN: math.fsum(lost) / len(lost)} | found


def expected(numbers: tuple[float, float, float], levels: tuple[float, ...], months: int) -> dict[str, float]:
    """The same by theory: mean, and the expected book at each place in the order of so many."""
    share, correlation, loss = numbers
    below = theory.book_below(share, correlation, LOANS, months)
    mean = share if months == 1 else float((1.0 - below).sum()) / LOANS
    found = {figure(level): loss * theory.expected_in_order(below, place(level), BOOKS) / LOANS for level in levels}
    return {MEAN: loss * mean} | found


def in_a_month(seed: int, replication: int, length: int) -> dict[str, float]:
    """So many months of a factor of which nothing stays, each with a full book again: as many books."""
    share, correlation, loss = MONTH
    book = Book(current=Row(default_share=share), correlation=correlation, recovery_share=1.0 - loss)
    one, lost = owing(book, Chance(seed, replication)), []
    full = one.table.copy()
    for month in range(length):
        one.table[:] = full
        next_month(one, month)
        lost.append(int(one.sums[kernel.LOSSES]) / (LOANS * CENTS))
    return quantiles(lost, LEVELS)


def in_a_year(seed: int, replication: int, length: int) -> dict[str, float]:
    """So many books, each over a year in which the factor is the same in all months."""
    share, correlation, loss = YEAR
    book, lost = Book(current=Row(default_share=share), correlation=correlation, persistence=1.0), []
    for n in range(length):
        one = owing(book, Chance(seed, replication * BOOKS + n))
        lost.append(loss * sum(next_month(one, month) for month in range(12)) / LOANS)
    return quantiles(lost, OVER_A_YEAR)


def lasting(seed: int, replication: int, length: int) -> dict[str, float]:
    """A year of a factor of which a part stays: defaults against what its path implies, and two months together."""
    share, correlation, stays = LASTING
    book, ratios, pairs = Book(current=Row(default_share=share), correlation=correlation, persistence=stays), [], []
    for n in range(length):
        one, defaults, factors = owing(book, Chance(seed, replication * BOOKS + n)), [], []
        for month in range(12):
            defaults.append(next_month(one, month))
            factors.append(one.factor)
        path = theory.vasicek_given(share, correlation, np.array(factors))
        ratios.append(sum(defaults) / (LOANS * (1.0 - float(np.prod(1.0 - path)))))
        pairs.append(defaults[0] / LOANS * defaults[1] / (LOANS - defaults[0]))
    return dict(zip(TOGETHER, (float(np.mean(ratios)), float(np.mean(pairs))), strict=True))


TOGETHER = ("defaults in a year over those its factors imply", "default in a month and in the next")


def loan_studies() -> list[Study]:
    """The studies of loans."""
    about = f"Books of {LOANS:,} equal loans that share a part of their luck; {BOOKS:,} books a replication."
    return [
        Study(
            "Losses of a book in a month",
            f"{about} Default 0.05 a month, correlation 0.05, loss given default 0.45.",
            "`P(L <= x)`: binomial with p(z) = N((N^-1(PD) - sqrt(rho) z) / sqrt(1 - rho)), over z; order statistics",
            "Vasicek (2002)",
            expected(MONTH, LEVELS, 1),
            in_a_month,
            Size(420, BOOKS),
            Size(16, BOOKS),
        ),
        Study(
            "Losses of a book in a year of one factor",
            f"{about} Default 0.01 a month, correlation 0.02, the factor the same all year, loss given default 0.45.",
            "the same with 1 - (1 - p(z))^12",
            "Vasicek (2002), conditional on the factor",
            expected(YEAR, OVER_A_YEAR, 12),
            in_a_year,
            Size(64, BOOKS),
            Size(5, BOOKS),
        ),
        Study(
            "Good and bad times that last",
            f"{about} Default 0.05 a month over a year, correlation 0.05, of the factor 0.8 stays.",
            "1, given the path of factors; `N2(N^-1(PD), N^-1(PD); rho phi)`",
            "Vasicek (2002), conditional on the factor; bivariate normal",
            dict(zip(TOGETHER, (1.0, theory.both_default(LASTING[0], LASTING[1] * LASTING[2])), strict=True)),
            lasting,
            Size(48, BOOKS),
            Size(5, BOOKS),
        ),
    ]
