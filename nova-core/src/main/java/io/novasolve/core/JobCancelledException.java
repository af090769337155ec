package io.novasolve.core;

/** The job was cancelled before it had an answer. */
public class JobCancelledException extends NovaException {

    private static final long serialVersionUID = 1;

    public JobCancelledException(String message) {
        super(message);
    }
}
