-- What can be counted loan by loan, on any table {loans} with the columns of loans. That a loan has no months can be
-- told only where months are known, and of loans that were granted two months before the last of them.
select
    count(*) filter (customer_id is null) as borrower_missing,
    count(*) filter (rate > 1) as rate_above_one,
    count(*) filter (
        granted_on < (select max(due_on) - interval 62 day from loan_months)
        and loan_id not in (select loan_id from loan_months)
    ) as without_months
from {loans}
