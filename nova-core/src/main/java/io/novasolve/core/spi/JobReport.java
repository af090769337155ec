package io.novasolve.core.spi;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * What a worker says of a job that ended.
 *
 * @param result solved, unsolved, failed or cancelled
 * @param timings where the time went
 * @param files what the solver left behind, already in the content store
 */
public record JobReport(Result result, JobTimings timings, Map<String, Content> files) {

    /** The longest name of a file that a solver leaves behind, in UTF-16 units. */
    public static final int MAX_FILE_NAME_LENGTH = 255;

    private static final int MAX_SENTENCE_LENGTH = 1 << 16;

    private static final int MAX_INDEX_LENGTH = 255;

    /** @throws IllegalArgumentException if the name of a file is too long, or holds what no database takes */
    public JobReport {
        files = Map.copyOf(files);
        files.keySet().forEach(name -> Texts.require("the name of a solver's file", name, MAX_FILE_NAME_LENGTH));
    }

    /** A sentence from anywhere as it can be stored: what no database takes is replaced, what is endless is cut. */
    public static String sentence(String text) {
        return Texts.keepable(text, MAX_SENTENCE_LENGTH);
    }

    /** An outcome before the store has given the calibration an id; its text is a line for a log. */
    public sealed interface Result {

        /** The outcome to keep; asks for a new calibration id if it needs one. */
        ImageOutcome outcome(IntSupplier calibrationIds);
    }

    /** Solved; see {@link Calibration} for the meaning of the components. */
    public record Solved(Wcs wcs, double logOdds, int matchedStars, double rmsPx, String index) implements Result {
        public Solved {
            index = Texts.keepable(index, MAX_INDEX_LENGTH);
        }

        @Override
        public ImageOutcome outcome(IntSupplier calibrationIds) {
            return new ImageOutcome.Solved(
                    new Calibration(calibrationIds.getAsInt(), wcs, logOdds, matchedStars, rmsPx, index));
        }

        @Override
        public String toString() {
            SkyPosition centre = wcs.centre();
            return String.format(
                    Locale.ROOT,
                    "solved: RA %.5f°, Dec %.5f°, %.3f° × %.3f°, %d stars matched, log-odds %.1f, %s",
                    centre.raDeg(),
                    centre.decDeg(),
                    wcs.fieldWidthDeg(),
                    wcs.fieldHeightDeg(),
                    matchedStars,
                    logOdds,
                    index);
        }
    }

    /** Read and searched, without a solution. */
    public record Unsolved(UnsolvedReason reason, String detail) implements Result {
        public Unsolved {
            detail = sentence(detail);
        }

        @Override
        public ImageOutcome outcome(IntSupplier calibrationIds) {
            return new ImageOutcome.Unsolved(reason, detail);
        }

        @Override
        public String toString() {
            return "unsolved (" + reason.word() + "): " + detail;
        }
    }

    /** An accident that no retry helped. */
    public record Failed(FailureReason reason, String message) implements Result {
        public Failed {
            message = sentence(message);
        }

        @Override
        public ImageOutcome outcome(IntSupplier calibrationIds) {
            return new ImageOutcome.Failed(reason, message);
        }

        @Override
        public String toString() {
            return "failed (" + reason.word() + "): " + message;
        }
    }

    /** Cancelled while it ran. */
    public record Cancelled() implements Result {
        @Override
        public ImageOutcome outcome(IntSupplier calibrationIds) {
            return new ImageOutcome.Cancelled();
        }

        @Override
        public String toString() {
            return "cancelled";
        }
    }
}
