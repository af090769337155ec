-- Where a picture is on the sky, the store itself knows and finds.
drop index server_calibration_dec;

alter table server_calibration drop column ra_deg;
alter table server_calibration drop column dec_deg;
alter table server_calibration drop column radius_deg;

create index server_submission_album on server_submission (album, id);
create unique index server_album_title on server_album (title);
