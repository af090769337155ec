package io.novasolve.examples.server.page;

/** Somebody asked for what he may not have, or in a way that does not work; the message is for him. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    public RefusedException(String message) {
        super(message);
    }
}
