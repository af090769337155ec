-- The middle of a solved picture, as a cell of HEALPix order 29 in the NESTED scheme; null for rows of older versions
-- until a store that knows of it is opened. See the class SkyCells.
alter table ${prefix}calibration add column place integer;
create index ${prefix}calibration_place on ${prefix}calibration (place);

-- The cells that cover a solved picture, as UNIQ numbers of HEALPix, in the size that fits it.
create table ${prefix}sky_cell (
    cell integer not null,
    job_id integer not null,
    primary key (cell, job_id),
    foreign key (job_id) references ${prefix}job (id) on delete cascade
) without rowid;

create index ${prefix}sky_cell_job on ${prefix}sky_cell (job_id);
