-- A row of `stage` as the store keeps it.
create or replace temp table told as
select place, machine_id, machines, happened_at, state, kind, visit_id, false as impossible
from stage;
