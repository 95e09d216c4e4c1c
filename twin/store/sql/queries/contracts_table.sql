-- As it was known at the end of the last complete day: what ends later still runs.
select customer_id, segment, started_on,
    case when ended_on <= getvariable('last_day') then ended_on end as ended_on
from contracts
where started_on <= getvariable('last_day')
order by started_on, customer_id
