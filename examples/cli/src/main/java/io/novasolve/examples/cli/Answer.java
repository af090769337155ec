package io.novasolve.examples.cli;

import io.novasolve.core.SubmissionResult;
import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What became of one file.
 *
 * @param reason a word, or null when solved
 * @param error a sentence, or null when solved
 * @param job with its timings; null if the file was refused at once
 */
record Answer(
        Path file,
        JobState state,
        @Nullable String reason,
        @Nullable String error,
        @Nullable Calibration calibration,
        @Nullable Job job) {

    static Answer refused(Path file, String error) {
        return new Answer(file, JobState.FAILED, FailureReason.UNREADABLE.word(), error, null, null);
    }

    static Answer of(Path file, SubmissionResult result) {
        if (result.jobs().isEmpty()) {
            return switch (result.submission().state()) {
                case CANCELLED -> new Answer(file, JobState.CANCELLED, "cancelled", "cancelled", null, null);
                default -> refused(file, String.valueOf(result.submission().error()));
            };
        }
        Job job = result.jobs().get(0);
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
