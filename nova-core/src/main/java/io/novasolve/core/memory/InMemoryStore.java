package io.novasolve.core.memory;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.model.UserImage;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.core.spi.SubmissionQueue;
import io.novasolve.core.spi.Waiting;
import io.novasolve.core.spi.WorkOrder;
import io.novasolve.core.spi.WorkerReport;
import io.novasolve.core.spi.WorkerStatus;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.region.Footprint;
import io.novasolve.sky.wcs.Wcs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Submissions and jobs on the heap of one process: the default, and the model that every other store follows. */
public final class InMemoryStore implements Store {

    private static final class Entry {
        Submission submission;
        final List<Integer> jobs = new ArrayList<>();
        int ended;
        final @Nullable Key key;

        Entry(Submission submission, @Nullable Key key) {
            this.submission = submission;
            this.key = key;
        }

        boolean isFinal() {
            return submission.state().isFinal() && ended == jobs.size();
        }
    }

    private record Key(String submitter, String idempotencyKey) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;
    private final TreeMap<Integer, Entry> submissions = new TreeMap<>();
    private final Map<Key, Integer> keys = new HashMap<>();
    private final Map<Integer, Job> jobs = new HashMap<>();
    private final Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    private final Map<ContentHash, Integer> references = new HashMap<>();
    /** Ids of solved jobs by the content of their images. */
    private final Map<ContentHash, TreeSet<Integer>> solved = new HashMap<>();
    /** Where the pictures of the solved jobs are. */
    private final MemorySky sky = new MemorySky();

    /** Ids of submissions of which everything has ended, in the order in which that happened. */
    private final Deque<Integer> ended = new ArrayDeque<>();

    private final Map<Integer, List<JobAttempt>> attempts = new HashMap<>();
    private final Map<Integer, Instant> endedAt = new HashMap<>();
    private final TreeMap<String, WorkerStatus> workers = new TreeMap<>();
    private final NavigableMap<String, Content> contents = new TreeMap<>();

    private final Submissions submissionQueue;
    private final Jobs jobQueue;
    private int lastSubmission;
    private int lastImage;
    private int lastJob;
    private int lastCalibration;

    /** An empty store. */
    public InMemoryStore(InstantSource clock) {
        this.clock = clock;
        this.submissionQueue = new Submissions();
        this.jobQueue = new Jobs();
    }

