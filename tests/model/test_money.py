"""The ledger: no cent appears or is lost, whatever is recorded and whenever it is paid."""

from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_books
from tests.model.small import baseline, field, pair, scenario_of, small, with_values
from tests.model.small_desk import desk, get, today
from tests.model.small_lender import lender, lent_today, lines
from twin.model.accounts import ACCOUNTS, COSTS, all_cents, cents
from twin.model.kernels import books as kernel
from twin.model.money import AMOUNT, ON_NO_ACCOUNT, Ledger
from twin.records import COLUMN

DAYS, REPLAYED = 45, 60
HORIZON = DAYS + 60  # so that all that is owed falls due
MONEY = st.floats(0.0, 50_000.0)
RECORD = st.fixed_dictionaries(
    {"revenue": MONEY, "fees": MONEY, "purchases": MONEY, "cost_of_goods": MONEY, "supplier_orders": st.integers(0, 9)},
    optional={
        "value_in_hand": MONEY, "transport_cost": MONEY, "shortage_cost": MONEY, "waste_cost": MONEY,
        "holding_cost": MONEY, "ordering_cost": MONEY, "loan": st.tuples(MONEY, MONEY, MONEY, MONEY, MONEY, MONEY),
    },
)  # fmt: skip
STREAM = st.lists(st.tuples(RECORD, MONEY), min_size=1, max_size=8)
TERMS = st.fixed_dictionaries({
    "customer_payment_days": st.integers(0, 40).map(float), "supplier_payment_days": st.integers(0, 40).map(float),
    "wage_day": st.integers(0, 28).map(float), "fee_day": st.integers(0, 28).map(float),
    "paid_at_once_share": st.floats(0.0, 1.0),
})  # fmt: skip
LOAN = ("loans_lent", "interest_income", "loan_payments", "loan_losses", "recoveries_expected", "recoveries")
VALUES = {
    "opening_cash": 1234.56, "return_share": 0.031, "holding_cost_share": 0.2, "ordering_cost": 7.77,
    "opening_borrowings": 5000.0,
}  # fmt: skip
LEVERS = {"marketing": 33.333, "fixed_costs": 71.7}
IMMEDIATE = dict.fromkeys(("customer_payment_days", "supplier_payment_days", "wage_day", "fee_day"), 0.0)
SIDES = {"assets": ("cash", "receivables", "stock_value", "value_in_hand", "loan_balance", "recoveries_due"),
         "claims": ("payables", "wages_due", "borrowings", "equity")}  # fmt: skip


CALENDAR = {
    "replay_open": np.ones(REPLAYED, np.bool_),
    "month_day": (np.arange(-REPLAYED, HORIZON) + 10) % 30 + 1,
}


class Alone(mesa.Model):
    """What a ledger needs of a business."""

    def __init__(self) -> None:
        super().__init__(rng=0)
        self.inputs = SimpleNamespace(days=HORIZON)


def ledger(**values: float) -> Ledger:
    """A ledger on its first morning, on the 11th of a month of 30 days."""
    return Ledger(Alone(), VALUES | LEVERS | values, CALENDAR)  # type: ignore[arg-type]


def recorded(record: dict[str, Any]) -> dict[str, float]:
    """A day's record; stock and loans stand somewhere in the evening."""
    told = {name: value for name, value in record.items() if name != "loan"}
    if "loan" in record:
        told |= dict(zip(LOAN, record["loan"], strict=True)) | {"loan_balance": 5e5, "recoveries_due": 4e4}
    return told | {"stock_value": 10_000.0}


def booked(one: Ledger, stream: list[Any], past: list[Any] | None = None, **levers: float) -> list[dict[str, float]]:
    """So many days in the books."""
    return booked_with(one, stream, [LEVERS | levers] * len(stream), past)


def booked_with(
    one: Ledger, stream: list[Any], levers: list[dict[str, float]], past: list[Any] | None = None
) -> list[dict[str, float]]:
    """The same with levers by day; before the past days, nothing happened."""
    if past:
        one.remember(by_name([({}, 0.0)] * (REPLAYED - len(past)) + past))
    told = one.close(by_name(stream), [one.values | today for today in levers])
    return [{name: float(amounts[day]) for name, amounts in told.items()} for day in range(len(stream))]


