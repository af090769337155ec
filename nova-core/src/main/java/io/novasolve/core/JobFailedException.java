package io.novasolve.core;

import io.novasolve.core.model.FailureReason;

/** The picture could not be read, or the search could not be run. */
public class JobFailedException extends NovaException {

    private static final long serialVersionUID = 1;

    private final FailureReason reason;

    public JobFailedException(FailureReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public FailureReason reason() {
        return reason;
    }
}
