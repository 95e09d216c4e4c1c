-- From `told` (rows of a file) and the table {table}: `judged`, every row of the file with what becomes of it.
-- Of two rows about the same thing ({key}) the one that tells more is the newer; where both tell as much, the one
-- read later, unless the store held it before and has learned better since.
create or replace temp table judged as
with named as (
    select *, ('0x' || left(md5(concat_ws(chr(31), {texts})), 16))::ubigint as row_id, {progress} as progress
    from told
),
counted as (
    select *, row_number() over (partition by row_id order by place) as copy from named
),
ranked as (
    select *, case when copy = 1 and not impossible then
        row_number() over (partition by {key}, copy = 1 and not impossible order by progress desc, place desc) end as nth
    from counted
),
learned as (
    select row_id from records_set_aside where table_name = '{table}' and reason = 'older_version'
)
select r.*, known.row_id as known_row_id,
    case
        when r.copy > 1 then 'exact_duplicate'
        when r.impossible then '{fault}'
        when r.nth > 1 then 'older_version'
        when known.row_id = r.row_id then 'known'
        when known.progress > r.progress or (known.row_id is not null and r.row_id in (from learned)) then 'older_version'
        else 'news'
    end as verdict
from ranked r
left join (select row_id, {key}, {progress} as progress from {table}) known using ({key});

-- What is not used goes aside, and so does what the store held until now of a thing that there is news of.
insert into records_set_aside
with aside as (
    select row_id, copy, verdict as reason, to_json(struct_pack({packed}))::varchar as content, place
    from judged where verdict in ('exact_duplicate', '{fault}', 'older_version')
    union all
    select row_id, 1, 'older_version', to_json(struct_pack({packed}))::varchar, 0
    from {table} where row_id in (select known_row_id from judged where verdict = 'news')
)
select '{table}', row_id, copy, reason, content, getvariable('ingest')
from aside a
where not exists (
    select 1 from records_set_aside s
    where s.table_name = '{table}' and s.row_id = a.row_id and s.copy = a.copy and s.reason = a.reason
)
order by place, row_id, copy;

delete from {table} where row_id in (select known_row_id from judged where verdict = 'news');

insert into {table} by name
select row_id, {columns}, getvariable('ingest') as ingest from judged where verdict = 'news' order by place;
