alter table visit_steps add column result varchar;
comment on column visit_steps.result is 'What a test there found: positive or negative, empty where nothing was tested; text';

create table appointments (
    row_id ubigint not null,
    appointment_id varchar not null,
    kind varchar not null,
    planned_at timestamp not null,
    visit_id varchar,
    ingest integer not null
);
comment on table appointments is 'Appointments that were agreed, each once, as they were last told';
comment on column appointments.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column appointments.appointment_id is 'Number of the appointment; text';
comment on column appointments.kind is 'Kind of work, as the template names it; text';
comment on column appointments.planned_at is 'When it was to be; date and time at the business';
comment on column appointments.visit_id is 'Number of the visit that came of it, empty where nobody came; text';
comment on column appointments.ingest is 'Number of the ingest that brought the row; integer';
comment on table records_set_aside is 'Rows about visits, steps, appointments, contracts and attendance that are not used, and why';
