/** Makes index files out of star tables. */
@NullMarked
package io.novasolve.engine.build;

import org.jspecify.annotations.NullMarked;
