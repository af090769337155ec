package io.novasolve.core.pipeline;

import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.hints.HeaderHints;
import io.novasolve.sky.picture.Picture;
import org.jspecify.annotations.Nullable;

/** The options of a search where the header of a picture says that it points. What the submitter says wins. */
final class HintedOptions {

    /** How far a mount that was aligned at all is off, in degrees. */
    private static final double POINTING_ERROR_DEG = 3;

    /** What a picture of unknown scale may cover besides, in degrees. */
    private static final double UNKNOWN_FIELD_DEG = 15;

    private HintedOptions() {}

    /** Null if the header says nothing that the submitter has not said. */
    static @Nullable SolveOptions of(HeaderHints hints, Picture picture, SolveOptions options) {
        SkyPosition centre = options.position() == null ? hints.centre() : null;
        boolean scaled = options.scale() == null && hints.hasScale();
        if (centre == null && !scaled) {
            return null;
        }
        SolveOptions.Builder known = SolveOptions.builder();
        if (scaled) {
            known.scale(ScaleHint.between(
                    ScaleUnits.ARCSEC_PER_PIX, hints.lowArcsecPerPixel(), hints.highArcsecPerPixel()));
        }
        if (centre != null) {
            double diagonal = Math.hypot(picture.width(), picture.height());
            double field = hints.hasScale() ? diagonal / 2 * hints.highArcsecPerPixel() / 3600 : UNKNOWN_FIELD_DEG;
            known.position(new PositionHint(centre, Math.min(180, POINTING_ERROR_DEG + field)));
        }
        return known.build().orElse(options);
    }
}
