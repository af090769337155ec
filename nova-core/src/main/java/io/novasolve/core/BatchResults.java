package io.novasolve.core;

/** Hears what becomes of the submissions of a batch, in the order in which they end; called by several threads at once. */
public interface BatchResults {

    /** Everything of a submission has ended, however it ended. */
    void ended(SubmissionRequest request, SubmissionResult result);

    /** A submission could not be made, or its result could not be had. */
    void failed(SubmissionRequest request, RuntimeException why);
}
