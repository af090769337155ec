package io.novasolve.core.model;

import java.time.Duration;

/**
 * Where the wall time of a job's last attempt went.
 *
 * @param decode from bytes to pixels
 * @param extract from pixels to star lists
 * @param solve in the transport
 * @param total from claim to outcome
 */
public record JobTimings(Duration decode, Duration extract, Duration solve, Duration total) {

    public JobTimings {
        for (Duration time : new Duration[] {decode, extract, solve, total}) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("a time cannot be negative, but is " + time);
            }
        }
    }

    public static final JobTimings NONE = new JobTimings(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
}
