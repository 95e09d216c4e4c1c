select team, shift, person, day, present
from attendance
where day between getvariable('since') and getvariable('last_day')
order by day, team, shift, person
