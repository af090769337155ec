package io.novasolve.examples.server.field;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** Lines of equal RA and Dec across a picture, at round steps. */
final class SkyGrid {

    private static final double[] DEC_STEPS = {
        30, 15, 10, 5, 2, 1, 30 / 60.0, 20 / 60.0, 10 / 60.0, 5 / 60.0, 2 / 60.0, 1 / 60.0, 30 / 3600.0, 10 / 3600.0
    };

    /** In degrees; round in hours, minutes and seconds of time. */
    private static final double[] RA_STEPS = {
        45, 30, 15, 7.5, 5, 2.5, 1.25, 0.5, 0.25, 0.125, 5 / 60.0, 2.5 / 60.0, 1.25 / 60.0, 0.5 / 60.0
    };

    private static final int WANTED = 6;
    private static final int POINTS = 96;

    private final Wcs wcs;

    SkyGrid(Wcs wcs) {
        this.wcs = wcs;
    }

    /** The pieces of lines that are on the picture. */
    List<Field.Line> lines() {
        SkyPosition centre = wcs.centre();
        double radius = Math.min(89, wcs.radiusDeg());
        double low = Math.max(-90, centre.decDeg() - radius);
        double high = Math.min(90, centre.decDeg() + radius);
        boolean pole = low == -90 || high == 90;
        double half = pole
                ? 180
                : Math.min(
                        180,
                        Math.toDegrees(Math.asin(Math.min(
                                1, Math.sin(Math.toRadians(radius)) / Math.cos(Math.toRadians(centre.decDeg()))))));
        List<Field.Line> lines = new ArrayList<>();
        double decStep = step(DEC_STEPS, Math.min(wcs.fieldHeightDeg(), wcs.fieldWidthDeg()));
        for (long i = (long) Math.ceil(low / decStep); i * decStep <= high; i++) {
            double dec = i * decStep;
            if (Math.abs(dec) < 90) {
                add(lines, decLabel(dec), t -> at(centre.raDeg() + (2 * t - 1) * half, dec));
            }
        }
        double raStep = step(RA_STEPS, pole ? 180 : 2 * half * 0.7);
        double top = Math.min(high, 90 - decStep / 4);
        double bottom = Math.max(low, -90 + decStep / 4);
        for (long i = (long) Math.ceil((centre.raDeg() - half) / raStep); i * raStep < centre.raDeg() + half; i++) {
            double ra = i * raStep;
            add(lines, raLabel(ra - 360 * Math.floor(ra / 360)), t -> at(ra, bottom + t * (top - bottom)));
        }
        return lines;
    }

    private static double step(double[] steps, double span) {
        for (double step : steps) {
            if (span / step >= WANTED - 2) {
                return step;
            }
        }
        return steps[steps.length - 1];
    }

    private static SkyPosition at(double ra, double dec) {
        double turned = ra - 360 * Math.floor(ra / 360);
        return new SkyPosition(turned < 360 ? turned : 0, dec);
    }

    private void add(List<Field.Line> lines, String label, DoubleFunction<SkyPosition> curve) {
        List<PixelPosition> points = new ArrayList<>();
        String text = label;
        for (int i = 0; i <= POINTS; i++) {
            PixelPosition p = wcs.skyToPixel(curve.apply((double) i / POINTS))
                    .filter(this::isNear)
                    .orElse(null);
            if (p != null) {
                points.add(p);
            }
            if ((p == null || i == POINTS) && !points.isEmpty()) {
                if (points.size() > 1 && points.stream().anyMatch(this::isInside)) {
                    lines.add(new Field.Line(text, points));
                    text = "";
                }
                points = new ArrayList<>();
            }
        }
    }

    private boolean isInside(PixelPosition p) {
        return p.x() > 0.5 && p.y() > 0.5 && p.x() < wcs.width() + 0.5 && p.y() < wcs.height() + 0.5;
    }

    /** A little beyond the edge, so that lines reach it. */
    private boolean isNear(PixelPosition p) {
        return Math.abs(p.x() - wcs.width() / 2) < wcs.width() && Math.abs(p.y() - wcs.height() / 2) < wcs.height();
    }

    private static String raLabel(double deg) {
        long seconds = Math.round(deg * 240) % 86_400;
        String text = String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
        return seconds % 60 == 0 ? text : text + String.format(Locale.ROOT, "%02ds", seconds % 60);
    }

    private static String decLabel(double deg) {
        long seconds = Math.round(Math.abs(deg) * 3600);
        String text = (deg < 0 && seconds > 0 ? "−" : "+") + seconds / 3600 + "°";
        if (seconds % 3600 != 0) {
            text += String.format(Locale.ROOT, "%02d′", seconds / 60 % 60);
        }
        return seconds % 60 == 0 ? text : text + String.format(Locale.ROOT, "%02d″", seconds % 60);
    }
}
