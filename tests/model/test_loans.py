"""A book of loans: nobody is lost, no cent is lost, and the kernel does what a textbook says."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_loans as plain
from tests.model.small_desk import without
from tests.model.small_lender import LENDER, lender, lent_if, lent_today, lines
from twin.model.chance import Chance, Purpose
from twin.model.kernels import loans as kernel
from twin.model.loans import Portfolio
from twin.spec.loans import Book, Collections, Row

SHARES = st.tuples(st.floats(0.0, 0.3), st.floats(0.0, 0.4), st.floats(0.0, 0.3))
ROWS = st.tuples(SHARES, SHARES, SHARES, SHARES)
RATE = st.integers(0, 3000).map(lambda points: points / 10_000.0)
LOANS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 500_000), st.integers(0, 60), st.integers(1, 3), RATE),
    min_size=1, max_size=12,
)  # fmt: skip
BOOKS = st.fixed_dictionaries({
    "correlation": st.sampled_from([0.0, 0.05, 0.4, 1.0]),
    "rate_addition": st.sampled_from([0.0, 0.02, -0.1]),
    "rate_response": st.floats(0.0, 5.0),
    "recovery_share": st.floats(0.0, 1.0),
    "cure_response": st.floats(0.0, 3.0),
    "persistence": st.floats(0.0, 1.0),
    "new_per_month": st.sampled_from([0.0, 40.0]),
})  # fmt: skip
MONTH = 30


def book_of(rows: tuple[tuple[float, float, float], ...], **numbers: Any) -> Book:
    """A book with these shares: default, worse, cure by months behind."""
    names = ("current", "late_1", "late_2", "late_3")
    shares = {
        name: Row(default_share=default, worse_share=worse, cure_share=cure if name != "current" else 0.0)
        for name, (default, worse, cure) in zip(names, rows, strict=True)
    }
    usual = {"amount": 1000.0, "amount_scatter": 0.5, "term_months": 12.0, "rate": 0.06, "recovery_days": 45.0}
    return Book(**shares, **(usual | numbers), collections=Collections(kind="call"))


def holding(book: Book, loans: list[tuple[int, int, int, int, float]], seed: int = 1) -> Portfolio:
    """The book with exactly these loans: months behind, cents, months left, due day, rate."""
    one = Portfolio(book, {}, Chance(seed, 0))
    behind, cents, left, due, rate = (np.array(column) for column in zip(*loans, strict=True))
    one.known({
        "loan_book": np.zeros(len(loans), np.int64), "loan_balance": cents / 100.0, "loan_rate": rate,
        "loan_months_left": left, "loan_months_behind": behind, "loan_due_day": due,
    })  # fmt: skip
    return one


@settings(max_examples=60, deadline=None)
@given(ROWS, LOANS, BOOKS, st.sets(st.integers(0, 11)))
def test_the_kernel_does_what_the_textbook_says(
    rows: Any, loans: list[Any], numbers: dict[str, float], reached: set[int]
) -> None:
    book = book_of(rows, **(numbers | {"new_per_month": 0.0}))
    one, key = holding(book, loans), Chance(1, 0)[Purpose.LOAN_MONTH]
    plainly = [
        plain.Loan(int(one.entity[n]), behind, cents, left, due, rate)
        for n, (behind, cents, left, due, rate) in enumerate(loans)
    ]
    shares = [(d, w, c if n else 0.0) for n, (d, w, c) in enumerate(rows)]
    more = 1.0 + numbers["rate_response"] * numbers["rate_addition"]
    shares[0] = (rows[0][0], min(1.0 - rows[0][0], max(0.0, rows[0][1] * more)), 0.0)
    for month in range(5):
        spoken_to = [n for n in reached if n < len(loans) and plainly[n].behind < plain.DEFAULT]
        one.reach(np.array(spoken_to, np.int64))
        plainly = [replace(loan, spoken_to=loan.spoken_to or n in spoken_to) for n, loan in enumerate(plainly)]
        for due in (1, 2, 3):
            one.fall_due(MONTH * month + due, month, due, {})
            totals = dict.fromkeys(("interest", "paid", "lost", "back"), 0)
            for n, loan in enumerate(plainly):
                if loan.due_day == due and loan.behind < plain.DEFAULT:
                    plainly[n], flows = plain.month_of(
                        loan, key, month, shares, 1.0 + numbers["cure_response"], numbers["correlation"], one.factor,
                        numbers["rate_addition"], numbers["recovery_share"],
                    )  # fmt: skip
                    totals = {name: value + flows.get(name, 0) for name, value in totals.items()}
            found = [kernel.INTEREST, kernel.PAYMENTS, kernel.LOSSES, kernel.RECOVERABLE]
            assert one.sums[found].tolist() == list(totals.values())
            behind = [n for n, loan in enumerate(plainly) if loan.due_day == due and 0 < loan.behind < plain.DEFAULT]
            assert one.called.tolist() == behind
        told = one.table[: one.count, [kernel.STATE, kernel.BALANCE, kernel.LEFT]].tolist()
        assert told == [[loan.behind, loan.balance, loan.months_left] for loan in plainly]


@settings(max_examples=40, deadline=None)
@given(ROWS, LOANS, BOOKS, st.integers(0, 50))
def test_nobody_and_no_cent_is_lost(rows: Any, loans: list[Any], numbers: dict[str, float], seed: int) -> None:
    one = holding(book_of(rows, **numbers), loans, seed)
    came, gone = one.count, 0
    owed, claimed = one.standing()[2], 0
    for day in range(4 * MONTH):
        one.fall_due(day, day // MONTH, day % MONTH + 1, {})
        came += one.new
        gone += int(one.sums[kernel.COUNT_DEFAULTED] + one.sums[kernel.COUNT_PAID])
        current, late, owes = one.standing()
        assert came == one.count
        assert came == current + late + gone
        came_in = int(one.sums[kernel.INTEREST]) + one.lent
        went = int(one.sums[[kernel.PAYMENTS, kernel.LOSSES, kernel.RECOVERABLE]].sum())
        assert owes == owed + came_in - went
        claimed += int(one.sums[kernel.RECOVERABLE]) - one.recovered
        assert claimed == one.recoveries_due == sum(one.coming.values())
        owed = owes
    assert one.table[: one.count, kernel.BALANCE].min() >= 0


@given(st.floats(1e-9, 1.0 - 1e-9))
def test_a_share_is_found_again_from_its_normal_value(share: float) -> None:
    assert kernel.share_below(float(plain.NORMAL.inv_cdf(share))) == pytest.approx(share, rel=1e-10)


@given(st.floats(0.001, 0.5), st.floats(0.001, 0.99), st.floats(-4.0, 4.0))
def test_the_chance_given_the_factor_is_vasicek_s(share: float, correlation: float, factor: float) -> None:
    x = (plain.NORMAL.inv_cdf(share) - math.sqrt(correlation) * factor) / math.sqrt(1.0 - correlation)
    assert kernel.given_factor(share, correlation, factor) == pytest.approx(plain.NORMAL.cdf(x), rel=1e-9, abs=1e-15)


def test_a_loan_without_trouble_is_paid_off_on_time() -> None:
    for rate in (0.0, 0.05, 0.2):
        one = holding(book_of(((0.0, 0.0, 0.0),) * 4), [(0, 1_000_000, 24, 1, rate)])
        for month in range(24):
            assert one.standing()[0] == 1
            one.fall_due(MONTH * month, month, 1, {})
        assert one.standing() == (0, 0, 0)
        assert one.table[0, kernel.STATE] == kernel.PAID


def test_whoever_was_spoken_to_is_never_further_behind_for_it() -> None:
    loans = [(1, 100_000, 20, 1, 0.05)] * 400
    rows = ((0.0, 0.1, 0.0), (0.0, 0.4, 0.2), (0.0, 0.4, 0.2), (0.0, 0.4, 0.2))
    left, called = (holding(book_of(rows, cure_response=1.5), loans) for _ in range(2))
    called.reach(np.arange(400))
    for one in (left, called):
        one.fall_due(0, 0, 1, {})
    states = [one.table[:400, kernel.STATE] for one in (left, called)]
    assert np.all(states[1] <= states[0])
    cured = [int((state == kernel.CURRENT).sum()) for state in states]
    assert abs(cured[0] - 80) < 3 * math.sqrt(400 * 0.2 * 0.8)
    assert abs(cured[1] - 200) < 3 * math.sqrt(400 * 0.5 * 0.5)


def test_borrowers_are_conserved_in_a_business_and_calls_are_visits() -> None:
    bundle = lender()
    get = lines(bundle, lent_today(bundle, 3))
    moved = get["loans_new"] - get["loans_defaulted"] - get["loans_paid"]
    assert np.array_equal(np.diff(get["loans_open"], axis=1), moved[:, 1:])
    assert np.array_equal(get["loans_open"], get["loans_current"] + get["loans_late"])
    assert np.array_equal(get["visits[call]"], get["loans_called"])
    assert get["loans_called"].sum() > 0
    assert get["loans_defaulted"].sum() > 0
    assert get["recoveries"].sum() > 0
    assert np.count_nonzero(get["loans_due"].sum(axis=0)) > 55  # spread over the days of the month


def test_staff_matter_and_reach_whom_they_could_not() -> None:
    bundle = lender(days=130, loans_today=500.0, desk_office=0.0, cure_response=2.0, call_lapse_minutes=400.0)
    before = lent_today(bundle, 2)
    few, many = (lines(bundle, one) for one in (before, lent_if(bundle, before, "desk_office=+4")))
    finished = few["visits_finished[call]"].sum(), many["visits_finished[call]"].sum()
    assert finished[0] == 0 < finished[1]
    assert many["loans_late"].sum() < few["loans_late"].sum()
    assert many["loan_losses"].sum() < few["loan_losses"].sum()
    assert np.array_equal(many["loans_new"], few["loans_new"])


def test_dearer_loans_bring_more_and_are_missed_more() -> None:
    bundle = lender()
    before = lent_today(bundle, 3)
    usual, dear = (lines(bundle, one) for one in (before, lent_if(bundle, before, "rate_addition=+0.04")))
    assert dear["interest_income"].sum() > 1.3 * usual["interest_income"].sum()
    assert dear["loans_late"].sum() > usual["loans_late"].sum()


def test_no_day_before_a_change_differs_and_no_change_is_no_difference() -> None:
    bundle = lender()
    before = lent_today(bundle)
    assert np.array_equal(lent_if(bundle, before, "rate_addition=+0").days, before.days)
    after = lent_if(bundle, before, "rate_addition=+0.05@2024-02-01", "desk_office=+2@2024-02-01")
    assert np.array_equal(after.days[:, :31], before.days[:, :31])
    assert not np.array_equal(after.days[:, 31:], before.days[:, 31:])


def test_without_stations_collections_do_nothing() -> None:
    bundle = lender(without(LENDER.structure, "stations", "teams", "kinds"))
    get = lines(bundle, lent_today(bundle, 1))
    assert get["loans_called"].sum() == 0
    assert get["loans_due"].sum() > 0


def test_a_second_book_changes_nobody_s_luck_in_the_first() -> None:
    content = LENDER.structure.model_dump()
    content["books"]["more"] = content["books"]["loans"] | {"loans": 20.0}
    both = type(LENDER.structure).model_validate(content)
    alone, together = lender(), lender(both)
    ours = lines(alone, lent_today(alone, 1))["loans_due"]
    assert np.all(lines(together, lent_today(together, 1))["loans_due"] >= ours)


def test_good_and_bad_times_last_as_long_as_they_should() -> None:
    """The factor of one month and the next are as alike as `persistence` says, and each is standard normal."""
    pairs = []
    for replication in range(3000):
        one = Portfolio(Book(persistence=0.7), {}, Chance(1, replication))
        one._cut(0, {})
        first = one.factor
        one._cut(1, {})
        pairs.append((first, one.factor))
    found = np.array(pairs)
    products = found[:, 0] * found[:, 1]
    assert abs(products.mean() - 0.7) < 3 * products.std() / math.sqrt(3000)
    assert abs((found**2).mean() - 1.0) < 3 * (found**2).std() / math.sqrt(6000) * math.sqrt(1.7)
