package io.novasolve.examples.server.api;

/** A request that the API refuses in its usual form: status 200, {@code "status": "error"} and this message. */
public final class ApiException extends Exception {

    private static final long serialVersionUID = 1;

    public ApiException(String message) {
        super(message);
    }

    public ApiException(String message, Throwable cause) {
        super(message, cause);
    }
}
