select day, node, item_id, quantity
from stock_counts
where day between getvariable('since') and getvariable('last_day')
order by day, node, item_id
