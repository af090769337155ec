package io.novasolve.examples.server;

/** What lies at the bottom of an exception, where frameworks have wrapped it several times. */
public final class RootCause {

    private RootCause() {}

    public static Throwable of(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest;
    }
}
