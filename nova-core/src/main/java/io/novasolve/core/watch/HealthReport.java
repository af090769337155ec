package io.novasolve.core.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Whether everything that Nova needs is there.
 *
 * @param at when it was looked at
 * @param checks one for each part
 */
public record HealthReport(Instant at, List<Check> checks) {

    public HealthReport {
        checks = List.copyOf(checks);
    }

    /** How a part does. */
    public enum Status {
        /** It works. */
        UP,
        /** It works, but somebody should look at it. */
        DEGRADED,
        /** It does not work. */
        DOWN
    }

    /**
     * One part.
     *
     * @param name {@code store}, {@code queue}, {@code submissions}, {@code content}, {@code disk}, or {@code transport NAME}
     * @param detail a sentence for people
     * @param took how long the look took
     */
    public record Check(String name, Status status, String detail, Duration took) {}

    /** The worst of all parts. One of several transports that is down degrades the whole, and no more. */
    public Status status() {
        Status worst = Status.UP;
        boolean someTransport = false;
        boolean allTransportsDown = true;
        for (Check check : checks) {
            if (check.name().startsWith(TRANSPORT)) {
                someTransport = true;
                allTransportsDown &= check.status() == Status.DOWN;
                worst = worse(worst, check.status() == Status.UP ? Status.UP : Status.DEGRADED);
            } else {
                worst = worse(worst, check.status());
            }
        }
        return someTransport && allTransportsDown ? Status.DOWN : worst;
    }

    /** What the name of a transport's check begins with. */
    public static final String TRANSPORT = "transport ";

    private static Status worse(Status a, Status b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
