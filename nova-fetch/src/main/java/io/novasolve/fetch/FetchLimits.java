package io.novasolve.fetch;

import java.time.Duration;

/**
 * How far to go for one link.
 *
 * @param bytes the largest file to fetch
 * @param total time for one link, with all attempts and redirects
 * @param stall how long a server may be silent, while connecting too
 * @param redirects to follow in a row
 * @param attempts that continue each other after a cut or a server's hiccup, the first one included
 * @param pause before the second attempt, doubled for each further one
 * @param privateAddresses whether loopback, private, link-local and other addresses that are not on the public internet may
 *     be contacted
 */
public record FetchLimits(
        long bytes,
        Duration total,
        Duration stall,
        int redirects,
        int attempts,
        Duration pause,
        boolean privateAddresses) {

    /** 4 GB in half an hour, 20 s of silence, 5 redirects, 4 attempts, public addresses only. */
    public static final FetchLimits DEFAULT = new FetchLimits(
            4_000_000_000L, Duration.ofMinutes(30), Duration.ofSeconds(20), 5, 4, Duration.ofSeconds(1), false);

    /** @throws IllegalArgumentException if a limit leaves nothing to do */
    public FetchLimits {
        require(bytes >= 1, "bytes must be 1 or more", bytes);
        require(total.toMillis() >= 1, "the total time must be 1 ms or more", total);
        require(stall.toMillis() >= 1, "the longest silence must be 1 ms or more", stall);
        require(redirects >= 0, "redirects must be 0 or more", redirects);
        require(attempts >= 1, "attempts must be 1 or more", attempts);
        require(!pause.isNegative(), "the pause must not be negative", pause);
    }

    private static void require(boolean holds, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ", but is " + value);
        }
    }

    public FetchLimits withBytes(long value) {
        return new FetchLimits(value, total, stall, redirects, attempts, pause, privateAddresses);
    }

    public FetchLimits withTotal(Duration value) {
        return new FetchLimits(bytes, value, stall, redirects, attempts, pause, privateAddresses);
    }

    public FetchLimits withStall(Duration value) {
        return new FetchLimits(bytes, total, value, redirects, attempts, pause, privateAddresses);
    }

    public FetchLimits withRedirects(int value) {
        return new FetchLimits(bytes, total, stall, value, attempts, pause, privateAddresses);
    }

    public FetchLimits withAttempts(int value, Duration firstPause) {
        return new FetchLimits(bytes, total, stall, redirects, value, firstPause, privateAddresses);
    }

    public FetchLimits withPrivateAddresses(boolean value) {
        return new FetchLimits(bytes, total, stall, redirects, attempts, pause, value);
    }
}
