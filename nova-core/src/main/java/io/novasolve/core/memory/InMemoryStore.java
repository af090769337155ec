package io.novasolve.core.memory;

import io.novasolve.core.memory.MemoryRecords.Entry;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.Submission;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Submissions and jobs on the heap of one process: the default, and the model that every other store follows. */
public final class InMemoryStore implements Store {

    /** Guards the records and both queues. */
    private final ReentrantLock lock = new ReentrantLock();

    private final InstantSource clock;
    private final MemoryRecords records;
    private final MemoryJobQueue jobQueue;
    private final MemorySubmissionQueue submissionQueue;
    private final TreeMap<String, WorkerStatus> workers = new TreeMap<>();

    /** An empty store. */
    public InMemoryStore(InstantSource clock) {
        this.clock = clock;
        records = new MemoryRecords(clock);
        jobQueue = new MemoryJobQueue(lock, clock, records);
        submissionQueue = new MemorySubmissionQueue(lock, clock, records, jobQueue);
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
    public Submission create(NewSubmission submission) {
        return locked(() -> {
            Submission known = records.known(submission);
            if (known != null) {
                return known;
            }
            Submission created = records.create(submission);
            submissionQueue.add(new MemoryQueue.Item<>(created.id(), created.submitter(), created));
            return created;
        });
    }

    @Override
    public Optional<Submission> submission(int id) {
        return locked(() -> Optional.ofNullable(records.find(id)).map(Entry::submission));
    }

    @Override
    public List<Submission> submissions(int limit) {
        return locked(() -> records.newestFirst().limit(limit).toList());
    }

    @Override
    public Map<Integer, SubmissionProgress> progress(Collection<Integer> submissionIds) {
        return locked(() -> {
            Map<Integer, SubmissionProgress> progress = new HashMap<>();
            for (Integer id : submissionIds) {
                Entry e = records.find(id);
                if (e != null) {
                    progress.put(
                            id,
                            new SubmissionProgress(
                                    e.submission().state(), e.jobs().size(), e.ended()));
                }
            }
            return progress;
        });
    }

    @Override
    public List<Job> jobs(Collection<Integer> submissionIds) {
        return locked(() -> submissionIds.stream()
                .map(records::find)
                .filter(Objects::nonNull)
                .flatMap(entry -> entry.jobs().stream())
                .map(records::job)
                .toList());
    }

    @Override
    public Optional<Job> job(int id) {
        return locked(() -> Optional.ofNullable(records.findJob(id)));
    }

    @Override
    public List<Job> solved(ContentHash image, int limit) {
        return locked(() -> records.solved(image).limit(limit).toList());
    }

    @Override
    public List<Job> showing(SkyPosition position, int limit) {
        return locked(() -> records.sky()
                .showing(position)
                .map(records::job)
                .filter(job -> Footprint.of(MemoryRecords.wcs(job)).contains(position))
                .limit(Math.max(0, limit))
                .toList());
    }

    @Override
    public List<Job> near(SkyPosition position, double radiusDeg, int limit) {
        return locked(() -> records.sky()
                .near(position, radiusDeg)
                .map(records::job)
                .filter(job -> distance(job, position) <= radiusDeg)
                .sorted(Comparator.comparingDouble(job -> distance(job, position)))
                .limit(Math.max(0, limit))
                .toList());
    }

    private static double distance(Job job, SkyPosition position) {
        return MemoryRecords.wcs(job).centre().separationDeg(position);
    }

    @Override
    public Stopped cancelSubmission(int id) {
        return locked(() -> {
            Entry entry = records.find(id);
            if (entry == null) {
                return new Stopped(false, false, List.of());
            }
            boolean waited = cancel(submissionQueue, id);
            List<Integer> jobs =
                    entry.jobs().stream().filter(job -> cancel(jobQueue, job)).toList();
            return new Stopped(true, waited, jobs);
        });
    }

    @Override
    public Stopped cancelJob(int id) {
        return locked(() -> {
            List<Integer> ended = cancel(jobQueue, id) ? List.of(id) : List.of();
            return new Stopped(records.findJob(id) != null, false, ended);
        });
    }

    /** Ends work that nobody holds, and asks the holder of the rest to end it; whether it has ended. */
    private static <T> boolean cancel(MemoryQueue<T> queue, int id) {
        MemoryQueue.Item<T> item = queue.find(id);
        if (item == null) {
            return false;
        }
        item.cancelRequested = true;
        if (item.leaseUntil != null) {
            return false;
        }
        queue.remove(item);
        queue.endCancelled(item);
        return true;
    }

    @Override
    public List<Integer> overdue(Instant now, int limit) {
        return locked(() -> records.overdue(now, limit));
    }

    @Override
    public Stopped endWaiting(
            Submission submission, List<NewImage> images, Map<Integer, JobReport> jobs, @Nullable Instant lookAgain) {
        return locked(() -> {
            Entry entry = records.find(submission.id());
            if (entry == null) {
                return new Stopped(false, false, List.of());
            }
            records.lookAgain(submission.id(), lookAgain);
            if (!images.isEmpty() && takeWaiting(submissionQueue, submission.id())) {
                submissionQueue.unpacked(submission, images);
                return new Stopped(true, true, entry.jobs());
            }
            List<Integer> ended = new ArrayList<>();
            new TreeMap<>(jobs).forEach((job, report) -> {
                if (takeWaiting(jobQueue, job)) {
                    records.end(records.job(job), report);
                    ended.add(job);
                }
            });
            return new Stopped(true, false, ended);
        });
    }

    /** Takes out what waits; false if it does not. */
    private static <T> boolean takeWaiting(MemoryQueue<T> queue, int id) {
        MemoryQueue.Item<T> item = queue.find(id);
        if (item == null || item.leaseUntil != null) {
            return false;
        }
        queue.remove(item);
        return true;
    }

    @Override
    public QueueCounts counts() {
        return locked(records::counts);
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
                    .map(ids -> Duration.between(records.job(ids.first()).queuedAt(), now))
                    .max(Comparator.naturalOrder())
                    .orElse(Duration.ZERO);
            Collection<MemoryQueue.Item<Submission>> open = submissionQueue.open();
            int unpacking =
                    (int) open.stream().filter(item -> item.leaseUntil != null).count();
            Duration oldestSubmission = open.stream()
                    .min(Comparator.comparingInt(item -> item.id))
                    .map(item -> Duration.between(item.work.submittedAt(), now))
                    .orElse(Duration.ZERO);
            return new Waiting(
                    notNegative(oldest),
                    lines.size(),
                    open.size() - unpacking,
                    unpacking,
                    notNegative(oldestSubmission));
        });
    }

    private static Duration notNegative(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }

    @Override
    public boolean isIdle() {
        return locked(() -> submissionQueue.isEmpty() && jobQueue.isEmpty());
    }

    @Override
    public List<JobAttempt> attempts(int jobId) {
        return locked(() -> List.copyOf(records.attempts(jobId)));
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
        return locked(() -> records.endedBeyond(keep, limit));
    }

    @Override
    public List<Integer> endedBefore(Duration age, int limit) {
        return locked(() -> records.endedBefore(clock.instant().minus(age), limit));
    }

    @Override
    public Forgotten forget(Collection<Integer> submissionIds) {
        return locked(() -> {
            Set<ContentHash> orphans = new HashSet<>();
            int count = records.forget(submissionIds, orphans);
            return new Forgotten(count, orphans);
        });
    }

    @Override
    public List<Content> contents(@Nullable ContentHash after, int limit) {
        return locked(() -> records.contents().after(after, limit));
    }

    @Override
    public Set<ContentHash> unreferenced(Collection<ContentHash> contents) {
        return locked(() -> records.contents().unreferenced(contents));
    }
}
