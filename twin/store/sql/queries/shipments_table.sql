-- Pieces asked for and pieces delivered. What is written as more than was ordered counts as all of it.
select l.order_id, o.ordered_at, o.day, l.site, l.item_id, l.quantity, least(l.shipped, l.quantity) as shipped
from order_lines l
join orders o using (order_id)
where l.kind = 'sale' and not o.reversed and o.day between getvariable('since') and getvariable('last_day')
order by o.ordered_at, l.order_id, l.item_id, l.line_id
