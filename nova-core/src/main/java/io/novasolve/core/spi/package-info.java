/** What a host application plugs in: transports that solve, stores that remember, and what passes between them and the pipeline. */
@NullMarked
package io.novasolve.core.spi;

import org.jspecify.annotations.NullMarked;
