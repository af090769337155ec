package io.novasolve.core.model;

import java.util.Locale;

/** Where a job stands. */
public enum JobState {
    QUEUED,
    RUNNING,
    SOLVED,
    UNSOLVED,
    FAILED,
    CANCELLED;

    /** Whether the job has ended. */
    public boolean isFinal() {
        return this != QUEUED && this != RUNNING;
    }

    /** The word that scripts see, such as {@code solved}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
