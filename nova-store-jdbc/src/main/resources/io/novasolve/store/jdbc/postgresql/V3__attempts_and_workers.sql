-- Attempts at jobs that brought no answer: an accident, or a worker that was never heard of again.
create table ${prefix}job_attempt (
    job_id integer not null,
    number integer not null check (number > 0),
    worker varchar(255) not null,
    started_us bigint not null,
    ended_us bigint not null,
    accident text not null,
    primary key (job_id, number),
    foreign key (job_id) references ${prefix}job (id) on delete cascade
);

-- Worker processes that have reported lately, and whether somebody asks them to stop.
create table ${prefix}worker (
    name varchar(255) primary key,
    host varchar(255) not null,
    transports varchar(255) not null,
    capacity integer not null check (capacity >= 0),
    running integer not null check (running >= 0),
    draining boolean default false not null,
    seen_us bigint not null
);
