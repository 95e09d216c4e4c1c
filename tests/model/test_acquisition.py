"""How customers are won: marketing that works on, recommendation, and word of mouth in a market with an end."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import plain_customers
from tests.model.contracts import crowd, known, lived
from tests.model.small import CERTAIN, baseline, field, pair, scenario_of, small, with_values
from twin.model.acquisition import Acquisition
from twin.spec.structure import Segment

FEW = settings(max_examples=100)
SHARE = st.floats(0.0, 1.0)
NONE = st.just(0.0)
DAYS = st.lists(
    st.tuples(NONE | st.floats(0.01, 900.0), st.integers(1, 4000), st.floats(0.1, 1.0)), min_size=2, max_size=9
)
WON = {"marketing_share": 0.4, "marketing_effect": 0.5, "marketing_carry_over_share": 0.9, "recommendation_share": 0.15}
MARKET, INNOVATION, IMITATION = 20_000.0, 0.0006, 0.008


def won(acquisition: Acquisition, days: list[tuple[float, int, float]]) -> list[float]:
    """New customers to be expected by day, of what is spent, how many there are and how satisfied."""
    found = []
    for spending, customers, satisfaction in days:
        acquisition.spend(spending)
        found.append(acquisition.expected({}, customers, satisfaction, acquisition.marketing_effect()))
    return found


@FEW
@given(
    DAYS,
    SHARE,
    SHARE,
    st.floats(0.1, 1.0),
    NONE | st.floats(0.1, 0.999),
    st.floats(0.0, 0.1),
    NONE | st.floats(500.0, 9000.0),
)
def test_new_customers_are_the_plain_ones(
    days: list[tuple[float, int, float]], m: float, r: float, effect: float, kept: float, q: float, market: float
) -> None:
    values = {
        "marketing": 200.0, "marketing_share": m, "marketing_effect": effect, "marketing_carry_over_share": kept,
        "recommendation_share": r,
    }  # fmt: skip
    acquisition = Acquisition(Segment(new_per_day=4.0, imitation=q, market=market), values)
    acquisition.begin(*days[0][1:])
    spent, people, content = ([one[k] for one in days] for k in range(3))
    told = plain_customers.new_customers(
        4.0, m, min(r, 1.0 - m), effect, kept, [200.0, *spent], people, content, q, market or math.inf
    )
    assert won(acquisition, days) == pytest.approx(told, rel=1e-9, abs=1e-9)


@FEW
@given(st.floats(0.0, 1e6), SHARE, st.floats(0.0, 0.999), SHARE, st.integers(0, 10**6), SHARE)
def test_an_unchanged_plan_is_neutral_to_the_last_bit(
    spending: float, share: float, kept: float, recommended: float, customers: int, satisfaction: float
) -> None:
    values = WON | {
        "marketing": spending, "marketing_share": share, "marketing_carry_over_share": kept,
        "recommendation_share": recommended,
    }  # fmt: skip
    acquisition = Acquisition(Segment(new_per_day=3.7), values, active_share=0.86)
    acquisition.begin(customers, satisfaction)
    assert won(acquisition, [(spending, customers, satisfaction)] * 9) == [3.7 / 0.86] * 9


def test_marketing_fades_by_the_carry_over() -> None:
    """Switched off, its adstock after d days is c ** d; what it brings falls with the power of that."""
    acquisition = Acquisition(Segment(new_per_day=10.0), WON | {"marketing": 200.0})
    acquisition.begin(100, 1.0)
    told = [10.0 * (0.6 + 0.4 * math.sqrt(0.9**day)) for day in range(1, 8)]
    assert won(acquisition, [(0.0, 100, 1.0)] * 7) == pytest.approx(told)


def test_marketing_without_carry_over_ends_at_once() -> None:
    acquisition = Acquisition(Segment(new_per_day=10.0), WON | {"marketing": 200.0, "marketing_carry_over_share": 0.0})
    acquisition.begin(100, 1.0)
    assert won(acquisition, [(0.0, 100, 1.0), (800.0, 100, 1.0), (200.0, 100, 1.0)]) == pytest.approx([6.0, 14.0, 10.0])


def test_a_template_without_these_numbers_has_a_steady_stream() -> None:
    acquisition = Acquisition(Segment(new_per_day="joining"), {"joining": 2.5})
    acquisition.begin(100, 0.9)
    assert acquisition.expected({"joining": 2.5}, 300, 0.2) == 2.5


def test_satisfied_customers_recommend() -> None:
    acquisition = Acquisition(Segment(new_per_day=10.0), WON)
    acquisition.begin(100, 0.8)
    usual, more, unhappy = ((100, 0.8), (200, 0.8), (100, 0.4))
    assert acquisition.expected({}, *usual) == 10.0
    assert acquisition.expected({}, *more) == pytest.approx(11.5)
    assert acquisition.expected({}, *unhappy) == pytest.approx(9.25)


def bass(days: float) -> float:
    """The closed form of Bass (1969): how many of the market have adopted."""
    both = INNOVATION + IMITATION
    faded = math.exp(-both * days)
    return MARKET * (1.0 - faded) / (1.0 + IMITATION / INNOVATION * faded)


def recursion(days: int, step: float = 1.0) -> np.ndarray:
    """The same in steps: N grows by (p + q N / M) (M - N) a day."""
    path = [0.0]
    for _ in range(round(days / step)):
        here = path[-1]
        path.append(here + step * (INNOVATION + IMITATION * here / MARKET) * (MARKET - here))
    return np.array(path[1:])


def test_a_market_is_won_as_bass_says() -> None:
    """Daily steps lag behind the closed form by less than half a per cent of the market; half the step, half of it."""
    days = 540
    segment = Segment(
        relation="contract", rate_shape=1.0, rate_scale_days=1e9, new_per_day=INNOVATION * MARKET,
        imitation=IMITATION, market=MARKET,
    )  # fmt: skip
    found = np.array([lived(crowd(known(0), r, segment=segment), days)[1][:, 2] for r in range(24)], float)
    daily, closed = recursion(days), np.array([bass(day) for day in range(1, days + 1)])
    lag = np.abs(daily - closed)
    assert lag.max() < 0.005 * MARKET
    assert np.abs(recursion(days, 0.5)[1::2] - closed).max() == pytest.approx(0.5 * lag.max(), rel=0.05)
    for day in (30, 90, 180, 270, 360, 539):  # named beforehand
        error = found[:, day].std(ddof=1) / math.sqrt(len(found))
        assert error < 0.01 * daily[day] + 5.0
        assert abs(found[:, day].mean() - daily[day]) < 3.0 * error
        assert abs(found[:, day].mean() - closed[day]) < 3.0 * error + lag[day]


def test_a_market_that_is_won_brings_nobody_more() -> None:
    full = Segment(new_per_day=5.0, imitation=0.1, market=100.0)
    acquisition = Acquisition(full, {})
    acquisition.begin(60, 1.0)
    assert acquisition.expected({}, 60, 1.0) == pytest.approx((5.0 + 6.0) * 0.4)
    assert acquisition.expected({}, 100, 1.0) == 0.0
    assert acquisition.expected({}, 130, 1.0) == 0.0


def test_the_forecast_is_met_with_recommendation() -> None:
    """What recommendation brings is expected that morning, so that the day's factor leaves room for it."""
    shop = with_values(small(customers=60, new_customers_per_day=6.0), recommendation_share=0.9, marketing_share=0.0)
    outcome = baseline(shop, 48, on=CERTAIN)
    new, late = field(outcome, "orders_new"), slice(20, 40)
    assert new[:, late].sum() > 1.2 * 6.0 * 20 * len(new)  # they recommend, and the more they are the more come
    missed = (field(outcome, "orders") - shop.paths.mean(axis=0))[:, late].sum(axis=1)
    assert abs(missed.mean()) < 3.0 * missed.std(ddof=1) / math.sqrt(len(missed))


def test_late_orders_cost_new_customers() -> None:
    shop = with_values(small(new_customers_per_day=6.0), recommendation_share=0.6, dropout_response=5.0)
    before, after = pair(shop, "pickers_weekday=-1", "pickers_weekend=-1", replications=8, on=CERTAIN)
    assert field(after, "customers_new").sum() < field(before, "customers_new").sum()
    assert np.array_equal(field(after, "customers_new")[:, 0], field(before, "customers_new")[:, 0])


def test_a_burst_of_marketing_works_on_after_its_end() -> None:
    shop = with_values(small(new_customers_per_day=20.0, level=60.0), marketing_carry_over_share=0.9)
    before = baseline(shop, 8, on=CERTAIN)
    after = scenario_of(shop, before, "marketing=*9@2024-01-08:2024-01-14", on=CERTAIN)
    more = (field(after, "customers_new") - field(before, "customers_new")).sum(axis=0)
    assert not more[:7].any()
    assert more[7:14].sum() > 0.0
    assert more[14:21].sum() > more[28:35].sum() >= 0.0
