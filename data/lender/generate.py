"""Make the records of a fictional lender, of which every true number is known (truth.toml).

An independent simulation in plain Python and NumPy that shares no code with the twin, so that what the twin
estimates from the records can be held against the truth. Written again with `python data/lender/generate.py`.
"""

import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # the module beside the folders of the businesses

import fictional  # noqa: E402
from fictional import DAY, Person, Piece, Queues, Truth, luck  # noqa: E402

KINDS = ("call", "enquiry")
CALL, ENQUIRY = range(2)
RANKS = (1, 0)  # the lower is served first: whoever enquires waits, a call does not
STATES = ("current", "late_1", "late_2", "late_3", "default", "paid_off")
DEFAULT, PAID_OFF = 4, 5
DUE_DAYS = 28  # every month has these
MONTH_DAYS = 365.25 / 12
NORMAL = NormalDist()
MONEY, WHOLE, NUMBER = pa.decimal128(12, 2), pa.int16(), pa.float64()
NOTE = (
    "Fictional records of a lender that does not exist, made by data/lender/generate.py of Understudy "
    "from the numbers in truth.toml. No person, borrower or firm is described. CC0 1.0: no rights reserved."
)
SCHEMAS = {
    "loans": {
        "loan_id": fictional.TEXT,
        "customer_id": fictional.TEXT,
        "granted_on": fictional.DATE,
        "amount": MONEY,
        "rate": NUMBER,
        "term_months": WHOLE,
        "due_day": WHOLE,
    },
    "loan_months": {
        "loan_id": fictional.TEXT,
        "due_on": fictional.DATE,
        "due": MONEY,
        "interest": MONEY,
        "paid": MONEY,
        "balance": MONEY,
        "state": fictional.TEXT,
    },
    "recoveries": {"loan_id": fictional.TEXT, "received_on": fictional.DATE, "amount": MONEY},
    "visits": fictional.VISITS,
    "visit_steps": fictional.STEPS,
    "attendance": fictional.ATTENDANCE,
}


# ------------------------------------------------------------------ loans


@dataclass
class Loan:
    """A loan in whole cents: what was agreed, and where it stands."""

    number: int
    granted: date
    amount: int
    rate: float
    term: int
    day: int
    balance: int
    instalment: int
    left: int
    state: int = 0
    reached: bool = False

    @property
    def name(self) -> str:
        """Its number, as a file has it."""
        return f"L{self.number:05d}"

    @property
    def borrower(self) -> str:
        """The number of who has it; each has one."""
        return f"B{self.number:05d}"


@dataclass
class Told:
    """What the records will hold of the loans."""

    months: list[tuple[Any, ...]] = field(default_factory=list)
    recoveries: list[tuple[Any, ...]] = field(default_factory=list)


