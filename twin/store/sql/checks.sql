-- What can be counted line by line, on any table {lines} with the columns of order_lines.
select
    count(*) filter (kind = 'cancellation') as cancellation,
    count(*) filter (price <= 0) as price_not_positive,
    count(*) filter (customer_id is null) as customer_missing,
    count(*) filter (not regexp_matches(item_id, getvariable('item_pattern'))) as not_an_item,
    count(distinct item_id) filter (not regexp_matches(item_id, getvariable('item_pattern'))) as codes,
    count(*) as lines
from {lines}
