-- From `stage`: `line` (every row of the file with its name and kind), `repeat` (every row that repeats an
-- earlier one), and what is not in the store yet goes to order_lines and set_aside. Columns that came to the table
-- later count in a line's name only where they are filled, so that older lines keep theirs.
create or replace temp table line as
select place, order_id, ordered_at, item_id, description, quantity, price, customer_id, country, site, shipped,
    ('0x' || left(md5(concat_ws(chr(31), order_id, epoch_us(ordered_at), item_id, coalesce(description, chr(30)),
        quantity, price, coalesce(customer_id::varchar, chr(30)), coalesce(country, chr(30)), 'site=' || site, 'shipped=' || shipped)), 16))::ubigint as line_id,
    case
        when starts_with(order_id, 'C') or (quantity < 0 and price > 0) then 'cancellation'
        when not regexp_matches(item_id, getvariable('item_pattern')) then 'charge'
        when price <= 0 or quantity <= 0 then 'free'
        else 'sale'
    end as kind
from stage;

-- A new sheet begins where time jumps back by more than a day. A file in which that happens at more than one
-- line in ten is not in order of time at all and has no sheets.
create or replace temp table sheet as
with jump as (
    select place from (select place, ordered_at, lag(ordered_at) over () as earlier from line)
    where ordered_at < earlier - interval 1 day
)
select place, row_number() over (order by place) as sheet from jump
where (select count(*) from jump) * 10 <= (select count(*) from line);

create or replace temp table repeat as
with twice as (
    select line_id from line group by line_id having count(*) > 1
),
alike as (
    select l.line_id, l.place, coalesce(s.sheet, 0) as sheet
    from (select line_id, place from line where line_id in (select line_id from twice)) l
    asof left join sheet s on l.place >= s.place
),
numbered as (
    select line_id, place, sheet, row_number() over (partition by line_id order by place) as copy,
        min(sheet) over (partition by line_id) as first_sheet
    from alike
)
select line_id, place, copy,
    case when sheet > first_sheet then 'overlapping_period' else 'exact_duplicate' end as reason
from numbered where copy > 1;

insert into set_aside by name
select line_id, copy, reason, order_id, ordered_at, item_id, description, quantity, price, customer_id, country, kind,
    getvariable('ingest') as ingest, site, shipped
from repeat join line using (line_id, place)
where not exists (select 1 from set_aside s where s.line_id = repeat.line_id and s.copy = repeat.copy)
order by place;

insert into order_lines by name
select line_id, order_id, ordered_at, item_id, description, quantity, price, customer_id, country, kind,
    getvariable('ingest') as ingest, site, shipped
from line
where place not in (select place from repeat) and line_id not in (select line_id from order_lines)
order by place;
