package io.novasolve.examples.server;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.db.Database;
import io.novasolve.examples.server.db.Names;
import io.novasolve.sky.SkyPosition;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be searched for: images by their ids, calibrations by their ids and places, tags. It is written a little after the
 * store knows of it, and again from the store whenever it is missing, so nothing is lost if the server goes down. Of several
 * processes on one database, the one that marks the row of a submission first writes the rest of it.
 */
public final class Records {

    private static final Logger LOG = LoggerFactory.getLogger(Records.class);
    private static final int BATCH = 200;
    private static final int MAX_TAG = 200;

    /** Jobs at one place that are looked at, for those among them that somebody may see. */
    private static final int MOST_SEARCHED = 3000;

    /** Submissions whose end is not written down. */
    private static final String OPEN = "recorded = 0";

    /** Those whose images are not written down either. */
    private static final String UNOPENED = "recorded = 0 and opened = 0";

    private final Backend backend;
    private final Database db;
    private final FieldCatalogue catalogue;
    private final Submissions submissions;

    public Records(Backend backend, Database db, FieldCatalogue catalogue, Submissions submissions) {
        this.backend = backend;
        this.db = db;
        this.catalogue = catalogue;
        this.submissions = submissions;
        lowerTags();
    }

    /** Tags of the time before they were kept in lower case too. */
    private void lowerTags() {
        List<String> tags = db.read(h -> h.createQuery("select distinct tag from server_tag where lowered = ''")
                .mapTo(String.class)
                .list());
        for (String tag : tags) {
            db.write(h -> h.createUpdate("update server_tag set lowered = :lowered where tag = :tag")
                    .bind("lowered", tag.toLowerCase(Locale.ROOT))
                    .bind("tag", tag)
                    .execute());
        }
    }

    /** Writes down what has been opened and what has ended since; called again and again, by one thread. */
    public void catchUp() {
        open(OPEN, SubmissionProgress::isFinal).forEach(this::record);
        open(UNOPENED, progress -> progress.state().isFinal()).forEach(this::recordImages);
    }

    /** The numbers of submissions that have come as far as asked for; in batches, so that later ones cost nothing unread. */
    private Stream<Integer> open(String condition, Predicate<SubmissionProgress> far) {
        return Stream.iterate(
                        openAfter(condition, 0),
                        ids -> !ids.isEmpty(),
                        ids -> ids.size() < BATCH ? List.of() : openAfter(condition, ids.get(ids.size() - 1)))
                .flatMap(ids -> backend.store().progress(ids).entrySet().stream())
                .filter(entry -> far.test(entry.getValue()))
                .map(Map.Entry::getKey);
    }

    private List<Integer> openAfter(String condition, int after) {
        return db.read(h -> h.createQuery("select id from server_submission where " + condition + " and id > :after"
                        + " order by id limit :limit")
                .bind("after", after)
                .bind("limit", BATCH)
                .mapTo(Integer.class)
                .list());
    }

    /** So that the pictures of a long queue are found by their numbers. */
    private void recordImages(int submissionId) {
        List<Job> jobs = backend.store().jobs(submissionId);
        db.write(h -> {
            boolean first = h.createUpdate("update server_submission set opened = 1 where id = :id and " + UNOPENED)
                            .bind("id", submissionId)
                            .execute()
                    > 0;
            if (first) {
                jobs.forEach(job -> insertImage(h, job));
            }
            return first;
        });
    }

    private void record(int submissionId) {
        Submission submission = backend.store().submission(submissionId).orElse(null);
        if (submission == null) {
            // Forgotten in this moment.
            return;
        }
        List<Job> jobs = backend.store().jobs(submissionId);
        boolean failed = submission.state() == SubmissionState.FAILED
                || jobs.stream().anyMatch(job -> job.state() == JobState.FAILED);
        db.write(h -> {
            boolean first = h.createUpdate("update server_submission set recorded = 1, opened = 1, failed = :failed,"
                                    + " file_name = :name, state = :state, error = :error where id = :id and " + OPEN)
                            .bind("error", submission.error() == null ? "" : submission.error())
                            .bind("failed", failed ? 1 : 0)
                            .bind("name", submission.fileName())
                            .bind("state", submission.state().name())
                            .bind("id", submissionId)
                            .execute()
                    > 0;
            if (first) {
                jobs.forEach(job -> insert(h, job));
            }
            return first;
        });
    }

    private void insert(Handle h, Job job) {
        insertImage(h, job);
        if (job.outcome() instanceof ImageOutcome.Solved solved) {
            insert(h, job, solved.calibration());
        }
    }

    private static void insertImage(Handle h, Job job) {
        h.createUpdate("delete from server_image where id = :id")
                .bind("id", job.image().id())
                .execute();
        h.createUpdate("insert into server_image (id, submission_id, job_id, solved, ended_at, file_name, state)"
                        + " values (:id, :submission, :job, :solved, :ended, :name, :state)")
                .bind("name", job.image().fileName())
                .bind("state", job.state().isFinal() ? job.state().name() : "")
                .bind("ended", job.endedAt() == null ? 0 : Database.micros(job.endedAt()))
                .bind("id", job.image().id())
                .bind("submission", job.submissionId())
                .bind("job", job.id())
                .bind("solved", job.state() == JobState.SOLVED ? 1 : 0)
                .execute();
    }

