-- What can be counted delivery by delivery, on any table {deliveries} with the columns of deliveries. Whether an item
-- is known can be told only where there are items.
select
    count(*) filter (received_on is null) as on_the_way,
    min(ordered_on) filter (received_on is null) as oldest,
    count(*) filter (received > quantity) as more_than_ordered,
    count(*) filter (received_on is not null and received < quantity) as less_than_ordered,
    count(*) filter (received > 0 and received_on is null) as day_missing,
    count(*) filter (item_id not in (select item_id from items) and exists (select 1 from items)) as item_unknown
from {deliveries}
