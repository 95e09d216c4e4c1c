"""Every number of the books of loans, and the loans that run today."""

import numpy as np
import pandas as pd

from twin.calibrate.arrears import arrears, steps
from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part, joined
from twin.calibrate.loan_tables import LoanTables
from twin.calibrate.loan_terms import new_loans, policies, recoveries
from twin.calibrate.running_loans import lost, running
from twin.calibrate.visits import VisitTables
from twin.errors import UnknownName
from twin.spec.loans import Book

DONE = "done"


def loans(tables: VisitTables, blueprint: Blueprint) -> Part:
    """What the records tell of each book, where the business lends; nothing where it does not."""
    books, known = blueprint.structure.books, tables.loans
    if not books:
        return Part()
    if known is None or not len(known.loans):
        asked = blueprint.asked(of for place, of in blueprint.structure.numbers() if place.startswith("books."))
        return Part(reasons=dict.fromkeys(asked, "there are no loans in the records"))
    _require_known_books(known, list(books))
    parts = [_book(tables, known, name, place, blueprint) for place, name in enumerate(books)]
    whole = joined(parts)
    for vector in {name for part in parts for name in part.vectors}:
        whole.vectors[vector] = np.concatenate([part.vectors[vector] for part in parts])
    return _apart(whole, parts)


def _book(tables: VisitTables, known: LoanTables, name: str, place: int, blueprint: Blueprint) -> Part:
    """One book."""
    book, own = blueprint.structure.books[name], known.of_book(name, len(blueprint.structure.books) == 1)
    calls = _finished(tables, book)
    since = tables.visits["day"].min() if len(tables.visits) else tables.morning
    month, last = 12 * tables.today.year + tables.today.month, own.months["nth"].max()
    later = month - int(last) if len(own.months) else 0
    found = arrears(steps(own, calls, since, book), blueprint, later)
    parts = [found, new_loans(own, book, blueprint), policies(own, book, blueprint), recoveries(own, book, blueprint)]
    whole = joined(parts)
    whole.vectors.update(running(own, calls, place) | lost(own, place))
    if isinstance(book.loans, str) and book.loans in blueprint.declarations:
        count = len(whole.vectors["loan_book"])
        whole.estimates[book.loans] = Estimate(float(count), 0.0, count, "loans that run this morning")
    return whole


def _finished(tables: VisitTables, book: Book) -> pd.DataFrame:
    """The calls to borrowers that were finished."""
    visits = tables.visits
    kind = book.collections.kind if book.collections else None
    return visits[(visits["kind"] == kind) & (visits["outcome"] == DONE)][["customer_id", "ended_at"]]


def _apart(whole: Part, parts: list[Part]) -> Part:
    """Leave out what two books tell differently: a number that stands in both is not estimated from one of them."""
    told = [name for part in parts for name in part.estimates]
    twice = {name for name in told if told.count(name) > 1}
    for name in twice:
        del whole.estimates[name]
        whole.reasons[name] = "it stands in two books, whose records tell it apart"
    whole.covariances[:] = [(names, matrix) for names, matrix in whole.covariances if not twice & set(names)]
    return whole


def _require_known_books(known: LoanTables, books: list[str]) -> None:
    """Stop with a sentence where the records name a book that the template does not, or none where there are two."""
    for name in known.loans["book"].dropna().unique():
        if name not in books:
            raise UnknownName("book of loans", name, books)
