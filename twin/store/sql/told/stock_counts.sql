-- A row of `stage` as the store keeps it.
create or replace temp table told as
select place, day::date as day, node, item_id, quantity, quantity < 0 as impossible
from stage;
