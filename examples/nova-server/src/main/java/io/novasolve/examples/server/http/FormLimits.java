package io.novasolve.examples.server.http;

import java.time.Duration;

/**
 * What a form may hold.
 *
 * @param body bytes in all
 * @param fields bytes of all fields that are no files, where star lists may be among them
 * @param parts fields and files
 * @param time until all of it must have arrived
 */
public record FormLimits(long body, int fields, int parts, Duration time) {

    /** Bytes of all fields that are no files, where nothing long may be among them. */
    public static final int SHORT = 64 * 1024;

    /** As the original's front server has it; fields may be larger, for long star lists. */
    public static final FormLimits STANDARD = new FormLimits(500_000_000, 32_000_000, 100, Duration.ofSeconds(600));
}
