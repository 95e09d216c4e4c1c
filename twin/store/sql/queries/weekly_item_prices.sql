with priced as (
    select l.item_id, date_trunc('week', o.day)::date as week, l.price, count(*) as lines,
        sum(l.quantity) as units, sum(l.quantity * l.price) as revenue
    from order_lines l
    join orders o using (order_id)
    where l.kind = 'sale' and not o.reversed and o.day <= getvariable('last_day')
    group by all
)
select item_id, week, arg_max(price, (lines, price))::double as list_price,
    sum(lines)::bigint as lines, sum(units)::bigint as units, sum(revenue)::double as revenue
from priced group by item_id, week order by item_id, week
