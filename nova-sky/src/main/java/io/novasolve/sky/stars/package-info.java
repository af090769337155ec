/** Star lists: where the stars are on a picture, most trusted first; in memory, as text and as FITS tables. */
@NullMarked
package io.novasolve.sky.stars;

import org.jspecify.annotations.NullMarked;
