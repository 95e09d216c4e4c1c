-- As it was known at the end of the last complete day: what left or came in later had not yet.
select delivery_id, lane, item_id, ordered_on,
    case when shipped_on <= getvariable('last_day') then shipped_on end as shipped_on,
    case when received_on <= getvariable('last_day') then received_on end as received_on,
    quantity,
    case when received_on <= getvariable('last_day') then coalesce(received, quantity) end as received
from deliveries
where ordered_on between getvariable('since') and getvariable('last_day')
order by ordered_on, delivery_id, item_id
