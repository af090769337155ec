-- Where a submission is to be fetched from; null if its bytes were handed in.
alter table ${prefix}submission add column link text;

-- What a submission is filed under: an album, '' for none, and tags, one a line, null for none.
alter table ${prefix}submission add column album text default '' not null;
alter table ${prefix}submission add column tags text;
alter table ${prefix}submission add column publicly_visible boolean default true not null;
