-- States that begin in the same second stand in the order in which a machine can go through them.
select machine_id, machines, happened_at, state, kind, visit_id
from machine_events
where happened_at >= getvariable('since') and happened_at < getvariable('until')
order by machine_id, happened_at, list_position(
    ['idle', 'blocked', 'set_up', 'running', 'failed', 'repair', 'maintenance', 'off'], state)
