package io.novasolve.products;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The lines of equal RA and equal Dec that cross a picture, at round steps, as paths in pixels of that picture. */
final class Graticule {

    /** Steps that read well: a degree and up in degrees, then minutes and seconds of arc. */
    private static final double[] DEC_STEPS = {
        30, 20, 10, 5, 2, 1, 30 / 60.0, 20 / 60.0, 10 / 60.0, 5 / 60.0, 2 / 60.0, 1 / 60.0, 30 / 3600.0, 10 / 3600.0
    };

    /** The same for RA, in degrees that are round hours, minutes and seconds of time. */
    private static final double[] RA_STEPS = {
        45, 30, 15, 7.5, 5, 2.5, 1.25, 0.5, 0.25, 0.125, 5 / 60.0, 2.5 / 60.0, 1.25 / 60.0, 0.5 / 60.0
    };

    private static final int WANTED_LINES = 5;
    private static final int POINTS = 120;

    /**
     * One line.
     *
     * @param path in pixels, the first pixel's centre at (1, 1)
     * @param label what it is a line of
     * @param anchors where the label may stand, on the line and on the picture, the best place first; empty if the line does
     *     not reach into it
     */
    record Line(Path2D path, String label, List<PixelPosition> anchors) {}

    private final Wcs wcs;
    private final double minDec;
    private final double maxDec;
    private final boolean pole;
    private final double centreRa;
    private final double halfRa;

    Graticule(Wcs wcs) {
        this.wcs = wcs;
        SkyPosition centre = wcs.centre();
        this.centreRa = centre.raDeg();
        double lowest = 90;
        double highest = -90;
        double widest = 0;
        for (SkyPosition p : border(wcs)) {
            lowest = Math.min(lowest, p.decDeg());
            highest = Math.max(highest, p.decDeg());
            widest = Math.max(widest, Math.abs(wrap(p.raDeg() - centreRa)));
        }
        boolean north = onPicture(wcs, new SkyPosition(0, 90));
        boolean south = onPicture(wcs, new SkyPosition(0, -90));
        this.pole = north || south;
        this.minDec = south ? -90 : lowest;
        this.maxDec = north ? 90 : highest;
        this.halfRa = pole ? 180 : widest;
    }

    private static List<SkyPosition> border(Wcs wcs) {
        List<SkyPosition> positions = new ArrayList<>();
        int n = 16;
        for (int i = 0; i <= n; i++) {
            double x = 0.5 + wcs.width() * i / n;
            double y = 0.5 + wcs.height() * i / n;
            positions.add(wcs.pixelToSky(x, 0.5));
            positions.add(wcs.pixelToSky(x, wcs.height() + 0.5));
            positions.add(wcs.pixelToSky(0.5, y));
            positions.add(wcs.pixelToSky(wcs.width() + 0.5, y));
        }
        return positions;
    }

    private static boolean onPicture(Wcs wcs, SkyPosition sky) {
        return wcs.skyToPixel(sky).filter(p -> inside(wcs, p)).isPresent();
    }

    private static boolean inside(Wcs wcs, PixelPosition p) {
        return p.x() >= 0.5 && p.x() <= wcs.width() + 0.5 && p.y() >= 0.5 && p.y() <= wcs.height() + 0.5;
    }

    private static double wrap(double deg) {
        return deg - 360 * Math.rint(deg / 360);
    }

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        double decStep = step(DEC_STEPS, maxDec - minDec);
        for (double dec = Math.ceil(minDec / decStep) * decStep; dec <= maxDec; dec += decStep) {
            double d = Math.max(-90, Math.min(90, dec));
            lines.add(line(t -> at(centreRa + (2 * t - 1) * halfRa, d), decLabel(d)));
        }
        double raStep = step(RA_STEPS, 2 * halfRa);
        double first = Math.ceil((centreRa - halfRa) / raStep) * raStep;
        // Near a pole all meridians meet: they end a step short of it, but for the quarter ones.
        for (double ra = first; ra < centreRa + halfRa; ra += raStep) {
            double r = ra;
            double top = pole && maxDec == 90 && wrap(ra) % 90 != 0 ? 90 - decStep : maxDec;
            double bottom = pole && minDec == -90 && wrap(ra) % 90 != 0 ? -90 + decStep : minDec;
            lines.add(line(t -> at(r, bottom + t * (top - bottom)), raLabel(((ra % 360) + 360) % 360)));
        }
        return lines;
    }

    private static double step(double[] steps, double span) {
        double best = steps[0];
        for (double s : steps) {
            if (span / s > WANTED_LINES + 2) {
                break;
            }
            best = s;
        }
        return best;
    }

    private static SkyPosition at(double ra, double dec) {
        double r = ((ra % 360) + 360) % 360;
        return new SkyPosition(r >= 360 ? 0 : r, dec);
    }

    private interface Curve {
        SkyPosition at(double t);
    }

    private Line line(Curve curve, String label) {
        Path2D path = new Path2D.Double();
        boolean drawing = false;
        List<PixelPosition> visible = new ArrayList<>();
        for (int i = 0; i <= POINTS; i++) {
            PixelPosition p = wcs.skyToPixel(curve.at((double) i / POINTS))
                    .filter(this::near)
                    .orElse(null);
            if (p == null) {
                drawing = false;
                continue;
            }
            if (drawing) {
                path.lineTo(p.x(), p.y());
            } else {
                path.moveTo(p.x(), p.y());
            }
            drawing = true;
            if (inside(wcs, p)) {
                visible.add(p);
            }
        }
        return new Line(path, label, anchors(visible));
    }

    /** A fifth of the way along, where lines of both kinds are apart, then places further on. */
    private static List<PixelPosition> anchors(List<PixelPosition> visible) {
        List<PixelPosition> anchors = new ArrayList<>();
        for (double part : new double[] {0.2, 0.12, 0.3, 0.8, 0.88, 0.4, 0.6, 0.5}) {
            if (!visible.isEmpty()) {
                anchors.add(visible.get((int) (part * visible.size())));
            }
        }
        return anchors;
    }

    /** Lines run on a little outside the picture, so that they reach its edge. */
    private boolean near(PixelPosition p) {
        return Math.abs(p.x() - wcs.width() / 2) < 2 * wcs.width()
                && Math.abs(p.y() - wcs.height() / 2) < 2 * wcs.height();
    }

    private static String raLabel(double deg) {
        long seconds = Math.round(deg * 240);
        long h = seconds / 3600 % 24;
        long m = seconds / 60 % 60;
        long s = seconds % 60;
        return s == 0
                ? String.format(Locale.ROOT, "%dh%02dm", h, m)
                : String.format(Locale.ROOT, "%dh%02dm%02ds", h, m, s);
    }

    private static String decLabel(double deg) {
        long seconds = Math.round(Math.abs(deg) * 3600);
        String sign = deg < 0 && seconds > 0 ? "−" : "+";
        long m = seconds / 60 % 60;
        long s = seconds % 60;
        String text = sign + seconds / 3600 + "°";
        if (m != 0 || s != 0) {
            text += String.format(Locale.ROOT, "%02d′", m);
        }
        return s == 0 ? text : text + String.format(Locale.ROOT, "%02d″", s);
    }
}
