"""A made-up book of loans of which the truth is known: how many went which way in each month."""

import numpy as np
from scipy.special import ndtr, ndtri

from twin.calibrate.arrears import Steps
from twin.calibrate.blueprint import Blueprint
from twin.spec.template import template

LENDER = template("lender")
BOOK = LENDER.structure.books["loans"]
BLUEPRINT = Blueprint(LENDER.structure, LENDER.declarations)
TRUTH = {
    "late_share_month": 0.03, "sudden_default_share": 0.001, "worse_share_1": 0.3, "cure_share_1": 0.32,
    "worse_share_2": 0.42, "cure_share_2": 0.2, "worse_share_3": 0.55, "cure_share_3": 0.12, "cure_response": 0.7,
    "correlation": 0.04, "persistence": 0.6,
}  # fmt: skip
STAND = ((3000, 0), (50, 90), (25, 40), (15, 30))  # how many loans, not called and called, by months behind


def factors(luck: np.random.Generator, months: int, persistence: float) -> np.ndarray:
    """The luck that all borrowers of a month share."""
    found = [luck.standard_normal()]
    for _ in range(months - 1):
        found.append(persistence * found[-1] + np.sqrt(1 - persistence**2) * luck.standard_normal())
    return np.array(found)


def shares(behind: int, called: int, factor: float, true: dict[str, float] = TRUTH) -> np.ndarray:
    """Of borrowers who stand there, the shares that default, fall further behind, stay and pay up in such a month."""
    default, worse = (
        (true["sudden_default_share"], true["late_share_month"])
        if behind == 0
        else (0.0, true[f"worse_share_{behind}"])
    )
    cure = true[f"cure_share_{behind}"] * (1 + called * true["cure_response"]) if behind else 0.0
    cuts = ndtri(np.array([default, default + worse, 1 - cure]))
    below = ndtr((cuts - np.sqrt(true["correlation"]) * factor) / np.sqrt(1 - true["correlation"]))
    return np.diff(np.r_[0.0, below, 1.0])


def planted(seed: int, months: int = 24, true: dict[str, float] = TRUTH) -> Steps:
    """So many months of a book of steady size."""
    luck = np.random.default_rng(seed)
    counts = np.zeros((months, 4, 2, 4))
    for month, factor in enumerate(factors(luck, months, true["persistence"])):
        for behind, both in enumerate(STAND):
            for called, loans in enumerate(both):
                counts[month, behind, called] = luck.multinomial(loans, shares(behind, called, factor, true))
    return Steps(counts, BOOK)
