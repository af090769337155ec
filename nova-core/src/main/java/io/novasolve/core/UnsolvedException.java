package io.novasolve.core;

import io.novasolve.core.model.UnsolvedReason;

/** The picture was read and searched, and has no solution. */
public class UnsolvedException extends NovaException {

    private static final long serialVersionUID = 1;

    private final UnsolvedReason reason;

    public UnsolvedException(UnsolvedReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public UnsolvedReason reason() {
        return reason;
    }
}
