/** Wide-field indexes of the whole sky that come with the library. */
@NullMarked
package io.novasolve.index.tycho2;

import org.jspecify.annotations.NullMarked;
