"""Who falls behind, who pays up and who defaults, how much of it is shared luck, and what a call does."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.loan_tables import CURRENT, DEFAULT, MORE_THAN_ONE, PAID_OFF, LoanTables, reached
from twin.calibrate.shared_luck import Cell, Posterior, posterior
from twin.spec.loans import Book
from twin.spec.structure import Number

Floats = NDArray[np.float64]
FEWEST_CASES, FEWEST_MONTHS = 5, 6
WAYS = ("default", "worse", "same", "cure")
RESPONSE, FACTOR, CORRELATION, PERSISTENCE = "what a call does", "this month", "shared", "lasting"
TINY = 1e-12


@dataclass(frozen=True)
class Cut:
    """A cut of a borrower's luck: below it somebody who stood there goes this way, or worse; above it for a cure.

    called : of a cure, whether somebody had spoken to the borrower
    """

    behind: int
    way: str
    called: bool = False


@dataclass(frozen=True)
class Steps:
    """How many went which way: by month, months behind, whether they were called, and way (WAYS)."""

    counts: Floats  # (months, 4, 2, 4)
    book: Book

    def cases(self, behind: int) -> int:
        """How many months of loans that stood there are known."""
        return int(self.counts[:, behind].sum())

    @property
    def cuts(self) -> list[Cut]:
        """The cuts that enough cases lie on both sides of."""
        found = [cut for cut in self._possible() if self._known(cut)]
        alone = any(cut.way == "cure" and not cut.called for cut in found)
        return [cut for cut in found if cut.way != "cure" or alone]  # else nobody tells what happens without a call

    def _possible(self) -> Iterator[Cut]:
        for behind, row in enumerate(self.book.rows):
            if row.default_share != 0.0 and behind < DEFAULT - 1:
                yield Cut(behind, "default")
            yield Cut(behind, "worse")
            if behind > CURRENT:
                yield from (Cut(behind, "cure", called) for called in (False, True))

    def _known(self, cut: Cut) -> bool:
        own = self.counts[:, cut.behind].sum(axis=0)
        own = own[int(cut.called)] if cut.way == "cure" else own.sum(axis=0)
        return own[WAYS.index(cut.way)] >= FEWEST_CASES and own.sum() - own[WAYS.index(cut.way)] >= FEWEST_CASES

    def cells(self, cuts: list[Cut]) -> list[Cell]:
        """Borrowers who stood alike, with the ways that are told apart there."""
        found = []
        for behind in range(DEFAULT):
            for called in (False, True):
                own = [cut for cut in cuts if cut.behind == behind and (cut.way != "cure" or cut.called == called)]
                counts = self.counts[:, behind, int(called)]
                if own and counts.sum():
                    found.append(Cell(tuple(cuts.index(cut) for cut in own), _together(counts, own)))
        return found


def _together(counts: Floats, cuts: list[Cut]) -> Floats:
    """The ways that no cut tells apart, added up; a default where none is to be expected is falling further behind."""
    ends = [3 if cut.way == "cure" else 1 + WAYS.index(cut.way) for cut in cuts]
    bounds = [0, *ends, len(WAYS)]
    return np.stack([counts[:, a:b].sum(axis=1) for a, b in pairwise(bounds)], axis=1)


def steps(tables: LoanTables, calls: pd.DataFrame, known_since: pd.Timestamp, book: Book) -> Steps:
    """What became of every loan in every month of which the state before is known.

    calls       finished calls: customer_id, ended_at
    known_since the first day from which calls would be known; who was behind before may have been called or not
    """
    followed = tables.followed[tables.followed["before"] >= 0]
    called = reached(followed, calls)
    behind = followed["before"].to_numpy()
    use = (behind == CURRENT) | (book.collections is None) | (followed["was_due"] >= known_since).to_numpy()
    way = _ways(followed)
    month = followed["nth"].to_numpy()
    month = month - month.min() if len(month) else month
    counts = np.zeros((int(month.max()) + 1 if len(month) else 0, DEFAULT, 2, len(WAYS)))
    np.add.at(counts, (month[use], behind[use], (called & (behind > CURRENT)).astype(int)[use], way[use]), 1.0)
    return Steps(counts, book)


def _ways(followed: pd.DataFrame) -> NDArray[np.int64]:
    """Which way each went. Who is paid off from behind has paid up where more than an instalment was paid."""
    before, after = followed["before"].to_numpy(), followed["after"].to_numpy()
    much = (followed["paid"] > MORE_THAN_ONE * followed["due"].fillna(0.0)).to_numpy()
    cures = (before > CURRENT) & ((after == CURRENT) | ((after == PAID_OFF) & much))
    worse = (after < DEFAULT) & (after > before) | ((after == DEFAULT) & (before == DEFAULT - 1))
    return np.select([(after == DEFAULT) & ~worse, worse, cures], [0, 1, 3], 2).astype(np.int64)


def arrears(found: Steps, blueprint: Blueprint, later: int = 0) -> Part:
    """Every share of the book with its joint error, the shared luck, how it stands today, and what a call does.

    later : how many months after the last of the records this one is
    """
    book, cuts = found.book, found.cuts
    wanted, cells = blueprint.asked(_numbers(book)), found.cells(cuts)
    if not cells:
        return Part(reasons=dict.fromkeys(wanted, f"fewer than {FEWEST_CASES} loans that changed their state"))
    names, values, covariance = _told(book, cuts, posterior(cells, len(cuts), len(found.counts)), later)
    whole, few = Part(), len(found.counts) < FEWEST_MONTHS
    for place, name in enumerate(names):
        if name in wanted and not (few and name in (book.factor, book.correlation, book.persistence)):
            rows = sum(found.cases(behind) for behind in _where(book, name))
            error = float(np.sqrt(covariance[place, place]))
            whole.estimates[name] = Estimate(float(values[place]), error, rows, _method(book, name, found))
    kept = [place for place, name in enumerate(names) if name in whole.estimates]
    whole.covariances.append((tuple(names[place] for place in kept), covariance[np.ix_(kept, kept)]))
    whole.reasons.update({name: _reason(book, name, found) for name in wanted if name not in whole.estimates})
    return whole


def _told(book: Book, cuts: list[Cut], known: Posterior, later: int) -> tuple[list[str], Floats, Floats]:
    """Names, values and covariance of all numbers, over all points of the grid.

    Shares are logarithms until the end. A number that stands in several places is estimated from all of them together,
    by generalised least squares; so is what a call does, from those who were called and those who were not.
    """
    names = list(dict.fromkeys(name for cut in cuts for name in _names(cut, book)))
    stands = np.array([[float(name in _names(cut, book)) for name in names] for cut in cuts])
    weighing = np.zeros((len(names) + 1, len(cuts) + 1))
    weighing[:-1, :-1] = _weighing(stands, _logarithms(cuts, known, int(np.argmax(known.weights)), 0)[1][:-1, :-1])
    weighing[-1, -1] = 1.0
    points = np.flatnonzero(known.weights > TINY)
    every, own = [], []
    for point in points.tolist():
        values, spread = _logarithms(cuts, known, point, later)
        every.append([*(weighing @ values), np.log(known.correlation[point]), known.persistence[point]])
        own.append(np.pad(weighing @ spread @ weighing.T, (0, 2)))
    weights = known.weights[points] / known.weights[points].sum()
    middle = weights @ np.array(every)
    away = np.array(every) - middle
    covariance = np.tensordot(weights, np.array(own), 1) + (away * weights[:, None]).T @ away
    names = [*names, FACTOR, CORRELATION, PERSISTENCE]
    plain = np.array([name in (FACTOR, PERSISTENCE) for name in names])
    slope = np.exp(np.where(plain, 0.0, middle))
    values = np.where(plain, middle, slope) - np.array([float(name == RESPONSE) for name in names])
    called = {RESPONSE: book.cure_response, FACTOR: book.factor, CORRELATION: book.correlation}
    called[PERSISTENCE] = book.persistence
    return [str(called.get(name, name)) for name in names], values, covariance * np.outer(slope, slope)


def _weighing(stands: Floats, spread: Floats) -> Floats:
    """How each number follows from what was read: generalised least squares."""
    heavy = np.linalg.inv(spread)
    return np.asarray(np.linalg.solve(stands.T @ heavy @ stands, stands.T @ heavy))


def _names(cut: Cut, book: Book) -> list[str]:
    """The numbers that a cut tells of; one that the template gives as such has a place of its own."""
    row = book.rows[cut.behind]
    share = {"default": row.default_share, "worse": row.worse_share, "cure": row.cure_share}[cut.way]
    return [share if isinstance(share, str) else f"{cut.behind}: {cut.way}"] + [RESPONSE] * cut.called


def _logarithms(cuts: list[Cut], known: Posterior, point: int, later: int) -> tuple[Floats, Floats]:
    """The logarithm of each share in an average month, and the factor, with their covariance at a point of the grid."""
    narrow = np.sqrt(1.0 - known.correlation[point])
    means, spread = known.at(point, later)
    at = means[:-1] * narrow
    below, density = ndtr(at), narrow * np.exp(-0.5 * at**2) / np.sqrt(2.0 * np.pi)
    shares, slope = below.copy(), np.diag(density)
    for place, cut in enumerate(cuts):
        if cut.way == "cure":
            shares[place], slope[place] = 1.0 - below[place], -slope[place]
        if cut.way == "worse" and Cut(cut.behind, "default") in cuts:
            worst = cuts.index(Cut(cut.behind, "default"))
            shares[place] -= below[worst]
            slope[place, worst] = -density[worst]
    shares = np.maximum(shares, TINY)
    whole = np.eye(len(cuts) + 1)
    whole[:-1, :-1] = slope / shares[:, None]
    return np.r_[np.log(shares), means[-1]], whole @ spread @ whole.T


def _numbers(book: Book) -> list[Number]:
    """All numbers of a book that its months can tell."""
    shares = [of for row in book.rows for of in (row.default_share, row.worse_share, row.cure_share)]
    return [*shares, book.cure_response, book.factor or 0.0, book.correlation, book.persistence]


def _where(book: Book, name: str) -> list[int]:
    """From how many months behind a number is read."""
    rows = [n for n, row in enumerate(book.rows) if name in (row.default_share, row.worse_share, row.cure_share)]
    return rows or ([1, 2, 3] if name == book.cure_response else [0, 1, 2, 3])


def _method(book: Book, name: str, found: Steps) -> str:
    """How a number was found, in words."""
    months = len(found.counts)
    if name == book.correlation:
        return f"how far {months} months of all loans differ more than chance would have them; months as random effects"
    if name == book.factor:
        return f"how good the last of {months} months was against the others, and how much of that lasts until today"
    if name == book.persistence:
        return f"how alike months are that follow each other, {months} of them; months as random effects"
    if name == book.cure_response:
        called = int(found.counts[:, 1:, 1].sum())
        return f"those behind who were called, {called:,} months of loans, against those who were not"
    return f"months of loans that stood there, over {months} months with a luck of their own each (Vasicek)"


def _reason(book: Book, name: str, found: Steps) -> str:
    """Why a number could not be read, in words."""
    if name in (book.factor, book.correlation, book.persistence):
        return f"{len(found.counts)} months of loans, {FEWEST_MONTHS} needed"
    if name == book.cure_response:
        return f"fewer than {FEWEST_CASES} borrowers behind who paid up after a call, or without one"
    return f"fewer than {FEWEST_CASES} cases among {sum(found.cases(n) for n in _where(book, name)):,} months of loans"
