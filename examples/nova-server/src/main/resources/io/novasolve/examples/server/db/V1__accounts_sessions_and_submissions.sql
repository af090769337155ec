-- The server's own tables, beside those of the store on the same database. Times are microseconds since 1970, UTC.
create table server_account (
    id integer not null primary key,
    name varchar(100) not null unique,
    key_hash varchar(64) not null unique,
    is_admin integer not null,
    commercial varchar(2) not null,
    modifications varchar(2) not null,
    created_at bigint not null
);

-- A session is known by the hash of its key: who reads this table cannot use it.
create table server_session (
    key_hash varchar(64) not null primary key,
    account_id integer not null references server_account (id) on delete cascade,
    form_token varchar(64) not null,
    expires_at bigint not null
);

create table server_submission (
    id integer not null primary key,
    account_id integer not null,
    visible integer not null,
    commercial varchar(2) not null,
    modifications varchar(2) not null,
    source_url varchar(2000),
    album varchar(200),
    created_at bigint not null,
    recorded integer not null
);

create index server_submission_account on server_submission (account_id, id);

create index server_submission_recorded on server_submission (recorded, id);

create table server_image (
    id integer not null primary key,
    submission_id integer not null,
    job_id integer not null,
    solved integer not null
);

create index server_image_submission on server_image (submission_id);

create index server_image_job on server_image (job_id);

create table server_calibration (
    id integer not null primary key,
    job_id integer not null,
    ra_deg double precision not null,
    dec_deg double precision not null,
    radius_deg double precision not null
);

create index server_calibration_dec on server_calibration (dec_deg);

create table server_tag (
    job_id integer not null,
    account_id integer not null,
    tag varchar(200) not null,
    primary key (job_id, account_id, tag)
);

create index server_tag_tag on server_tag (tag);

create table server_album (
    id integer not null primary key,
    account_id integer not null,
    title varchar(200) not null
);

create table server_audit (
    happened_at bigint not null,
    account_id integer,
    address varchar(100) not null,
    action varchar(50) not null,
    detail varchar(500) not null
);

create index server_audit_time on server_audit (happened_at);

-- Anonymous uploads belong to 1; tags that the server makes belong to 2.
insert into server_account (id, name, key_hash, is_admin, commercial, modifications, created_at)
values (1, 'anonymous', '-anonymous', 0, 'd', 'd', 0);

insert into server_account (id, name, key_hash, is_admin, commercial, modifications, created_at)
values (2, 'machine', '-machine', 0, 'd', 'd', 0);
