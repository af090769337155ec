package io.novasolve.core.pipeline;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleRange;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.Store;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers images whose very bytes were solved before from that solution. It must be what the same search would find again:
 * everything that shapes an answer is the same, and the solution lies within what is known now.
 */
public final class EarlierSolutions {

    /** The newest solutions of the same bytes that are looked at. */
    private static final int MAX_LOOKED_AT = 8;

    /** The odds at which the engines accept a solution if nobody says. */
    private static final double DEFAULT_ODDS = 1e9;

    private final Store store;
    private final OptionsOfImage options;
    private final boolean byDefault;

    /** @param byDefault whether to answer images whose options say nothing of it */
    public EarlierSolutions(Store store, OptionsOfImage options, boolean byDefault) {
        this.store = store;
        this.options = options;
        this.byDefault = byDefault;
    }

    /** The images of a submission, with the answers of those that have one. */
    List<NewImage> answer(int submissionId, List<NewImage> images) {
        return images.stream().map(image -> answer(submissionId, image)).toList();
    }

    private NewImage answer(int submissionId, NewImage image) {
        if (image.ended() != null) {
            return image;
        }
        SolveOptions asked = options.of(submissionId, image.fileName());
        if (!(asked.reuse() == null ? byDefault : asked.reuse())) {
            return image;
        }
        for (Job job : store.solved(image.content().hash(), MAX_LOOKED_AT)) {
            SolveOptions earlier = options.of(job.submissionId(), job.image().fileName());
            if (job.outcome() instanceof ImageOutcome.Solved solved && agrees(asked, earlier, solved.calibration())) {
                return new NewImage(image.fileName(), image.content(), report(job, solved.calibration()));
            }
        }
        return image;
    }

    private static JobReport report(Job job, Calibration c) {
        return new JobReport(
                new JobReport.Solved(c.wcs(), c.logOdds(), c.matchedStars(), c.rmsPx(), c.index()),
                JobTimings.NONE,
                job.files());
    }

    private static boolean agrees(SolveOptions asked, SolveOptions earlier, Calibration found) {
        return sameShape(asked, earlier)
                && found.logOdds()
                        >= Math.log(Optional.ofNullable(asked.oddsToSolve()).orElse(DEFAULT_ODDS))
                && isWithin(asked.scale(), found)
                && isWithin(asked.position(), found)
                && (asked.parity() == null || asked.parity() == found.parity());
    }

    /** What changes the list of stars, or the form of the answer. Limits of time and depth do neither. */
    private static boolean sameShape(SolveOptions a, SolveOptions b) {
        return Objects.equals(a.downsample(), b.downsample())
                && Objects.equals(a.invert(), b.invert())
                && Objects.equals(a.maxStars(), b.maxStars())
                && Objects.equals(a.positionalErrorPx(), b.positionalErrorPx())
                && a.tweakOrderOrDefault() == b.tweakOrderOrDefault()
                && Objects.equals(a.crpixCentre(), b.crpixCentre())
                && Objects.equals(a.width(), b.width())
                && Objects.equals(a.height(), b.height());
    }

    private static boolean isWithin(@Nullable ScaleHint hint, Calibration found) {
        if (hint == null) {
            return true;
        }
        ScaleRange range = hint.arcsecPerPixel(found.wcs().width());
        return found.pixelScaleArcsec() >= range.low() && found.pixelScaleArcsec() <= range.high();
    }

    private static boolean isWithin(@Nullable PositionHint hint, Calibration found) {
        return hint == null || hint.centre().separationDeg(found.centre()) <= hint.radiusDeg();
    }
}
