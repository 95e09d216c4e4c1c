-- What can be counted month by month, on any table {months} with the columns of loan_months. A loan that was paid off or
-- defaulted may go on being told of as such.
with ordered as (
    select loan_id, due_on, state, 12 * year(due_on) + month(due_on) as nth,
        row_number() over (partition by loan_id order by due_on) as place
    from {months}
),
followed as (
    select o.*, b.state as before, o.nth - b.nth as step,
        list_position(['current', 'late_1', 'late_2', 'late_3'], o.state)
            - list_position(['current', 'late_1', 'late_2', 'late_3'], b.state) as further
    from ordered o left join ordered b on b.loan_id = o.loan_id and b.place = o.place - 1
)
select
    count(*) filter (loan_id not in (select loan_id from loans)) as without_loan,
    count(*) filter (due_on <= (select min(granted_on) from loans l where l.loan_id = f.loan_id)) as before_granted,
    count(*) filter (step > 1 and before not in ('default', 'paid_off')) as after_gap,
    coalesce(sum(step - 1) filter (step > 1 and before not in ('default', 'paid_off')), 0)::bigint as missing,
    count(*) filter (step = 0) as twice,
    count(*) filter (
        (before in ('default', 'paid_off') and state <> before) or (step = 1 and further > 1)
    ) as cannot_follow
from followed f
