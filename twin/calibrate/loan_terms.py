"""What new loans are like, how many there are, and what comes back of those in default."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.loan_tables import LoanTables
from twin.calibrate.visits import looked_up
from twin.spec.loans import Book
from twin.spec.structure import Number

Floats = NDArray[np.float64]
FEWEST = 20
MONTH_DAYS = 365.25 / 12.0


def new_loans(tables: LoanTables, book: Book, blueprint: Blueprint) -> Part:
    """How many loans are granted in a month, and how large they are: of the last year."""
    loans, whole = tables.year, Part()
    count, days = len(loans), tables.year_days
    if count < FEWEST:
        names = blueprint.asked([book.new_per_month, book.amount, book.amount_scatter])
        return Part(reasons=dict.fromkeys(names, f"{count} loans granted in the last year, {FEWEST} needed"))
    months = days / MONTH_DAYS
    method = f"loans granted in the last {days} days, over {months:.1f} months"
    _note(whole, book.new_per_month, Estimate(count / months, float(np.sqrt(count)) / months, count, method), blueprint)
    amount = loans["amount"].to_numpy(float)
    mean, deviation = float(amount.mean()), float(amount.std(ddof=1))
    scatter, away = deviation / mean, (amount - mean) / mean
    pulls = np.stack([away * mean, scatter * ((away / scatter) ** 2 - 1.0) / 2.0 - scatter * away])
    covariance = pulls @ pulls.T / count**2
    errors = np.sqrt(np.diag(covariance)).tolist()
    told = f"of {count:,} loans granted in the last {days} days"
    _note(whole, book.amount, Estimate(mean, errors[0], count, f"average {told}"), blueprint)
    _note(whole, book.amount_scatter, Estimate(scatter, errors[1], count, f"deviation over average {told}"), blueprint)
    pair = (str(book.amount), str(book.amount_scatter))
    if all(name in whole.estimates for name in pair):
        whole.covariances.append((pair, covariance))
    return whole


def policies(tables: LoanTables, book: Book, blueprint: Blueprint) -> Part:
    """Term and rate of new loans: facts that the lender decides, read from the last year's loans by amount."""
    loans, whole = tables.year, Part()
    if not len(loans):
        return whole
    method = f"average of {len(loans):,} loans granted in the last {tables.year_days} days, by amount"
    for of, column in ((book.term_months, "term_months"), (book.rate, "rate")):
        if isinstance(of, str) and of in blueprint.declarations:
            mean = float(np.average(loans[column].to_numpy(float), weights=loans["amount"].to_numpy(float)))
            mean = round(mean) if column == "term_months" else round(mean, 4)  # as they are agreed
            whole.estimates[of] = Estimate(mean, 0.0, len(loans), method)
    return whole


def recoveries(tables: LoanTables, book: Book, blueprint: Blueprint) -> Part:
    """Which share of what was owed at default comes back, and after how many days on average, each by its amount.

    By days since the default: what came back on a day, over what was owed of loans whose default is at least as long
    ago. Added up over the days that is the share, without favour for early or late ones. Source: the partitioned
    estimator of censored costs, Lin, Feuer, Etzioni and Wax (1997).
    """
    wanted = blueprint.asked([book.recovery_share, book.recovery_days])
    owed, age, back = _defaults(tables)
    if len(owed) < FEWEST or not len(back):
        return Part(reasons=dict.fromkeys(wanted, f"{len(owed)} loans in default, {FEWEST} needed"))
    exposed, share_of_day = _by_age(owed, age, back)
    share = float(share_of_day.sum())
    mean = float(np.arange(len(exposed)) @ share_of_day) / share
    pulls = _pulls(owed, age, back, share_of_day, exposed, mean / share, 1.0 / share)
    covariance = pulls @ pulls.T * (len(owed) / (len(owed) - 1.0))
    errors = np.sqrt(np.diag(covariance)).tolist()
    told = f"{len(owed):,} loans in default, of which {back['loan'].nunique():,} have paid anything yet"
    whole = Part()
    _note(
        whole, book.recovery_share, Estimate(share, errors[0], len(owed), f"{told}, by days since default"), blueprint
    )
    _note(whole, book.recovery_days, Estimate(mean, errors[1], len(owed), f"{told}, by amount"), blueprint)
    pair = (str(book.recovery_share), str(book.recovery_days))
    if all(name in whole.estimates for name in pair):
        whole.covariances.append((pair, covariance))
    return whole


def share_back(tables: LoanTables) -> float | None:
    """Which share of what was owed at default comes back; None with too few defaults to say."""
    owed, age, back = _defaults(tables)
    return float(_by_age(owed, age, back)[1].sum()) if len(owed) >= FEWEST else None


def _by_age(owed: Floats, age: NDArray[np.int64], back: pd.DataFrame) -> tuple[Floats, Floats]:
    """By days since default: what was owed by those who defaulted so long ago, and which share came back."""
    days = np.arange(int(age.max()) + 1)
    exposed = np.array([owed[age >= day].sum() for day in days])
    return exposed, np.bincount(back["days"], back["amount"], len(days)) / exposed


def _pulls(
    owed: Floats,
    age: NDArray[np.int64],
    back: pd.DataFrame,
    of_day: Floats,
    exposed: Floats,
    mean: float,
    per_share: float,
) -> Floats:
    """How much each default pulls on the share and on the mean days; together they pull nowhere."""
    days = np.arange(len(of_day))
    moment = days * per_share - mean
    usual = np.stack([np.cumsum(of_day / exposed), np.cumsum(moment * of_day / exposed)])
    found = -owed * usual[:, age]
    loan, day, amount = (back[name].to_numpy() for name in ("loan", "days", "amount"))
    np.add.at(found[0], loan, amount / exposed[day])
    np.add.at(found[1], loan, moment[day] * amount / exposed[day])
    return found


def _defaults(tables: LoanTables) -> tuple[Floats, NDArray[np.int64], pd.DataFrame]:
    """What each loan owed at default, how many days ago that is, and what came back: loan (its place), days, amount."""
    first = defaults(tables)
    place = pd.Index(first["loan_id"]).get_indexer(pd.Index(tables.recoveries["loan_id"]))
    came = tables.recoveries.assign(loan=place)[place >= 0]
    days = (came["received_on"] - first["due_on"].to_numpy()[came["loan"]]).dt.days
    came = came.assign(days=days)[days >= 0]
    age = (tables.morning - first["due_on"]).dt.days - 1
    return first["balance"].to_numpy(float), age.to_numpy(np.int64), came


def defaults(tables: LoanTables) -> pd.DataFrame:
    """The month in which each loan went into default, where that is in the records; what is told again is left out."""
    months = tables.months
    before = months["state"].shift().where(months["loan_id"] == months["loan_id"].shift())
    begun = (months["state"] == "default") & (before != "default")
    older = before.isna() & ~_young(tables)
    found = months[begun & ~older & (months["balance"] > 0)]
    return found.drop_duplicates("loan_id").reset_index(drop=True)


def _young(tables: LoanTables) -> pd.Series:
    """Whether a month may be a loan's first: it is due in the month after the loan was granted."""
    granted = looked_up(tables.months["loan_id"], tables.loans.set_index("loan_id")["granted_on"])
    return tables.months["nth"] <= 12 * granted.dt.year + granted.dt.month + 1


def _note(whole: Part, of: Number, found: Estimate, blueprint: Blueprint) -> None:
    if blueprint.asks(of):
        whole.estimates[str(of)] = found
