-- A row of `stage` as the store keeps it. How it ended is told by its end where the file does not say; one that
-- the file calls open although it has an end is done.
create or replace temp table told as
select place, visit_id, customer_id, kind, arrived_at, ended_at, units, scrapped,
    case
        when ended_at is null then coalesce(outcome, 'open')
        when coalesce(outcome, 'open') = 'open' then 'done'
        else outcome
    end as outcome,
    (ended_at is not null and outcome is not distinct from 'open') as corrected,
    coalesce(ended_at < arrived_at, false) as impossible
from stage;
