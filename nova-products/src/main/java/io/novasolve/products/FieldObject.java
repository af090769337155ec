package io.novasolve.products;

import io.novasolve.sky.PixelPosition;

/**
 * An object of a catalogue on a picture.
 *
 * @param object what it is
 * @param pixel where its middle is, distortion included; the first pixel's centre is (1, 1)
 * @param diameterPx its larger diameter in pixels, 0 where the catalogue has no size
 */
public record FieldObject(SkyObject object, PixelPosition pixel, double diameterPx) {}
