-- What can be counted appointment by appointment, on any table {appointments} with the columns of appointments. A visit
-- is missed only where some visits are known; a visit is of a kind that is agreed where any appointment is of that kind.
with agreed as (
    select * from {appointments}
),
met as (
    select a.kind, a.planned_at, v.kind as visit_kind, v.arrived_at, v.visit_id is not null as known
    from agreed a left join visits v using (visit_id)
    where a.visit_id is not null
)
select
    (select count(*) from agreed where visit_id is null) as no_show,
    (select count(*) from met where not known) as without_visit,
    (select coalesce(sum(times), 0) from (select count(*) as times from agreed where visit_id is not null
        group by visit_id having count(*) > 1)) as of_one_visit,
    (select count(*) from met where known and planned_at::date <> arrived_at::date) as another_day,
    (select count(*) from met where known and kind <> visit_kind) as another_kind,
    (select count(*) from visits where kind in (select kind from agreed)
        and arrived_at::date between (select min(planned_at)::date from agreed) and (select max(planned_at)::date from agreed)
        and visit_id not in (select visit_id from appointments where visit_id is not null)) as not_agreed
