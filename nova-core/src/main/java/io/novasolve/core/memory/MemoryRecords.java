package io.novasolve.core.memory;

import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.model.UserImage;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.sky.wcs.Wcs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Submissions, their images and jobs, and what is looked up in them; guarded by the store. */
final class MemoryRecords {

    /** A submission as it is now, with what belongs to it. */
    static final class Entry {
        private Submission submission;
        private final List<Integer> jobs = new ArrayList<>();
        private int ended;
        private final @Nullable Key key;

        private Entry(Submission submission, @Nullable Key key) {
            this.submission = submission;
            this.key = key;
        }

        Submission submission() {
            return submission;
        }

        List<Integer> jobs() {
            return jobs;
        }

        /** How many of its jobs have ended. */
        int ended() {
            return ended;
        }

        private boolean isFinal() {
            return submission.state().isFinal() && ended == jobs.size();
        }
    }

    /** When to look after a submission that has a deadline. */
    private record Deadline(Instant at, int submission) {}

    private record Key(String submitter, String idempotencyKey) {}

    private final InstantSource clock;
    private final TreeMap<Integer, Entry> submissions = new TreeMap<>();
    private final Map<Key, Integer> keys = new HashMap<>();
    private final Map<Integer, Job> jobs = new HashMap<>();
    private final Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    private final Map<Integer, List<JobAttempt>> attempts = new HashMap<>();

    /** Ids of solved jobs by the content of their images. */
    private final Map<ContentHash, TreeSet<Integer>> solved = new HashMap<>();
    /** Where the pictures of the solved jobs are. */
    private final MemorySky sky = new MemorySky();

    private final MemoryContents contents = new MemoryContents();

    private final TreeSet<Deadline> deadlines =
            new TreeSet<>(Comparator.comparing(Deadline::at).thenComparingInt(Deadline::submission));

    /** Ids of submissions of which everything has ended, in the order in which that happened. */
    private final Deque<Integer> ended = new ArrayDeque<>();

    private final Map<Integer, Instant> endedAt = new HashMap<>();
    private int lastSubmission;
    private int lastImage;
    private int lastJob;
    private int lastCalibration;

    MemoryRecords(InstantSource clock) {
        this.clock = clock;
    }

    /** The submission that the same submitter made with the same key, or null. */
    @Nullable
    Submission known(NewSubmission s) {
        Integer id = s.idempotencyKey() == null ? null : keys.get(new Key(s.submitter(), s.idempotencyKey()));
        return id == null ? null : entry(id).submission;
    }

    Submission create(NewSubmission s) {
        Key key = s.idempotencyKey() == null ? null : new Key(s.submitter(), s.idempotencyKey());
        Submission created = new Submission(
                ++lastSubmission,
                s.submitter(),
                s.fileName(),
                s.content(),
                s.options(),
                SubmissionState.QUEUED,
                clock.instant(),
                null,
                null,
                s.link(),
                s.labels(),
                s.imageOptions());
        submissions.put(created.id(), new Entry(created, key));
        if (key != null) {
            keys.put(key, created.id());
        }
        contents.refer(s.content());
        created.firstDeadline().ifPresent(at -> deadlines.add(new Deadline(at, created.id())));
        return created;
    }

    List<Integer> overdue(Instant now, int limit) {
        return deadlines.stream()
                .takeWhile(d -> !d.at.isAfter(now))
                .limit(Math.max(0, limit))
                .map(Deadline::submission)
                .toList();
    }

    void lookAgain(int submissionId, @Nullable Instant at) {
        deadlines.removeIf(d -> d.submission == submissionId);
        if (at != null) {
            deadlines.add(new Deadline(at, submissionId));
        }
    }

    @Nullable
    Entry find(int submissionId) {
        return submissions.get(submissionId);
    }

    Entry entry(int submissionId) {
        Entry entry = submissions.get(submissionId);
        if (entry == null) {
            throw new IllegalStateException("submission " + submissionId + " has open work but no entry");
        }
        return entry;
    }

    Stream<Submission> newestFirst() {
        return submissions.descendingMap().values().stream().map(e -> e.submission);
    }

    void setState(int submissionId, SubmissionState state, @Nullable String error) {
        Entry entry = entry(submissionId);
        Submission s = entry.submission;
        entry.submission = new Submission(
                s.id(),
                s.submitter(),
                s.fileName(),
                s.content(),
                s.options(),
                state,
                s.submittedAt(),
                state.isFinal() ? clock.instant() : null,
                error,
                s.link(),
                s.labels(),
                s.imageOptions());
        countIfEnded(entry);
    }

    private void countIfEnded(Entry entry) {
        if (entry.isFinal()) {
            ended.add(entry.submission.id());
            endedAt.put(entry.submission.id(), clock.instant());
        }
    }

