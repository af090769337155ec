package io.novasolve.core.model;

import io.novasolve.sky.Parity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to solve a picture: what is known of it, and how far to go. Everything is optional; what is not set is chosen by
 * Nova. Zero is a value everywhere, never “not given”.
 *
 * @param scale known scale, or null to search fields of 0.1° to 180° of width
 * @param position known position, or null to search the whole sky
 * @param parity known parity, or null to try both
 * @param downsample bin the picture by this factor before extraction, ≥ 1; null or 0 to choose by its size
 * @param invert dark stars on a bright sky
 * @param depthFrom the first star that quads are tried with as their faintest, ≥ 1: what lies before was searched already
 * @param depth how many of the brightest stars may form quads, ≥ 1
 * @param maxStars how many stars of the list are handed to the engine, ≥ 1
 * @param positionalErrorPx standard deviation of a star's position in pixels, positive
 * @param oddsToSolve odds against chance at which a solution is accepted, above 1
 * @param tweakOrder order of the SIP distortion, 0 (none: a plain TAN) … 9
 * @param crpixCentre put the reference pixel in the middle of the picture
 * @param width width in pixels of the picture that a bare star list comes from
 * @param height height in pixels of the picture that a bare star list comes from
 * @param cpuLimit processor time for one search
 * @param timeout wall time for one image from claim to outcome. Searches that believe the header of a picture do not count: they
 *     have, together, the same time once more
 * @param deadline when an answer is of no use any more, by the clock of Nova: an image that waits then is unsolved without a
 *     search, and a search does not go on after it; so it holds for all images of a submission and all attempts together. A
 *     submission that is not unpacked by then becomes one such image
 * @param reuse whether the very bytes that were solved before may be answered from that solution
 */
