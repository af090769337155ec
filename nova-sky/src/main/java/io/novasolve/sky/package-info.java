/** Positions on the sky and on pictures, and what the other packages of Nova share. ICRS/J2000 degrees throughout. */
@NullMarked
package io.novasolve.sky;

import org.jspecify.annotations.NullMarked;
