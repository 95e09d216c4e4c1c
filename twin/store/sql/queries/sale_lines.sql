select l.order_id, l.item_id, l.ordered_at, o.day, l.quantity, l.price::double as price, l.customer_id
from order_lines l
join orders o using (order_id)
where l.kind = 'sale' and not o.reversed and o.day between getvariable('since') and getvariable('last_day')
order by o.ordered_at, l.order_id, l.item_id, l.line_id
