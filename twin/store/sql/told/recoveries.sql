-- A row of `stage` as the store keeps it.
create or replace temp table told as
select place, loan_id, received_on::date as received_on, amount, amount < 0 as impossible
from stage;
