package io.novasolve.core.spi;

/**
 * Work that one worker holds under a lease.
 *
 * @param id of the submission or job
 * @param work as it was when claimed
 * @param worker who holds it
 * @param fence grows with every claim of the same work: a worker that lost its lease cannot record a result
 * @param attempt 1 for the first claim
 */
public record Claim<T>(int id, T work, String worker, long fence, int attempt) {}
