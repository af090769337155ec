package io.novasolve.sky.extract;

/**
 * How stars are looked for. Immutable; start from a preset and change what the picture needs.
 *
 * <p>No preset knows the scale or the kind of picture; all serve guider frames, plate scans and camera-lens
 * photographs alike.
 */
public final class ExtractionSettings {

    private static final int DEFAULT_MAX_STARS = 100;

    private final Detection detection;
    private final boolean invert;
    private final int downsample;
    private final int maxStars;

    private ExtractionSettings(Detection detection, boolean invert, int downsample, int maxStars) {
        this.detection = detection;
        this.invert = invert;
        this.downsample = downsample;
        this.maxStars = maxStars;
    }

    /** The settings to try first. */
    public static ExtractionSettings standard() {
        return of(Detection.STANDARD);
    }

    /**
     * The settings for stars many pixels wide, as on plates, out of focus, or magnified: as {@link #standard()}, with
     * blocks twice as large. To standard settings the brightest of such stars are a part of the background, and the
     * others come in no good order.
     */
    public static ExtractionSettings coarse() {
        return of(Detection.COARSE);
    }

    /**
     * The settings for a picture that {@link #standard()} leaves unsolved: less smoothing, and stars ranked by their
     * height above their immediate surroundings, for fields crowded or full of bright nebulosity.
     */
    public static ExtractionSettings second() {
        return of(Detection.SECOND);
    }

    static ExtractionSettings of(Detection detection) {
        return new ExtractionSettings(detection, false, 0, DEFAULT_MAX_STARS);
    }

    /** Looks for dark stars on a bright sky, as on a photographic negative. */
    public ExtractionSettings withInvert(boolean invert) {
        return new ExtractionSettings(detection, invert, downsample, maxStars);
    }

    /**
     * Averages blocks of {@code factor} × {@code factor} pixels before looking for stars. Positions in the list still
     * refer to the full picture.
     *
     * @param factor side of a block in pixels; 0, the default, chooses it from the size of the picture; 1 leaves the
     *     picture as it is
     * @throws IllegalArgumentException if negative
     */
    public ExtractionSettings withDownsample(int factor) {
        if (factor < 0) {
            throw new IllegalArgumentException(
                    "downsample is the side of a block in pixels, or 0 for automatic, but got " + factor);
        }
        return new ExtractionSettings(detection, invert, factor, maxStars);
    }

    /**
     * Keeps at most this many stars, the most trusted ones; 100 by default. A solver that weighs every star of a
     * list pays for long ones.
     *
     * @throws IllegalArgumentException if not positive
     */
    public ExtractionSettings withMaxStars(int maxStars) {
        if (maxStars <= 0) {
            throw new IllegalArgumentException("a star list keeps at least one star, but got a limit of " + maxStars);
        }
        return new ExtractionSettings(detection, invert, downsample, maxStars);
    }

    /** Whether dark stars on a bright sky are looked for. */
    public boolean invert() {
        return invert;
    }

    /** Side in pixels of the blocks averaged before the search; 0 for automatic. */
    public int downsample() {
        return downsample;
    }

    /** The longest list that is returned. */
    public int maxStars() {
        return maxStars;
    }

    Detection detection() {
        return detection;
    }

    @Override
    public String toString() {
        return "ExtractionSettings[" + detection + ", invert " + invert + ", downsample " + downsample + ", at most "
                + maxStars + " stars]";
    }
}
