-- What can be counted visit by visit, on any table {visits} with the columns of visits. Whether a customer is
-- known can be told only where there are contracts.
select
    count(*) filter (outcome = 'open') as open_visit,
    min(arrived_at) filter (outcome = 'open')::date as oldest,
    count(*) filter (corrected) as ended_but_open,
    count(*) filter (outcome <> 'open' and ended_at is null) as end_missing,
    count(*) filter (customer_id is null) as customer_missing,
    count(*) filter (
        customer_id not in (select customer_id from contracts) and exists (select 1 from contracts)
    ) as customer_unknown,
    count(units) as counted,
    count(*) filter (units is null) as units_missing,
    count(*) filter (scrapped > units) as scrapped_more
from {visits}
