-- Attempts at jobs that brought no answer: an accident, or a worker that was never heard of again.
create table ${prefix}job_attempt (
    job_id integer not null,
    number integer not null check (number > 0),
    worker text not null,
    started_us integer not null,
    ended_us integer not null,
    accident text not null,
    primary key (job_id, number),
    foreign key (job_id) references ${prefix}job (id) on delete cascade
);

-- Worker processes that have reported lately, and whether somebody asks them to stop.
create table ${prefix}worker (
    name text primary key,
    host text not null,
    transports text not null,
    capacity integer not null check (capacity >= 0),
    running integer not null check (running >= 0),
    draining boolean default false not null,
    seen_us integer not null
);