def by_name(stream: list[Any]) -> dict[str, np.ndarray]:
    """The fields of days, each by day."""
    days = [recorded(record) | {"wages": wages} for record, wages in stream]
    return {
        name: np.array([day.get(name, 0.0) for day in days]) for name in dict.fromkeys(n for day in days for n in day)
    }


def side(day: dict[str, float], names: tuple[str, ...]) -> int:
    """What stands on one side of the balance sheet, in cents."""
    return sum(cents(day.get(name, 0.0)) for name in names)


@settings(max_examples=80, deadline=None)
@given(STREAM, STREAM, TERMS, st.floats(0.0, 0.5))
def test_every_evening_balances_to_the_last_cent(stream: Any, past: Any, terms: Any, rate: float) -> None:
    lending = any("loan" in record for record, _ in stream)
    stream = [(({"loan": (0.0,) * 6} if lending else {}) | record, wages) for record, wages in stream]
    one = ledger(**terms, overdraft_rate=rate, borrowing_rate=rate)
    days = booked(one, stream, past)
    for n, day in enumerate(days):
        assert side(day, SIDES["assets"]) == side(day, SIDES["claims"])
        assert cents(day["profit"]) == cents(day["revenue"]) - cents(day["costs"])
        assert cents(day["costs"]) == sum(cents(day.get(name, 0.0)) for name in COSTS)
        if n:
            before = days[n - 1]
            assert cents(day["cash"]) - cents(before["cash"]) == cents(day["cash_received"]) - cents(day["cash_paid"])
            grown = cents(day["equity"]) - cents(before["equity"])
            assert grown == cents(day["profit"]) + cents(day["imputed_costs"])
    assert one.balance.sum() == 0
    assert one.dues[kernel.INVOICES].min() >= 0
    assert one.dues[kernel.INVOICES].sum() + one.flow[kernel.UNBILLED] == cents(days[-1]["receivables"])
    assert one.dues[kernel.BILLS].sum() == cents(days[-1]["payables"])


@settings(max_examples=80, deadline=None)
@given(STREAM, STREAM, TERMS, TERMS, st.floats(0.0, 0.5), st.integers(0, 8))
def test_the_books_are_the_plain_ones(stream: Any, past: Any, terms: Any, other: Any, rate: float, since: int) -> None:
    """Day by day, with terms that change on some day."""
    stream = [({"loan": (0.0,) * 6} | record, wages) for record, wages in stream]
    one = ledger(**terms, overdraft_rate=rate, borrowing_rate=rate)
    plain = plain_books.Ledger(one.values, CALENDAR, HORIZON)
    plain.remember((n - len(past), recorded(record), wages) for n, (record, wages) in enumerate(past))
    fields, levers = by_name(stream), [LEVERS | (other if n >= since else {}) for n in range(len(stream))]
    told = booked_with(one, stream, levers, past)
    for day, found in enumerate(told):
        record = {name: float(amounts[day]) for name, amounts in fields.items()}
        expected = plain.close(day, record, levers[day], record["wages"])
        assert {name: found[name] for name in expected} == expected
        assert not any(value for name, value in found.items() if name not in expected)


@settings(max_examples=60, deadline=None)
@given(STREAM, STREAM, TERMS, TERMS)
def test_terms_move_cash_and_not_profit(stream: Any, past: Any, terms: Any, other: Any) -> None:
    stream, past = (
        [({n: v for n, v in record.items() if n != "loan"}, wages) for record, wages in days] for days in (stream, past)
    )
    first, second = booked(ledger(**terms), stream, past), booked(ledger(**other), stream, past)
    for name in ("profit", "revenue", "costs", "imputed_costs", "stock_value"):
        assert [day[name] for day in first] == [day[name] for day in second]


