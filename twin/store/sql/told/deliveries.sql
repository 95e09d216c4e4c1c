-- A row of `stage` as the store keeps it.
create or replace temp table told as
select place, delivery_id, lane, item_id, ordered_on::date as ordered_on, shipped_on::date as shipped_on,
    received_on::date as received_on, quantity, received,
    coalesce(shipped_on::date < ordered_on::date, false)
        or coalesce(received_on::date < coalesce(shipped_on, ordered_on)::date, false) as impossible
from stage;
