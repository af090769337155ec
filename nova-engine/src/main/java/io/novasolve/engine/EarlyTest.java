package io.novasolve.engine;

import io.novasolve.engine.index.Index;

/**
 * A cheap sequential test of a hypothesis (Wald 1945): the picture's brightest stars are sent to the sky one by one, and
 * Bayes factors summed until the hypothesis is plainly bad or worth the full test. It proposes; it never decides. One
 * instance per thread.
 */
final class EarlyTest {

    private static final int MAX_STARS = 60;
    private static final double REJECT = Math.log(1e-6);
    private static final double PROPOSE = 10;

    private final Field field;
    private final Settings settings;
    private final PinholeFit fit = new PinholeFit();
    private final double[] skyA = new double[3];
    private final double[] skyB = new double[3];

    EarlyTest(Field field, Settings settings) {
        this.field = field;
        this.settings = settings;
    }

    /** The camera that the last call of {@link #passes} found from A and B. */
    PinholeFit fit() {
        return fit;
    }

    boolean passes(IndexAids aids, int quad, int[] fieldStars, boolean mirrored, double errorFactor, Scratch scratch) {
        Index index = aids.index;
        index.star(index.quadStar(quad, 0), skyA);
        index.star(index.quadStar(quad, 1), skyB);
        if (!settings.allows(skyA) || !settings.allows(skyB)) {
            return false;
        }
        int a = fieldStars[0];
        int b = fieldStars[1];
        if (!fit.fit(field.x[a], field.y[a], field.x[b], field.y[b], skyA, skyB, mirrored)
                || !settings.allowsFocal(fit.focal)) {
            return false;
        }
        return sumFactors(aids, fieldStars, errorFactor, scratch) >= PROPOSE;
    }

    private double sumFactors(IndexAids aids, int[] quadStars, double errorFactor, Scratch scratch) {
        double focal = fit.focal;
        double qx = (field.x[quadStars[0]] + field.x[quadStars[1]]) / 2;
        double qy = (field.y[quadStars[0]] + field.y[quadStars[1]]) / 2;
        double perQ2 = 1 / (square(field.x[quadStars[0]] - qx) + square(field.y[quadStars[0]] - qy));
        double area = field.area();
        double sigma2 = square(errorFactor) * settings.sigma2(aids.index, 1 / focal);
        double expected = Math.max(1, Math.min(0.5, area / (focal * focal) / (4 * Math.PI)) * aids.index.starCount());
        double distractors = settings.distractors();
        double logHit = Math.log((1 - distractors) * area / (2 * Math.PI * sigma2 * expected));
        double[] r = fit.right;
        double[] up = fit.up;
        double[] fw = fit.forward;
        double logMiss = Math.log(distractors);
        double sum = 0;
        int matched = 0;
        int end = Math.min(field.size, MAX_STARS);
        for (int i = 0; i < end; i++) {
            if (isOneOf(quadStars, i)) {
                continue;
            }
            double x = field.x[i];
            double y = field.y[i];
            double ray2 = x * x + y * y + focal * focal;
            double n = 1 / Math.sqrt(ray2);
            double vx = (x * r[0] + y * up[0] + focal * fw[0]) * n;
            double vy = (x * r[1] + y * up[1] + focal * fw[1]) * n;
            double vz = (x * r[2] + y * up[2] + focal * fw[2]) * n;
            double growth = 1 + (square(x - qx) + square(y - qy)) * perQ2;
            double s2 = sigma2 * growth;
            // A pixel off the axis covers cos² of the angle of one on it along the radius, cos across: the mean.
            double radPerPx2 = n * n;
            // Only so near is a match likelier than a distractor.
            double atStar = logHit - Math.log(growth);
            double limit2 = 2 * s2 * radPerPx2 * (atStar - logMiss);
            double factor = logMiss;
            if (limit2 > 0) {
                double d2 = aids.nearestStar(vx, vy, vz, limit2, scratch);
                if (d2 < limit2) {
                    factor = atStar - d2 / (2 * s2 * radPerPx2);
                    matched++;
                    logMiss = Math.log(distractors + (1 - distractors) * Math.min(1, matched / expected));
                }
            }
            sum += factor;
            if (sum < REJECT || sum >= PROPOSE) {
                break;
            }
        }
        return sum;
    }

    private static boolean isOneOf(int[] stars, int star) {
        for (int s : stars) {
            if (s == star) {
                return true;
            }
        }
        return false;
    }

    private static double square(double v) {
        return v * v;
    }
}
