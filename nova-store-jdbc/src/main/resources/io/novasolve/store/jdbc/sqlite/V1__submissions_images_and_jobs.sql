-- Submissions, their images, and one job for each image. Times ending in _us are microseconds since 1970 UTC, by the
-- database's clock; times ending in _ns are lengths in nanoseconds. Content is named by its SHA-256 and lies in the
-- content store. While work is open, its queue (version 2) says whether it waits or runs.

create table ${prefix}submission (
    id integer primary key autoincrement,
    submitter text not null,
    file_name text not null,
    content_sha256 text not null,
    content_sha1 text not null,
    content_size integer not null check (content_size >= 0),
    options text not null,
    -- of the submitter and the key, so that neither is limited by what an index takes
    idempotency_sha256 text unique,
    state text default 'open' not null check (state in ('open', 'unpacked', 'failed', 'cancelled')),
    submitted_us integer not null,
    ended_us integer,
    error text,
    -- when the last of its jobs had ended too, noted by retention
    done_us integer,
    check ((state = 'open') = (ended_us is null)),
    check (error is null or state = 'failed'),
    check (done_us is null or ended_us is not null)
);

create index ${prefix}submission_done on ${prefix}submission (done_us, id);
create index ${prefix}submission_content on ${prefix}submission (content_sha256);

create table ${prefix}image (
    id integer primary key autoincrement,
    submission_id integer not null,
    file_name text not null,
    content_sha256 text not null,
    content_sha1 text not null,
    content_size integer not null check (content_size >= 0),
    foreign key (submission_id) references ${prefix}submission (id) on delete cascade
);

create index ${prefix}image_submission on ${prefix}image (submission_id, id);
create index ${prefix}image_content on ${prefix}image (content_sha256);

create table ${prefix}job (
    id integer primary key autoincrement,
    submission_id integer not null,
    image_id integer not null unique,
    state text default 'open' not null check (state in ('open', 'solved', 'unsolved', 'failed', 'cancelled')),
    queued_us integer not null,
    -- of the attempt that ended the job
    attempts integer default 0 not null check (attempts >= 0),
    started_us integer,
    ended_us integer,
    -- why it is unsolved or failed: a word, and a sentence for people
    reason text,
    detail text,
    decode_ns integer default 0 not null,
    extract_ns integer default 0 not null,
    solve_ns integer default 0 not null,
    total_ns integer default 0 not null,
    foreign key (submission_id) references ${prefix}submission (id) on delete cascade,
    foreign key (image_id) references ${prefix}image (id) on delete cascade,
    check ((state = 'open') = (ended_us is null)),
    check ((state in ('unsolved', 'failed')) = (reason is not null))
);

create index ${prefix}job_submission on ${prefix}job (submission_id, id);

-- The place on the sky: TAN with a CD matrix in degrees per pixel, and SIP polynomials as text. See the class Wcs.
create table ${prefix}calibration (
    id integer primary key autoincrement,
    job_id integer not null unique,
    crval_ra_deg real not null,
    crval_dec_deg real not null,
    crpix_x real not null,
    crpix_y real not null,
    cd11 real not null,
    cd12 real not null,
    cd21 real not null,
    cd22 real not null,
    sip text,
    width_px real not null check (width_px > 0),
    height_px real not null check (height_px > 0),
    log_odds real not null,
    matched_stars integer not null check (matched_stars >= 0),
    rms_px real,
    index_name text not null,
    foreign key (job_id) references ${prefix}job (id) on delete cascade
);

-- What the solver left behind.
create table ${prefix}job_file (
    job_id integer not null,
    name text not null,
    content_sha256 text not null,
    content_sha1 text not null,
    content_size integer not null check (content_size >= 0),
    primary key (job_id, name),
    foreign key (job_id) references ${prefix}job (id) on delete cascade
);

create index ${prefix}job_file_content on ${prefix}job_file (content_sha256);
