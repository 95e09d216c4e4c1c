-- 52 whole weeks, so that each weekday counts as often as any other.
with came as (
    select isodow(arrived_at) - 1 as weekday, hour(arrived_at) as hour, count(*) as visits
    from visits
    where arrived_at < getvariable('until') and arrived_at >= getvariable('until') - interval 364 day
    group by all
)
select w.weekday, h.hour, coalesce(c.visits, 0) as visits
from (select unnest(range(7)) as weekday) w
cross join (select unnest(range(24)) as hour) h
left join came c using (weekday, hour)
order by w.weekday, h.hour
