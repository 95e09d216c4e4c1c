create table order_lines (
    line_id ubigint not null,
    order_id varchar not null,
    ordered_at timestamp not null,
    item_id varchar not null,
    description varchar,
    quantity bigint not null,
    price decimal(18, 6) not null,
    customer_id bigint,
    country varchar,
    kind varchar not null,
    ingest integer not null
);
comment on table order_lines is 'One item on one invoice: everything else is derived from these';
comment on column order_lines.line_id is 'Name of the line made from its content, the first 64 bits of an MD5; integer';
comment on column order_lines.order_id is 'Number of the order or of the cancellation; text';
comment on column order_lines.ordered_at is 'When it was ordered; date and time at the shop';
comment on column order_lines.item_id is 'Code of the item or of the charge; text';
comment on column order_lines.description is 'Name of the item as the file gives it; text';
comment on column order_lines.quantity is 'How many pieces, negative when they come back; pieces';
comment on column order_lines.price is 'Price of one piece; currency of the twin';
comment on column order_lines.customer_id is 'Number of the customer, empty where the buyer is not known; integer';
comment on column order_lines.country is 'Country of the buyer; text';
comment on column order_lines.kind is 'What the line is: sale, cancellation, charge or free; text';
comment on column order_lines.ingest is 'Number of the ingest that brought the line; integer';

create table set_aside (
    line_id ubigint not null,
    copy integer not null,
    reason varchar not null,
    order_id varchar not null,
    ordered_at timestamp not null,
    item_id varchar not null,
    description varchar,
    quantity bigint not null,
    price decimal(18, 6) not null,
    customer_id bigint,
    country varchar,
    kind varchar not null,
    ingest integer not null
);
comment on table set_aside is 'Lines of a file that were not kept, and why';
comment on column set_aside.line_id is 'Name of the line that it repeats; integer';
comment on column set_aside.copy is 'Which copy it is, 2 for the first repeat; count';
comment on column set_aside.reason is 'exact_duplicate, or overlapping_period where an earlier sheet of the file held it; text';
comment on column set_aside.order_id is 'Number of the order or of the cancellation; text';
comment on column set_aside.ordered_at is 'When it was ordered; date and time at the shop';
comment on column set_aside.item_id is 'Code of the item or of the charge; text';
comment on column set_aside.description is 'Name of the item as the file gives it; text';
comment on column set_aside.quantity is 'How many pieces, negative when they come back; pieces';
comment on column set_aside.price is 'Price of one piece; currency of the twin';
comment on column set_aside.customer_id is 'Number of the customer, empty where the buyer is not known; integer';
comment on column set_aside.country is 'Country of the buyer; text';
comment on column set_aside.kind is 'What the line would have been: sale, cancellation, charge or free; text';
comment on column set_aside.ingest is 'Number of the ingest that brought it; integer';

create table customers_given (
    customer_id bigint not null,
    country varchar,
    ingest integer not null
);
comment on table customers_given is 'What a customer file said; goes before what the orders say';
comment on column customers_given.customer_id is 'Number of the customer; integer';
comment on column customers_given.country is 'Country of the customer; text';
comment on column customers_given.ingest is 'Number of the ingest that brought the row; integer';

create table items_given (
    item_id varchar not null,
    description varchar,
    price decimal(18, 6),
    ingest integer not null
);
comment on table items_given is 'What an item file said; goes before what the orders say';
comment on column items_given.item_id is 'Code of the item; text';
comment on column items_given.description is 'Name of the item; text';
comment on column items_given.price is 'List price of one piece; currency of the twin';
comment on column items_given.ingest is 'Number of the ingest that brought the row; integer';

create table orders (
    order_id varchar not null,
    customer_id bigint,
    ordered_at timestamp not null,
    day date not null,
    lines bigint not null,
    units bigint not null,
    revenue decimal(18, 6) not null,
    reversed boolean not null,
    reversed_by varchar
);
comment on table orders is 'Orders of items, made from the sale lines';
comment on column orders.order_id is 'Number of the order; text';
comment on column orders.customer_id is 'Number of the customer, empty where the buyer is not known; integer';
comment on column orders.ordered_at is 'When it was ordered; date and time at the shop';
comment on column orders.day is 'Day it was ordered; calendar date of the shop';
comment on column orders.lines is 'Sale lines of the order; count';
comment on column orders.units is 'Pieces ordered; pieces';
comment on column orders.revenue is 'Pieces times price, summed; currency of the twin';
comment on column orders.reversed is 'Cancelled in full within the day, so neither an order nor revenue; true or false';
comment on column orders.reversed_by is 'Number of the cancellation that reversed it; text';

create table items (
    item_id varchar not null,
    description varchar,
    price decimal(18, 6),
    first_sold date,
    last_sold date,
    lines bigint not null,
    units bigint not null,
    revenue decimal(18, 6) not null
);
comment on table items is 'Items the shop sells, made from orders that were not reversed and from item files';
comment on column items.item_id is 'Code of the item; text';
comment on column items.description is 'Name of the item; text';
comment on column items.price is 'Most frequent price of its last 90 days of sale; currency of the twin';
comment on column items.first_sold is 'Day of its first sale; calendar date of the shop';
comment on column items.last_sold is 'Day of its last sale; calendar date of the shop';
comment on column items.lines is 'Sale lines; count';
comment on column items.units is 'Pieces sold; pieces';
comment on column items.revenue is 'Pieces times price, summed; currency of the twin';

create table customers (
    customer_id bigint not null,
    country varchar,
    first_order date,
    last_order date,
    orders bigint not null,
    revenue decimal(18, 6) not null
);
comment on table customers is 'Customers with a number, made from orders that were not reversed and from customer files';
comment on column customers.customer_id is 'Number of the customer; integer';
comment on column customers.country is 'Country of the latest line; text';
comment on column customers.first_order is 'Day of the first order; calendar date of the shop';
comment on column customers.last_order is 'Day of the last order; calendar date of the shop';
comment on column customers.orders is 'Orders that were not reversed; count';
comment on column customers.revenue is 'Revenue of those orders; currency of the twin';

create table ingests (
    ingest integer not null,
    table_name varchar not null,
    file varchar not null,
    created timestamp not null,
    rows_read bigint not null,
    rows_kept bigint not null,
    rows_rejected bigint not null,
    rows_added bigint not null,
    checks varchar not null,
    snapshot varchar not null
);
comment on table ingests is 'Files that were read and changed something';
comment on column ingests.ingest is 'Number of the ingest, counted within the twin; integer';
comment on column ingests.table_name is 'Table the file was read as; text';
comment on column ingests.file is 'Name of the file without its folder; text';
comment on column ingests.created is 'When it was read; UTC';
comment on column ingests.rows_read is 'Rows of the file; count';
comment on column ingests.rows_kept is 'Rows that were not set aside; count';
comment on column ingests.rows_rejected is 'Rows that were set aside; count';
comment on column ingests.rows_added is 'Rows that the store did not hold before; count';
comment on column ingests.checks is 'What was found in this file; a JSON array of name, rows, action, note';
comment on column ingests.snapshot is 'Snapshot that this ingest led to; 16 hexadecimal digits';
