-- Where a picture was fetched from, the store itself knows.
alter table server_submission drop column source_url;