    private void insert(Handle h, Job job, Calibration calibration) {
        h.createUpdate("delete from server_calibration where id = :id")
                .bind("id", calibration.id())
                .execute();
        h.createUpdate("insert into server_calibration (id, job_id) values (:id, :job)")
                .bind("id", calibration.id())
                .bind("job", job.id())
                .execute();
        List<String> tags;
        try {
            tags = catalogue.tags(calibration.wcs());
        } catch (RuntimeException e) {
            // A solved picture stays solved, tags or not.
            LOG.warn("The objects in the field of job {} could not be looked up; it has no tags of them", job.id(), e);
            return;
        }
        for (String tag : tags) {
            addTag(h, job.id(), Account.MACHINE, tag);
        }
    }

    private static void addTag(Handle h, int jobId, int accountId, String tag) {
        String text = tag.length() <= MAX_TAG ? tag : tag.substring(0, MAX_TAG);
        h.createUpdate("insert into server_tag (job_id, account_id, tag, lowered)"
                        + " values (:job, :account, :tag, :lowered) on conflict (job_id, account_id, tag) do nothing")
                .bind("lowered", text.toLowerCase(Locale.ROOT))
                .bind("job", jobId)
                .bind("account", accountId)
                .bind("tag", text)
                .execute();
    }

    /** @throws IllegalArgumentException if there is nothing in it, too much, or a control character */
    public void addTag(Job job, Account by, String tag) {
        String text = Names.require("a tag", tag.strip(), MAX_TAG);
        db.write(h -> {
            addTag(h, job.id(), by.id(), text);
            return text;
        });
    }

    /**
     * Takes back a tag that somebody gave.
     *
     * @return false if they did not
     */
    public boolean removeTag(Job job, Account by, String tag) {
        // No tag has a zero, and PostgreSQL refuses the question.
        return tag.indexOf('\0') < 0
                && db.write(h -> h.createUpdate("delete from server_tag where job_id = :job and account_id = :account"
                                        + " and tag = :tag")
                                .bind("job", job.id())
                                .bind("account", by.id())
                                .bind("tag", tag)
                                .execute())
                        > 0;
    }

    /** The tags that somebody gave the picture of a job. */
    public Set<String> tagsBy(Account account, int jobId) {
        return db.read(h -> h.createQuery("select tag from server_tag where job_id = :job and account_id = :account")
                .bind("job", jobId)
                .bind("account", account.id())
                .mapTo(String.class)
                .set());
    }

    /**
     * Deletes a submission with its pictures, results and tags. Its bytes follow when nothing has referred to them for a day.
     *
     * @return false if it is unknown, or has not ended with all its jobs: then it must be cancelled first
     */
    public boolean delete(int submissionId) {
        List<Integer> jobs =
                backend.store().jobs(submissionId).stream().map(Job::id).toList();
        if (backend.store().forget(List.of(submissionId)).submissions() == 0) {
            return false;
        }
        return db.write(h -> {
            // First of all: whoever is writing down the rest of it has finished then, or will not begin.
            h.createUpdate("delete from server_submission where id = :id")
                    .bind("id", submissionId)
                    .execute();
            for (String table : List.of("server_image", "server_calibration", "server_tag")) {
                if (!jobs.isEmpty()) {
                    h.createUpdate("delete from " + table + " where job_id in (<jobs>)")
                            .bindList("jobs", jobs)
                            .execute();
                }
            }
            return true;
        });
    }

    /** Tags of people. */
    public List<String> humanTags(int jobId) {
        return db.read(h -> h.createQuery(
                        "select tag from server_tag where job_id = :job and account_id <> :machine" + " order by tag")
                .bind("job", jobId)
                .bind("machine", Account.MACHINE)
                .mapTo(String.class)
                .list());
    }

    /** The job of an image. */
    public Optional<Job> jobOfImage(int imageId) {
        return recordedOrOpen(
                "select job_id from server_image where id = :id",
                imageId,
                () -> open(UNOPENED, progress -> progress.images() > 0),
                job -> job.image().id() == imageId);
    }

    /** The job of a calibration. */
    public Optional<Job> jobOfCalibration(int calibrationId) {
        return recordedOrOpen(
                "select job_id from server_calibration where id = :id",
                calibrationId,
                () -> open(OPEN, progress -> progress.ended() > 0),
                job -> job.outcome() instanceof ImageOutcome.Solved solved
                        && solved.calibration().id() == calibrationId);
    }

