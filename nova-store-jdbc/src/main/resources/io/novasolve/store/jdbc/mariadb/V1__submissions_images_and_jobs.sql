-- Submissions, their images, and one job for each image. Times ending in _us are microseconds since 1970 UTC, by the
-- database's clock; times ending in _ns are lengths in nanoseconds. Content is named by its SHA-256 and lies in the
-- content store. While work is open, its queue (version 2) says whether it waits or runs.

create table ${prefix}submission (
    id integer auto_increment primary key,
    submitter varchar(255) not null,
    file_name mediumtext not null,
    content_sha256 char(64) character set ascii not null,
    content_sha1 char(40) character set ascii not null,
    content_size bigint not null check (content_size >= 0),
    options mediumtext not null,
    -- of the submitter and the key, so that neither is limited by what an index takes
    idempotency_sha256 char(64) character set ascii unique,
    state varchar(16) default 'open' not null check (state in ('open', 'unpacked', 'failed', 'cancelled')),
    submitted_us bigint not null,
    ended_us bigint,
    error mediumtext,
    -- when the last of its jobs had ended too, noted by retention
    done_us bigint,
    check ((state = 'open') = (ended_us is null)),
    check (error is null or state = 'failed'),
    check (done_us is null or ended_us is not null)
) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin;

create index ${prefix}submission_done on ${prefix}submission (done_us, id);
create index ${prefix}submission_content on ${prefix}submission (content_sha256);

create table ${prefix}image (
    id integer auto_increment primary key,
    submission_id integer not null,
    file_name mediumtext not null,
    content_sha256 char(64) character set ascii not null,
    content_sha1 char(40) character set ascii not null,
    content_size bigint not null check (content_size >= 0),
    foreign key (submission_id) references ${prefix}submission (id) on delete cascade
) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin;

create index ${prefix}image_submission on ${prefix}image (submission_id, id);
create index ${prefix}image_content on ${prefix}image (content_sha256);

create table ${prefix}job (
    id integer auto_increment primary key,
    submission_id integer not null,
    image_id integer not null unique,
    state varchar(16) default 'open' not null check (state in ('open', 'solved', 'unsolved', 'failed', 'cancelled')),
    queued_us bigint not null,
    -- of the attempt that ended the job
    attempts integer default 0 not null check (attempts >= 0),
    started_us bigint,
    ended_us bigint,
    -- why it is unsolved or failed: a word, and a sentence for people
    reason varchar(16),
    detail mediumtext,
    decode_ns bigint default 0 not null,
    extract_ns bigint default 0 not null,
    solve_ns bigint default 0 not null,
    total_ns bigint default 0 not null,
    foreign key (submission_id) references ${prefix}submission (id) on delete cascade,
    foreign key (image_id) references ${prefix}image (id) on delete cascade,
    check ((state = 'open') = (ended_us is null)),
    check ((state in ('unsolved', 'failed')) = (reason is not null))
) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin;

create index ${prefix}job_submission on ${prefix}job (submission_id, id);

-- The place on the sky: TAN with a CD matrix in degrees per pixel, and SIP polynomials as text. See the class Wcs.
create table ${prefix}calibration (
    id integer auto_increment primary key,
    job_id integer not null unique,
    crval_ra_deg double not null,
    crval_dec_deg double not null,
    crpix_x double not null,
    crpix_y double not null,
    cd11 double not null,
    cd12 double not null,
    cd21 double not null,
    cd22 double not null,
    sip mediumtext,
    width_px double not null check (width_px > 0),
    height_px double not null check (height_px > 0),
    log_odds double not null,
    matched_stars integer not null check (matched_stars >= 0),
    rms_px double,
    index_name varchar(255) not null,
    foreign key (job_id) references ${prefix}job (id) on delete cascade
) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin;

-- What the solver left behind.
create table ${prefix}job_file (
    job_id integer not null,
    name varchar(255) not null,
    content_sha256 char(64) character set ascii not null,
    content_sha1 char(40) character set ascii not null,
    content_size bigint not null check (content_size >= 0),
    primary key (job_id, name),
    foreign key (job_id) references ${prefix}job (id) on delete cascade
) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin;

create index ${prefix}job_file_content on ${prefix}job_file (content_sha256);
