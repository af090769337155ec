/** The statistics of a Nova as Micrometer metrics. */
@NullMarked
package io.novasolve.micrometer;

import org.jspecify.annotations.NullMarked;
