package io.novasolve.core;

import io.novasolve.core.model.FailureReason;

/** What was submitted could not be read, so nothing was stored. */
public class UnreadableSubmissionException extends NovaException {

    private static final long serialVersionUID = 1;

    public UnreadableSubmissionException(String message, Throwable cause) {
        super(message, cause);
    }

    public FailureReason reason() {
        return FailureReason.UNREADABLE;
    }
}
