"""BG/NBD against what was published, and against itself."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import beta, gamma

from twin.calibrate.customers import (
    Histories,
    alive_share,
    customers,
    expected_rate,
    fit,
    histories,
    information,
    log_likelihoods,
    score,
)

SAMPLE = Path(__file__).parents[1] / "data" / "cdnow_sample.parquet"


@pytest.fixture(scope="module")
def cdnow() -> Histories:
    bought = pd.read_parquet(SAMPLE, columns=["customer_id", "date"])
    end = pd.Timestamp(date(1997, 9, 30))
    bought = bought[bought["date"] <= end]
    table = bought.groupby("customer_id")["date"].agg(first_order="min", last_order="max", purchase_days="nunique")
    days = histories(table, end)
    return Histories(days.repeats, days.recency / 7, days.age / 7)


def test_the_published_estimates_come_back(cdnow: Histories) -> None:
    fitted = fit(cdnow)
    assert fitted.customers == 2357
    assert fitted.values.round(3).tolist() == [0.243, 4.414, 0.793, 2.426]
    assert fitted.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert fitted.settled


def test_days_instead_of_weeks_change_only_the_time_scale(cdnow: Histories) -> None:
    in_weeks, in_days = fit(cdnow), fit(Histories(cdnow.repeats, cdnow.recency * 7, cdnow.age * 7))
    assert in_days.values == pytest.approx(in_weeks.values * [1, 7, 1, 1], rel=1e-4)
    assert in_days.log_covariance == pytest.approx(in_weeks.log_covariance, rel=2e-3, abs=1e-5)


def test_the_likelihood_is_the_paper_s_formula_written_out() -> None:
    r, alpha, a, b = 0.7, 5.0, 0.6, 2.2
    known = Histories(np.array([0.0, 1.0, 4.0]), np.array([0.0, 3.0, 20.0]), np.array([10.0, 12.0, 21.0]))
    for row, (x, seen, age) in enumerate(zip(known.repeats, known.recency, known.age, strict=True)):
        here = beta(a, b + x) / beta(a, b) * gamma(r + x) * alpha**r / gamma(r) / (alpha + age) ** (r + x)
        gone = 0.0
        if x > 0:
            gone = beta(a + 1, b + x - 1) / beta(a, b) * gamma(r + x) * alpha**r / gamma(r) / (alpha + seen) ** (r + x)
        values = np.array([r, alpha, a, b])
        assert log_likelihoods(np.log(values), known)[row] == pytest.approx(np.log(here + gone))
        assert alive_share(values, known)[row] == pytest.approx(here / (here + gone))


def test_the_slope_is_that_of_the_likelihood(cdnow: Histories) -> None:
    logs, step = np.log([0.4, 6.0, 0.5, 3.0]), 1e-5
    for number, side in enumerate(np.eye(4)):
        up, down = (log_likelihoods(logs + sign * step * side, cdnow).sum() for sign in (1, -1))
        assert score(logs, cdnow)[number] == pytest.approx((up - down) / (2 * step), rel=1e-5, abs=1e-3)


def test_the_error_does_not_depend_on_the_step_of_the_differences(cdnow: Histories) -> None:
    logs = np.log(fit(cdnow).values)
    assert information(logs, cdnow, 1e-3) == pytest.approx(information(logs, cdnow, 1e-5), rel=1e-3, abs=0.05)


def test_long_histories_do_not_overflow() -> None:
    busy = Histories(np.full(60, 700.0), np.full(60, 729.0), np.full(60, 730.0))
    fitted = fit(busy)
    assert np.isfinite(fitted.values).all()
    assert np.isfinite(fitted.log_covariance).all()
    assert expected_rate(fitted.values, busy) == pytest.approx(700 / 730, rel=0.05)


def test_customers_who_never_leave_give_wide_but_finite_errors() -> None:
    chance = np.random.default_rng(3)
    repeats = chance.poisson(chance.gamma(2.0, 5.0, 300)).astype(float)
    stays = Histories(repeats, np.where(repeats > 0, 199.0, 0.0), np.full(300, 200.0))
    fitted = fit(stays)
    assert not fitted.settled
    assert np.isfinite(fitted.log_covariance).all()
    assert (np.linalg.eigvalsh(fitted.log_covariance) > 0).all()


def test_a_customer_s_age_runs_from_noon_of_the_first_order_to_this_morning() -> None:
    days = pd.to_datetime(["2026-03-01", "2026-03-09", "2026-03-10"])
    table = pd.DataFrame({"customer_id": [7, 8, 9], "first_order": days, "last_order": days, "purchase_days": 1})
    found = customers(table, pd.Timestamp("2026-03-11"), 400).vectors
    assert found["customer_age_days"].tolist() == [9.5, 1.5, 0.5]


def test_days_of_records_give_back_who_orders_how_often() -> None:
    luck, number, length = np.random.default_rng(8), 40_000, 20
    rate, first = luck.gamma(2.0, 0.01, number), luck.uniform(0.0, length, number)
    more = luck.poisson(rate * (length - first))  # in continuous time; nobody leaves
    last = np.where(more > 0, first + (length - first) * luck.random(number) ** (1.0 / np.maximum(more, 1)), first)
    start = pd.Timestamp("2026-03-01")
    table = pd.DataFrame({
        "customer_id": np.arange(number), "purchase_days": more + 1,
        "first_order": start + pd.to_timedelta(np.floor(first), "D"),
        "last_order": start + pd.to_timedelta(np.floor(last), "D"),
    })  # fmt: skip
    found = customers(table, start + pd.Timedelta(days=length), 400).evidence["customers"]
    error = np.sqrt(more.sum()) / (length / 2)  # so long everybody was watched on average
    assert abs(found["purchase_days_per_day_expected"] - rate.sum()) < 3.0 * error
