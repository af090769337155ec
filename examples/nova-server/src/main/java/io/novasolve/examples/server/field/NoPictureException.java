package io.novasolve.examples.server.field;

import java.io.IOException;

/** There is nothing to make a picture or a file of; the message is for the client. */
public final class NoPictureException extends IOException {

    private static final long serialVersionUID = 1;

    public NoPictureException(String message) {
        super(message);
    }
}
