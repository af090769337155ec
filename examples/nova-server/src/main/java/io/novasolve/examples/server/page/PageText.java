package io.novasolve.examples.server.page;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.sky.Parity;
import io.novasolve.sky.SkyPosition;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Numbers and states as people read them. */
final class PageText {

    private PageText() {}

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Of scales, as a form offers them. */
    static final List<Map<String, Object>> UNITS = List.of(
            Map.of("word", "degwidth", "title", "degrees of width"),
            Map.of("word", "arcminwidth", "title", "arcminutes of width"),
            Map.of("word", "arcsecperpix", "title", "arcseconds per pixel"),
            Map.of("word", "focalmm", "title", "mm of focal length (35 mm film)"));

    static String word(JobState state) {
        return switch (state) {
            case QUEUED -> "waiting";
            case RUNNING -> "searching";
            case SOLVED -> "solved";
            case UNSOLVED -> "not solved";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
        };
    }

    /** Of one without a picture. */
    static String word(SubmissionState state) {
        return switch (state) {
            case QUEUED -> "waiting";
            case FAILED -> "could not be opened";
            case CANCELLED -> "cancelled";
            default -> "being opened";
        };
    }

    static String state(JobState state) {
        return switch (state) {
            case QUEUED, RUNNING -> "busy";
            case SOLVED -> "good";
            case UNSOLVED, FAILED, CANCELLED -> "bad";
        };
    }

    /** A sentence. */
    static String outcome(ImageOutcome outcome) {
        if (outcome instanceof ImageOutcome.Solved solved) {
            return solved.calibration().matchedStars() + " stars matched in "
                    + solved.calibration().index() + ".";
        } else if (outcome instanceof ImageOutcome.Unsolved unsolved) {
            return "Not solved: " + unsolved.detail() + ".";
        } else if (outcome instanceof ImageOutcome.Failed failed) {
            return "Failed: " + failed.message() + ".";
        }
        return "Cancelled.";
    }

    /** As tables have it, in UTC. */
    static String time(Instant time) {
        return TIME.format(time);
    }

    static List<Map<String, Object>> calibration(Calibration calibration) {
        SkyPosition centre = calibration.centre();
        List<Map<String, Object>> rows = new ArrayList<>();
        row(rows, "Centre RA", hours(centre.raDeg()), number(centre.raDeg(), 5) + "°", number(centre.raDeg(), 7));
        row(
                rows,
                "Centre Dec",
                degrees(centre.decDeg()),
                number(centre.decDeg(), 5).replace('-', '−') + "°",
                number(centre.decDeg(), 7));
        double width = calibration.wcs().fieldWidthDeg();
        double height = calibration.wcs().fieldHeightDeg();
        row(rows, "Size", angle(width) + " × " + angle(height), number(width, 6) + " x " + number(height, 6) + " deg");
        row(rows, "Radius", angle(calibration.radiusDeg()), number(calibration.radiusDeg(), 6));
        double scale = calibration.wcs().pixelScaleAtCentreArcsec();
        row(rows, "Pixel scale", number(scale, 4) + "″/pixel", number(scale, 6));
        double up = upDeg(calibration);
        row(rows, "Up is", number(up, 2) + "°", "east of north", number(up, 4));
        row(
                rows,
                "Parity",
                calibration.parity() == Parity.NEG ? "as one sees the sky" : "mirrored",
                String.valueOf(calibration.parity()));
        row(
                rows,
                "Matched stars",
                Integer.toString(calibration.matchedStars()),
                Integer.toString(calibration.matchedStars()));
        return rows;
    }

    /**
     * Position angle, degrees from 0 to 360, of what is up on the page: there the first row is at the top, whatever the format
     * of the picture.
     */
    private static double upDeg(Calibration calibration) {
        return (calibration.orientationDeg() + 540) % 360;
    }

    private static void row(List<Map<String, Object>> rows, String title, String value, String copy) {
        row(rows, title, value, "", copy);
    }

    /** @param more to say, beneath it */
    private static void row(List<Map<String, Object>> rows, String title, String value, String more, String copy) {
        rows.add(Map.of("title", title, "value", value, "more", more, "copy", copy));
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** A size, roughly. */
    static String bytes(long bytes) {
        return bytes >= 10_000_000 ? bytes / 1_000_000 + " MB" : number(bytes / 1e6, 1) + " MB";
    }

    static String angle(double deg) {
        return deg >= 2
                ? number(deg, 2) + "°"
                : deg >= 1 / 30.0 ? number(deg * 60, 2) + "′" : number(deg * 3600, 1) + "″";
    }

    static String hours(double raDeg) {
        long tenths = Math.round(raDeg * 2400) % 864_000;
        return String.format(
                Locale.ROOT, "%02dh %02dm %04.1fs", tenths / 36_000, tenths / 600 % 60, tenths % 600 / 10.0);
    }

    static String degrees(double deg) {
        long seconds = Math.round(Math.abs(deg) * 3600);
        return String.format(
                Locale.ROOT,
                "%s%02d° %02d′ %02d″",
                deg < 0 ? "−" : "+",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60);
    }
}
