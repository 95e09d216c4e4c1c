-- A row of `stage` as the store keeps it.
create or replace temp table told as
select place, appointment_id, kind, planned_at, visit_id, false as impossible
from stage;
