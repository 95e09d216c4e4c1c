-- A row of `stage` as the store keeps it.
create or replace temp table told as
select place, loan_id, customer_id, book, granted_on::date as granted_on, amount, rate, term_months, due_day,
    amount <= 0 as impossible
from stage;
