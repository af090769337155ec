package io.novasolve.sky.solution;

import io.novasolve.sky.SkyPosition;

/**
 * A catalogue star in the field of a solution: a row of {@code rdls.fits}.
 *
 * @param position ICRS at the epoch of the index
 * @param magnitude in the index's band; NaN where the index carries none
 */
public record ReferenceStar(SkyPosition position, double magnitude) {}
