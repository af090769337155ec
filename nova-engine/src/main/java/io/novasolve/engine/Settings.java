package io.novasolve.engine;

import io.novasolve.engine.index.Index;
import org.jspecify.annotations.Nullable;

/**
 * A request in the units of the search.
 *
 * @param minFocal shortest focal length in pixels (the widest field)
 * @param maxFocal longest focal length in pixels
 * @param hint unit vector of the middle of the allowed cone, or null
 * @param hintCosine cosine of its radius
 */
record Settings(
        double minFocal,
        double maxFocal,
        double @Nullable [] hint,
        double hintCosine,
        boolean normal,
        boolean mirrored,
        int depthFrom,
        int depth,
        double positionalErrorPx,
        double distractors,
        double codeTolerance,
        double logOdds,
        int sipOrder) {

    static final double ARCSEC_PER_RAD = Math.toDegrees(3600);

    static Settings of(SolveRequest request) {
        return new Settings(
                ARCSEC_PER_RAD / request.maxScaleArcsec(),
                ARCSEC_PER_RAD / request.minScaleArcsec(),
                request.centre() == null ? null : request.centre().unitVector(),
                Math.cos(Math.toRadians(request.radiusDeg())),
                request.parity() != io.novasolve.sky.Parity.NEG,
                request.parity() != io.novasolve.sky.Parity.POS,
                request.depthFrom(),
                Math.min(request.depth(), request.stars().size()),
                request.positionalErrorPx(),
                request.distractors(),
                request.codeTolerance(),
                Math.log(request.odds()),
                request.sipOrder());
    }

    /** Whether a star of a matching quad may be there. */
    boolean allows(double[] star) {
        return hint == null || Vectors.dot(hint, star) >= hintCosine;
    }

    /** Whether a focal length fits the scale range, with a little room for errors of position. */
    boolean allowsFocal(double focal) {
        return focal >= minFocal * 0.99 && focal <= maxFocal * 1.01;
    }

    /** The same with larger errors of position. */
    Settings withErrors(double factor) {
        return new Settings(
                minFocal,
                maxFocal,
                hint,
                hintCosine,
                normal,
                mirrored,
                depthFrom,
                depth,
                positionalErrorPx * factor,
                distractors,
                codeTolerance,
                logOdds,
                sipOrder);
    }

    /** Variance of picture and catalogue positions together, in square pixels. */
    double sigma2(Index index, double radPerPixel) {
        double jitter = index.jitterArcsec() / (ARCSEC_PER_RAD * radPerPixel);
        return positionalErrorPx * positionalErrorPx + jitter * jitter;
    }
}
