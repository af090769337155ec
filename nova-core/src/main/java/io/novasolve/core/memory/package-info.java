/** Store and content in memory: nothing survives the process. */
@NullMarked
package io.novasolve.core.memory;

import org.jspecify.annotations.NullMarked;
