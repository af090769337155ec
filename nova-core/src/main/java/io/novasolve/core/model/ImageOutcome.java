package io.novasolve.core.model;

/** How a job ended. Answers (solved, unsolved) and accidents (failed) never mix. */
public sealed interface ImageOutcome {

    /** The state a job with this outcome is in. */
    JobState state();

    /** The picture's place on the sky is known. */
    record Solved(Calibration calibration) implements ImageOutcome {
        @Override
        public JobState state() {
            return JobState.SOLVED;
        }
    }

    /**
     * The picture was read and searched, or had no stars.
     *
     * @param detail a sentence for people
     */
    record Unsolved(UnsolvedReason reason, String detail) implements ImageOutcome {
        @Override
        public JobState state() {
            return JobState.UNSOLVED;
        }
    }

    /**
     * The picture could not be read, or the search could not be run.
     *
     * @param message what happened, where, and what to do
     */
    record Failed(FailureReason reason, String message) implements ImageOutcome {
        @Override
        public JobState state() {
            return JobState.FAILED;
        }
    }

    /** Somebody cancelled it. */
    record Cancelled() implements ImageOutcome {
        @Override
        public JobState state() {
            return JobState.CANCELLED;
        }
    }
}
