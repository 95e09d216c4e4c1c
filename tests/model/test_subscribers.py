"""Contracts: how long they last, how many there are, how often their customers come, whose luck is whose."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain, plain_customers
from tests.model.contracts import CYCLE, SEGMENT, VALUES, crowd, known, lived, within
from twin.model.kernels import subscribers as kernel
from twin.model.kernels.chance import stem
from twin.model.orders import Orders

KEY = np.uint64(stem(3, 1, 34))
FEW = settings(max_examples=60)
CONTRACT = st.builds(
    plain_customers.Contract,
    entity=st.integers(0, 2**62),
    alive=st.booleans(),
    satisfaction=st.floats(0.0, 1.0),
    due=st.integers(0, 9),
)
SHARE = st.floats(0.0, 1.0)


def same(one: list[Orders], other: list[Orders]) -> bool:
    """Whether the same visits were made by the same people at the same minutes."""
    return all(
        getattr(a, name).tobytes() == getattr(b, name).tobytes()
        for a, b in zip(one, other, strict=True)
        for name in ("entity", "nth", "minute")
    )


@FEW
@given(st.lists(CONTRACT, max_size=9), st.integers(1, 5), SHARE, st.floats(0.0, 9.0), SHARE)
def test_who_ends_a_contract_is_the_plain_one(
    contracts: list[plain_customers.Contract], cycle: int, share: float, response: float, reference: float
) -> None:
    kinds = {"alive": np.bool_, "satisfaction": np.float64}
    columns = {
        name: np.array([getattr(one, name) for one in contracts], kinds.get(name, np.int64))
        for name in ("alive", "satisfaction", "entity", "due", "renewals")
    }
    for day in range(12):
        found = kernel.churned(
            KEY, day, cycle, share, response, reference, len(contracts), *(columns[name] for name in columns)
        )
        assert found == plain_customers.churned(int(KEY), day, cycle, share, response, reference, contracts)
        for name, column in columns.items():
            assert column.tolist() == [getattr(one, name) for one in contracts]


@FEW
@given(st.integers(0, 90), st.floats(0.0, 900.0), st.floats(0.05, 5.0), st.floats(1.0, 200.0))
def test_how_often_somebody_comes_is_drawn_as_the_plain_one(visits: int, days: float, r: float, alpha: float) -> None:
    found = kernel.rates(KEY, 7, np.array([visits, 0]), np.array([days, 0.0]), r, alpha)
    told = [
        plain_customers.visit_rate(int(KEY), 7, visits, days, r, alpha),
        plain_customers.visit_rate(int(KEY), 8, 0, 0.0, r, alpha),
    ]
    assert found == pytest.approx(told, rel=1e-9, abs=1e-280)


def test_new_customers_are_drawn_as_the_plain_ones() -> None:
    people = crowd(known(5))
    _, counts = lived(people, 12)
    joins = [plain.poisson(plain.draw(plain.stem(1, 0, 8), 0, day, 0), 3.0) for day in range(12)]
    assert counts[:, 0].tolist() == joins
    names = [(1 << 40) + day * (1 << 16) + rank for day, joined in enumerate(joins) for rank in range(joined)]
    assert people.entity[5 : people.count].tolist() == names
    rates = [plain_customers.visit_rate(plain.stem(1, 0, 39), name, 0, 0.0, 0.8, 16.0) for name in names]
    assert people.rate[5 : people.count] == pytest.approx(rates, rel=1e-9)
    due = [day + CYCLE for day, joined in enumerate(joins) for _ in range(joined)]
    assert people.due[5 : people.count].tolist() == due


def test_contracts_that_end_by_chance_last_geometrically() -> None:
    share, customers, cycles = 0.2, 3_000, 80
    people = crowd(known(customers), new_per_day=0.0, churn_share=share)
    _, counts = lived(people, cycles * CYCLE)
    assert not people.alive.any()
    assert within(people.renewals[:customers].astype(float), 1.0 / share)
    scatter = (people.renewals[:customers] - 1.0 / share) ** 2
    assert within(scatter, (1.0 - share) / share**2)
    for cycle in range(1, 12):
        left, stays = int(counts[cycle * CYCLE - 1, 2]), (1.0 - share) ** cycle
        assert abs(left - customers * stays) < 3.0 * np.sqrt(customers * stays * (1.0 - stays))


def test_as_many_are_left_as_the_closed_form_says() -> None:
    """Of those known, (1 - c) for each time they were due; of a day's new ones, (1 - c) for each cycle since."""
    share, days, customers, new = 0.1, 100, 600, 4.0
    ends = [lived(crowd(known(customers), r, churn_share=share, new_per_day=new), days)[1][-1, 2] for r in range(60)]
    due = [(days - 1 - n % CYCLE) // CYCLE + 1 for n in range(customers)]
    kept = sum((1.0 - share) ** times for times in due)
    came = sum(new * (1.0 - share) ** ((days - 1 - day) // CYCLE) for day in range(days))
    assert within(np.array(ends, float), kept + came)


def test_visits_of_new_customers_are_nbd() -> None:
    """A Gamma of rates and Poisson visits: mean r t / alpha, variance mean + r t^2 / alpha^2."""
    customers, days, r, alpha = 20_000, 20, 0.8, 16.0
    people = crowd(known(customers), new_per_day=0.0, churn_share=0.0)
    visits, _ = lived(people, days)
    counts = np.bincount(np.concatenate([one.entity for one in visits]), minlength=customers)
    mean = r * days / alpha
    assert within(counts.astype(float), mean)
    assert within((counts - mean) ** 2.0, mean + r * (days / alpha) ** 2)
    none = (alpha / (alpha + days)) ** r
    assert abs((counts == 0).mean() - none) < 3.0 * np.sqrt(none * (1.0 - none) / customers)


def test_those_with_a_history_come_as_often_as_it_tells() -> None:
    """The posterior of x visits in T days has mean (r + x) / (alpha + T) and variance mean / (alpha + T)."""
    rates = crowd(known(20_000, visits=9, days=44.0)).rate
    assert within(rates, 9.8 / 60.0)
    assert within((rates - 9.8 / 60.0) ** 2, 9.8 / 3600.0)


def test_a_crowd_in_balance_shows_no_trend() -> None:
    customers, days = 3_000, 90
    people = np.array([lived(crowd(known(customers), r), days)[1][:, 2] for r in range(24)], float)
    time = np.arange(days) - (days - 1) / 2.0
    slopes = people @ time / (time @ time)
    assert within(slopes, 0.0)
    assert slopes.std(ddof=1) * days / np.sqrt(24) < 0.01 * customers  # a drift of a few per cent would be seen


def test_nobody_appears_from_nowhere() -> None:
    people = crowd(known(400), churn_share=0.4, new_per_day=9.0)
    _, counts = lived(people, 120)
    assert np.array_equal(400 + np.cumsum(counts[:, 0] - counts[:, 1]), counts[:, 2])
    assert people.count == 400 + counts[:, 0].sum()
    assert counts[:, 1].sum() > 0


def test_everybody_comes_within_the_hours_and_in_order_of_time() -> None:
    visits, _ = lived(crowd(known(2_000)), 8)
    for one in visits:
        assert np.all(np.diff(one.minute) >= 0.0)
        assert np.all((one.minute >= 480.0) & (one.minute < 1080.0))
        assert one.lines.tolist() == [1] * len(one)
        names = list(zip(one.entity.tolist(), one.nth.tolist(), strict=True))
        assert len(set(names)) == len(names)
        assert sorted(nth for _, nth in names)[-1] > 0  # somebody comes twice


def test_the_days_factor_and_demand_move_visits_and_nobody_else() -> None:
    usual, more = crowd(known(3_000)), crowd(known(3_000))
    (one,), counts = lived(usual, 1)
    (other,), moved = lived(more, 1, demand=2.0)
    assert abs(len(other) - 2 * len(one)) < 4.0 * np.sqrt(len(one))
    assert np.array_equal(counts, moved)
    assert usual.expected() == (pytest.approx(usual.rate[usual.alive].sum()), 0.0)


def test_a_change_by_nothing_changes_nothing() -> None:
    one, other = (lived(crowd(known(300)), 60, **how) for how in ({}, {"demand": 1.0, "churn_share": 0.03}))
    assert same(one[0], other[0])
    assert np.array_equal(one[1], other[1])


def test_more_churn_shifts_nobodys_luck() -> None:
    """Whoever stays with more churn had stayed with less, and comes at the same minutes."""
    few, many = (crowd(known(2_000), churn_share=share) for share in (0.03, 0.2))
    less, more = lived(few, 60), lived(many, 60)
    assert np.all(few.alive[:2000] | ~many.alive[:2000])
    assert np.array_equal(less[1][:, 0], more[1][:, 0])
    for one, other in zip(less[0], more[0], strict=True):
        names = set(zip(one.entity.tolist(), one.nth.tolist(), one.minute.tolist(), strict=True))
        assert names.issuperset(zip(other.entity.tolist(), other.nth.tolist(), other.minute.tolist(), strict=True))


def test_a_new_segment_changes_nobodys_luck() -> None:
    alone, guests = known(300), known(200, segment=1)
    both = {name: np.concatenate([guests[name], alone[name]]) for name in alone} | {"hour_share": alone["hour_share"]}
    usual, beside = lived(crowd(alone), 40), lived(crowd(both), 40)
    assert same(usual[0], beside[0])
    assert np.array_equal(usual[1], beside[1])


def test_no_two_segments_share_their_luck() -> None:
    one, other = crowd(known(300)), crowd(known(300, segment=1), index=1)
    first, second = lived(one, 40), lived(other, 40)
    assert not set(one.entity[: one.count].tolist()) & set(other.entity[: other.count].tolist())
    assert not np.array_equal(one.rate[:300], other.rate[:300])
    assert not np.array_equal(first[1], second[1])


@pytest.mark.parametrize(("lost", "ratio"), [(0.0, 1.0), (0.5, 2.0), (1.0, 3.0)])
def test_lost_satisfaction_drives_out_as_the_response_says(lost: float, ratio: float) -> None:
    customers = 20_000
    people = crowd(known(customers), new_per_day=0.0, churn_share=0.1)
    people.satisfaction[:] -= lost
    left, chance = customers - lived(people, CYCLE)[1][-1, 2], 0.1 * ratio
    assert abs(left - customers * chance) < 3.0 * np.sqrt(customers * chance * (1.0 - chance))


def test_what_was_recorded_is_usual() -> None:
    """Churn was observed at the satisfaction of the time, whatever it was."""
    people = crowd(known(500))
    people.settle(np.arange(500), np.full(500, 0.6))
    assert people.reference == pytest.approx(0.6)
    assert np.array_equal(lived(people, 60)[1], lived(crowd(known(500)), 60)[1])


def test_fees_are_paid_by_the_month_of_those_who_are_there() -> None:
    people = crowd(known(700))
    assert people.income(0) * 365.25 / 12.0 == pytest.approx(700 * 40.0)
    _, counts = lived(people, 31)
    assert people.income(31) * 365.25 / 12.0 == pytest.approx(counts[-1, 2] * 40.0)


def test_a_crowd_of_nobody_lives() -> None:
    people = crowd(known(0), new_per_day=0.0)
    visits, counts = lived(people, 5)
    assert counts.sum() == 0 == sum(map(len, visits))
    assert people.active() == (0, 1.0)
    assert crowd(known(0), churn_share=0.0).cycle == CYCLE
    assert SEGMENT.new_per_day in VALUES
