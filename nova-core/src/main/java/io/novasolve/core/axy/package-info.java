/** The job file: a star list with its instructions, as the native {@code astrometry-engine} reads it. */
@NullMarked
package io.novasolve.core.axy;

import org.jspecify.annotations.NullMarked;