class Book:
    """All loans of the lender, and the luck that all borrowers of a month share.

    Each month a borrower's luck is sqrt(correlation) x the month's + sqrt(1 - correlation) x an own part, both standard
    normal; the worst of it is default, then falling further behind, and the best is paying up.
    """

    def __init__(self, truth: Truth) -> None:
        self.truth, self.numbers = truth, truth["parameters"]
        self.draws, self.grants, self.backs = luck(truth, 6), luck(truth, 7), luck(truth, 8)
        self.shared = luck(truth, 9)
        self.factor = float(self.shared.standard_normal())
        self.month = (0, 0)
        self.loans: list[Loan] = []
        self.due: dict[int, list[Loan]] = defaultdict(list)
        self.open: list[Loan] = []
        self.told = Told()
        self.cuts = {(state, called): self.cut(state, called) for state in range(DEFAULT) for called in (False, True)}

    def fall_due(self, day: date) -> list[Loan]:
        """What becomes of the loans that are due today; returns those that are behind."""
        if (day.year, day.month) != self.month:
            self.month = (day.year, day.month)
            stays = self.numbers["persistence"]
            self.factor = stays * self.factor + math.sqrt(1 - stays**2) * float(self.shared.standard_normal())
        for loan in self.due[day.day]:
            if (loan.granted.year, loan.granted.month) != self.month:
                self.one_month(loan, day)
        self.due[day.day] = [loan for loan in self.due[day.day] if loan.state < DEFAULT]
        behind = [loan for loan in self.due[day.day] if loan.state > 0]
        self.grant(day)
        return behind

    def one_month(self, loan: Loan, day: date) -> None:
        """Interest, then what the borrower does."""
        shared = self.numbers["correlation"]
        own = float(self.draws.standard_normal())
        happens = math.sqrt(shared) * self.factor + math.sqrt(1 - shared) * own
        interest, before = round(loan.balance * loan.rate / 12), loan.state
        loan.balance += interest
        default, worse, cure = self.cuts[loan.state, loan.reached]
        paid, back, loan.reached = 0, loan.balance, False
        if happens < default or (happens < worse and before == 3):
            loan.state = DEFAULT
        elif happens < worse:
            loan.state = before + 1
        else:
            cures = before > 0 and happens > cure
            paid = min(loan.balance, loan.instalment * (1 + before if cures else 1))
            loan.state = 0 if cures else before
            if loan.left <= 1 and loan.state == 0:
                paid = loan.balance
            loan.balance -= paid
            loan.state = loan.state if loan.balance else PAID_OFF
        loan.left -= 1
        row = (loan.name, day, loan.instalment, interest, paid, loan.balance, STATES[loan.state])
        self.told.months.append(row)
        if loan.state == DEFAULT:
            self.recover(loan, day, back)

    def cut(self, state: int, called: bool) -> tuple[float, float, float]:
        """Below which luck a loan defaults, below which it falls further behind, above which all arrears are paid."""
        numbers = self.numbers
        if state == 0:
            sudden = numbers["sudden_default_share"]
            return NORMAL.inv_cdf(sudden), NORMAL.inv_cdf(sudden + numbers["late_share_month"]), math.inf
        cure = numbers[f"cure_share_{state}"] * (1 + numbers["cure_response"] if called else 1)
        return -math.inf, NORMAL.inv_cdf(numbers[f"worse_share_{state}"]), NORMAL.inv_cdf(1 - cure)

    def recover(self, loan: Loan, day: date, owed: int) -> None:
        """What comes back of a loan in default, once, some months later."""
        share, told = self.numbers["recovery_share"], self.truth["recoveries"]
        back = self.backs.beta(share * told["concentration"], (1 - share) * told["concentration"])
        days = fictional.log_normal(self.backs, self.numbers["recovery_days"], told["scatter"])
        if round(back * owed):
            self.told.recoveries.append((loan.name, day + timedelta(days=round(days)), round(back * owed)))

    def grant(self, day: date) -> None:
        """The day's new loans, due for the first time in the month after."""
        numbers, draws = self.numbers, self.grants
        for _ in range(draws.poisson(numbers["loans_new_per_month"] / MONTH_DAYS)):
            amount = round(100 * fictional.log_normal(draws, numbers["loan_amount"], numbers["loan_amount_scatter"]))
            term = chosen(draws, self.truth["terms"]["months"], self.truth["terms"]["share"])
            rate = chosen(draws, self.truth["rates"]["yearly"], self.truth["rates"]["share"])
            due, part = int(draws.randint(1, DUE_DAYS + 1)), annuity(amount, rate, term)
            loan = Loan(len(self.loans) + 1, day, amount, rate, term, due, amount, part, term)
            self.loans.append(loan)
            self.due[due].append(loan)
            self.open.append(loan)

    def borrower(self, draws: np.random.RandomState) -> str:
        """Somebody whose loan is running, each as likely as any other."""
        while True:
            place = int(draws.randint(len(self.open)))
            if self.open[place].state < DEFAULT:
                return self.open[place].borrower
            self.open[place] = self.open[-1]
            self.open.pop()


def annuity(amount: int, rate: float, term: int) -> int:
    """What is to be paid each month, in cents."""
    monthly = rate / 12
    return round(amount * monthly / (1 - (1 + monthly) ** -term))


def chosen(draws: np.random.RandomState, values: list[Any], shares: list[float]) -> Any:
    """One of the values, each with its share."""
    return values[int(np.searchsorted(np.cumsum(shares), draws.random_sample(), side="right"))]


# ------------------------------------------------------------------ the desk


@dataclass
class Call(Piece):
    """A call to a borrower who is behind."""

    loan: Loan | None = None


class Desk(Queues):
    """Answers enquiries first, in the order in which they came, and calls whoever is behind."""

    teams_of = {"desk": ("desk",)}  # noqa: RUF012

    def start(self, piece: Piece) -> str:
        """Everything begins and ends at the desk."""
        return "desk"

    def patience(self, piece: Piece, station: str) -> float:
        """Whoever enquires gives up after a while; a call is dropped from the list."""
        mean = self.numbers["call_lapse_minutes" if piece.kind == CALL else "patience_minutes"]
        return float(-mean * math.log(1 - self.draws.random_sample()))

    def work_minutes(self, piece: Piece, station: str, person: Person) -> float:
        """How long the work takes: log-normal."""
        return fictional.log_normal(
            self.draws, self.numbers[f"{KINDS[piece.kind]}_minutes"], self.numbers["desk_scatter"]
        )

    def onward(self, piece: Piece, station: str) -> str | None:
        """Out."""
        return None

    def finish(self, minute: float, whom: tuple[Piece, Person]) -> None:
        """The work is done; a borrower who was called has been spoken to."""
        piece = whom[0]
        if isinstance(piece, Call) and piece.loan:
            piece.loan.reached = True
        super().finish(minute, whom)


def staff(truth: Truth) -> list[Person]:
    """Everybody who works at the desk."""
    return [Person(f"A{n}", **place) for n, place in enumerate(fictional.places(truth), start=1)]


# ------------------------------------------------------------------ days


