-- The two queues hold open work only, so that finished work costs a claim nothing.
--   due_us = 0                    waits; the lowest turn comes first
--   due_us > 0, worker is null    waits for a retry until then
--   due_us > 0, worker not null   runs under a lease until then
-- Turns are start tags of fair queueing: the first work of a submitter gets the turn that is being served, each further
-- one a step more, so that everybody who waits is served in turn, at the cost of one look at an index. A fence grows
-- with every change of hands.

create table ${prefix}submission_queue (
    id integer primary key,
    submitter varchar(255) not null,
    turn bigint not null,
    newest_first boolean default false not null,
    due_us bigint default 0 not null check (due_us >= 0),
    worker varchar(255),
    fence bigint default 0 not null,
    attempts integer default 0 not null check (attempts >= 0),
    started_us bigint,
    cancel_requested boolean default false not null,
    foreign key (id) references ${prefix}submission (id) on delete cascade,
    check (worker is null or due_us > 0)
) with (fillfactor = 80);

create index ${prefix}submission_queue_claim on ${prefix}submission_queue (due_us, turn, id);
create index ${prefix}submission_queue_line on ${prefix}submission_queue (submitter, due_us, turn);

create table ${prefix}job_queue (
    id integer primary key,
    submitter varchar(255) not null,
    turn bigint not null,
    newest_first boolean default false not null,
    due_us bigint default 0 not null check (due_us >= 0),
    worker varchar(255),
    fence bigint default 0 not null,
    attempts integer default 0 not null check (attempts >= 0),
    started_us bigint,
    cancel_requested boolean default false not null,
    foreign key (id) references ${prefix}job (id) on delete cascade,
    check (worker is null or due_us > 0)
) with (fillfactor = 80);

create index ${prefix}job_queue_claim on ${prefix}job_queue (due_us, turn, id);
create index ${prefix}job_queue_line on ${prefix}job_queue (submitter, due_us, turn);

-- Submitters who want their newest work done first.
create table ${prefix}submitter_choice (
    submitter varchar(255) primary key,
    newest_first boolean not null
);
