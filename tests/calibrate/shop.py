"""The real shop's records as the tables that calibration takes, built straight from the file."""

from datetime import date
from pathlib import Path

import duckdb

from twin.calibrate.tables import Tables, tables_from

RETAIL = Path(__file__).parents[2] / "data" / "online_retail_II.parquet"
TODAY = date(2011, 12, 9)

LINES = """
create table lines as
select Invoice as order_id, StockCode as item_id, Description as description, Quantity as quantity,
       InvoiceDate as ordered_at, Price as price, cast("Customer ID" as bigint) as customer_id,
       cast(InvoiceDate as date) as day
from (select distinct * from read_parquet(?))
where regexp_matches(StockCode, '^[0-9]{5}')
"""
SALES = "create table sales as select * from lines where not starts_with(order_id, 'C') and price > 0 and quantity > 0"
REVERSED = """
create table reversed as
with back as (select customer_id, day, item_id, -sum(quantity) as units from lines
              where starts_with(order_id, 'C') and quantity < 0 group by all)
select s.order_id
from (select order_id, customer_id, day, item_id, sum(quantity) as units from sales group by all) s
left join back b on b.customer_id is not distinct from s.customer_id and b.day = s.day and b.item_id = s.item_id
group by s.order_id having bool_and(coalesce(b.units >= s.units, false))
"""
ORDERS = """
select order_id, any_value(customer_id) as customer_id, min(ordered_at) as ordered_at, min(day) as day,
       count(*) as lines, cast(sum(quantity) as bigint) as units, sum(quantity * price) as revenue
from sales where order_id not in (from reversed) and day < ? group by order_id order by ordered_at, order_id
"""
KEPT = """
select order_id, item_id, quantity, price from sales
where order_id not in (from reversed) and day < ? order by ordered_at, order_id, item_id, quantity, price
"""
RETURNS = """
select day, sum(-quantity * price) as returned from lines
where starts_with(order_id, 'C') and quantity < 0 and price > 0 and day < ? and (customer_id, day, item_id) not in
    (select (customer_id, day, item_id) from sales where order_id in (from reversed) and customer_id is not null)
group by day order by day
"""


def shop_tables(today: date = TODAY) -> Tables:
    """The gift shop as it stood on a morning."""
    with duckdb.connect() as connection:
        connection.execute(LINES, [str(RETAIL)])
        connection.execute(SALES)
        connection.execute(REVERSED)
        orders, lines, returned = (connection.execute(query, [today]).df() for query in (ORDERS, KEPT, RETURNS))
    return tables_from(orders, lines, today, returned)
