package io.novasolve.core.pipeline;

import io.novasolve.core.model.SolveOptions;

/** How to solve an image of a submission. */
@FunctionalInterface
public interface OptionsOfImage {

    /** The options of an image, by the id of its submission and its own file name. */
    SolveOptions of(int submissionId, String imageName);
}
