"""Loans as a textbook tells them, one borrower after the other: a latent normal value and its thresholds."""

import math
from dataclasses import dataclass, replace
from statistics import NormalDist

from twin.model.kernels.chance import draw

NORMAL = NormalDist()
DEFAULT, PAID = 4, 5


@dataclass(frozen=True)
class Loan:
    """One loan; amounts in cents, behind: months, or in default, or paid."""

    entity: int
    behind: int
    balance: int
    months_left: int
    due_day: int
    rate: float
    born: int = -1
    spoken_to: bool = False
    instalment: int = 0
    charged: float | None = None


def threshold(share: float) -> float:
    """The standard normal value below which a share lies."""
    return -math.inf if share <= 0.0 else math.inf if share >= 1.0 else NORMAL.inv_cdf(share)


def latent(luck: float, correlation: float, factor: float) -> float:
    """How a borrower's month is: partly everybody's luck, partly their own."""
    return math.sqrt(correlation) * factor + math.sqrt(1.0 - correlation) * NORMAL.inv_cdf(luck)


def instalment(balance: int, rate: float, months: int) -> int:
    """The annuity."""
    months = max(1, months)
    if rate / 12.0 < 1e-6:
        return max(1, math.ceil(balance / months))
    monthly = rate / 12.0
    return max(1, math.floor(balance * monthly / (1.0 - (1.0 + monthly) ** -months) + 0.5))


def month_of(
    loan: Loan, key: int, month: int, rows: list[tuple[float, float, float]], response: float, correlation: float,
    factor: float, addition: float, recovery: float,
) -> tuple[Loan, dict[str, int]]:  # fmt: skip
    """One borrower's month: the loan after it, and what was charged, paid, lost and is to come back."""
    rate = max(0.0, loan.rate + addition)
    if rate != loan.charged:
        loan = replace(loan, charged=rate, instalment=instalment(loan.balance, rate, loan.months_left))
    default, worse, cure = rows[loan.behind]
    if loan.spoken_to:
        cure = min(cure * response, 1.0 - default - worse)
    interest = math.floor(loan.balance * (rate / 12.0) + 0.5)
    owed = loan.balance + interest
    x = latent(draw(key, loan.entity, month, 0), correlation, factor)
    left = max(0, loan.months_left - 1)
    loan = replace(loan, spoken_to=False, months_left=left)
    if x < threshold(default) or (x < threshold(default + worse) and loan.behind == 3):
        back = math.floor(owed * recovery + 0.5)
        lost = {"interest": interest, "lost": owed - back, "back": back}
        return replace(loan, behind=DEFAULT, balance=0), lost
    if x < threshold(default + worse):
        return replace(loan, behind=loan.behind + 1, balance=owed), {"interest": interest}
    makes_up = x > threshold(1.0 - cure)
    paid = min(owed, loan.instalment * (1 + loan.behind if makes_up else 1))
    behind = 0 if makes_up else loan.behind
    if left == 0 and behind == 0:
        paid = owed
    return replace(loan, behind=PAID if paid == owed else behind, balance=owed - paid), {
        "interest": interest,
        "paid": paid,
    }
