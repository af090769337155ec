package io.novasolve.core;

/** This Nova was closed; what it had not finished waits in its store, if that outlives the process. */
public class NovaClosedException extends NovaException {

    private static final long serialVersionUID = 1;

    public NovaClosedException() {
        super("this Nova is closed: keep it open until the results have come, or use a store that outlives it");
    }
}
