import subprocess
import sys
from dataclasses import fields
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from twin.errors import TwinError
from twin.forecast.measure import forecast_measure
from twin.forecast.published import MeasureForecast

TODAY = date(2011, 12, 9)
AGAIN = """
import sys
from datetime import date
from hashlib import sha256
import pandas as pd
from twin.forecast.measure import forecast_measure
days = pd.read_parquet(sys.argv[1])
made = forecast_measure(days, "orders", date(2011, 12, 9), "GB", horizon_days=60, paths=64, origins=1)
print(sha256(made.to_bytes()).hexdigest())
"""


def days_of(values: np.ndarray, first: str = "2023-01-02") -> tuple[pd.DataFrame, date]:
    day = np.datetime64(first) + np.arange(len(values))
    frame = pd.DataFrame({"day": day.astype("datetime64[us]"), "orders": values, "open": values > 0})
    return frame, (day[-1] + 1).item()


def test_prophet_beats_repeating_last_week_and_last_year(orders: MeasureForecast) -> None:
    wape = {method: figures["wape"] for method, figures in orders.scores.items()}
    assert wape["prophet"] <= 0.149
    assert wape["prophet"] < 0.8 * min(wape["seasonal_naive_7"], wape["seasonal_naive_364"])
    assert orders.scores["prophet"]["mase"] < 0.8


def test_the_range_holds_about_as_many_real_days_as_it_says(orders: MeasureForecast, revenue: MeasureForecast) -> None:
    # Four standard errors of a share of 143 days, were they independent.
    for forecast in (orders, revenue):
        assert abs(forecast.scores["prophet"]["coverage"] - 0.8) < 0.135


def test_six_origins_of_28_complete_days_are_scored(orders: MeasureForecast) -> None:
    assert orders.origins == [TODAY - timedelta(days=28 * back) for back in range(6, 0, -1)]
    assert {len(orders.last_origin["day"]), len(orders.last_origin["prophet"]["low"])} == {24}
    assert len(orders.by_origin) == 18


def test_the_forecast_covers_each_day_from_today_on(orders: MeasureForecast, revenue: MeasureForecast) -> None:
    assert orders.day[0] == np.datetime64(TODAY)
    assert (np.diff(orders.day) == np.timedelta64(1, "D")).all()
    for made in (orders, revenue):
        assert (made.low[made.open] < made.forecast[made.open]).all()
        assert (made.forecast[made.open] < made.high[made.open]).all()
        assert (made.low >= 0).all()
        assert not made.forecast[~made.open].any()
        assert not made.high[~made.open].any()
    assert revenue.paths is None


def test_the_coming_year_is_of_the_size_of_the_last(orders: MeasureForecast, shop_days: pd.DataFrame) -> None:
    assert orders.forecast[:364].sum() == pytest.approx(shop_days["orders"][-364:].sum(), rel=0.25)


def test_a_forecast_never_looks_ahead(shop_days: pd.DataFrame) -> None:
    today = date(2011, 10, 14)
    later = shop_days["day"] >= pd.Timestamp(today)
    other = shop_days.assign(orders=shop_days["orders"].where(~later, 999), open=shop_days["open"] | later)
    made = [forecast_measure(days, "orders", today, "GB", 28, 16, origins=0) for days in (shop_days, other)]
    assert made[0].to_bytes() == made[1].to_bytes()


def test_a_score_at_an_origin_uses_only_what_came_before_it(shop_days: pd.DataFrame) -> None:
    last = shop_days["day"] >= pd.Timestamp(TODAY - timedelta(days=28))
    wild = shop_days.assign(orders=shop_days["orders"].where(~last, 7 * shop_days["orders"]))
    before, after = (forecast_measure(days, "orders", TODAY, "GB", 7, 8, origins=2) for days in (shop_days, wild))
    earlier = [[line for line in made.by_origin if line["origin"] == "2011-10-14"] for made in (before, after)]
    assert earlier[0] == earlier[1]
    assert before.last_origin["prophet"] == after.last_origin["prophet"]
    assert before.scores["prophet"] != after.scores["prophet"]


def test_the_same_days_give_the_same_bytes_in_two_processes(shop_days: pd.DataFrame, tmp_path: Path) -> None:
    file = tmp_path / "days.parquet"
    shop_days.to_parquet(file)
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", AGAIN, str(file)]
    there = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    made = forecast_measure(shop_days, "orders", TODAY, "GB", horizon_days=60, paths=64, origins=1)
    assert there.stdout.strip() == sha256(made.to_bytes()).hexdigest()
    assert there.stderr == ""


