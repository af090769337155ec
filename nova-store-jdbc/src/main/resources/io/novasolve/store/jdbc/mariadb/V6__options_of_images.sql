-- Options of single images of a submission, one a line: the percent-encoded file name, then the options; null for none.
alter table ${prefix}submission add column image_options mediumtext;
