-- What could not be opened says why, so that the list of failures need not ask the store for each; what failed is written down again.
alter table server_submission add column error text not null default '';

update server_submission set recorded = 0 where failed = 1;
