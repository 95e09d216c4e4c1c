"""A book of loans as a template declares it, and whether such a book can be."""

import math
from collections.abc import Iterator, Mapping

from twin.errors import nearest
from twin.spec.parts import Number
from twin.spec.parts import Part as _Part

Values = Mapping[str, float]
NEAR = 1e-9
ROWS = ("current", "late_1", "late_2", "late_3")


class Row(_Part):
    """What becomes of a loan in a month, by where it stood; the rest stays where it is.

    worse_share : one month further behind, from the third into default; default_share : into default at once
    cure_share : pays all that is behind and is current again
    """

    worse_share: Number = 0.0
    cure_share: Number = 0.0
    default_share: Number = 0.0


class Collections(_Part):
    """Work that a late loan brings to the stations: each month that it is behind, one visit of this kind."""

    kind: str


class Book(_Part):
    """Loans that behave alike: who falls behind, what they bring, and what is lost.

    current, late_1, late_2, late_3 : what becomes of a loan in a month, by months behind
    correlation : how much of a borrower's luck is everybody's; persistence : how much of it stays for the next month
    factor : of the first month, in standard deviations, below 0 is bad; drawn where it is left out
    factor_shift : by how much all months are better or worse than they would be, in the same unit
    loans : at the start, where no records tell; new_per_month : and how many are granted
    amount, amount_scatter, term_months, rate : of a new loan; the rate is for a year
    rate_addition : to the rate of every loan; rate_response : how much more likely a current borrower is to fall
    behind for each point of it, as a share for a rate of 1
    recovery_share : of what was owed at default, which comes after recovery_days
    cure_response : how much more likely a late borrower is to pay up who was spoken to; 1 is twice as likely
    """

    current: Row = Row()
    late_1: Row = Row()
    late_2: Row = Row()
    late_3: Row = Row()
    correlation: Number = 0.0
    persistence: Number = 0.0
    factor: Number | None = None
    factor_shift: Number = 0.0
    loans: Number = 0.0
    new_per_month: Number = 0.0
    amount: Number = 0.0
    amount_scatter: Number = 0.0
    term_months: Number = 12.0
    rate: Number = 0.0
    rate_addition: Number = 0.0
    rate_response: Number = 0.0
    recovery_share: Number = 0.0
    recovery_days: Number = 0.0
    collections: Collections | None = None
    cure_response: Number = 0.0

    @property
    def rows(self) -> tuple[Row, ...]:
        """What becomes of a loan, by months behind."""
        return self.current, self.late_1, self.late_2, self.late_3


Books = Mapping[str, Book]


def named_book_faults(books: Books, kinds: Mapping[str, object]) -> Iterator[str]:
    """Names in books of loans that mean nothing, as sentences."""
    for name, book in books.items():
        if book.collections and book.collections.kind not in kinds:
            kind = book.collections.kind
            hint = nearest(kind, kinds) if kinds else "There are no kinds of work at all: leave collections out."
            yield f"books.{name}.collections.kind is '{kind}', and there is no such kind of work. {hint}"
        if book.current.cure_share != 0.0:
            yield f"books.{name}.current.cure_share is {book.current.cure_share}; a current loan has nothing to make up"


def numbered_book_faults(books: Books, values: Values) -> Iterator[str]:
    """Numbers with which a book of loans cannot be, as sentences with place, value and what is allowed."""
    for name, book in books.items():
        for row_name, row in zip(ROWS, book.rows, strict=True):
            yield from _row(f"books.{name}.{row_name}", row, values)
        for share in ("correlation", "persistence"):
            found = _number(getattr(book, share), values)
            if not 0.0 <= found <= 1.0:
                yield f"books.{name}.{share} is {found:g}{_named(getattr(book, share))}; it lies between 0 and 1"
        rate = _number(book.rate, values) + _number(book.rate_addition, values)
        if rate < -NEAR:
            yield f"books.{name}.rate with rate_addition is {rate:g}; a rate is not negative"
        months = _number(book.term_months, values)
        if months < 1.0:
            yield f"books.{name}.term_months is {months:g}{_named(book.term_months)}; a loan lasts at least one month"


def _row(place: str, row: Row, values: Values) -> Iterator[str]:
    """The shares of one row; that each lies between 0 and 1 holds for every share of a structure."""
    shares = {share: _number(getattr(row, share), values) for share in ("worse_share", "cure_share", "default_share")}
    total = math.fsum(shares.values())
    if total > 1.0 + NEAR:
        found = ", ".join(f"{share} {value:g}" for share, value in shares.items())
        yield f"{place} has {found}; together they are {total:g}, and at most 1 is allowed"


def _number(of: Number, values: Values) -> float:
    return float(values[of]) if isinstance(of, str) else float(of)


def _named(of: Number) -> str:
    return f" (parameter {of})" if isinstance(of, str) else ""
