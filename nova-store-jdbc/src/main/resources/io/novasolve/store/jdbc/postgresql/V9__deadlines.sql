-- When to look after submissions that have a deadline, by the clock of those who submit; the row goes when nothing of the
-- submission is open after a deadline. Those of older versions are looked at when a worker takes their jobs.
create table ${prefix}deadline (
    submission_id integer primary key,
    look_us bigint not null,
    foreign key (submission_id) references ${prefix}submission (id) on delete cascade
);

create index ${prefix}deadline_look on ${prefix}deadline (look_us);
