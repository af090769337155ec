package io.novasolve.core.model;

import java.time.Instant;

/**
 * An attempt at a job that brought no answer.
 *
 * @param number 1 for the first attempt
 * @param worker who made it
 * @param startedAt when the job was claimed
 * @param endedAt when the accident was reported, or when the loss of the worker was noticed
 * @param accident what happened
 */
public record JobAttempt(int number, String worker, Instant startedAt, Instant endedAt, String accident) {

    /** The accident of an attempt whose worker was never heard of again. */
    public static final String LOST = "its worker died or lost touch with the store until the lease ran out";
}
