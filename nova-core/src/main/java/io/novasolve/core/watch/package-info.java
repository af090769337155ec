/** What can be seen of a running Nova: events, progress, statistics, health. */
@NullMarked
package io.novasolve.core.watch;

import org.jspecify.annotations.NullMarked;
