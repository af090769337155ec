package io.novasolve.core;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.EndedSubmission;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.SubmissionArchive;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what is to be forgotten to an archive; what that refuses waits for a while, and holds up nobody. */
final class Archiving {

    private static final Logger LOG = LoggerFactory.getLogger(Archiving.class);
    private static final int BATCH = 10;
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofMinutes(1);

    private final Store store;
    private final ContentStore content;
    private final SubmissionArchive archive;
    private final LongSupplier ticker;
    private final Set<Integer> refused = new HashSet<>();
    private long refusedAt;

    Archiving(Store store, ContentStore content, SubmissionArchive archive, LongSupplier ticker) {
        this.store = store;
        this.content = content;
        this.archive = archive;
        this.ticker = ticker;
    }

    /**
     * Archives a small batch.
     *
     * @param ended tells so many submissions that may be forgotten
     * @return which of them are in the archive now
     */
    List<Integer> keep(IntFunction<List<Integer>> ended) {
        if (ticker.getAsLong() - refusedAt > PAUSE_AFTER_REFUSAL.toNanos()) {
            refused.clear();
        }
        List<Integer> kept = new ArrayList<>();
        List<Integer> batch = ended.apply(BATCH + refused.size()).stream()
                .filter(id -> !refused.contains(id))
                .limit(BATCH)
                .toList();
        for (int id : batch) {
            if (keep(id)) {
                kept.add(id);
            }
        }
        return kept;
    }

    private boolean keep(int id) {
        Optional<EndedSubmission> ended = find(id);
        if (ended.isEmpty()) {
            return false;
        }
        try {
            archive.keep(ended.get(), content);
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("Submission {} could not be archived, and is not forgotten; will try again", id, e);
            if (refused.isEmpty()) {
                refusedAt = ticker.getAsLong();
            }
            refused.add(id);
            return false;
        }
    }

    /** Empty if somebody else has forgotten it: it may be in the archive then, whole, and must not be replaced by less. */
    private Optional<EndedSubmission> find(int id) {
        List<Job> jobs = store.jobs(id);
        Map<Integer, List<JobAttempt>> attempts = new HashMap<>();
        for (Job job : jobs) {
            attempts.put(job.id(), store.attempts(job.id()));
        }
        // A submission that is still there now had all of this when it was read.
        Optional<Submission> submission = store.submission(id);
        return submission.map(s -> new EndedSubmission(s, jobs, attempts));
    }
}
