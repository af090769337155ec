package io.novasolve.products;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.region.Footprint;
import io.novasolve.sky.wcs.Wcs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of the sky on a picture: great circles from point to point, as far as they are on it. */
final class SkyLines {

    /** A little beyond the corners, where distortion is still tame. */
    private static final double BEYOND = 1.08;

    /** Points that a straight line misses by less, in pixels, are left out. */
    private static final double SMOOTH_PX = 0.05;

    private final Wcs wcs;
    private final SkyPosition centre;
    private final double reachDeg;
    private final double stepDeg;

    SkyLines(Wcs wcs, Footprint footprint) {
        this.wcs = wcs;
        this.centre = footprint.centre();
        this.reachDeg = Math.min(89, footprint.radiusDeg() * BEYOND);
        this.stepDeg = Math.min(1, footprint.radiusDeg() / 25);
    }

    /** What the picture has of the path through positions: lines of two points or more each. */
    List<List<PixelPosition>> through(List<SkyPosition> positions) {
        Pen pen = new Pen();
        for (int i = 1; i < positions.size(); i++) {
            leg(positions.get(i - 1), positions.get(i), pen);
        }
        pen.lift();
        return pen.lines;
    }

    private void leg(SkyPosition from, SkyPosition to, Pen pen) {
        double length = from.separationDeg(to);
        if (length == 0) {
            return;
        }
        if (from.separationDeg(centre) > reachDeg + length) {
            pen.lift();
            return;
        }
        double[] a = from.unitVector();
        double[] b = to.unitVector();
        double sine = Math.sin(Math.toRadians(length));
        int steps = (int) Math.min(2000, Math.max(1, Math.ceil(length / stepDeg)));
        for (int i = 0; i <= steps; i++) {
            double t = Math.toRadians(length) * i / steps;
            double p = Math.sin(Math.toRadians(length) - t) / sine;
            double q = Math.sin(t) / sine;
            SkyPosition sky = SkyPosition.ofVector(p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2]);
            if (sky.separationDeg(centre) > reachDeg) {
                pen.lift();
            } else {
                wcs.skyToPixel(sky).ifPresentOrElse(pen::to, pen::lift);
            }
        }
    }

    /** Draws from point to point, on the picture alone. */
    private final class Pen {

        private final List<List<PixelPosition>> lines = new ArrayList<>();
        private List<PixelPosition> line = new ArrayList<>();
        private @Nullable PixelPosition at;

        void to(PixelPosition next) {
            PixelPosition from = at;
            if (from == null) {
                at = next;
                return;
            }
            if (next.x() == from.x() && next.y() == from.y()) {
                return;
            }
            double[] inside = {0, 1};
            boolean crosses =
                    cut(from.x(), next.x(), wcs.width(), inside) && cut(from.y(), next.y(), wcs.height(), inside);
            if (!crosses || inside[0] > 0) {
                end();
            }
            if (crosses) {
                if (line.isEmpty()) {
                    line.add(between(from, next, inside[0]));
                }
                line.add(between(from, next, inside[1]));
            }
            at = next;
        }

        void lift() {
            end();
            at = null;
        }

        private void end() {
            if (line.size() > 1) {
                lines.add(smooth(line));
            }
            line = new ArrayList<>();
        }
    }

    /**
     * Cuts a way from a to b down to the part between the edges.
     *
     * @param part of the way that is left, from 0 to 1
     * @return false if nothing is
     */
    private static boolean cut(double a, double b, double size, double[] part) {
        for (double[] edge : new double[][] {{0.5 - a, b - a}, {a - size - 0.5, a - b}}) {
            if (edge[1] == 0) {
                if (edge[0] > 0) {
                    return false;
                }
            } else if (edge[1] > 0) {
                part[0] = Math.max(part[0], edge[0] / edge[1]);
            } else {
                part[1] = Math.min(part[1], edge[0] / edge[1]);
            }
        }
        return part[0] < part[1];
    }

    private static PixelPosition between(PixelPosition a, PixelPosition b, double part) {
        // The ends themselves stay exactly what they are.
        return part == 0
                ? a
                : part == 1 ? b : new PixelPosition(a.x() + part * (b.x() - a.x()), a.y() + part * (b.y() - a.y()));
    }

    /** Without the points that a straight line all but meets. */
    private static List<PixelPosition> smooth(List<PixelPosition> line) {
        PixelPosition first = line.get(0);
        PixelPosition last = line.get(line.size() - 1);
        int farthest = 0;
        double most = SMOOTH_PX;
        for (int i = 1; i < line.size() - 1; i++) {
            double off = offLine(line.get(i), first, last);
            if (off > most) {
                most = off;
                farthest = i;
            }
        }
        if (farthest == 0) {
            return List.of(first, last);
        }
        List<PixelPosition> kept = new ArrayList<>(smooth(line.subList(0, farthest + 1)));
        List<PixelPosition> rest = smooth(line.subList(farthest, line.size()));
        kept.addAll(rest.subList(1, rest.size()));
        return kept;
    }

    private static double offLine(PixelPosition p, PixelPosition a, PixelPosition b) {
        double length = Math.hypot(b.x() - a.x(), b.y() - a.y());
        return length == 0
                ? Math.hypot(p.x() - a.x(), p.y() - a.y())
                : Math.abs((b.x() - a.x()) * (a.y() - p.y()) - (a.x() - p.x()) * (b.y() - a.y())) / length;
    }
}
