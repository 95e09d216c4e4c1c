-- What can be counted recovery by recovery, on any table {recoveries} with the columns of recoveries.
with defaulted as (
    select loan_id, due_on as since, balance as owed
    from (select *, row_number() over (partition by loan_id order by due_on) as nth from loan_months where state = 'default')
    where nth = 1
),
told as (
    select loan_id, received_on, sum(amount) over (partition by loan_id) as back from {recoveries}
)
select
    count(*) filter (since is null or received_on < since) as without_default,
    count(*) filter (back > owed) as more_than_owed
from told left join defaulted using (loan_id)
