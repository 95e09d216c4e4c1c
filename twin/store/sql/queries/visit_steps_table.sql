-- As it was known at the end of the last complete day: what began or ended later had not yet.
select s.visit_id, s.station, s.queued_at,
    case when s.began_at < getvariable('until') then s.began_at end as began_at,
    case when s.ended_at < getvariable('until') then s.ended_at end as ended_at,
    case when s.began_at < getvariable('until') then s.team end as team,
    case when s.ended_at < getvariable('until') then s.result end as result
from visit_steps s
join visits v using (visit_id)
where v.arrived_at >= getvariable('since') and v.arrived_at < getvariable('until') and s.queued_at < getvariable('until')
order by v.arrived_at, s.visit_id, s.queued_at, s.station
