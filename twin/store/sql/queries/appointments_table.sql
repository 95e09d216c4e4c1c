-- As it was known at the end of the last complete day: what was planned for later is left out.
select a.appointment_id, a.kind, a.planned_at,
    case when v.visit_id is null or v.arrived_at < getvariable('until') then a.visit_id end as visit_id
from appointments a
left join visits v using (visit_id)
where a.planned_at >= getvariable('since') and a.planned_at < getvariable('until')
order by a.planned_at, a.appointment_id
