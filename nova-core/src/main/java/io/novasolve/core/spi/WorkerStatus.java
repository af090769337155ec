package io.novasolve.core.spi;

import java.time.Instant;

/**
 * A worker process as others see it.
 *
 * @param report what it said last
 * @param lastSeen when that was
 * @param draining whether somebody has asked it to claim nothing more
 */
public record WorkerStatus(WorkerReport report, Instant lastSeen, boolean draining) {}
