package io.novasolve.examples.cli;

import io.novasolve.core.SubmissionResult;
import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SubmissionState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one image.
 *
 * @param file or link as it was given; for a member of an archive, its path there follows
 * @param reason a word, or null when solved
 * @param error a sentence, or null when solved
 * @param job with its timings; null if the file was refused at once
 */
record Answer(
        String file,
        JobState state,
        @Nullable String reason,
        @Nullable String error,
        @Nullable Calibration calibration,
        @Nullable Job job) {

    static Answer refused(String file, String error) {
        return new Answer(file, JobState.FAILED, FailureReason.UNREADABLE.word(), error, null, null);
    }

    /** One for each image, or one for a file without any. */
    static List<Answer> of(String file, SubmissionResult result) {
        if (result.jobs().isEmpty()) {
            return List.of(
                    result.submission().state() == SubmissionState.CANCELLED
                            ? new Answer(file, JobState.CANCELLED, "cancelled", "cancelled", null, null)
                            : refused(file, String.valueOf(result.submission().error())));
        }
        return result.jobs().stream()
                .map(job -> of(nameOf(file, job, result), job))
                .toList();
    }

    /** A compressed picture is the file that was given; only members of archives have names of their own. */
    static String nameOf(String file, Job job, SubmissionResult result) {
        String name = job.image().fileName();
        boolean itself =
                result.jobs().size() == 1 && result.submission().fileName().startsWith(name);
        return itself ? file : file + "/" + name;
    }

    private static Answer of(String file, Job job) {
        ImageOutcome outcome = job.outcome();
        if (outcome instanceof ImageOutcome.Solved solved) {
            return new Answer(file, job.state(), null, null, solved.calibration(), job);
        }
        if (outcome instanceof ImageOutcome.Unsolved unsolved) {
            return new Answer(file, job.state(), unsolved.reason().word(), unsolved.detail(), null, job);
        }
        if (outcome instanceof ImageOutcome.Failed failed) {
            return new Answer(file, job.state(), failed.reason().word(), failed.message(), null, job);
        }
        return new Answer(file, JobState.CANCELLED, "cancelled", "cancelled before it had an answer", null, job);
    }

    int exitStatus() {
        if (state == JobState.SOLVED) {
            return NovaCommand.OK;
        }
        boolean unreadable = FailureReason.UNREADABLE.word().equals(reason);
        return unreadable ? NovaCommand.USAGE : NovaCommand.NOT_SOLVED;
    }
}
