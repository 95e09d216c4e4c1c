"""A business that lends: its books of loans, what they bring, and the work that late borrowers make."""

import math
from typing import TYPE_CHECKING, Protocol

import mesa
import numpy as np

from twin.model.callers import UNCUT, Callers
from twin.model.chance import Chance, Purpose
from twin.model.day_shape import DayShape
from twin.model.inputs import Values, Vectors
from twin.model.kernels import loans as kernel
from twin.model.kernels.callers import numbered
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import normal, poisson
from twin.model.month import Months
from twin.spec.loans import Book
from twin.spec.structure import Number, number

if TYPE_CHECKING:
    from twin.model.business import Business

MONTH_DAYS = 365.25 / 12.0
LOANS = 1 << 59  # entities of loans: LOANS + book and row, and from NEW on the day and its place in the day
BOOK, NEW, DAY = 1 << 52, 1 << 48, 1 << 20
SEASON = 12  # months for which a book without records is played, so that some are behind from the start
OURS = -2  # the segment of a call to the first book's borrower; no segment of customers has such a number
COUNTS = (
    ("loans_due", kernel.COUNT_DUE),
    ("loans_defaulted", kernel.COUNT_DEFAULTED),
    ("loans_paid", kernel.COUNT_PAID),
)
AMOUNTS = (
    ("loan_balance_due", kernel.BALANCE_DUE), ("interest_income", kernel.INTEREST), ("loan_payments", kernel.PAYMENTS),
    ("loan_losses", kernel.LOSSES), ("recoveries_expected", kernel.RECOVERABLE),
)  # fmt: skip


