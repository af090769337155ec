package io.novasolve.core.model;

/** Where a submission stands. Its jobs have states of their own. */
public enum SubmissionState {
    /** Waits for a submission worker. */
    QUEUED,
    /** A submission worker makes images and jobs of it. */
    UNPACKING,
    /** Its images and jobs exist. */
    UNPACKED,
    /** No image could be had from it. */
    FAILED,
    /** Cancelled before its images existed. */
    CANCELLED;

    /** Whether no submission worker will touch it any more. */
    public boolean isFinal() {
        return this == UNPACKED || this == FAILED || this == CANCELLED;
    }
}