    private <T> T locked(Supplier<T> body) {
        lock.lock();
        try {
            return body.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Submission create(NewSubmission s) {
        return locked(() -> {
            Key key = s.idempotencyKey() == null ? null : new Key(s.submitter(), s.idempotencyKey());
            Integer known = key == null ? null : keys.get(key);
            if (known != null) {
                return entry(known).submission;
            }
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
            refer(s.content(), 1);
            submissionQueue.add(new MemoryQueue.Item<>(created.id(), created.submitter(), created));
            return created;
        });
    }

    private Entry entry(int id) {
        Entry entry = submissions.get(id);
        if (entry == null) {
            throw new IllegalStateException("submission " + id + " has open work but no entry");
        }
        return entry;
    }

    private void refer(Content content, int change) {
        references.merge(content.hash(), change, Integer::sum);
        contents.put(content.hash().hex(), content);
    }

    @Override
    public Optional<Submission> submission(int id) {
        return locked(() -> Optional.ofNullable(submissions.get(id)).map(e -> e.submission));
    }

    @Override
    public List<Submission> submissions(int limit) {
        return locked(() -> submissions.descendingMap().values().stream()
                .limit(limit)
                .map(e -> e.submission)
                .toList());
    }

    @Override
    public Map<Integer, SubmissionProgress> progress(Collection<Integer> submissionIds) {
        return locked(() -> {
            Map<Integer, SubmissionProgress> progress = new HashMap<>();
            for (Integer id : submissionIds) {
                Entry e = submissions.get(id);
                if (e != null) {
                    progress.put(id, new SubmissionProgress(e.submission.state(), e.jobs.size(), e.ended));
                }
            }
            return progress;
        });
    }

    @Override
    public List<Job> jobs(Collection<Integer> submissionIds) {
        return locked(() -> submissionIds.stream()
                .map(submissions::get)
                .filter(Objects::nonNull)
                .flatMap(entry -> entry.jobs.stream())
                .map(this::existingJob)
                .toList());
    }

    private Job existingJob(int id) {
        Job job = jobs.get(id);
        if (job == null) {
            throw new IllegalStateException("job " + id + " is referred to but unknown");
        }
        return job;
    }

    @Override
    public Optional<Job> job(int id) {
        return locked(() -> Optional.ofNullable(jobs.get(id)));
    }

    @Override
    public List<Job> solved(ContentHash image, int limit) {
        return locked(() -> solved.getOrDefault(image, new TreeSet<>()).descendingSet().stream()
                .limit(limit)
                .map(this::existingJob)
                .toList());
    }

    @Override
    public List<Job> showing(SkyPosition position, int limit) {
        return locked(() -> sky.showing(position)
                .map(this::existingJob)
                .filter(job -> footprint(job).contains(position))
                .limit(Math.max(0, limit))
                .toList());
    }

    @Override
    public List<Job> near(SkyPosition position, double radiusDeg, int limit) {
        return locked(() -> sky.near(position, radiusDeg)
                .map(this::existingJob)
                .filter(job -> distance(job, position) <= radiusDeg)
                .sorted(Comparator.comparingDouble(job -> distance(job, position)))
                .limit(Math.max(0, limit))
                .toList());
    }

    private static double distance(Job job, SkyPosition position) {
        return wcs(job).centre().separationDeg(position);
    }

    private static Footprint footprint(Job job) {
        return Footprint.of(wcs(job));
    }

    private static Wcs wcs(Job job) {
        if (job.outcome() instanceof ImageOutcome.Solved s) {
            return s.calibration().wcs();
        }
        throw new IllegalStateException("job " + job.id() + " is on the sky but not solved");
    }

    @Override
    public boolean cancelSubmission(int id) {
        return locked(() -> {
            Entry entry = submissions.get(id);
            if (entry == null) {
                return false;
            }
            MemoryQueue.Item<Submission> item = submissionQueue.find(id);
            if (item != null) {
                cancel(submissionQueue, item);
            }
            List.copyOf(entry.jobs).forEach(this::cancelJob);
            return true;
        });
    }

    @Override
    public boolean cancelJob(int id) {
        return locked(() -> {
            MemoryQueue.Item<Job> item = jobQueue.find(id);
            if (item != null) {
                cancel(jobQueue, item);
            }
            return jobs.containsKey(id);
        });
    }

    private static <T> void cancel(MemoryQueue<T> queue, MemoryQueue.Item<T> item) {
        item.cancelRequested = true;
        if (item.leaseUntil == null) {
            queue.remove(item);
            queue.endCancelled(item);
        }
    }

    @Override
    public QueueCounts counts() {
        return locked(() -> new QueueCounts(
                count(JobState.QUEUED),
                count(JobState.RUNNING),
                count(JobState.SOLVED),
                count(JobState.UNSOLVED),
                count(JobState.FAILED),
                count(JobState.CANCELLED)));
    }

    private long count(JobState state) {
        return counts.getOrDefault(state, 0L);
    }

    @Override
    public SubmissionQueue submissionQueue() {
        return submissionQueue;
    }

    @Override
    public JobQueue jobQueue() {
        return jobQueue;
    }

    @Override
    public Waiting waiting() {
        return locked(() -> {
            Map<String, SortedSet<Integer>> lines = jobQueue.waiting();
            Instant now = clock.instant();
            Duration oldest = lines.values().stream()
                    .map(ids -> Duration.between(existingJob(ids.first()).queuedAt(), now))
                    .max(Comparator.naturalOrder())
                    .orElse(Duration.ZERO);
            return new Waiting(oldest.isNegative() ? Duration.ZERO : oldest, lines.size());
        });
    }

    @Override
    public boolean isIdle() {
        return locked(() -> submissionQueue.isEmpty() && jobQueue.isEmpty());
    }

    @Override
    public List<JobAttempt> attempts(int jobId) {
        return locked(() -> List.copyOf(attempts.getOrDefault(jobId, List.of())));
    }

    private void addAttempt(MemoryQueue.Item<Job> item, Instant now, String accident) {
        Instant started = item.work.startedAt();
        attempts.computeIfAbsent(item.id, id -> new ArrayList<>())
                .add(new JobAttempt(
                        item.attempts,
                        item.worker,
                        started == null ? now : started,
                        now,
                        JobReport.sentence(accident)));
    }

    @Override
    public void setOrder(String submitter, WorkOrder order) {
        lock.lock();
        try {
            submissionQueue.setOrder(submitter, order);
            jobQueue.setOrder(submitter, order);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean reportWorker(WorkerReport report) {
        return locked(() -> {
            WorkerStatus known = workers.get(report.name());
            boolean draining = known != null && known.draining();
            workers.put(report.name(), new WorkerStatus(report, clock.instant(), draining));
            return !draining;
        });
    }

    @Override
    public void removeWorker(String name) {
        locked(() -> Optional.ofNullable(workers.remove(name)));
    }

    @Override
    public boolean drainWorker(String name) {
        return locked(() ->
                workers.computeIfPresent(name, (n, w) -> new WorkerStatus(w.report(), w.lastSeen(), true)) != null);
    }

    @Override
    public List<WorkerStatus> workers() {
        return locked(() -> List.copyOf(workers.values()));
    }

    @Override
    public List<Integer> endedBeyond(int keep, int limit) {
        return locked(() -> ended.stream()
                .limit(Math.max(0, Math.min(limit, ended.size() - keep)))
                .toList());
    }

    @Override
    public List<Integer> endedBefore(Duration age, int limit) {
        return locked(() -> {
            Instant before = clock.instant().minus(age);
            return ended.stream()
                    .limit(Math.max(0, limit))
                    .takeWhile(id -> endedAt.getOrDefault(id, Instant.MAX).isBefore(before))
                    .toList();
        });
    }

    @Override
    public Forgotten forget(Collection<Integer> submissionIds) {
        return locked(() -> {
            Set<ContentHash> orphans = new HashSet<>();
            int count = 0;
            for (Integer id : submissionIds) {
                if (ended.remove(id)) {
                    forget(entry(id), orphans);
                    submissions.remove(id);
                    endedAt.remove(id);
                    count++;
                }
            }
            return new Forgotten(count, orphans);
        });
    }

    @Override
    public List<Content> contents(@Nullable ContentHash after, int limit) {
        return locked(() -> (after == null ? contents : contents.tailMap(after.hex(), false))
                .values().stream().limit(limit).toList());
    }

    @Override
    public Set<ContentHash> unreferenced(Collection<ContentHash> contents) {
        return locked(() -> {
            Set<ContentHash> unreferenced = new HashSet<>(contents);
            unreferenced.removeAll(references.keySet());
            return unreferenced;
        });
    }

    private void forget(Entry entry, Set<ContentHash> orphans) {
        if (entry.key != null) {
            keys.remove(entry.key);
        }
        release(entry.submission.content(), orphans);
        for (int id : entry.jobs) {
            Job job = existingJob(id);
            jobs.remove(id);
            attempts.remove(id);
            counts.merge(job.state(), -1L, Long::sum);
            release(job.image().content(), orphans);
            forgetSolved(job);
            job.files().values().forEach(c -> release(c, orphans));
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

    private void release(Content content, Set<ContentHash> orphans) {
        refer(content, -1);
        if (references.remove(content.hash(), 0)) {
            contents.remove(content.hash().hex());
            orphans.add(content.hash());
        }
    }

    private void setState(int submissionId, SubmissionState state, @Nullable String error) {
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

    private void putJob(Job job) {
        Job before = jobs.put(job.id(), job);
        if (before != null) {
            counts.merge(before.state(), -1L, Long::sum);
        }
        counts.merge(job.state(), 1L, Long::sum);
    }

    private void endJob(Job job, JobReport report) {
        ImageOutcome outcome = report.result().outcome(() -> ++lastCalibration);
        putJob(new Job(
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
        report.files().values().forEach(c -> refer(c, 1));
        if (outcome instanceof ImageOutcome.Solved s) {
            sky.add(job.id(), s.calibration().wcs());
            solved.computeIfAbsent(job.image().content().hash(), hash -> new TreeSet<>())
                    .add(job.id());
        }
        Entry entry = entry(job.submissionId());
        entry.ended++;
        countIfEnded(entry);
    }

    private final class Submissions extends MemoryQueue<Submission> implements SubmissionQueue {

        Submissions() {
            super(InMemoryStore.this.lock, clock);
        }

        @Override
        Submission started(Item<Submission> item, Instant now) {
            setState(item.id, SubmissionState.UNPACKING, null);
            return entry(item.id).submission;
        }

        @Override
        Submission requeued(Item<Submission> item) {
            setState(item.id, SubmissionState.QUEUED, null);
            return entry(item.id).submission;
        }

        @Override
        void lost(Item<Submission> item, Instant now) {}

        @Override
        void endCancelled(Item<Submission> item) {
            setState(item.id, SubmissionState.CANCELLED, null);
        }

        private boolean end(Claim<Submission> claim, Consumer<Item<Submission>> how) {
            return locked(() -> {
                Item<Submission> item = held(claim);
                if (item == null) {
                    return false;
                }
                remove(item);
                how.accept(item);
                return true;
            });
        }

        @Override
        public boolean complete(Claim<Submission> claim, List<NewImage> images) {
            return end(claim, item -> {
                if (item.cancelRequested) {
                    endCancelled(item);
                    return;
                }
                Entry entry = entry(claim.id());
                for (NewImage image : images) {
                    addImage(entry, image);
                }
                setState(claim.id(), SubmissionState.UNPACKED, null);
            });
        }

        private void addImage(Entry entry, NewImage image) {
            int submission = entry.submission.id();
            UserImage userImage = new UserImage(++lastImage, submission, image.fileName(), image.content());
            refer(image.content(), 1);
            Job job = new Job(
                    ++lastJob,
                    submission,
                    userImage,
                    JobState.QUEUED,
                    0,
                    clock.instant(),
                    null,
                    null,
                    null,
                    JobTimings.NONE,
                    Map.of());
            entry.jobs.add(job.id());
            putJob(job);
            JobReport ended = image.ended();
            if (ended == null) {
                jobQueue.add(new Item<>(job.id(), entry.submission.submitter(), job));
            } else {
                endJob(job, ended);
            }
        }

        @Override
        public boolean fail(Claim<Submission> claim, String error) {
            return end(claim, item -> setState(item.id, SubmissionState.FAILED, error));
        }

        @Override
        public boolean cancelled(Claim<Submission> claim) {
            return end(claim, this::endCancelled);
        }

        @Override
        public boolean retry(Claim<Submission> claim, Duration delay) {
            return locked(() -> {
                Item<Submission> item = held(claim);
                if (item != null) {
                    giveBack(item, delay);
                }
                return item != null;
            });
        }
    }

    private final class Jobs extends MemoryQueue<Job> implements JobQueue {

        Jobs() {
            super(InMemoryStore.this.lock, clock);
        }

        private Job with(Item<Job> item, JobState state, @Nullable Instant startedAt) {
            Job job = new Job(
                    item.id,
                    item.work.submissionId(),
                    item.work.image(),
                    state,
                    item.attempts,
                    item.work.queuedAt(),
                    startedAt,
                    null,
                    null,
                    JobTimings.NONE,
                    Map.of());
            putJob(job);
            return job;
        }

        @Override
        Job started(Item<Job> item, Instant now) {
            return with(item, JobState.RUNNING, now);
        }

        @Override
        Job requeued(Item<Job> item) {
            return with(item, JobState.QUEUED, item.work.startedAt());
        }

        @Override
        void lost(Item<Job> item, Instant now) {
            addAttempt(item, now, JobAttempt.LOST);
        }

        @Override
        void endCancelled(Item<Job> item) {
            endJob(item.work, new JobReport(new JobReport.Cancelled(), JobTimings.NONE, Map.of()));
        }

        @Override
        public boolean complete(Claim<Job> claim, JobReport report) {
            return locked(() -> {
                Item<Job> item = held(claim);
                if (item == null) {
                    return false;
                }
                remove(item);
                if (report.result() instanceof JobReport.Failed failed) {
                    addAttempt(item, clock.instant(), failed.message());
                }
                endJob(item.work, report);
                return true;
            });
        }

        @Override
        public boolean retry(Claim<Job> claim, String accident, Duration delay) {
            return locked(() -> {
                Item<Job> item = held(claim);
                if (item != null) {
                    addAttempt(item, clock.instant(), accident);
                    giveBack(item, delay);
                }
                return item != null;
            });
        }
    }
}
