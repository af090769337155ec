package io.novasolve.core.spi;

import io.novasolve.core.model.SubmissionState;

/**
 * How far a submission has come.
 *
 * @param state of the submission itself
 * @param images how many images it has so far
 * @param ended how many of their jobs have ended
 */
public record SubmissionProgress(SubmissionState state, int images, int ended) {

    /** Whether nothing will change any more. */
    public boolean isFinal() {
        return state.isFinal() && ended == images;
    }
}
