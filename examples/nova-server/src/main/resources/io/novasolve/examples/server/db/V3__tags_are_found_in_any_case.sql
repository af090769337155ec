-- The lower() of SQLite knows ASCII only, so the server lowers tags itself; what is empty here, it fills when it starts.
drop index server_tag_tag;

alter table server_tag add column lowered varchar(600) not null default '';

create index server_tag_lowered on server_tag (lowered);
