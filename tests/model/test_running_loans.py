"""A lender that begins with the loans that its records tell of: what runs, what is still to come, and the times."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.model.small_lender import LENDER, lender, lent_if, lent_today, lines
from twin.experiment.inputs import Bundle
from twin.model.chance import Chance
from twin.model.loans import Portfolio
from twin.spec.loans import Book, Collections, Row

SUMS = ("interest_income", "loan_payments", "loan_losses", "recoveries_expected", "recoveries", "loans_lent")


def running(**more: Any) -> Bundle:
    """The small lender with 90 loans from records, some behind, and three that were lost before."""
    count = 90
    vectors = {
        "loan_book": np.zeros(count, np.int64),
        "loan_balance": np.linspace(500.0, 9000.0, count).round(2),
        "loan_instalment": np.full(count, 250.0),
        "loan_rate": np.full(count, 0.08),
        "loan_months_left": np.arange(count) % 30 + 1,
        "loan_months_behind": np.arange(count) % 4,
        "loan_due_day": np.arange(count) % 28 + 1,
        "loan_called": (np.arange(count) % 3 == 0).astype(np.int64),
        "loan_new": (np.arange(count) >= 85).astype(np.int64),
        "lost_book": np.zeros(3, np.int64),
        "lost_balance": np.array([1000.0, 400.0, 80.0]),
        "lost_days_ago": np.array([5, 15, 40]),
    } | more
    bundle = lender()
    return replace(bundle, vectors=bundle.vectors | vectors)


def alone(book: Book, **vectors: Any) -> Portfolio:
    """A book with one loan of 1,000 at 12 %, due on the 5th with 10 months to go, and whatever else is told."""
    one = Portfolio(book, {}, Chance(1, 0))
    told = {
        "loan_book": np.zeros(1, np.int64), "loan_balance": np.array([1000.0]), "loan_rate": np.array([0.12]),
        "loan_months_left": np.array([10]), "loan_months_behind": np.array([0]), "loan_due_day": np.array([5]),
    }  # fmt: skip
    one.known(told | vectors)
    return one


def test_the_agreed_instalment_holds_until_the_rate_changes() -> None:
    one = alone(Book(), loan_instalment=np.array([150.0]))
    one.fall_due(4, 0, 5, {})
    assert one.table[0, 1] == 100_000 + 1_000 - 15_000
    dearer = alone(Book(rate_addition=0.01), loan_instalment=np.array([150.0]))
    usual = alone(Book(rate_addition=0.01))
    for book in (dearer, usual):
        book.fall_due(4, 0, 5, {})
    assert dearer.table[0, 1] == usual.table[0, 1], "at another rate it is an annuity again"


def test_a_loan_granted_this_month_is_first_due_in_the_next() -> None:
    one = alone(Book(), loan_new=np.array([1]))
    one.fall_due(4, 0, 5, {})
    assert one.table[0, 1] == 100_000
    one.fall_due(35, 1, 5, {})
    assert one.table[0, 1] < 100_000


def test_whoever_was_called_before_today_pays_up_more_often() -> None:
    book = Book(late_1=Row(cure_share=0.4), collections=Collections(kind="call"), cure_response=1.0)
    count = 4000
    cured = []
    for called in (0, 1):
        one = Portfolio(book, {}, Chance(1, 0))
        one.known({
            "loan_book": np.zeros(count, np.int64), "loan_balance": np.full(count, 1000.0),
            "loan_rate": np.zeros(count), "loan_months_left": np.full(count, 10),
            "loan_months_behind": np.ones(count, np.int64), "loan_due_day": np.full(count, 5),
            "loan_called": np.full(count, called),
        })  # fmt: skip
        one.fall_due(4, 0, 5, {})
        cured.append(float((one.table[:count, 0] == 0).mean()))
    for found, true in zip(cured, (0.4, 0.8), strict=True):
        assert abs(found - true) <= 3 * np.sqrt(true * (1 - true) / count)


def test_what_was_lost_before_today_comes_back_when_it_is_due() -> None:
    one = alone(
        Book(recovery_share=0.5, recovery_days=20.0),
        lost_book=np.array([0, 0, 0, 1]),
        lost_balance=np.array([100.0, 60.0, 30.0, 900.0]),
        lost_days_ago=np.array([5, 20, 21, 5]),
    )
    assert one.recoveries_due == 5000 + 3000, "what was due yesterday is there already, and another book's is its own"
    came = []
    for day in range(20):
        one.fall_due(day, 0, 28, {})
        came.append(one.recovered)
    assert {day: cents for day, cents in enumerate(came) if cents} == {0: 3000, 15: 5000}
    assert one.recoveries_due == 0


@pytest.mark.parametrize(("factor", "worse"), [(-3.0, True), (3.0, False)])
def test_the_first_month_is_as_good_as_it_is_known_to_be(factor: float, worse: bool) -> None:
    usual, known = Book(current=Row(worse_share=0.1), correlation=0.2), []
    for one in (0.0, factor):
        book = alone(usual.model_copy(update={"factor": one}))
        book.fall_due(0, 0, 28, {})
        known.append(float(book.cuts[0, 0, 1]))
    assert (known[1] > known[0]) == worse


def test_later_months_forget_how_the_first_was() -> None:
    book = Book(current=Row(worse_share=0.1), correlation=0.2, persistence=0.5)
    good, bad = (alone(book.model_copy(update={"factor": one})) for one in (2.0, -2.0))
    apart = []
    for month in range(8):
        for one in (good, bad):
            one.fall_due(30 * month, month, 28, {})
        apart.append(good.factor - bad.factor)
    assert apart == pytest.approx([4.0 * 0.5**month for month in range(8)])


def test_books_balance_to_the_cent_from_running_loans_on() -> None:
    bundle = running()
    found = lines(bundle, lent_today(bundle))
    cents = {name: np.rint(100 * values).astype(np.int64) for name, values in found.items() if name in (
        *SUMS, "loan_balance", "recoveries_due", "cash", "receivables", "stock_value", "payables", "wages_due",
        "borrowings", "equity")}  # fmt: skip
    flows = cents["loans_lent"] + cents["interest_income"] - cents["loan_payments"] - cents["loan_losses"]
    assert np.array_equal(np.diff(cents["loan_balance"]), (flows - cents["recoveries_expected"])[:, 1:])
    came = cents["recoveries_expected"] - cents["recoveries"]
    assert np.array_equal(np.diff(cents["recoveries_due"]), came[:, 1:])
    assert (found["recoveries_due"][:, 0] > 0).all()
    owned = sum(cents[name] for name in ("cash", "receivables", "stock_value", "loan_balance", "recoveries_due"))
    owed = sum(cents[name] for name in ("payables", "wages_due", "borrowings", "equity"))
    assert np.array_equal(owned, owed)


def test_no_loan_from_the_records_appears_or_vanishes() -> None:
    bundle = running()
    found = lines(bundle, lent_today(bundle))
    gone = (found["loans_defaulted"] + found["loans_paid"]).cumsum(axis=1)
    assert np.array_equal(found["loans_open"], 90 + found["loans_new"].cumsum(axis=1) - gone)


def test_a_shift_of_the_times_makes_losses_and_none_is_no_difference() -> None:
    bundle = running()
    today = lent_today(bundle, 4)
    assert lent_if(bundle, today, "times_shift=+0").days.tobytes() == today.days.tobytes()
    worse = lent_if(bundle, today, "times_shift=-2@2024-01-21")
    where = bundle.structure.columns["loans_late"]
    assert np.array_equal(worse.days[:, :20], today.days[:, :20])
    assert (worse.days[:, -1, where] >= today.days[:, -1, where]).all()
    assert worse.days[:, -1, where].sum() > today.days[:, -1, where].sum()


def test_stored_and_read_it_plays_the_same_bytes() -> None:
    bundle = running()
    again = Bundle.from_bytes(bundle.to_bytes())
    assert lent_today(bundle).days.tobytes() == lent_today(again).days.tobytes()
    assert lent_today(bundle, seed=2).days.tobytes() != lent_today(again).days.tobytes()


def test_the_template_names_the_times_of_today() -> None:
    book = LENDER.structure.books["loans"]
    assert (book.factor, book.factor_shift) == ("times_today", "times_shift")
    assert LENDER.declarations["times_shift"].lever
