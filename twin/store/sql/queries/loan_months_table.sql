-- A month of a loan that no file has told of yet is not used.
select loan_id, due_on, due::double as due, interest::double as interest, paid::double as paid,
    balance::double as balance, state
from loan_months
where due_on between getvariable('since') and getvariable('last_day') and loan_id in (select loan_id from loans)
order by due_on, loan_id
