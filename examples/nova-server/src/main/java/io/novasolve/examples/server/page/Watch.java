package io.novasolve.examples.server.page;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.examples.server.Backend;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a submission again and again. Of many pictures it looks at the first one that has not ended, so that a look costs the
 * same however many they are. Not thread-safe.
 */
final class Watch {

    private final Backend backend;
    private final Submission submission;
    /** Jobs that had not ended when they were looked at last, in their order; null before they are known. */
    private @Nullable Deque<Integer> open;

    Watch(Backend backend, Submission submission) {
        this.backend = backend;
        this.submission = submission;
    }

    int submissionId() {
        return submission.id();
    }

    /** @param counts how far the submission has come */
    Progress look(SubmissionProgress counts) {
        return Progress.of(backend, submission, counts, jobs(counts));
    }

    private List<Job> jobs(SubmissionProgress counts) {
        if (!counts.state().isFinal()) {
            return List.of();
        }
        if (counts.isFinal()) {
            return backend.store().jobs(submission.id());
        }
        if (open == null) {
            open = new ArrayDeque<>(open(backend.store().jobs(submission.id())).stream()
                    .map(Job::id)
                    .toList());
        }
        while (!open.isEmpty()) {
            Job job = backend.store().job(open.element()).orElse(null);
            if (job != null && !job.state().isFinal()) {
                return List.of(job);
            }
            open.remove();
        }
        return List.of();
    }

    /** Those of some jobs that have not ended. */
    static List<Job> open(List<Job> jobs) {
        return jobs.stream().filter(job -> !job.state().isFinal()).toList();
    }
}
