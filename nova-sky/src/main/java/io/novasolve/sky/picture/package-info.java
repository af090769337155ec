/** Decoded pictures: JPEG, PNG, GIF, BMP, TIFF, FITS, PGM and PPM as rows of brightness. */
@NullMarked
package io.novasolve.sky.picture;

import org.jspecify.annotations.NullMarked;
