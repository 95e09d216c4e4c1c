-- As it was known at the end of the last complete day: what ended later was still open.
select visit_id, customer_id, kind, arrived_at, arrived_at::date as day,
    case when ended_at < getvariable('until') then ended_at end as ended_at,
    case when ended_at >= getvariable('until') then 'open' else outcome end as outcome, units,
    case when ended_at < getvariable('until') then scrapped end as scrapped
from visits
where arrived_at >= getvariable('since') and arrived_at < getvariable('until')
order by arrived_at, visit_id
