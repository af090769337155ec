/** Decoded pictures: JPEG, PNG, GIF, BMP, TIFF and FITS as rows of brightness. */
@NullMarked
package io.novasolve.sky.picture;

import org.jspecify.annotations.NullMarked;
