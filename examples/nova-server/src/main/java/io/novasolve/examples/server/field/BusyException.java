package io.novasolve.examples.server.field;

import java.io.IOException;

/** Too many pictures are being made at once, and one more had to wait too long. */
public final class BusyException extends IOException {

    private static final long serialVersionUID = 1;

    BusyException() {
        super("too many pictures are being drawn just now; try again in a moment");
    }
}