def test_the_global_generator_is_left_as_it_was(shop_days: pd.DataFrame) -> None:
    np.random.seed(7)
    expected = np.random.random()
    np.random.seed(7)
    forecast_measure(shop_days, "orders", TODAY, "GB", 7, 8, origins=0)
    assert np.random.random() == expected


def test_another_seed_gives_other_paths_around_the_same_forecast(shop_days: pd.DataFrame) -> None:
    one, two = (forecast_measure(shop_days, "orders", TODAY, "GB", 28, 64, seed=seed, origins=0) for seed in (0, 2**40))
    assert np.allclose(one.forecast, two.forecast)
    assert not np.allclose(one.paths, two.paths)


def test_a_forecast_survives_its_bytes(orders: MeasureForecast, revenue: MeasureForecast) -> None:
    for made in (orders, revenue):
        back = MeasureForecast.from_bytes(made.to_bytes())
        for name in (field.name for field in fields(made)):
            np.testing.assert_equal(getattr(back, name), getattr(made, name))
        assert back.to_bytes() == made.to_bytes()
        assert back.day.dtype == made.day.dtype


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"something else"])
def test_bytes_of_something_else_are_an_error(content: bytes) -> None:
    with pytest.raises(TwinError, match="Make it again"):
        MeasureForecast.from_bytes(content)


SHORT = {
    "one day": np.array([12]),
    "nine days": np.array([3, 4, 5, 6, 7, 0, 0, 4, 4]),
    "seven weeks": np.tile([30, 40, 50, 40, 30, 0, 20], 7) + np.arange(49) % 5,
    "constant": np.full(400, 20),
    "all closed": np.zeros(120, dtype=int),
    "an order a month": (np.arange(300) % 30 == 4).astype(int),
}


@pytest.mark.parametrize("name", SHORT)
def test_too_little_history_falls_back_and_says_so(name: str) -> None:
    days, today = days_of(SHORT[name])
    made = forecast_measure(days, "orders", today, "GB", 30, 32)
    assert made.method == "seasonal_naive_7"
    assert made.note.endswith("repeats the last week.")
    assert made.paths is not None
    for values in (made.forecast, made.low, made.high, made.paths):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert np.abs(made.paths.mean(axis=0) - made.forecast).max() < 1e-9
    assert MeasureForecast.from_bytes(made.to_bytes()).scores == made.scores


def test_an_open_day_without_revenue_is_no_trouble() -> None:
    values = np.tile([30.0, 40, 50, 0, 30, 60, 20], 20) * (1 + 0.1 * np.sin(np.arange(140)))
    days, today = days_of(values)
    made = forecast_measure(days.assign(open=True), "orders", today, "GB", 14, 16)
    assert made.method == "prophet"
    assert np.isfinite(made.forecast).all()


def test_ten_weeks_are_forecast_without_a_slope_or_a_season() -> None:
    rising = np.tile([30.0, 40, 50, 40, 30, 60, 20], 10) * np.linspace(1, 1.5, 70)
    days, today = days_of(rising)
    made = forecast_measure(days, "orders", today, "GB", 366, 16)
    assert made.method == "prophet"
    assert made.forecast.max() < 1.5 * rising.max()
    assert made.scores["seasonal_naive_364"]["wape"] is None


def test_a_wrong_table_is_an_error_that_names_the_place(shop_days: pd.DataFrame) -> None:
    with pytest.raises(TwinError, match="no column 'profit'; it has day, orders"):
        forecast_measure(shop_days, "profit", TODAY, "GB")
    with pytest.raises(TwinError, match="2009-12-03 is followed by 2009-12-05"):
        forecast_measure(shop_days.drop(index=3), "orders", TODAY, "GB")
    with pytest.raises(TwinError, match=r"found -1.0 on 2009-12-03"):
        forecast_measure(
            shop_days.assign(orders=shop_days["orders"].where(shop_days.index != 2, -1)), "orders", TODAY, "GB"
        )
    with pytest.raises(TwinError, match="no complete day before 2009-12-01"):
        forecast_measure(shop_days, "orders", date(2009, 12, 1), "GB")
    with pytest.raises(TwinError, match="1 to 366 days; found 0"):
        forecast_measure(shop_days, "orders", TODAY, "GB", horizon_days=0)
