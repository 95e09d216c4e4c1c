-- What can be counted state by state, on any table {events} with the columns of machine_events. States that begin in
-- the same second stand in the order in which a machine can go through them. Who runs again has begun something anew.
with ordered as (
    select machine_id, state, kind, visit_id, row_number() over (partition by machine_id order by happened_at, list_position(
        ['idle', 'blocked', 'set_up', 'running', 'failed', 'repair', 'maintenance', 'off'], state)) as nth
    from {events}
),
followed as (
    select o.state, b.state as before,
        (b.state, b.kind, b.visit_id) is not distinct from (o.state, o.kind, o.visit_id) as same
    from ordered o left join ordered b on b.machine_id = o.machine_id and b.nth = o.nth - 1
)
select
    count(*) filter (same and state <> 'running') as again,
    count(*) filter (state = 'repair' and before is not null and before not in ('failed', 'repair', 'off')) as unfailed,
    (select count(*) from {events} where machine_id in (
        select machine_id from {events} group by machine_id having count(distinct machines) > 1)) as of_two_groups
from followed
