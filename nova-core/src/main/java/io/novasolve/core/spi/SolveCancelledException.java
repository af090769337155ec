package io.novasolve.core.spi;

import io.novasolve.core.NovaException;

/** A search was cancelled before it had an answer. */
public class SolveCancelledException extends NovaException {

    private static final long serialVersionUID = 1;

    public SolveCancelledException(int jobId) {
        super("job " + jobId + " was cancelled while it was solved");
    }
}
