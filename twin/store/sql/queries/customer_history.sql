with placed as (
    select customer_id, day, revenue, ordered_at, order_id
    from orders where not reversed and day <= getvariable('last_day')
),
usual as (
    select avg(revenue) as mean_revenue from placed
)
select customer_id,
    min(day) as first_order,
    max(day) as last_order,
    count(distinct day) as purchase_days,
    count(*) as orders,
    sum(revenue)::double as revenue,
    (sum(ln(revenue::double / mean_revenue)::decimal(18, 9)) / count(*))::double as log_spend,
    count(distinct day) - 1 as repeats,
    max(day) - min(day) as recency_days,
    getvariable('last_day') + 1 - min(day) as age_days
from placed cross join usual
where customer_id is not null
group by customer_id order by customer_id
