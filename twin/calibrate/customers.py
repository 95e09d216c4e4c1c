"""How often customers order and when they are gone for good: the BG/NBD model of Fader, Hardie and Lee (2005)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln

from twin.calibrate.estimate import Estimate, Part

Floats = NDArray[np.float64]

NAMES = ("rate_shape", "rate_scale_days", "dropout_a", "dropout_b")
LOG_BOUNDS = ((-4.6, 4.6), (-2.3, 9.2), (-6.9, 4.6), (-6.9, 6.9))
WIDEST_LOG_SD = 2.0
FEWEST_CUSTOMERS = 50
FEWEST_REPEATERS = 20
BURN_IN_SHARE = 0.25
ENOUGH_NEW = 400
DAY_SECONDS = 86_400.0
HALF_A_DAY = pd.Timedelta(hours=12)  # a first order comes at noon on average, records end at midnight


@dataclass(frozen=True)
class Histories:
    """What each customer did: repeats x, time from first to last order t_x, and time since the first order T."""

    repeats: Floats
    recency: Floats
    age: Floats

    def __len__(self) -> int:
        return len(self.repeats)

    def chosen(self, rows: NDArray[np.bool_]) -> "Histories":
        """The histories of some of the customers."""
        return Histories(self.repeats[rows], self.recency[rows], self.age[rows])


@dataclass(frozen=True)
class Fit:
    """The four numbers r, alpha, a and b that make the histories most likely, and how sure they are.

    values             r, alpha (in the time unit of the histories), a, b
    log_covariance     of the logarithms of the four
    log_likelihood     of all histories together
    settled            whether the records decide all four; False if one ran to the end of its range or
                       the peak is flat in some direction
    """

    values: Floats
    log_covariance: Floats
    log_likelihood: float
    customers: int
    settled: bool


def log_likelihoods(logs: Floats, known: Histories) -> Floats:
    """How likely each customer's history is (logarithm), given log r, log alpha, log a, log b.

    Source: Fader, Hardie and Lee (2005), "Counting your customers" the easy way, equation 6.
    """
    r, alpha, a, b = np.exp(logs)
    x = known.repeats
    buying = gammaln(r + x) - gammaln(r) + r * logs[1]
    leaving = gammaln(b + x) + gammaln(a + b) - gammaln(a + b + x) - gammaln(b)
    return buying + leaving + np.logaddexp(*_still_here_or_gone(r, alpha, a, b, known))


def _still_here_or_gone(r: float, alpha: float, a: float, b: float, known: Histories) -> tuple[Floats, Floats]:
    x = known.repeats
    here = -(r + x) * np.log(alpha + known.age)
    after_last = np.where(x > 0, b + x - 1, 1.0)
    gone = np.where(x > 0, np.log(a) - np.log(after_last) - (r + x) * np.log(alpha + known.recency), -np.inf)
    return here, gone


def score(logs: Floats, known: Histories) -> Floats:
    """The slope of the total log-likelihood in the four logarithms; zero at the best fit."""
    r, alpha, a, b = np.exp(logs)
    x = known.repeats
    here, gone = _still_here_or_gone(r, alpha, a, b, known)
    p_gone = expit(gone - here)
    p_here = 1 - p_gone
    after_last = np.where(x > 0, b + x - 1, 1.0)
    since_last, since_age = alpha + known.recency, alpha + known.age
    d_r = digamma(r + x) - digamma(r) + logs[1] - p_here * np.log(since_age) - p_gone * np.log(since_last)
    d_alpha = r / alpha - (r + x) * (p_here / since_age + p_gone / since_last)
    d_a = digamma(a + b) - digamma(a + b + x) + p_gone / a
    d_b = digamma(b + x) + digamma(a + b) - digamma(a + b + x) - digamma(b) - p_gone / after_last
    slopes = np.array([d_r.sum(), d_alpha.sum(), d_a.sum(), d_b.sum()])
    return slopes * np.array([r, alpha, a, b])


def information(logs: Floats, known: Histories, step: float = 1e-4) -> Floats:
    """How sharply the likelihood peaks: minus its second derivatives, from differences of the exact slope."""
    rows = [(score(logs - step * side, known) - score(logs + step * side, known)) / (2 * step) for side in np.eye(4)]
    matrix = np.array(rows)
    return (matrix + matrix.T) / 2


def log_covariance(peak: Floats) -> tuple[Floats, bool]:
    """The covariance of the logarithms; a direction that the records do not decide gets a wide but finite spread."""
    sharpness, directions = np.linalg.eigh(peak)
    least = 1 / WIDEST_LOG_SD**2
    covariance = directions @ np.diag(1 / np.maximum(sharpness, least)) @ directions.T
    return (covariance + covariance.T) / 2, bool(sharpness.min() > least)


def first_guess(known: Histories) -> Floats:
    """Where the search starts: everyone alike, ordering at the average rate."""
    rate = max(known.repeats.sum(), 1.0) / max(known.age.sum(), 1e-9)
    return np.log([1.0, np.clip(1 / rate, 0.2, 9000.0), 0.5, 2.0])


def fit(known: Histories) -> Fit:
    """The BG/NBD model by maximum likelihood, searched on the logarithms of its four numbers."""
    customers = len(known)

    def loss(logs: Floats) -> tuple[float, Floats]:
        return -log_likelihoods(logs, known).sum() / customers, -score(logs, known) / customers

    found = minimize(
        loss,
        first_guess(known),
        jac=True,
        method="L-BFGS-B",
        bounds=LOG_BOUNDS,
        options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 500},
    )
    logs = found.x
    covariance, sharp = log_covariance(information(logs, known))
    inside = all(low + 1e-6 < value < high - 1e-6 for value, (low, high) in zip(logs, LOG_BOUNDS, strict=True))
    return Fit(np.exp(logs), covariance, float(log_likelihoods(logs, known).sum()), customers, sharp and inside)


def alive_share(values: Floats, known: Histories) -> Floats:
    """How probable it is for each customer that they are still a customer today."""
    r, alpha, a, b = values
    here, gone = _still_here_or_gone(r, alpha, a, b, known)
    return np.asarray(expit(here - gone))


def expected_rate(values: Floats, known: Histories) -> Floats:
    """How many purchase days per unit of time are to be expected of each customer as of today."""
    r, alpha, _, _ = values
    return alive_share(values, known) * (r + known.repeats) / (alpha + known.age)


def histories(table: pd.DataFrame, until: pd.Timestamp) -> Histories:
    """What each customer did until a moment, in days, from a table of first_order, last_order and purchase_days."""
    repeats = table["purchase_days"].to_numpy(float) - 1
    recency = np.asarray((table["last_order"] - table["first_order"]).dt.days, dtype=float)
    age = (until - table["first_order"]).dt.total_seconds() / DAY_SECONDS
    return Histories(repeats, recency, np.asarray(age, dtype=float))


def truly_new(known: Histories, history_days: int) -> NDArray[np.bool_]:
    """Which customers joined while records were kept; records begin in mid-life, so at first everyone looks new."""
    late = known.age <= history_days * (1 - BURN_IN_SHARE)
    enough = late.sum() >= ENOUGH_NEW and (known.repeats[late] > 0).sum() >= ENOUGH_NEW / 2
    return late if enough else np.ones(len(known), dtype=bool)


def customers(table: pd.DataFrame, today: pd.Timestamp, history_days: int) -> Part:
    """How often customers order and how they leave, with each customer's own history for the start of the model."""
    known = histories(table, today - HALF_A_DAY)
    vectors = {
        "customer_id": table["customer_id"].to_numpy(np.int64),
        "customer_repeats": known.repeats.astype(np.int64),
        "customer_recency_days": known.recency,
        "customer_age_days": known.age,
    }
    repeaters = int((known.repeats > 0).sum())
    if len(known) < FEWEST_CUSTOMERS or repeaters < FEWEST_REPEATERS:
        needed = f"{FEWEST_CUSTOMERS} and {FEWEST_REPEATERS} needed"
        found = f"{len(known):,} customers found, {repeaters:,} who came back; {needed}"
        return Part(vectors=vectors, evidence={"customers": {"fitted": False, "why": found}})
    chosen = truly_new(known, history_days)
    fitted = fit(known.chosen(chosen))
    return Part(
        _estimates(fitted, len(known)),
        [(NAMES, fitted.log_covariance)],
        vectors,
        evidence=_customer_evidence(fitted, known),
    )


def _estimates(fitted: Fit, everyone: int) -> dict[str, Estimate]:
    who = f"all {everyone:,} customers"
    if fitted.customers < everyone:
        chosen = f"the {fitted.customers:,} of {everyone:,} customers"
        who = f"{chosen} who first ordered after the first quarter of the records"
    doubt = "" if fitted.settled else "; the records hardly decide a and b, so their range is wide"
    method = f"BG/NBD by maximum likelihood on days with an order, {who}{doubt}"
    errors = fitted.values * np.sqrt(np.diag(fitted.log_covariance))
    return {
        name: Estimate(float(value), float(error), fitted.customers, method)
        for name, value, error in zip(NAMES, fitted.values, errors, strict=True)
    }


def _customer_evidence(fitted: Fit, known: Histories) -> dict[str, Any]:
    return {
        "customers": {
            "fitted": True,
            "settled": fitted.settled,
            "log_likelihood": fitted.log_likelihood,
            "customers": len(known),
            "customers_used": fitted.customers,
            "alive": float(alive_share(fitted.values, known).sum()),
            "purchase_days_per_day_expected": float(expected_rate(fitted.values, known).sum()),
        }
    }
