-- Of what ended before this, nothing is known here: charts begin anew.
alter table server_image add column ended_at bigint not null default 0;

create index server_image_ended on server_image (ended_at);

alter table server_submission add column failed integer not null default 0;

create index server_submission_failed on server_submission (failed, id);

create index server_submission_created on server_submission (created_at);
