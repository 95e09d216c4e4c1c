with sold as (
    select l.item_id, count(*) as lines, sum(least(l.shipped, l.quantity))::bigint as units,
        sum(least(l.shipped, l.quantity) * l.price) as revenue
    from order_lines l
    join orders o using (order_id)
    where l.kind = 'sale' and not o.reversed and o.day between getvariable('since') and getvariable('last_day')
    group by l.item_id
)
select s.item_id, i.description, i.price::double as price, s.lines, s.units, s.revenue::double as revenue
from sold s join items i using (item_id)
order by s.revenue desc, s.item_id
