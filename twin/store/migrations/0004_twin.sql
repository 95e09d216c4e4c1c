alter table order_lines add column site varchar;
alter table order_lines add column shipped bigint;
alter table set_aside add column site varchar;
alter table set_aside add column shipped bigint;
comment on column order_lines.site is 'Outlet where it was ordered, as the template names it, empty where there is only one; text';
comment on column order_lines.shipped is 'How many of them could be delivered, empty for all; pieces';
comment on column set_aside.site is 'Outlet where it was ordered, empty where there is only one; text';
comment on column set_aside.shipped is 'How many of them could be delivered, empty for all; pieces';
comment on column orders.revenue is 'Pieces that could be delivered times price, summed; currency of the twin';
comment on column items.units is 'Pieces sold, those that could not be delivered left out; pieces';
comment on column items.revenue is 'Pieces sold times price, summed; currency of the twin';

alter table visits add column units bigint;
alter table visits add column scrapped bigint;
comment on column visits.units is 'Pieces that it is about, such as those of a production order, empty where it has none; pieces';
comment on column visits.scrapped is 'How many of them came to nothing, empty while it is open or where nobody counts; pieces';

create table deliveries (
    row_id ubigint not null,
    delivery_id varchar not null,
    lane varchar not null,
    item_id varchar not null,
    ordered_on date not null,
    shipped_on date,
    received_on date,
    quantity bigint not null,
    received bigint,
    ingest integer not null
);
comment on table deliveries is 'Deliveries from suppliers and between sites, one row for each item of one, as it was last told';
comment on column deliveries.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column deliveries.delivery_id is 'Number of the delivery; text';
comment on column deliveries.lane is 'Way it takes, from whom to where, as the template names it; text';
comment on column deliveries.item_id is 'Code of the item; text';
comment on column deliveries.ordered_on is 'Day it was ordered; calendar date of the business';
comment on column deliveries.shipped_on is 'Day it left, empty where it waits or nobody tells; calendar date of the business';
comment on column deliveries.received_on is 'Day it came in, empty while it is on its way; calendar date of the business';
comment on column deliveries.quantity is 'How many were ordered; pieces';
comment on column deliveries.received is 'How many came in, empty for all that were ordered; pieces';
comment on column deliveries.ingest is 'Number of the ingest that brought the row; integer';

create table stock_counts (
    row_id ubigint not null,
    day date not null,
    node varchar not null,
    item_id varchar not null,
    quantity bigint not null,
    ingest integer not null
);
comment on table stock_counts is 'What lay on the shelves of a site in the evening of a day, as it was last told';
comment on column stock_counts.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column stock_counts.day is 'Day in whose evening it was counted; calendar date of the business';
comment on column stock_counts.node is 'Site where it was counted, as the template names it; text';
comment on column stock_counts.item_id is 'Code of the item; text';
comment on column stock_counts.quantity is 'How many lay there; pieces';
comment on column stock_counts.ingest is 'Number of the ingest that brought the row; integer';

create table machine_events (
    row_id ubigint not null,
    machine_id varchar not null,
    machines varchar not null,
    happened_at timestamp not null,
    state varchar not null,
    kind varchar,
    visit_id varchar,
    ingest integer not null
);
comment on table machine_events is 'Changes of state of machines: each holds until the machine''s next one';
comment on column machine_events.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column machine_events.machine_id is 'Number of the machine; text';
comment on column machine_events.machines is 'Group of equal machines that it belongs to, as the template names it; text';
comment on column machine_events.happened_at is 'When the state began; date and time at the business';
comment on column machine_events.state is 'running, idle, blocked, set_up, failed, repair, maintenance or off; text';
comment on column machine_events.kind is 'Kind of work that it runs or is set up for, as the template names it; text';
comment on column machine_events.visit_id is 'Number of the visit or order that it works on; text';
comment on column machine_events.ingest is 'Number of the ingest that brought the row; integer';

comment on table records_set_aside is 'Rows about visits, deliveries, machines and what belongs to them that are not used, and why';
comment on column records_set_aside.reason is 'exact_duplicate, older_version, ended_before_it_began or negative_count; text';
