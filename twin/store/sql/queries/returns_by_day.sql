select ordered_at::date as day, sum(-quantity * price)::double as returned
from order_lines
where kind = 'cancellation' and quantity < 0 and price > 0
    and ordered_at::date between getvariable('since') and getvariable('last_day')
    and item_id in (select item_id from order_lines where kind = 'sale')
    and order_id not in (select reversed_by from orders where reversed)
group by day order by day
