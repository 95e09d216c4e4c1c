-- A row of `stage` as the store keeps it.
create or replace temp table told as
select place, visit_id, station, queued_at, began_at, ended_at, team, result,
    coalesce(began_at < queued_at, false) or coalesce(ended_at < coalesce(began_at, queued_at), false) as impossible
from stage;
