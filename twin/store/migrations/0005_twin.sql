create table loans (
    row_id ubigint not null,
    loan_id varchar not null,
    customer_id varchar,
    book varchar,
    granted_on date not null,
    amount decimal(18, 6) not null,
    rate decimal(18, 6) not null,
    term_months bigint not null,
    due_day bigint,
    ingest integer not null
);
comment on table loans is 'Loans that were granted, each once, as they were last told';
comment on column loans.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column loans.loan_id is 'Number of the loan; text';
comment on column loans.customer_id is 'Number of the borrower, empty where it is not known; text';
comment on column loans.book is 'Book that it belongs to, as the template names it, empty where there is only one; text';
comment on column loans.granted_on is 'Day it was granted; calendar date of the business';
comment on column loans.amount is 'What was lent; currency of the twin';
comment on column loans.rate is 'Yearly rate, 0.085 for 8.5 %; share';
comment on column loans.term_months is 'Months over which it is to be paid off; months';
comment on column loans.due_day is 'Day of the month on which it is due, empty where only its months tell; day';
comment on column loans.ingest is 'Number of the ingest that brought the row; integer';

create table loan_months (
    row_id ubigint not null,
    loan_id varchar not null,
    due_on date not null,
    due decimal(18, 6),
    interest decimal(18, 6),
    paid decimal(18, 6) not null,
    balance decimal(18, 6) not null,
    state varchar not null,
    ingest integer not null
);
comment on table loan_months is 'What became of each loan on the days on which it was due, as it was last told';
comment on column loan_months.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column loan_months.loan_id is 'Number of the loan; text';
comment on column loan_months.due_on is 'Day it was due; calendar date of the business';
comment on column loan_months.due is 'The instalment, arrears left out, empty where nobody tells; currency of the twin';
comment on column loan_months.interest is 'Interest that was charged, empty where nobody tells; currency of the twin';
comment on column loan_months.paid is 'What the borrower paid; currency of the twin';
comment on column loan_months.balance is 'What was owed afterwards, at default before it was written off; currency of the twin';
comment on column loan_months.state is 'How it stood afterwards: current, late_1, late_2, late_3 (months behind), default or paid_off; text';
comment on column loan_months.ingest is 'Number of the ingest that brought the row; integer';

create table recoveries (
    row_id ubigint not null,
    loan_id varchar not null,
    received_on date not null,
    amount decimal(18, 6) not null,
    ingest integer not null
);
comment on table recoveries is 'What came back of loans in default, as it was last told';
comment on column recoveries.row_id is 'Name of the row made from its content, the first 64 bits of an MD5; integer';
comment on column recoveries.loan_id is 'Number of the loan; text';
comment on column recoveries.received_on is 'Day it came; calendar date of the business';
comment on column recoveries.amount is 'All that came on that day; currency of the twin';
comment on column recoveries.ingest is 'Number of the ingest that brought the row; integer';

comment on table records_set_aside is 'Rows about visits, deliveries, machines, loans and what belongs to them that are not used, and why';
comment on column records_set_aside.reason is 'exact_duplicate, older_version, ended_before_it_began, negative_count or negative_amount; text';
