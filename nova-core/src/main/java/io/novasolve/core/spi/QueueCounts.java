package io.novasolve.core.spi;

/** How many jobs are in which state. */
public record QueueCounts(long queued, long running, long solved, long unsolved, long failed, long cancelled) {}
