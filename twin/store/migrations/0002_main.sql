comment on column snapshots.first_day is 'First day with an order or, where there are no orders, a visit; calendar date of the business';
comment on column snapshots.last_day is 'Last complete day; the twin''s today is the day after; calendar date of the business';
