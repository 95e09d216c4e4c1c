"""The season of orders: planted ones are found, noise is not taken for one."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from twin.calibrate.season import season
from twin.calibrate.tables import Tables

TODAY = date(2022, 1, 1)


def shop(lines_by_month: np.ndarray, size_by_month: np.ndarray, days: int = 730, a_day: int = 12) -> Tables:
    """Two years of orders of known and anonymous buyers with this season."""
    luck = np.random.default_rng(3)
    day = pd.date_range(end=pd.Timestamp(TODAY) - pd.Timedelta(days=1), periods=days).repeat(a_day)
    month = day.month.to_numpy() - 1
    lines = np.maximum(1, luck.poisson(20 * lines_by_month[month]))
    revenue = lines * 5.0 * size_by_month[month] * luck.lognormal(0, 0.3, len(day))
    known = np.arange(len(day)) % 3 > 0
    orders = pd.DataFrame(
        {
            "order_id": np.arange(len(day)).astype(str),
            "customer_id": pd.array(np.where(known, 1, 0), dtype="Int64"),
            "ordered_at": day,
            "day": day,
            "lines": lines,
            "units": lines,
            "revenue": revenue,
        }
    )
    orders.loc[~known, "customer_id"] = pd.NA
    return Tables(TODAY, orders, pd.DataFrame(), pd.DataFrame())


def test_a_planted_season_is_found() -> None:
    lines, size = np.ones(12), np.ones(12)
    lines[10], size[0] = 1.5, 1.4
    found = season(shop(lines, size)).vectors
    for stream in (0, 1):
        assert found["season_lines"][stream] / found["season_lines"][stream][4] == pytest.approx(lines, rel=0.06)
        assert found["season_size"][stream] / found["season_size"][stream][4] == pytest.approx(size, rel=0.1)


def test_a_shop_without_a_season_is_left_alone() -> None:
    found = season(shop(np.ones(12), np.ones(12))).vectors
    assert np.abs(found["season_lines"] - 1).max() < 0.02
    assert np.abs(found["season_size"] - 1).max() < 0.05


def test_the_years_orders_average_to_one() -> None:
    lines = np.linspace(0.7, 1.3, 12)
    tables = shop(lines, np.ones(12))
    found = season(tables).vectors["season_lines"]
    year = tables.year
    for stream, rows in enumerate((year["customer_id"].notna(), year["customer_id"].isna())):
        months = year[rows]["day"].dt.month.to_numpy() - 1
        assert found[stream][months].mean() == pytest.approx(1.0, rel=1e-9)


def test_less_than_a_year_shows_no_season() -> None:
    found = season(shop(np.linspace(0.5, 1.5, 12), np.ones(12), days=200)).vectors
    assert (found["season_lines"] == 1).all()
    assert (found["season_size"] == 1).all()
