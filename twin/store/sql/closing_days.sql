-- Days without a visit on which the business was closed, of any table {visits} with the columns of visits, up to
-- the day {last}. A desk with few visits has empty days by chance: one counts as closed only if its weekday, when
-- it brings any, brings so many that fewer than one such day in a hundred would be empty by chance (4.6, since
-- exp(-4.6) = 0.01), or if that weekday hardly ever brings any.
with came as (
    select arrived_at::date as day, count(*) as visits from {visits} group by all
),
calendar as (
    select unnest(generate_series(
        (select min(day) from came)::timestamp, {last}::timestamp, interval 1 day))::date as day
),
counted as (
    select day, coalesce(visits, 0) as visits from calendar left join came using (day)
),
usual as (
    select isodow(day) as weekday, avg(visits) filter (visits > 0) as visits, avg((visits > 0)::integer) as share
    from counted group by isodow(day)
)
select c.day from counted c join usual u on u.weekday = isodow(c.day)
where c.visits = 0 and (u.visits >= 4.6 or u.share < 0.1)
order by c.day
