package io.novasolve.sky.hints;

import io.novasolve.sky.SkyPosition;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a picture says of it. Nobody vouches for any of it: mounts are out of alignment, units are mistaken,
 * focal lengths are those of another night.
 *
 * @param centre where the picture is said to point; null if nothing is said
 * @param lowArcsecPerPixel least scale that the header allows for, in seconds of arc per pixel, positive; 0 if nothing is said
 * @param highArcsecPerPixel largest one, not below the least; 0 if nothing is said
 * @param origin the cards or tags that this was read from, for logs; empty for none
 */
public record HeaderHints(
        @Nullable SkyPosition centre, double lowArcsecPerPixel, double highArcsecPerPixel, String origin) {

    /** Nothing is said. */
    public static final HeaderHints NONE = new HeaderHints(null, 0, 0, "");

    /** @throws IllegalArgumentException if the scales are not 0, or positive and in order */
    public HeaderHints {
        boolean none = lowArcsecPerPixel == 0 && highArcsecPerPixel == 0;
        boolean ordered = lowArcsecPerPixel > 0
                && lowArcsecPerPixel <= highArcsecPerPixel
                && highArcsecPerPixel < Double.POSITIVE_INFINITY;
        if (!none && !ordered) {
            throw new IllegalArgumentException("scales must be positive and in order, or both 0, but are "
                    + lowArcsecPerPixel + " and " + highArcsecPerPixel);
        }
    }

    public boolean hasScale() {
        return highArcsecPerPixel > 0;
    }

    public boolean isEmpty() {
        return centre == null && !hasScale();
    }
}
