/** Regions of the sky: HEALPix cells, the coverage map (MOC) and the footprint of a picture. */
@NullMarked
package io.novasolve.sky.region;

import org.jspecify.annotations.NullMarked;
