-- What lists show, so that they need not ask the store for each submission; all that is there is written down again.
alter table server_submission add column file_name text not null default '';

alter table server_submission add column state varchar(20) not null default '';

alter table server_submission add column opened integer not null default 0;

alter table server_image add column file_name text not null default '';

alter table server_image add column state varchar(20) not null default '';

update server_submission set recorded = 0;
