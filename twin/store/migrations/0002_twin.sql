create table visits (
    row_id ubigint not null,
    visit_id varchar not null,
    customer_id varchar,
    kind varchar not null,
    arrived_at timestamp not null,
    ended_at timestamp,
    outcome varchar not null,
    corrected boolean not null,
    ingest integer not null
);
comment on table visits is 'Visits of customers or tickets, each once, as it was last told';
comment on column visits.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column visits.visit_id is 'Number of the visit or ticket; text';
comment on column visits.customer_id is 'Number of the customer, empty where it is not known; text';
comment on column visits.kind is 'Kind of work, as the template names it; text';
comment on column visits.arrived_at is 'When it came; date and time at the business';
comment on column visits.ended_at is 'When it ended, however it did; empty while it is open; date and time at the business';
comment on column visits.outcome is 'How it ended: done, abandoned, balked, or open while it has not; text';
comment on column visits.corrected is 'The file said open although it told the end; true or false';
comment on column visits.ingest is 'Number of the ingest that brought the row; integer';

create table visit_steps (
    row_id ubigint not null,
    visit_id varchar not null,
    station varchar not null,
    queued_at timestamp not null,
    began_at timestamp,
    ended_at timestamp,
    team varchar,
    ingest integer not null
);
comment on table visit_steps is 'Each stay of a visit at a station, as it was last told';
comment on column visit_steps.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column visit_steps.visit_id is 'Number of the visit or ticket; text';
comment on column visit_steps.station is 'Where it queued and was worked on, as the template names it; text';
comment on column visit_steps.queued_at is 'When it joined the queue there; date and time at the business';
comment on column visit_steps.began_at is 'When work on it began, empty if it never did; date and time at the business';
comment on column visit_steps.ended_at is 'When it left the station, empty while it is there; date and time at the business';
comment on column visit_steps.team is 'Who served it, as the template names the team; text';
comment on column visit_steps.ingest is 'Number of the ingest that brought the row; integer';

create table contracts (
    row_id ubigint not null,
    customer_id varchar not null,
    segment varchar not null,
    started_on date not null,
    ended_on date,
    ingest integer not null
);
comment on table contracts is 'Contracts of customers, as they were last told';
comment on column contracts.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column contracts.customer_id is 'Number of the customer; text';
comment on column contracts.segment is 'Group of customers, as the template names it; text';
comment on column contracts.started_on is 'First day of the contract; calendar date of the business';
comment on column contracts.ended_on is 'First day without it, empty while it runs; calendar date of the business';
comment on column contracts.ingest is 'Number of the ingest that brought the row; integer';

create table attendance (
    row_id ubigint not null,
    team varchar not null,
    shift varchar not null,
    person varchar not null,
    day date not null,
    present boolean not null,
    ingest integer not null
);
comment on table attendance is 'Who was on the roster of which day, and whether they came';
comment on column attendance.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column attendance.team is 'Team of the person, as the template names it; text';
comment on column attendance.shift is 'Shift the person was on the roster for, as the template names it; text';
comment on column attendance.person is 'Who it is; text';
comment on column attendance.day is 'Day of the roster; calendar date of the business';
comment on column attendance.present is 'Whether the person came; true or false';
comment on column attendance.ingest is 'Number of the ingest that brought the row; integer';

create table records_set_aside (
    table_name varchar not null,
    row_id ubigint not null,
    copy integer not null,
    reason varchar not null,
    content varchar not null,
    ingest integer not null
);
comment on table records_set_aside is 'Rows about visits, steps, contracts and attendance that are not used, and why';
comment on column records_set_aside.table_name is 'Table the row was read as; text';
comment on column records_set_aside.row_id is 'Name of the row made from its content; integer';
comment on column records_set_aside.copy is 'Which copy it is, 2 for the first repeat; count';
comment on column records_set_aside.reason is 'exact_duplicate, older_version or ended_before_it_began; text';
comment on column records_set_aside.content is 'The row; a JSON object';
comment on column records_set_aside.ingest is 'Number of the ingest that brought it, or that told something newer; integer';