public record SolveOptions(
        @Nullable ScaleHint scale,
        @Nullable PositionHint position,
        @Nullable Parity parity,
        @Nullable Integer downsample,
        @Nullable Boolean invert,
        @Nullable Integer depthFrom,
        @Nullable Integer depth,
        @Nullable Integer maxStars,
        @Nullable Double positionalErrorPx,
        @Nullable Double oddsToSolve,
        @Nullable Integer tweakOrder,
        @Nullable Boolean crpixCentre,
        @Nullable Double width,
        @Nullable Double height,
        @Nullable Duration cpuLimit,
        @Nullable Duration timeout,
        @Nullable Instant deadline,
        @Nullable Boolean reuse) {

    /** The order of the SIP distortion if none is asked for. */
    public static final int DEFAULT_TWEAK_ORDER = 2;

    private static final SolveOptions DEFAULTS = builder().build();

    /** @throws IllegalArgumentException if a value is out of its range, with the name, the value and the range */
    public SolveOptions {
        require(downsample == null || downsample >= 0, "downsample must be 0 (automatic) or more", downsample);
        require(depthFrom == null || depthFrom >= 1, "the first star of a depth must be 1 or more", depthFrom);
        require(
                depth == null || depth >= (depthFrom == null ? 1 : depthFrom),
                "depth must be " + (depthFrom == null ? 1 : depthFrom) + " or more",
                depth);
        require(maxStars == null || maxStars >= 1, "the number of stars must be 1 or more", maxStars);
        require(
                positionalErrorPx == null || positive(positionalErrorPx),
                "the positional error must be positive (pixels)",
                positionalErrorPx);
        require(
                oddsToSolve == null || oddsToSolve > 1 && oddsToSolve < Double.POSITIVE_INFINITY,
                "the odds to solve must be above 1",
                oddsToSolve);
        require(
                tweakOrder == null || tweakOrder >= 0 && tweakOrder <= 9,
                "the tweak order must be 0 (no SIP) … 9",
                tweakOrder);
        require(width == null || positive(width), "the width must be positive (pixels)", width);
        require(height == null || positive(height), "the height must be positive (pixels)", height);
        require(cpuLimit == null || positive(cpuLimit), "the CPU limit must be positive", cpuLimit);
        require(timeout == null || positive(timeout), "the timeout must be positive", timeout);
    }

    private static boolean positive(double value) {
        return value > 0 && value < Double.POSITIVE_INFINITY;
    }

    private static boolean positive(Duration value) {
        return !value.isZero() && !value.isNegative();
    }

    private static void require(boolean holds, String rule, @Nullable Object value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ", but is " + value);
        }
    }

    /** Nothing known, everything chosen by Nova. */
    public static SolveOptions defaults() {
        return DEFAULTS;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder with these options, to change or to drop some. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.scale = scale;
        builder.position = position;
        builder.parity = parity;
        builder.downsample = downsample;
        builder.invert = invert;
        builder.depthFrom = depthFrom;
        builder.depth = depth;
        builder.maxStars = maxStars;
        builder.positionalErrorPx = positionalErrorPx;
        builder.oddsToSolve = oddsToSolve;
        builder.tweakOrder = tweakOrder;
        builder.crpixCentre = crpixCentre;
        builder.width = width;
        builder.height = height;
        builder.cpuLimit = cpuLimit;
        builder.timeout = timeout;
        builder.deadline = deadline;
        builder.reuse = reuse;
        return builder;
    }

    /** The scales to search on a picture of a given width in pixels. */
    public ScaleRange scaleRange(double pictureWidth) {
        return Optional.ofNullable(scale)
                .map(hint -> hint.arcsecPerPixel(pictureWidth))
                .orElseGet(() -> ScaleHint.anyScale(pictureWidth));
    }

    /** The order of the SIP distortion, {@value #DEFAULT_TWEAK_ORDER} if not set. */
    public int tweakOrderOrDefault() {
        return tweakOrder == null ? DEFAULT_TWEAK_ORDER : tweakOrder;
    }

    /** Whether there is a deadline, and it is over. */
    public boolean isOverdue(Instant now) {
        return deadline != null && !deadline.isAfter(now);
    }

    /** These options, with what they leave open taken from others. */
    public SolveOptions orElse(SolveOptions other) {
        return new SolveOptions(
                first(scale, other.scale),
                first(position, other.position),
                first(parity, other.parity),
                first(downsample, other.downsample),
                first(invert, other.invert),
                depthFrom == null && depth == null ? other.depthFrom : depthFrom,
                first(depth, other.depth),
                first(maxStars, other.maxStars),
                first(positionalErrorPx, other.positionalErrorPx),
                first(oddsToSolve, other.oddsToSolve),
                first(tweakOrder, other.tweakOrder),
                first(crpixCentre, other.crpixCentre),
                first(width, other.width),
                first(height, other.height),
                first(cpuLimit, other.cpuLimit),
                first(timeout, other.timeout),
                first(deadline, other.deadline),
                first(reuse, other.reuse));
    }

    private static <T> @Nullable T first(@Nullable T a, @Nullable T b) {
        return a != null ? a : b;
    }

    /** Collects options; not thread-safe. Every setter takes null for “not set”. */
    public static final class Builder {
        private @Nullable ScaleHint scale;
        private @Nullable PositionHint position;
        private @Nullable Parity parity;
        private @Nullable Integer downsample;
        private @Nullable Boolean invert;
        private @Nullable Integer depthFrom;
        private @Nullable Integer depth;
        private @Nullable Integer maxStars;
        private @Nullable Double positionalErrorPx;
        private @Nullable Double oddsToSolve;
        private @Nullable Integer tweakOrder;
        private @Nullable Boolean crpixCentre;
        private @Nullable Double width;
        private @Nullable Double height;
        private @Nullable Duration cpuLimit;
        private @Nullable Duration timeout;
        private @Nullable Instant deadline;
        private @Nullable Boolean reuse;

        private Builder() {}

        public Builder scale(@Nullable ScaleHint value) {
            scale = value;
            return this;
        }

        public Builder position(@Nullable PositionHint value) {
            position = value;
            return this;
        }

        public Builder parity(@Nullable Parity value) {
            parity = value;
            return this;
        }

        public Builder downsample(@Nullable Integer value) {
            downsample = value;
            return this;
        }

        public Builder invert(@Nullable Boolean value) {
            invert = value;
            return this;
        }

        public Builder depthFrom(@Nullable Integer value) {
            depthFrom = value;
            return this;
        }

        public Builder depth(@Nullable Integer value) {
            depth = value;
            return this;
        }

        public Builder maxStars(@Nullable Integer value) {
            maxStars = value;
            return this;
        }

        public Builder positionalErrorPx(@Nullable Double value) {
            positionalErrorPx = value;
            return this;
        }

        public Builder oddsToSolve(@Nullable Double value) {
            oddsToSolve = value;
            return this;
        }

        public Builder tweakOrder(@Nullable Integer value) {
            tweakOrder = value;
            return this;
        }

        public Builder crpixCentre(@Nullable Boolean value) {
            crpixCentre = value;
            return this;
        }

        public Builder width(@Nullable Double value) {
            width = value;
            return this;
        }

        public Builder height(@Nullable Double value) {
            height = value;
            return this;
        }

        public Builder cpuLimit(@Nullable Duration value) {
            cpuLimit = value;
            return this;
        }

        public Builder timeout(@Nullable Duration value) {
            timeout = value;
            return this;
        }

        public Builder deadline(@Nullable Instant value) {
            deadline = value;
            return this;
        }

        public Builder reuse(@Nullable Boolean value) {
            reuse = value;
            return this;
        }

        /** @throws IllegalArgumentException if a value is out of its range */
        public SolveOptions build() {
            return new SolveOptions(
                    scale,
                    position,
                    parity,
                    downsample,
                    invert,
                    depthFrom,
                    depth,
                    maxStars,
                    positionalErrorPx,
                    oddsToSolve,
                    tweakOrder,
                    crpixCentre,
                    width,
                    height,
                    cpuLimit,
                    timeout,
                    deadline,
                    reuse);
        }
    }
}
