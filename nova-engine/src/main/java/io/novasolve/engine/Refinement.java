package io.novasolve.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes a good camera of a true hypothesis: all matched stars are fitted, and matched anew with errors that are taken to
 * grow less and less away from the quad, first with a linear camera, then with distortions of rising order.
 */
final class Refinement {

    private static final double[] GROWTH = {1, 0.5, 0.25, 0.1, 0.03, 0, 0};

    /** The distance of half the pairs, if they scatter normally with a standard error of one pixel along each axis. */
    private static final double RAYLEIGH_MEDIAN = 1.1774;

    /** No position is taken to be better than this. */
    private static final double MEASURABLE_PX = 0.05;

    /** Pairs more than this many times farther apart than usual count less. */
    private static final double STRAY = 3;

    /** Pairs per coefficient that an order of distortion needs. */
    static final double SUPPORT = 3;

    private final Field field;
    private final Settings settings;
    private final Verification verification;
    private final int[] allStars;
    private double qx;
    private double qy;

    Refinement(Field field, Settings settings, Verification verification) {
        this.field = field;
        this.settings = settings;
        this.verification = verification;
        qx = verification.qx();
        qy = verification.qy();
        allStars = java.util.stream.IntStream.range(0, field.size).toArray();
    }

    /** The refined camera, with the distortion that the matches support, of an order up to the given one. */
    Camera refine(Camera start, int order) {
        Camera camera = anneal(start, 1);
        int highest = 1;
        Camera distorted = camera;
        for (int o = 2; o <= order; o++) {
            match(distorted, 0, qx, qy);
            Camera next = anneal(distorted, o);
            if (next.distortion() == null || next.distortion().order() < o) {
                break;
            }
            distorted = next;
            highest = o;
        }
        return highest == 1 ? camera : choose(camera, distorted, highest);
    }

    private Camera anneal(Camera start, int order) {
        Camera camera = start;
        for (double growth : GROWTH) {
            match(camera, growth, qx, qy);
            CameraFit.Pairs pairs = pairs();
            if (growth == 0) {
                discountStrays(camera, pairs);
            }
            Camera next = fit(camera, pairs, order);
            if (next == null) {
                return camera;
            }
            camera = next;
            centreOn(pairs);
        }
        return camera;
    }

    /**
     * Lowers the weight of pairs that are much farther apart than most (iteratively reweighted least squares; Huber 1964):
     * a false star near a catalogue star is a match to the test, and must not bend the picture. Normal scatter keeps its
     * full weight, so nothing is lost where all pairs are true.
     */
    private static void discountStrays(Camera camera, CameraFit.Pairs pairs) {
        double[] distance = new double[pairs.count];
        double[] p = new double[2];
        for (int i = 0; i < pairs.count; i++) {
            double[] d = pairs.direction;
            distance[i] = camera.toPixel(d[3 * i], d[3 * i + 1], d[3 * i + 2], p)
                    ? Math.hypot(p[0] - pairs.x[i], p[1] - pairs.y[i])
                    : Double.MAX_VALUE;
        }
        double[] sorted = distance.clone();
        Arrays.sort(sorted);
        double usual = Math.max(MEASURABLE_PX, sorted.length == 0 ? 0 : sorted[sorted.length / 2] / RAYLEIGH_MEDIAN);
        for (int i = 0; i < pairs.count; i++) {
            pairs.weight[i] *= Math.min(1, STRAY * usual / distance[i]);
        }
    }

    private void centreOn(CameraFit.Pairs pairs) {
        double sum = 0;
        double sx = 0;
        double sy = 0;
        for (int i = 0; i < pairs.count; i++) {
            sum += pairs.weight[i];
            sx += pairs.weight[i] * pairs.x[i];
            sy += pairs.weight[i] * pairs.y[i];
        }
        qx = sx / sum;
        qy = sy / sum;
    }

    /**
     * The order of distortion with the least information criterion (Akaike's, corrected for small samples: Hurvich &amp;
     * Tsai 1989, Biometrika 76, 297) over the pairs that the highest order matched: one that the stars do not call for
     * only makes the rest of the picture worse.
     */
    private Camera choose(Camera linear, Camera distorted, int highest) {
        match(distorted, 0, qx, qy);
        CameraFit.Pairs pairs = pairs();
        discountStrays(distorted, pairs);
        Camera best = linear;
        double least = Double.POSITIVE_INFINITY;
        for (int o = 1; o <= highest; o++) {
            Camera fitted = fit(distorted, pairs, o);
            if (fitted != null) {
                double scatter = scatter(fitted, pairs);
                double values = 2.0 * pairs.count;
                double unknowns = 2.0 * Monomials.count(o);
                double criterion = values * Math.log(scatter) + 2 * unknowns * values / (values - unknowns - 1);
                if (criterion < least) {
                    least = criterion;
                    best = o == 1 ? linear : fitted;
                }
            }
        }
        return best;
    }

    /** Mean squared distance of pairs, plus a little, since no picture is measured to better than a thousandth of a pixel. */
    private static double scatter(Camera camera, CameraFit.Pairs pairs) {
        double[] p = new double[2];
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < pairs.count; i++) {
            if (camera.toPixel(pairs.direction[3 * i], pairs.direction[3 * i + 1], pairs.direction[3 * i + 2], p)) {
                double dx = p[0] - pairs.x[i];
                double dy = p[1] - pairs.y[i];
                sum += pairs.weight[i] * (dx * dx + dy * dy);
                weights += pairs.weight[i];
            }
        }
        return sum / weights + 1e-6;
    }

    private @Nullable Camera fit(Camera camera, CameraFit.Pairs pairs, int order) {
        if (pairs.count < 2 || order > 1 && pairs.count < SUPPORT * Monomials.count(order)) {
            return null;
        }
        return pairs.count < SUPPORT * Monomials.count(1)
                ? CameraFit.similarity(camera, pairs)
                : CameraFit.polynomial(camera, pairs, order, field.halfDiagonal, Math.sqrt(scatter(camera, pairs) / 2));
    }

    /** Matches all stars of the list, those of the quad too. */
    void match(Camera camera, double growth, double qx, double qy) {
        Catalogue catalogue = verification.catalogue();
        catalogue.project(camera, field);
        boolean[] chosen = catalogue.inside.clone();
        double sigma2 = settings.sigma2(verification.index(), camera.radPerPixel());
        verification
                .matching()
                .run(new Matching.Spread(sigma2, growth, qx, qy, verification.q2()), allStars, chosen, field.area());
    }

    CameraFit.Pairs pairs() {
        Matching matching = verification.matching();
        Catalogue catalogue = verification.catalogue();
        CameraFit.Pairs pairs = new CameraFit.Pairs(field.size);
        for (int i = 0; i < field.size; i++) {
            if (matching.partner[i] >= 0) {
                pairs.add(field.x[i], field.y[i], catalogue.direction, 3 * matching.partner[i], matching.weight(i));
            }
        }
        return pairs;
    }
}
