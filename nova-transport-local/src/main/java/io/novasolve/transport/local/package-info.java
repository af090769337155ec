/** Solver transports of this machine: the engine in this JVM, and the {@code astrometry-engine} program. */
@NullMarked
package io.novasolve.transport.local;

import org.jspecify.annotations.NullMarked;
