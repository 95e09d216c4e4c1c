with placed as (
    select day, revenue, customer_id,
        row_number() over (partition by customer_id order by ordered_at, order_id) as nth
    from orders where not reversed and day <= getvariable('last_day')
),
calendar as (
    select unnest(generate_series(
        (select min(day) from orders)::timestamp, getvariable('last_day')::timestamp, interval 1 day))::date as day
)
select c.day,
    count(p.day) as orders,
    coalesce(sum(p.revenue), 0)::double as revenue,
    count(p.day) > 0 as open,
    count(*) filter (p.customer_id is not null and nth > 1) as orders_returning,
    count(*) filter (p.customer_id is not null and nth = 1) as orders_new,
    count(*) filter (p.day is not null and p.customer_id is null) as orders_anonymous
from calendar c left join placed p using (day)
group by c.day order by c.day
