-- A row of `stage` as the store keeps it.
create or replace temp table told as
select place, team, shift, person, day::date as day, present = 1 as present, false as impossible
from stage;
