package io.novasolve.core.spi;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.Submission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a store knows of a submission that has ended.
 *
 * @param submission as it ended
 * @param jobs its jobs with images and the names of their files, all ended, in the order of its images
 * @param attempts by the ids of the jobs: those that brought no answer
 */
public record EndedSubmission(Submission submission, List<Job> jobs, Map<Integer, List<JobAttempt>> attempts) {

    public EndedSubmission {
        jobs = List.copyOf(jobs);
        Map<Integer, List<JobAttempt>> copy = new HashMap<>();
        attempts.forEach((job, all) -> copy.put(job, List.copyOf(all)));
        attempts = Map.copyOf(copy);
    }
}
