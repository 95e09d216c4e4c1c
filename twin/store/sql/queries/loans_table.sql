select loan_id, customer_id, book, granted_on, amount::double as amount, rate::double as rate, term_months, due_day
from loans
where granted_on between getvariable('since') and getvariable('last_day')
order by granted_on, loan_id