@settings(max_examples=40, deadline=None)
@given(STREAM, TERMS)
def test_what_is_owed_is_paid_in_the_end(stream: Any, terms: Any) -> None:
    stream = [({n: v for n, v in record.items() if n != "loan"}, wages) for record, wages in stream]
    late, prompt = ledger(**terms), ledger(**IMMEDIATE)
    quiet = [({"revenue": 0.0, "fees": 0.0, "purchases": 0.0, "cost_of_goods": 0.0, "supplier_orders": 0}, 0.0)]
    ends = [booked(one, stream + quiet * (DAYS - len(stream)))[-1] for one in (late, prompt)]
    still = side(ends[0], ("receivables",)) - side(ends[0], ("payables", "wages_due"))
    assert cents(ends[0]["cash"]) + still == cents(ends[1]["cash"])
    assert ends[1]["receivables"] == ends[1]["payables"] == ends[1]["wages_due"] == 0.0


def test_an_invoice_is_paid_on_its_day_and_a_share_at_once() -> None:
    one = ledger(customer_payment_days=3.0, paid_at_once_share=0.25, return_share=0.0)
    sale = ({"revenue": 100.0, "purchases": 0.0}, 0.0)
    nothing = ({"revenue": 0.0, "purchases": 0.0}, 0.0)
    came = [day["cash_received"] for day in booked(one, [sale, nothing, nothing, nothing, nothing])]
    assert came == [25.0, 0.0, 0.0, 75.0, 0.0]


def test_wages_and_fees_wait_for_their_day_of_the_month() -> None:
    one = ledger(wage_day=13.0, fee_day=12.0)
    days = booked(one, [({"fees": 10.0}, 50.0)] * 4)  # the 11th to the 14th
    assert [day["wages_due"] for day in days] == [50.0, 100.0, 0.0, 50.0]
    assert [day["receivables"] for day in days] == [10.0, 0.0, 10.0, 20.0]


def test_a_term_that_changes_leaves_what_was_agreed() -> None:
    one = ledger(customer_payment_days=2.0, return_share=0.0)
    sale = {"revenue": 100.0}
    terms = [LEVERS | {"customer_payment_days": days} for days in (2.0, 2.0, 0.0, 0.0, 0.0)]
    received = [day["cash_received"] for day in booked_with(one, [(sale, 0.0)] * 5, terms)]
    assert received == [0.0, 0.0, 200.0, 200.0, 100.0]


def test_a_business_with_terms_does_not_begin_with_a_hole_in_its_cash() -> None:
    past = [({"revenue": 100.0, "purchases": 60.0, "cost_of_goods": 60.0}, 20.0)] * REPLAYED
    terms = {"customer_payment_days": 30.0, "supplier_payment_days": 10.0, "wage_day": 25.0, "return_share": 0.0}
    days = booked(ledger(**terms), past[:DAYS], past)
    assert {day["receivables"] for day in days} == {3000.0}
    assert {day["payables"] for day in days} == {600.0}
    usual = 100.0 - 60.0 - 33.33 - 71.70
    paid = [days[n]["cash"] - days[n - 1]["cash"] for n in range(1, DAYS)]
    assert sorted({round(amount, 2) for amount in paid}) == [
        round(usual - 600.0, 2),
        round(usual, 2),
    ]  # wages once a month


def test_interest_is_for_what_is_owed_in_the_morning() -> None:
    one = ledger(opening_cash=-36_500.0, overdraft_rate=0.1, borrowing_rate=0.073)
    day = booked(one, [({}, 0.0)])[0]
    assert day["interest_cost"] == 10.0 + 1.0
    assert booked(ledger(opening_cash=10.0, overdraft_rate=0.1), [({}, 0.0)])[0]["interest_cost"] == 0.0


def test_what_is_no_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        cents(float("nan"))


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), 1e15])
def test_what_the_books_cannot_hold_is_refused_by_name(amount: float) -> None:
    with pytest.raises(ValueError, match="revenue is"):
        all_cents("revenue", np.array([1.0, amount]))


