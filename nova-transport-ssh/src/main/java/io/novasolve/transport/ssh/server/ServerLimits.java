package io.novasolve.transport.ssh.server;

import java.time.Duration;

/**
 * What one job may cost a solve server.
 *
 * @param fileBytes of its job file
 * @param stars of its list
 * @param inputTime until all its input must be there
 * @param solveTime wall time of its search, waiting for its turn included
 * @param cpuTime processor time of its search, unless the job itself asks for less
 */
public record ServerLimits(long fileBytes, int stars, Duration inputTime, Duration solveTime, Duration cpuTime) {

    /** 16 MiB, 100 000 stars, 30 s of input, 10 minutes of search, 5 of them processor time. */
    public static final ServerLimits DEFAULT =
            new ServerLimits(16L << 20, 100_000, Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofMinutes(5));

    /** @throws IllegalArgumentException if one is not positive */
    public ServerLimits {
        boolean positive = fileBytes > 0 && stars > 0;
        for (Duration time : new Duration[] {inputTime, solveTime, cpuTime}) {
            positive &= !time.isZero() && !time.isNegative();
        }
        if (!positive || fileBytes > 1L << 30) {
            throw new IllegalArgumentException("limits of a solve server are positive, a job file's below 1 GiB");
        }
    }

    public ServerLimits withInputTime(Duration value) {
        return new ServerLimits(fileBytes, stars, value, solveTime, cpuTime);
    }

    public ServerLimits withSolveTime(Duration value) {
        return new ServerLimits(fileBytes, stars, inputTime, value, cpuTime);
    }

    public ServerLimits withCpuTime(Duration value) {
        return new ServerLimits(fileBytes, stars, inputTime, solveTime, value);
    }
}
