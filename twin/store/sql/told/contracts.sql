-- A row of `stage` as the store keeps it.
create or replace temp table told as
select place, customer_id, segment, started_on::date as started_on, ended_on::date as ended_on,
    coalesce(ended_on::date < started_on::date, false) as impossible
from stage;
