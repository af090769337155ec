package io.novasolve.core.spi;

/**
 * What a worker process says of itself.
 *
 * @param name unique among living processes on a store
 * @param host where it runs
 * @param transports what it solves with, for people
 * @param capacity jobs that it can run at once
 * @param running jobs that it runs now
 */
public record WorkerReport(String name, String host, String transports, int capacity, int running) {

    /** The longest name, host or list of transports, in UTF-16 units. */
    public static final int MAX_LENGTH = 255;

    public WorkerReport {
        Texts.require("a worker's name", name, MAX_LENGTH);
        Texts.require("a worker's host", host, MAX_LENGTH);
        Texts.require("a worker's transports", transports, MAX_LENGTH);
        if (capacity < 0 || running < 0) {
            throw new IllegalArgumentException("worker " + name + " cannot have the capacity " + capacity + " and run "
                    + running + " jobs: both are 0 or more");
        }
    }
}