def test_accounts_stand_where_the_compiled_books_have_them() -> None:
    assert len(ACCOUNTS) == kernel.ACCOUNTS
    places = {"cash": kernel.CASH, "recoveries_due": kernel.RECOVERABLE, "borrowings": kernel.BORROWINGS,
              "earnings": kernel.EARNINGS, "sales": kernel.SALES, "waste_cost": kernel.WASTE,
              "interest_cost": kernel.INTEREST, "loan_losses": kernel.LOSSES}  # fmt: skip
    assert {name: ACCOUNTS.index(name) for name in places} == places
    assert len(ACCOUNTS) + len(ON_NO_ACCOUNT) == kernel.AMOUNTS
    assert (AMOUNT["purchases"], AMOUNT["value_in_hand"]) == (kernel.BOUGHT, kernel.TAKEN)


TERMED = {"customer_payment_days": 30.0, "supplier_payment_days": 20.0, "wage_day": 25.0, "paid_at_once_share": 0.2}


def test_the_shop_s_stock_stands_in_the_books_as_on_the_shelves() -> None:
    outcome = baseline(small(), 2)
    value = field(outcome, "stock_value")
    in_hand, gone = np.diff(field(outcome, "value_in_hand"), axis=1), field(outcome, "cost_of_goods")[:, 1:]
    left = field(outcome, "purchases")[:, 1:] - gone - in_hand
    assert in_hand.any()
    assert np.abs(np.diff(value, axis=1) - left).max() < 0.006


def test_a_shop_with_terms_earns_the_same_and_is_paid_later() -> None:
    prompt, late = baseline(small(), 2), baseline(with_values(small(), **TERMED), 2)
    same = [
        name
        for name in COLUMN
        if name not in ("cash", "cash_received", "cash_paid", "receivables", "payables", "wages_due", "equity")
    ]
    places = [COLUMN[name] for name in same]
    assert np.array_equal(prompt.days[:, :, places], late.days[:, :, places])
    assert field(late, "receivables").min() > 0.0
    assert field(late, "payables").max() > 0.0


def test_longer_terms_from_today_cost_cash_and_no_profit() -> None:
    before, after = pair(small(), "customer_payment_days=30@2024-01-10", replications=3)
    assert np.array_equal(field(before, "profit"), field(after, "profit"))
    assert np.array_equal(before.days[:, :9], after.days[:, :9])
    missing = field(before, "cash") - field(after, "cash")
    assert np.abs(missing - field(after, "receivables")).max() < 0.005
    assert missing[:, -1].min() > 0.0


def test_no_change_of_terms_is_exactly_no_difference() -> None:
    bundle = with_values(small(), **TERMED)
    before = baseline(bundle, 2)
    assert np.array_equal(scenario_of(bundle, before, "customer_payment_days=+0", "wage_day=25").days, before.days)


def test_the_desk_s_fees_are_owed_until_their_day() -> None:
    prompt, monthly = desk(), desk(fee_day=1.0, wage_day=28.0)
    outcomes = today(prompt, 1), today(monthly, 1)
    fees, owed = get(prompt, outcomes[0], "fees"), get(monthly, outcomes[1], "receivables")
    assert np.array_equal(fees, get(monthly, outcomes[1], "fees"))
    assert owed.min() == 0.0 < owed.max()
    assert not get(prompt, outcomes[0], "receivables").any()


def test_a_lender_s_books_balance_to_the_cent() -> None:
    bundle = lender()
    one = lines(bundle, lent_today(bundle, 2))
    whole = {name: np.floor(100.0 * values + 0.5).astype(np.int64) for name, values in one.items()}
    assets, claims = (sum(whole[name] for name in names) for names in SIDES.values())
    assert np.array_equal(assets, claims)
    assert np.array_equal(np.diff(whole["equity"]), (whole["profit"] + whole["imputed_costs"])[:, 1:])
    flows = whole["loans_lent"] + whole["interest_income"] - whole["loan_payments"] - whole["loan_losses"]
    assert np.array_equal(np.diff(whole["loan_balance"]), (flows - whole["recoveries_expected"])[:, 1:])
