package io.novasolve.core.spi;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.stars.StarList;

/**
 * One search, as a transport gets it.
 *
 * @param jobId of the job this search belongs to, positive
 * @param stars what was found on the picture, most trusted first
 * @param options what is known and how far to go
 */
public record SolveTask(int jobId, StarList stars, SolveOptions options) {

    public SolveTask {
        if (jobId < 1) {
            throw new IllegalArgumentException("a job id is positive, but this one is " + jobId);
        }
    }
}
