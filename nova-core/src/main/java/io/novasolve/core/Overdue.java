package io.novasolve.core;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.pipeline.OverdueReport;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ends what still waits when its deadline is over, whether there is a worker for it or not. */
final class Overdue {

    /** A look costs each process a round trip, and what is in hand when it should wait no more may be put back after it. */
    static final Duration EVERY = Duration.ofSeconds(5);

    private static final int BATCH = 100;

    /** Hears what has ended. */
    @FunctionalInterface
    interface Ends {
        void ended(int submissionId, Store.Stopped what);
    }

    private final Store store;
    private final InstantSource clock;
    private final Ends ends;
    private Instant next = Instant.MIN;

    Overdue(Store store, InstantSource clock, Ends ends) {
        this.store = store;
        this.clock = clock;
        this.ends = ends;
    }

    /** Called again and again, by one thread at a time. */
    void run() {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return;
        }
        List<Integer> overdue = store.overdue(now, BATCH);
        overdue.forEach(id -> end(id, now));
        // Of many there are more.
        next = overdue.size() < BATCH ? now.plus(EVERY) : now;
    }

    private void end(int submissionId, Instant now) {
        Submission submission = store.submission(submissionId).orElse(null);
        if (submission == null) {
            return;
        }
        List<NewImage> instead =
                submission.options().isOverdue(now) ? List.of(OverdueReport.of(submission)) : List.of();
        Map<Integer, JobReport> reports = new HashMap<>();
        boolean open = !submission.state().isFinal();
        for (Job job : store.jobs(submissionId)) {
            open |= !job.state().isFinal();
            SolveOptions options = submission.optionsOf(job.image().fileName());
            if (job.state() == JobState.QUEUED && options.isOverdue(now)) {
                reports.put(job.id(), OverdueReport.of(options.deadline(), JobTimings.NONE));
            }
        }
        // What is in hand may be put back, and what is unpacked may wait; both are looked after the next time.
        Instant again = open ? now.plus(EVERY) : null;
        Store.Stopped ended = store.endWaiting(submission, instead, reports, again);
        if (ended.submission() || !ended.jobs().isEmpty()) {
            ends.ended(submissionId, ended);
        }
    }
}
