/**
 * Source extraction: from a picture to a star list.
 *
 * <p>The stages, each of them rows of a picture handed out to threads: bin, measure the background, subtract it and
 * smooth, measure the noise, find peaks; then, on the few peaks, drop the ones that belong to a brighter neighbour and
 * put the rest in the order a plate solver wants. Every stage computes a row or a cell from the stage before alone, so
 * the result does not depend on the number of threads.
 */
@NullMarked
package io.novasolve.sky.extract;

import org.jspecify.annotations.NullMarked;