    /** @param open submissions that may have it although it is not written down */
    private Optional<Job> recordedOrOpen(
            String query, int id, Supplier<Stream<Integer>> open, Predicate<Job> condition) {
        return job(query, id)
                .or(() -> open.get()
                        .flatMap(submission -> backend.store().jobs(submission).stream())
                        .filter(condition)
                        .findFirst())
                // Written down between the one look and the other.
                .or(() -> job(query, id));
    }

    private Optional<Job> job(String query, int id) {
        return db.read(h ->
                        h.createQuery(query).bind("id", id).mapTo(Integer.class).findOne())
                .flatMap(backend.store()::job);
    }

    /**
     * Submissions with a tag that somebody may see, each with the jobs of the images that have it; the newest submission first.
     *
     * @param exact the whole tag, instead of a part of it; upper and lower case never matter
     * @param viewer null for what everybody may see
     */
    public List<JobOfSubmission> jobsByTag(String text, boolean exact, @Nullable Account viewer) {
        if (text.indexOf('\0') >= 0) {
            // No tag has one; SQLite would end the pattern there and find every tag, PostgreSQL refuses it.
            return List.of();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        String pattern = exact
                ? lower
                : "%" + lower.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
        return db.read(h -> h.createQuery("select distinct i.submission_id, i.job_id from server_tag t"
                        + " join server_image i on i.job_id = t.job_id where t.lowered "
                        + (exact ? "= :text" : "like :text escape '!'")
                        + " and exists (select 1 from server_submission where id = i.submission_id and "
                        + Submissions.VISIBLE + ") order by i.submission_id desc, i.job_id limit 1000")
                .bind("text", pattern)
                .bind("viewer", Submissions.viewer(viewer))
                .map((r, c) -> new JobOfSubmission(r.getInt(1), r.getInt(2)))
                .list());
    }

    /** A job, and the submission it belongs to. */
    public record JobOfSubmission(int submissionId, int jobId) {}

    /**
     * Solved jobs that somebody may see whose picture shows a place, the newest first, then those whose middle is near it.
     *
     * @param viewer null for what everybody may see
     */
    public List<JobOfSubmission> jobsAt(SkyPosition place, double withinDeg, @Nullable Account viewer, int limit) {
        return Stream.concat(
                        visible(most -> backend.store().showing(place, most), viewer, limit),
                        visible(most -> backend.store().near(place, withinDeg, most), viewer, limit))
                .distinct()
                .limit(limit)
                .toList();
    }

    /** The store knows nothing of who may see what: if too many of what it finds are hidden, it is asked for more. */
    private Stream<JobOfSubmission> visible(IntFunction<List<Job>> search, @Nullable Account viewer, int limit) {
        for (int most = limit; ; most *= 4) {
            List<Job> found = search.apply(most);
            Set<Integer> visible = submissions
                    .visibleAmong(found.stream().map(Job::submissionId).toList(), viewer)
                    .keySet();
            List<JobOfSubmission> shown = found.stream()
                    .filter(job -> visible.contains(job.submissionId()))
                    .map(job -> new JobOfSubmission(job.submissionId(), job.id()))
                    .toList();
            if (shown.size() >= limit || found.size() < most || most >= MOST_SEARCHED) {
                return shown.stream();
            }
        }
    }

    /**
     * What happened in an hour.
     *
     * @param hour since 1970, UTC
     * @param part of all that counts apart
     */
    public record Hour(long hour, int all, int part) {}

    private static final long HOUR = 3_600_000_000L;

    /** The hour since 1970 that a time is in. */
    public static long hour(Instant time) {
        return Database.micros(time) / HOUR;
    }

    /** Jobs that ended in each hour from one on, and how many of them were solved; hours without any are left out. */
    public List<Hour> ended(long fromHour) {
        return hours(
                "select ended_at / " + HOUR + ", count(*), sum(solved) from server_image where ended_at >= :from"
                        + " group by ended_at / " + HOUR,
                fromHour);
    }

    /** Submissions that came in each hour from one on, and how many of them failed; hours without any are left out. */
    public List<Hour> received(long fromHour) {
        return hours(
                "select created_at / " + HOUR + ", count(*), sum(failed) from server_submission"
                        + " where created_at >= :from group by created_at / " + HOUR,
                fromHour);
    }

    private List<Hour> hours(String query, long fromHour) {
        return db.read(h -> h.createQuery(query)
                .bind("from", fromHour * HOUR)
                .map((r, c) -> new Hour(r.getLong(1), r.getInt(2), r.getInt(3)))
                .list());
    }

    /** Submissions that failed, or one of whose jobs did, the newest first. */
    public List<Integer> failed(int limit) {
        return db.read(
                h -> h.createQuery("select id from server_submission where failed = 1 order by id desc limit :limit")
                        .bind("limit", limit)
                        .mapTo(Integer.class)
                        .list());
    }

    /** Forgets everything of a store that was in memory and is gone. */
    public void forgetAll() {
        db.write(h -> {
            for (String table : List.of("server_submission", "server_image", "server_calibration", "server_tag")) {
                h.execute("delete from " + table);
            }
            return 0;
        });
    }
}
