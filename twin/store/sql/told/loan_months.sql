-- A row of `stage` as the store keeps it.
create or replace temp table told as
select place, loan_id, due_on::date as due_on, due, interest, paid, balance, state,
    least(coalesce(due, 0), coalesce(interest, 0), paid, balance) < 0 as impossible
from stage;
