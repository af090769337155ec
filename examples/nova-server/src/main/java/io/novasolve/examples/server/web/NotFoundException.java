package io.novasolve.examples.server.web;

/** There is no such page, picture or job. */
public final class NotFoundException extends Exception {

    private static final long serialVersionUID = 1;

    public NotFoundException(String message) {
        super(message);
    }
}
