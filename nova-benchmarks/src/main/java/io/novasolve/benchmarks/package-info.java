/** Measurements of the whole pipeline and its parts. */
@NullMarked
package io.novasolve.benchmarks;

import org.jspecify.annotations.NullMarked;
