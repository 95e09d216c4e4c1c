-- Which days it was closed is told by closing_days.sql, which stands in here.
with complete as (
    select * from visits where arrived_at < getvariable('until')
),
came as (
    select arrived_at::date as day, count(*) as visits, count(customer_id) as known from complete group by all
),
went as (
    select coalesce(ended_at, arrived_at)::date as day, count(*) as visits
    from complete where outcome <> 'open' and coalesce(ended_at, arrived_at) < getvariable('until')
    group by all
),
calendar as (
    select unnest(generate_series(
        (select min(day) from came)::timestamp, getvariable('last_day')::timestamp, interval 1 day))::date as day
),
closed as (
    {closing_days}
)
select c.day,
    coalesce(a.visits, 0) as visits,
    coalesce(a.known, 0) as visits_known,
    (sum(coalesce(a.visits, 0)) over (order by c.day) - sum(coalesce(w.visits, 0)) over (order by c.day))::bigint
        as visits_open,
    c.day not in (select day from closed) as open
from calendar c left join came a using (day) left join went w using (day)
order by c.day
