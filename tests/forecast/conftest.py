"""The demo shop's days, made here straight from its file, and one forecast of each measure for all tests."""

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from twin.forecast.measure import forecast_measure
from twin.forecast.published import MeasureForecast

TODAY = date(2011, 12, 9)
FILE = Path(__file__).parents[2] / "data" / "online_retail_II.parquet"
DAYS = """
with lines as (
    select distinct "Invoice" as invoice, "StockCode" as item, "Quantity" as quantity, "InvoiceDate" as moment,
        cast("InvoiceDate" as date) as day, "Price" as price, "Customer ID" as customer from read_parquet($file)
), sales as (
    select * from lines
    where invoice not like 'C%' and price > 0 and quantity > 0 and regexp_matches(item, '^[0-9]{5}') and day < $today
), cancelled as (
    select distinct customer, item, -quantity as quantity, day from lines where invoice like 'C%'
), orders as (
    select invoice, min(sales.day) as day, sum(sales.quantity * price) as revenue,
        bool_and(cancelled.item is not null) as reversed
    from sales left join cancelled on sales.customer is not distinct from cancelled.customer
        and sales.item = cancelled.item and sales.quantity = cancelled.quantity and sales.day = cancelled.day
    group by invoice
), sold as (select day, count(*) as orders, sum(revenue) as revenue from orders where not reversed group by day),
calendar as (
    select unnest(generate_series((select min(day) from sold), (select max(day) from sold), interval 1 day)) as moment
)
select cast(moment as date) as day, coalesce(orders, 0) as orders, coalesce(revenue, 0.0) as revenue,
    orders is not null as open
from calendar left join sold on sold.day = cast(moment as date) order by day
"""


@pytest.fixture(scope="session")
def shop_days() -> pd.DataFrame:
    with duckdb.connect() as connection:
        return connection.execute(DAYS, {"file": str(FILE), "today": TODAY}).df()


@pytest.fixture(scope="session")
def orders(shop_days: pd.DataFrame) -> MeasureForecast:
    return forecast_measure(shop_days, "orders", TODAY, "GB")


@pytest.fixture(scope="session")
def revenue(shop_days: pd.DataFrame) -> MeasureForecast:
    return forecast_measure(shop_days, "revenue", TODAY, "GB")
