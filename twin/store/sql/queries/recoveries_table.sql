select loan_id, received_on, amount::double as amount
from recoveries
where received_on between getvariable('since') and getvariable('last_day')
order by received_on, loan_id