class Portfolio:
    """The loans of one book, a row each, and the factor that moves all borrowers of a month together.

    The first month's factor is the book's own where it is known; the months before it lead there from chance.

    place  : of the book among all books; luck and names of its loans differ from all others'
    called : the rows that are due today and behind
    """

    def __init__(self, book: Book, values: Values, chance: Chance, place: int = 0) -> None:
        self.book, self.values, self.chance, self.place = book, values, chance, place
        self.count = 0
        self.entity = np.empty(0, np.int64)
        self.table, self.rates = np.zeros((0, kernel.COLUMNS), np.int64), np.zeros((0, 2))
        self.called = np.empty(0, np.int64)
        self.sums, self.lent, self.new = np.zeros(kernel.SUMS, np.int64), 0, 0
        self.recovered, self.recoveries_due = 0, 0
        self.coming: dict[int, int] = {}  # recoveries in cents, by the day on which they come
        self.factor, self.month = normal(draw(chance[Purpose.LOAN_FACTOR], 0, -SEASON, 0)), -SEASON
        self.cuts = np.zeros((2, 4, 3))
        self.cut_for: tuple[int, tuple[float, ...]] = (0, ())

    def known(self, vectors: Vectors) -> None:
        """Begin with the loans that the records tell of, and with what is still to come of those in default."""
        mine = vectors["loan_book"] == self.place
        first = self._room(int(mine.sum()))
        rows = slice(first, self.count)
        balance = np.floor(100.0 * vectors["loan_balance"][mine] + 0.5).astype(np.int64)
        left = vectors["loan_months_left"][mine]
        nothing = np.zeros(len(mine), np.int64)
        called, new = (vectors.get(name, nothing)[mine] for name in ("loan_called", "loan_new"))
        instalment = np.floor(100.0 * vectors.get("loan_instalment", nothing)[mine] + 0.5).astype(np.int64)
        behind, due_day = vectors["loan_months_behind"][mine], vectors["loan_due_day"][mine]
        columns = (behind, balance, instalment, left, due_day, new - 1, called)
        for place, column in enumerate(columns):
            self.table[rows, place] = column
        rate = vectors["loan_rate"][mine]
        self.rates[rows, 0], self.rates[rows, 1] = (
            rate,
            np.where(instalment > 0, rate, -1.0),
        )  # -1: still to be worked out
        if "lost_book" in vectors:
            lost = vectors["lost_book"] == self.place
            self._expect(vectors["lost_balance"][lost], vectors["lost_days_ago"][lost])

    def _expect(self, balance: np.ndarray, days_ago: np.ndarray) -> None:
        """What is still to come of loans that went into default before today."""
        share, after = (self._now(of, self.values) for of in (self.book.recovery_share, self.book.recovery_days))
        for owed, ago in zip(balance.tolist(), days_ago.tolist(), strict=True):
            day, back = round(after) - int(ago), math.floor(100.0 * owed * share + 0.5)
            if day >= 0 and back > 0:
                self.coming[day] = self.coming.get(day, 0) + back
                self.recoveries_due += back

    def made_up(self, first_day: int) -> None:
        """Begin without records: loans of every age, some of them behind, as a year of such months leaves them."""
        first = self._room(round(self._now(self.book.loans, self.values)))
        chance = self.chance
        kernel.aged(
            chance[Purpose.LOAN_AMOUNT], chance[Purpose.LOAN_AGE], chance[Purpose.LOAN_DUE_DAY], self.count - first,
            *self._terms(self.values), self.entity, self.table, self.rates,
        )  # fmt: skip
        spoken_to = 1 if self.book.collections else 0
        for month in range(-SEASON, 1):
            until = first_day if month == 0 else kernel.DUE_DAYS + 1
            cuts = self._cut(month, self.values)[spoken_to]
            kernel.seasoned(chance[Purpose.LOAN_MONTH], month, until, cuts, self.count, self.entity, self.table)
        self.table[: self.count, kernel.REACHED] = spoken_to

    def fall_due(self, day: int, month: int, month_day: int, numbers: Values) -> None:
        """One day: what was recovered comes, whoever is due today pays or does not, and new loans are granted."""
        self.sums[:] = 0
        late = np.empty(self.count, np.int64)
        addition = self._now(self.book.rate_addition, numbers)
        found = kernel.fell_due(
            self.chance[Purpose.LOAN_MONTH], month, month_day, self._cut(month, numbers), addition,
            self._now(self.book.recovery_share, numbers), self.count, self.entity, self.table, self.rates,
            self.sums, late,
        )  # fmt: skip
        self.called = late[:found]
        self._recover(day, numbers)
        self._grant(day, month, numbers)

    def reach(self, rows: np.ndarray) -> None:
        """These borrowers were spoken to."""
        self.table[rows, kernel.REACHED] = 1

    def standing(self) -> tuple[int, int, int]:
        """How many loans are current and how many behind, and what all of them owe, in cents."""
        current, late, owed = kernel.counted(self.count, self.table)
        return int(current), int(late), int(owed)

    def _now(self, of: Number, numbers: Values) -> float:
        return number(of, numbers)

    def _terms(self, numbers: Values) -> tuple[float, float, int, float]:
        """What a new loan is like: mean amount, scatter, months and yearly rate."""
        book = self.book
        amount, scatter, rate = (self._now(of, numbers) for of in (book.amount, book.amount_scatter, book.rate))
        return amount, scatter, max(1, round(self._now(book.term_months, numbers))), rate

    def _recover(self, day: int, numbers: Values) -> None:
        """Book what comes back of today's defaults for later, and take what comes today."""
        back = int(self.sums[kernel.RECOVERABLE])
        when = day + max(0, round(self._now(self.book.recovery_days, numbers)))
        if back:
            self.coming[when] = self.coming.get(when, 0) + back
        self.recovered = self.coming.pop(day, 0)
        self.recoveries_due += back - self.recovered

    def _grant(self, day: int, month: int, numbers: Values) -> None:
        """New loans, which are due for the first time in the month after."""
        mean = self._now(self.book.new_per_month, numbers) / MONTH_DAYS
        self.new = int(poisson(draw(self.chance[Purpose.LOANS_NEW], self.place, day, 0), mean))
        first = self._room(self.new)
        self.entity[first : self.count] = self._name(NEW + day * DAY) + np.arange(self.new)
        keys = (self.chance[Purpose.LOAN_AMOUNT], self.chance[Purpose.LOAN_DUE_DAY])
        terms = self._terms(numbers)
        self.lent = int(kernel.granted(*keys, first, self.new, month, *terms, self.entity, self.table, self.rates))

    def _room(self, more: int) -> int:
        """Rows for so many more loans; returns the first of them."""
        first, self.count = self.count, self.count + more
        if self.count > len(self.entity):
            had, more = len(self.entity), max(self.count - len(self.entity), len(self.entity) + 256)
            self.entity = np.concatenate([self.entity, self._name(had) + np.arange(more)])
            self.table = np.concatenate([self.table, np.zeros((more, kernel.COLUMNS), np.int64)])
            self.rates = np.concatenate([self.rates, np.zeros((more, 2))])
        return first

    def _name(self, row: int) -> int:
        return LOANS + self.place * BOOK + row

    def _cut(self, month: int, numbers: Values) -> np.ndarray:
        """Where borrowers' luck is cut this month, for those not spoken to and for those who were."""
        while self.month < month:
            self.month += 1
            shock = normal(draw(self.chance[Purpose.LOAN_FACTOR], 0, self.month, 0))
            self.factor = kernel.next_factor(self.factor, shock, self._now(self.book.persistence, self.values))
            if self.month == 0 and self.book.factor is not None:
                self.factor = self._now(self.book.factor, self.values)
        correlation, rows = self._now(self.book.correlation, numbers), self._rows(numbers)
        luck = self.factor + self._now(self.book.factor_shift, numbers)
        wanted = (month, (correlation, luck, *rows))
        if wanted != self.cut_for:
            self.cut_for = wanted
            response = 1.0 + self._now(self.book.cure_response, numbers)
            for spoken_to, factor in enumerate((1.0, response)):
                shares = np.array(rows).reshape(4, 3)
                shares[:, 2] = np.minimum(shares[:, 2] * factor, 1.0 - shares[:, 0] - shares[:, 1])
                kernel.cut_at(shares, correlation, luck, self.cuts[spoken_to])
        return self.cuts

    def _rows(self, numbers: Values) -> tuple[float, ...]:
        """What becomes of a loan by months behind: shares in default, worse, cured; dearer loans are missed more."""
        book, found = self.book, []
        for behind, row in enumerate(book.rows):
            default, worse, cure = (
                self._now(of, numbers) for of in (row.default_share, row.worse_share, row.cure_share)
            )
            if behind == 0:
                addition = self._now(book.rate_addition, numbers)
                more = 1.0 + self._now(book.rate_response, numbers) * addition
                worse = min(1.0 - default, max(0.0, worse * more))
            found += [default, worse, cure]
        return tuple(found)


