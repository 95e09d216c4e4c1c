-- What can be counted line by line where files tell how much could be delivered and where, on any table {lines} with
-- the columns of order_lines.
select
    count(shipped) as told,
    count(*) filter (kind = 'sale' and shipped < quantity) as short,
    coalesce(sum(quantity - shipped) filter (kind = 'sale' and shipped < quantity), 0)::bigint as pieces,
    count(*) filter (kind = 'sale' and shipped > quantity) as more_than_ordered,
    count(site) as placed,
    count(*) filter (kind = 'sale' and site is null) as nowhere
from {lines}
