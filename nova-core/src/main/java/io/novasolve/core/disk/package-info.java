/** Content in a folder, by hash. */
@NullMarked
package io.novasolve.core.disk;

import org.jspecify.annotations.NullMarked;
