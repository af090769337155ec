package io.novasolve.examples.server.web;

/** Somebody asks for more than is allowed in a minute. */
public final class TooManyRequestsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long retryAfterSeconds;

    public TooManyRequestsException(long retryAfterSeconds) {
        super("too many requests; try again in " + retryAfterSeconds + " s");
        this.retryAfterSeconds = retryAfterSeconds;
    }

    long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
