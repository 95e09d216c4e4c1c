with placed as (
    select isodow(day) - 1 as weekday, hour(ordered_at) as hour, count(*) as orders
    from orders
    where not reversed and day <= getvariable('last_day') and day > getvariable('last_day') - 365
    group by all
)
select w.weekday, h.hour, coalesce(p.orders, 0) as orders
from (select unnest(range(7)) as weekday) w
cross join (select unnest(range(24)) as hour) h
left join placed p using (weekday, hour)
order by w.weekday, h.hour
