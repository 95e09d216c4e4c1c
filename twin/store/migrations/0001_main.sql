create table twins (
    twin varchar primary key,
    template varchar not null,
    created timestamp not null,
    settings varchar not null
);
comment on table twins is 'The businesses that this file holds a twin of';
comment on column twins.twin is 'Name of the twin and of the schema that holds its tables; text';
comment on column twins.template is 'Kind of business, the name of a template; text';
comment on column twins.created is 'When the twin was made; UTC';
comment on column twins.settings is 'Currency, time zone, country and the like; a JSON object';

create table snapshots (
    twin varchar not null,
    snapshot varchar not null,
    created timestamp not null,
    ingest integer not null,
    first_day date,
    last_day date,
    tables varchar not null,
    checks varchar not null,
    files varchar not null,
    primary key (twin, snapshot)
);
comment on table snapshots is 'The state of a twin''s data after an ingest';
comment on column snapshots.twin is 'Name of the twin; text';
comment on column snapshots.snapshot is 'Name of the content: the same rows give the same name; 16 hexadecimal digits';
comment on column snapshots.created is 'When this content was first reached; UTC';
comment on column snapshots.ingest is 'Number of the ingest that led here, counted within the twin; integer';
comment on column snapshots.first_day is 'First day with an order; calendar date of the shop';
comment on column snapshots.last_day is 'Last complete day; the twin''s today is the day after; calendar date of the shop';
comment on column snapshots.tables is 'Rows of each table; a JSON object of counts';
comment on column snapshots.checks is 'What was found in the data and what was done; a JSON array of name, rows, action, note';
comment on column snapshots.files is 'Names of the files the content came from; a JSON array of text';

create table calibrations (
    twin varchar not null,
    snapshot varchar not null,
    created timestamp not null,
    payload blob not null,
    summary varchar not null,
    primary key (twin, snapshot)
);
comment on table calibrations is 'What was estimated from a snapshot';
comment on column calibrations.twin is 'Name of the twin; text';
comment on column calibrations.snapshot is 'Snapshot that was estimated from; 16 hexadecimal digits';
comment on column calibrations.created is 'When it was estimated; UTC';
comment on column calibrations.payload is 'The estimates as their maker packed them; bytes';
comment on column calibrations.summary is 'The estimates for reading; a JSON object';

create table forecasts (
    twin varchar not null,
    snapshot varchar not null,
    name varchar not null,
    created timestamp not null,
    payload blob not null,
    primary key (twin, snapshot, name)
);
comment on table forecasts is 'Fitted forecasts of a snapshot';
comment on column forecasts.twin is 'Name of the twin; text';
comment on column forecasts.snapshot is 'Snapshot that was forecast from; 16 hexadecimal digits';
comment on column forecasts.name is 'Which forecast, such as the measure it is of; text';
comment on column forecasts.created is 'When it was fitted; UTC';
comment on column forecasts.payload is 'The forecast as its maker packed it; bytes';

create table blobs (
    hash varchar primary key,
    created timestamp not null,
    size bigint not null,
    content blob not null
);
comment on table blobs is 'Bytes that runs refer to, each kept once';
comment on column blobs.hash is 'SHA-256 of the content; 64 hexadecimal digits';
comment on column blobs.created is 'When it was first stored; UTC';
comment on column blobs.size is 'Length of the content; bytes';
comment on column blobs.content is 'The content; bytes';

create table runs (
    run varchar primary key,
    twin varchar not null,
    snapshot varchar not null,
    created timestamp not null,
    maker varchar not null,
    engine varchar not null,
    inputs varchar not null,
    outcome varchar not null,
    outcome_sha256 varchar not null,
    kept boolean not null
);
comment on table runs is 'Plays of the coming weeks: everything that determines one, and where its outcome is';
comment on column runs.run is 'Name of the run, made from its inputs; hexadecimal digits';
comment on column runs.twin is 'Name of the twin; text';
comment on column runs.snapshot is 'Snapshot the run starts from; 16 hexadecimal digits';
comment on column runs.created is 'When it was first played; UTC';
comment on column runs.maker is 'Who asked for it first; text';
comment on column runs.engine is 'Model code and libraries that played it; hexadecimal digits';
comment on column runs.inputs is 'Everything that determines the outcome; a JSON object';
comment on column runs.outcome is 'The blob that holds the outcome; 64 hexadecimal digits';
comment on column runs.outcome_sha256 is 'SHA-256 of the outcome''s arrays; 64 hexadecimal digits';
comment on column runs.kept is 'Whether someone saved or linked it, so that it stays; true or false';

create table comparisons (
    comparison varchar primary key,
    twin varchar not null,
    baseline varchar not null,
    scenario varchar not null,
    created timestamp not null,
    maker varchar not null,
    summary varchar not null,
    kept boolean not null
);
comment on table comparisons is 'Two runs side by side: what a link opens';
comment on column comparisons.comparison is 'Name of the comparison; hexadecimal digits';
comment on column comparisons.twin is 'Name of the twin; text';
comment on column comparisons.baseline is 'The run in which nothing changes; hexadecimal digits';
comment on column comparisons.scenario is 'The run with the changes; hexadecimal digits';
comment on column comparisons.created is 'When it was first made; UTC';
comment on column comparisons.maker is 'Who asked for it first; text';
comment on column comparisons.summary is 'Differences and verdicts as shown; a JSON object';
comment on column comparisons.kept is 'Whether someone saved or linked it, so that it stays; true or false';