class Lender:
    """The book and the desk, day by day from the first loan to the end of the records."""

    def __init__(self, truth: Truth) -> None:
        self.truth, self.book, self.desk = truth, Book(truth), Desk(truth)
        self.spoken, self.times, self.pieces = luck(truth, 10), luck(truth, 11), list[Piece]()
        first = truth["desk_begins"]
        self.days = [first + timedelta(days=n) for n in range((truth["last_day"] - first).days + 1)]
        self.factors = fictional.day_factors(truth, self.days)
        self.shift = (first - truth["first_day"]).days  # where the desk begins, in days of the records
        people = fictional.attendance(truth, staff(truth), self.days)
        self.roster = [(self.shift + day, person, came) for day, person, came in people]

    def play(self) -> None:
        """All days."""
        day = self.truth["book_begins"]
        while day < self.truth["desk_begins"]:
            for loan in self.book.fall_due(day):
                loan.reached = bool(self.spoken.random_sample() < self.truth["reached_before"])
            day += timedelta(days=1)
        on = defaultdict[int, list[tuple[int, Person, bool]]](list)
        for row in self.roster:
            on[row[0]].append(row)
        for n, day in enumerate(self.days, start=self.shift):
            came = [*self.enquiries(n, day), *(self.call(n, day, loan) for loan in self.book.fall_due(day))]
            came.sort(key=lambda piece: piece.arrived)
            self.desk.play(came, on[n], (n + 1) * DAY)
            self.pieces += came

    def enquiries(self, n: int, day: date) -> Iterator[Piece]:
        """The day's enquiries, most of them of borrowers."""
        told, draws = self.truth["enquiries"], self.times
        for _ in range(draws.poisson(told["per_day"] * self.factors[n - self.shift])):
            known = draws.random_sample() < told["of_borrowers"]
            whose = self.book.borrower(draws) if known else ""
            yield Piece(whose, ENQUIRY, self.minute(n, day), RANKS[ENQUIRY])

    def call(self, n: int, day: date, loan: Loan) -> Call:
        """A call to somebody who is behind, from the day on which the loan was due."""
        return Call(loan.borrower, CALL, self.minute(n, day), RANKS[CALL], loan=loan)

    def minute(self, n: int, day: date) -> float:
        """When in the day, in minutes of the records."""
        hours = self.truth["hours"]["weekend" if day.weekday() >= 5 else "weekday"]
        hour = int(np.searchsorted(np.cumsum(hours) / sum(hours), self.times.random_sample(), side="right"))
        return n * DAY + (hour + float(self.times.random_sample())) * 60


# ------------------------------------------------------------------ rows


def cents(amount: int) -> Decimal:
    """Whole cents as money."""
    return Decimal(amount) / 100


def made(truth: Truth) -> dict[str, pa.Table]:
    """The six tables of the lender, by name."""
    lender = Lender(truth)
    lender.play()
    first, until = truth["first_day"], (truth["last_day"] - truth["first_day"]).days * DAY + DAY
    months = [row for row in lender.book.told.months if row[1] >= first]
    there = {row[0] for row in months}
    loans = [loan for loan in lender.book.loans if loan.name in there or loan.granted >= first]
    defaulted = {row[0] for row in months if row[6] == "default"}
    pieces = [known_by(piece, until) for piece in lender.pieces if piece.arrived >= 0.0]
    roster = [row for row in lender.roster if row[0] >= 0]
    rows: dict[str, Iterator[tuple[Any, ...]]] = {
        "loans": (loan_row(loan) for loan in loans),
        "loan_months": ((name, day, *map(cents, amounts), state) for name, day, *amounts, state in months),
        "recoveries": recovery_rows(lender.book.told.recoveries, defaulted, truth["last_day"]),
        "visits": with_nobody(fictional.visit_rows(truth, pieces, KINDS, "V")),
        "visit_steps": (row[:6] for row in fictional.step_rows(truth, pieces, "V")),
        "attendance": fictional.attendance_rows(fictional.calendar(truth), roster),
    }
    return {name: fictional.as_table(rows[name], SCHEMAS[name]) for name in SCHEMAS}


def known_by(piece: Piece, until: float) -> Piece:
    """A piece of work as it was known at the end of the records."""
    if piece.ended is not None and piece.ended >= until:
        piece.ended, piece.outcome = None, "open"
    return piece


def loan_row(loan: Loan) -> tuple[Any, ...]:
    """A row for a loan."""
    return loan.name, loan.borrower, loan.granted, cents(loan.amount), loan.rate, loan.term, loan.day


def recovery_rows(told: list[tuple[Any, ...]], defaulted: set[str], last: date) -> Iterator[tuple[Any, ...]]:
    """A row for each recovery of a default that the records tell of, in order of time."""
    for name, day, amount in sorted(told, key=lambda row: (row[1], row[0])):
        if name in defaulted and day <= last:
            yield name, day, cents(amount)


def with_nobody(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Visits, those of people who are no borrowers without a customer."""
    for number, customer, *rest in rows:
        yield number, customer or None, *rest


def main() -> None:
    """Write the records beside this script, or into the folder that is named."""
    fictional.run("a fictional lender", HERE, made, NOTE)


if __name__ == "__main__":
    main()
