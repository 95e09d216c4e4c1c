select order_id, customer_id, ordered_at, day, lines, units, revenue::double as revenue
from orders
where not reversed and day between getvariable('since') and getvariable('last_day')
order by ordered_at, order_id