class Shift(Protocol):
    """What is to be known of a day at the stations: whose work was finished, by segment and row."""

    def finished(self) -> tuple[np.ndarray, np.ndarray]: ...


class Lending(mesa.Agent):
    """All books of a business; late borrowers are called by its teams, where the book says so."""

    def __init__(self, business: "Business", values: Values, vectors: Vectors) -> None:
        super().__init__(business)
        structure, self.chance = business.inputs.structure, business.chance
        self.months = Months(vectors, business.inputs.days)
        self.kinds = list(structure.kinds)
        self.staffed = bool(structure.stations)
        self.hours = DayShape(vectors["hour_share"])
        self.portfolios = [
            Portfolio(book, values, self.chance, place) for place, book in enumerate(structure.books.values())
        ]
        for one in self.portfolios:
            if "loan_book" in vectors:
                one.known(vectors)
            else:
                one.made_up(self.months.day_of(0))

    def fall_due(self, day: int, weekday: int, numbers: Values) -> Callers | None:
        """Play all loans that are due today; returns the calls that those behind are to get."""
        when = (day, self.months.month_of(day), self.months.day_of(day), numbers)
        calls: Callers | None = None
        for one in self.portfolios:
            one.fall_due(*when)
            if self.staffed and one.book.collections is not None and len(one.called):
                some = self._calls(one, day, weekday, numbers)
                calls = calls.joined(some) if calls else some
        return calls

    def _calls(self, one: Portfolio, day: int, weekday: int, numbers: Values) -> Callers:
        """A piece of work for each borrower who is behind, over the hours of the day."""
        rows, work = one.called, self.model.work
        assert one.book.collections is not None
        whose, nth, minute = one.entity[rows], np.zeros(len(rows), np.int64), np.empty(len(rows))
        self.hours.minutes(self.chance[Purpose.LOAN_CALL], day, weekday, whose, nth, minute)
        entity = np.empty(len(rows), np.int64)
        numbered(whose, day, nth, entity)
        order = np.argsort(minute, kind="stable")
        kind = np.full(len(rows), self.kinds.index(one.book.collections.kind))
        condition = work.conditions_of(entity, kind, numbers)
        full = np.ones(len(rows))
        segment = np.full(len(rows), OURS - one.place)
        return Callers(
            entity[order], minute[order], kind, condition[order], full, segment, rows[order], np.full(len(rows), UNCUT)
        )

    def learn(self, shift: Shift) -> None:
        """The evening: who of the borrowers was spoken to."""
        if not self.staffed:
            return
        segment, row = shift.finished()
        for one in self.portfolios:
            one.reach(row[segment == OURS - one.place])

    def record(self) -> Values:
        """The day's fields; amounts are whole cents."""
        found: Values = {}
        books = self.portfolios
        for name, place in COUNTS:
            found[name] = float(math.fsum(int(one.sums[place]) for one in books))
        for name, place in AMOUNTS:
            found[name] = math.fsum(int(one.sums[place]) for one in books) / 100.0
        current, late, owed = (math.fsum(column) for column in zip(*(one.standing() for one in books), strict=True))
        return found | {
            "loans_new": float(math.fsum(one.new for one in books)),
            "loans_lent": math.fsum(one.lent for one in books) / 100.0,
            "loans_called": float(math.fsum(len(one.called) for one in books)) if self.staffed else 0.0,
            "recoveries": math.fsum(one.recovered for one in books) / 100.0,
            "recoveries_due": math.fsum(one.recoveries_due for one in books) / 100.0,
            "loans_current": float(current),
            "loans_late": float(late),
            "loans_open": float(current + late),
            "loan_balance": owed / 100.0,
        }
