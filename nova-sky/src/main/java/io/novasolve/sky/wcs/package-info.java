/** World coordinate systems: pixel to sky and back, gnomonic with SIP distortion, as objects and as FITS headers. */
@NullMarked
package io.novasolve.sky.wcs;

import org.jspecify.annotations.NullMarked;