    /** Adds an image with its job, which waits. */
    Job addImage(int submissionId, NewImage image) {
        UserImage userImage = new UserImage(++lastImage, submissionId, image.fileName(), image.content());
        contents.refer(image.content());
        Job job = new Job(
                ++lastJob,
                submissionId,
                userImage,
                JobState.QUEUED,
                0,
                clock.instant(),
                null,
                null,
                null,
                JobTimings.NONE,
                Map.of());
        entry(submissionId).jobs.add(job.id());
        put(job);
        return job;
    }

    @Nullable
    Job findJob(int id) {
        return jobs.get(id);
    }

    Job job(int id) {
        Job job = jobs.get(id);
        if (job == null) {
            throw new IllegalStateException("job " + id + " is referred to but unknown");
        }
        return job;
    }

    /** Puts a job that has not ended in the place of what it was before. */
    void put(Job job) {
        Job before = jobs.put(job.id(), job);
        if (before != null) {
            counts.merge(before.state(), -1L, Long::sum);
        }
        counts.merge(job.state(), 1L, Long::sum);
    }

    void end(Job job, JobReport report) {
        ImageOutcome outcome = report.result().outcome(() -> ++lastCalibration);
        put(new Job(
                job.id(),
                job.submissionId(),
                job.image(),
                outcome.state(),
                job.attempts(),
                job.queuedAt(),
                job.startedAt(),
                clock.instant(),
                outcome,
                report.timings(),
                report.files()));
        report.files().values().forEach(contents::refer);
        if (outcome instanceof ImageOutcome.Solved s) {
            sky.add(job.id(), s.calibration().wcs());
            solved.computeIfAbsent(job.image().content().hash(), hash -> new TreeSet<>())
                    .add(job.id());
        }
        Entry entry = entry(job.submissionId());
        entry.ended++;
        countIfEnded(entry);
    }

    List<JobAttempt> attempts(int jobId) {
        return attempts.getOrDefault(jobId, List.of());
    }

    void addAttempt(int jobId, JobAttempt attempt) {
        attempts.computeIfAbsent(jobId, id -> new ArrayList<>()).add(attempt);
    }

    QueueCounts counts() {
        return new QueueCounts(
                count(JobState.QUEUED),
                count(JobState.RUNNING),
                count(JobState.SOLVED),
                count(JobState.UNSOLVED),
                count(JobState.FAILED),
                count(JobState.CANCELLED));
    }

    private long count(JobState state) {
        return counts.getOrDefault(state, 0L);
    }

    /** Solved jobs whose image has this content, the newest first. */
    Stream<Job> solved(ContentHash image) {
        return solved.getOrDefault(image, new TreeSet<>()).descendingSet().stream()
                .map(this::job);
    }

    MemorySky sky() {
        return sky;
    }

    MemoryContents contents() {
        return contents;
    }

    static Wcs wcs(Job job) {
        if (job.outcome() instanceof ImageOutcome.Solved s) {
            return s.calibration().wcs();
        }
        throw new IllegalStateException("job " + job.id() + " is on the sky but not solved");
    }

    List<Integer> endedBeyond(int keep, int limit) {
        return ended.stream()
                .limit(Math.max(0, Math.min(limit, ended.size() - keep)))
                .toList();
    }

    List<Integer> endedBefore(Instant before, int limit) {
        return ended.stream()
                .limit(Math.max(0, limit))
                .takeWhile(id -> endedAt.getOrDefault(id, Instant.MAX).isBefore(before))
                .toList();
    }

    /**
     * Forgets those submissions of which everything has ended.
     *
     * @param orphans receives the contents that nothing refers to any more
     * @return how many it was
     */
    int forget(Collection<Integer> submissionIds, Set<ContentHash> orphans) {
        int count = 0;
        for (Integer id : submissionIds) {
            if (ended.remove(id)) {
                forget(entry(id), orphans);
                submissions.remove(id);
                endedAt.remove(id);
                count++;
            }
        }
        return count;
    }

    private void forget(Entry entry, Set<ContentHash> orphans) {
        if (entry.submission.firstDeadline().isPresent()) {
            lookAgain(entry.submission.id(), null);
        }
        if (entry.key != null) {
            keys.remove(entry.key);
        }
        contents.release(entry.submission.content(), orphans);
        for (int id : entry.jobs) {
            Job job = job(id);
            jobs.remove(id);
            attempts.remove(id);
            counts.merge(job.state(), -1L, Long::sum);
            contents.release(job.image().content(), orphans);
            forgetSolved(job);
            job.files().values().forEach(c -> contents.release(c, orphans));
        }
    }

    private void forgetSolved(Job job) {
        if (job.state() == JobState.SOLVED) {
            sky.remove(job.id(), wcs(job));
        }
        solved.computeIfPresent(job.image().content().hash(), (hash, ids) -> {
            ids.remove(job.id());
            return ids.isEmpty() ? null : ids;
        });
    }
}
