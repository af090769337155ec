package io.novasolve.engine;

import io.novasolve.sky.Parity;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.stars.StarList;
import org.jspecify.annotations.Nullable;

/**
 * A star list to solve, and what is known and wanted. Immutable; start from {@link #blind} and narrow it.
 *
 * @param stars brightest first
 * @param minScaleArcsec smallest scale at the middle of the picture, in arcseconds per pixel
 * @param maxScaleArcsec largest scale
 * @param centre middle of a cone that holds all stars of the matching quad, or null for anywhere
 * @param radiusDeg radius of that cone in degrees; pointing error plus half the diagonal of the field is enough
 * @param parity the picture's parity, or null for either
 * @param depthFrom number of the first star that quads are made with as their faintest, 1 or more: what comes before was
 *     searched already
 * @param depth how many of the brightest stars quads are made of, 3 or more; the test of a quad uses all stars
 * @param positionalErrorPx standard error of the positions, in pixels
 * @param distractors fraction of the list's stars that are expected to be in no catalogue, 0…1
 * @param codeTolerance largest distance in code space of the thorough passes
 * @param odds odds against chance from which a hypothesis is taken for true, in the easiest case: it rises with the
 *     number of hypotheses tried
 * @param sipOrder order of the distortion polynomials: 0 and 1 mean a plain TAN; lowered where the matched stars do not
 *     support it
 */
public record SolveRequest(
        StarList stars,
        double minScaleArcsec,
        double maxScaleArcsec,
        @Nullable SkyPosition centre,
        double radiusDeg,
        @Nullable Parity parity,
        int depthFrom,
        int depth,
        double positionalErrorPx,
        double distractors,
        double codeTolerance,
        double odds,
        int sipOrder) {

    /** Highest order of distortion that is fitted. */
    public static final int MAX_SIP_ORDER = 5;

    /** Width of the widest fields that are solved, degrees. */
    public static final double WIDEST_DEG = 125;

    private static final double NARROWEST_DEG = 0.1;

    /** @throws IllegalArgumentException if a value is out of its range */
    public SolveRequest {
        require(
                minScaleArcsec > 0 && maxScaleArcsec >= minScaleArcsec && maxScaleArcsec < 1e7,
                "the scale range must be " + "positive and ascending, but is " + minScaleArcsec + " to "
                        + maxScaleArcsec + " arcsec per pixel");
        require(
                centre == null || radiusDeg > 0 && radiusDeg <= 180,
                "the radius of the cone must be in (0, 180] degrees, " + "but is " + radiusDeg);
        require(depthFrom >= 1, "the first star of a depth must be 1 or more, but is " + depthFrom);
        require(depth >= 3, "a quad needs three stars, but the depth is " + depth);
        require(
                positionalErrorPx > 0 && positionalErrorPx < 1e4,
                "the positional error must be positive, but is " + positionalErrorPx + " pixels");
        require(
                distractors > 0 && distractors < 1,
                "the fraction of distractors must be in (0, 1), but is " + distractors);
        require(
                codeTolerance > 0 && codeTolerance <= 0.1,
                "the code tolerance must be in (0, 0.1], but is " + codeTolerance);
        require(
                odds >= 1 && odds < Double.POSITIVE_INFINITY,
                "the odds must be finite and at least 1, but are " + odds);
        require(sipOrder >= 0 && sipOrder <= MAX_SIP_ORDER, "the SIP order must be in 0…5, but is " + sipOrder);
    }

    private static void require(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Anywhere, either parity, 0.1° to 125° wide, depth 200, order 2, odds of 10⁹. */
    public static SolveRequest blind(StarList stars) {
        return new SolveRequest(
                stars,
                3600 * NARROWEST_DEG / stars.width(),
                2 * Math.tan(Math.toRadians(WIDEST_DEG / 2)) * Settings.ARCSEC_PER_RAD / stars.width(),
                null,
                180,
                null,
                1,
                200,
                1,
                0.25,
                0.01,
                1e9,
                2);
    }

    /** With a range of scales, in arcseconds per pixel. */
    public SolveRequest withScale(double minArcsec, double maxArcsec) {
        Draft draft = new Draft(this);
        draft.minScaleArcsec = minArcsec;
        draft.maxScaleArcsec = maxArcsec;
        return draft.request();
    }

    /** With a cone to look in; its radius in degrees. */
    public SolveRequest withCone(SkyPosition middle, double radius) {
        Draft draft = new Draft(this);
        draft.centre = middle;
        draft.radiusDeg = radius;
        return draft.request();
    }

    public SolveRequest withParity(@Nullable Parity known) {
        Draft draft = new Draft(this);
        draft.parity = known;
        return draft.request();
    }

    /** With quads made of the {@code brightest} first stars. */
    public SolveRequest withDepth(int brightest) {
        Draft draft = new Draft(this);
        draft.depth = brightest;
        return draft.request();
    }

    /** With quads whose faintest star is number {@code first} of the list or comes after it. */
    public SolveRequest withDepthFrom(int first) {
        Draft draft = new Draft(this);
        draft.depthFrom = first;
        return draft.request();
    }

    public SolveRequest withPositionalErrorPx(double sigma) {
        Draft draft = new Draft(this);
        draft.positionalErrorPx = sigma;
        return draft.request();
    }

    public SolveRequest withDistractors(double fraction) {
        Draft draft = new Draft(this);
        draft.distractors = fraction;
        return draft.request();
    }

    public SolveRequest withCodeTolerance(double tolerance) {
        Draft draft = new Draft(this);
        draft.codeTolerance = tolerance;
        return draft.request();
    }

    public SolveRequest withOdds(double wanted) {
        Draft draft = new Draft(this);
        draft.odds = wanted;
        return draft.request();
    }

    public SolveRequest withSipOrder(int order) {
        Draft draft = new Draft(this);
        draft.sipOrder = order;
        return draft.request();
    }

    /** A request in the making: a copy of another one, to be changed in one place. */
    private static final class Draft {
        final StarList stars;
        double minScaleArcsec;
        double maxScaleArcsec;

        @Nullable
        SkyPosition centre;

        double radiusDeg;

        @Nullable
        Parity parity;

        int depthFrom;
        int depth;
        double positionalErrorPx;
        double distractors;
        double codeTolerance;
        double odds;
        int sipOrder;

        Draft(SolveRequest from) {
            stars = from.stars;
            minScaleArcsec = from.minScaleArcsec;
            maxScaleArcsec = from.maxScaleArcsec;
            centre = from.centre;
            radiusDeg = from.radiusDeg;
            parity = from.parity;
            depthFrom = from.depthFrom;
            depth = from.depth;
            positionalErrorPx = from.positionalErrorPx;
            distractors = from.distractors;
            codeTolerance = from.codeTolerance;
            odds = from.odds;
            sipOrder = from.sipOrder;
        }

        SolveRequest request() {
            return new SolveRequest(
                    stars,
                    minScaleArcsec,
                    maxScaleArcsec,
                    centre,
                    radiusDeg,
                    parity,
                    depthFrom,
                    depth,
                    positionalErrorPx,
                    distractors,
                    codeTolerance,
                    odds,
                    sipOrder);
        }
    }
}
