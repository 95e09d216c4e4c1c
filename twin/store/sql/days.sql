-- The last order of each day, on any table {lines} with the columns of order_lines.
select ordered_at::date as day, max(ordered_at) as last_arrival, count(*) as rows
from {lines} where kind = 'sale' group by all order by all
