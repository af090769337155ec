package io.novasolve.examples.server.http;

import java.io.IOException;

/** A request that cannot be understood or is not acceptable; the message is for the client. */
public final class BadRequestException extends IOException {

    private static final long serialVersionUID = 1;

    private final int status;

    public BadRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status to answer with. */
    public int status() {
        return status;
    }
}
