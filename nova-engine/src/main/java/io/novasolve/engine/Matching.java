package io.novasolve.engine;

import java.util.Arrays;

/**
 * The Bayesian test of a camera against a star list (Lang et al. 2010, §2.3): every star of the list is a match, a
 * distractor, or in conflict with an earlier match; the odds against the list being unrelated to the catalogue are the
 * product of the stars' Bayes factors.
 *
 * <p>{@link #run} fills the public result fields; an instance is for one catalogue and one thread and may be run again.
 */
final class Matching {

    private static final double BAIL = Math.log(1e-100);
    private static final int DISTRACTOR = -1;
    private static final int CONFLICT = -2;

    private final Field field;
    private final Catalogue catalogue;
    private final double distractors;

    /** Highest value of the running sum; the other results count up to there. */
    double logOdds;

    int matches;
    int distractorCount;
    int conflicts;
    int tested;
    int catalogueCount;

    /** For each star of the list the catalogue star it is matched with, or a negative number. */
    final int[] partner;

    /** Logarithm of the Bayes factor of each matched star against the background. */
    final double[] gain;

    private final int[] kind;
    private final int[] matchedBefore;
    private final double[] logFit;
    private final int[] holder;
    private double logArea;
    private double relevant;

    Matching(Field field, Catalogue catalogue, double distractors) {
        this.field = field;
        this.catalogue = catalogue;
        this.distractors = distractors;
        partner = new int[field.size];
        gain = new double[field.size];
        kind = new int[field.size];
        matchedBefore = new int[field.size];
        logFit = new double[field.size];
        holder = new int[catalogue.size];
    }

    /**
     * How far positions may be off: variance sigma2 · (1 + growth · r²/q2) at a distance r from (qx, qy), because a
     * hypothesis made from a few stars is the worse the farther it is carried.
     */
    record Spread(double sigma2, double growth, double qx, double qy, double q2) {
        double variance(double x, double y) {
            double dx = x - qx;
            double dy = y - qy;
            return sigma2 * (1 + growth * (dx * dx + dy * dy) / q2);
        }
    }

    /**
     * Tests the stars in the order given.
     *
     * @param order rows of the list, those to be left out left out
     * @param chosen catalogue stars that take part
     * @param area of the tested part of the picture, in square pixels
     */
    void run(Spread spread, int[] order, boolean[] chosen, double area) {
        PixelBins bins = new PixelBins(catalogue, field, chosen);
        catalogueCount = 0;
        for (boolean c : chosen) {
            catalogueCount += c ? 1 : 0;
        }
        relevant = catalogueCount;
        logArea = Math.log(area);
        Arrays.fill(partner, DISTRACTOR);
        Arrays.fill(holder, -1);
        double logBase = Math.log((1 - distractors) / (2 * Math.PI * relevant));
        double sum = 0;
        int matched = 0;
        logOdds = 0;
        int best = 0;
        for (int k = 0; k < order.length && sum > BAIL; k++) {
            int i = order[k];
            double variance = spread.variance(field.x[i], field.y[i]);
            int near = bins.nearest(field.x[i], field.y[i], 5 * Math.sqrt(variance));
            matchedBefore[k] = matched;
            kind[k] = DISTRACTOR;
            double logDistractor = logDistractor(matched);
            double contribution = logDistractor;
            if (near >= 0) {
                double dx = catalogue.x[near] - field.x[i];
                double dy = catalogue.y[near] - field.y[i];
                logFit[k] = logBase - Math.log(variance) - (dx * dx + dy * dy) / (2 * variance);
                if (logFit[k] > logDistractor && holder[near] < 0) {
                    contribution = logFit[k];
                    kind[k] = near;
                    holder[near] = k;
                    matched++;
                } else if (logFit[k] > logDistractor) {
                    contribution = resolve(k, near, logDistractor);
                }
            }
            sum += contribution + logArea;
            if (sum > logOdds) {
                logOdds = sum;
                best = k + 1;
            }
        }
        summarize(order, best);
    }

    private double logDistractor(int matched) {
        return Math.log(distractors + (1 - distractors) * Math.min(1, matched / relevant)) - logArea;
    }

    /** Two stars claim one catalogue star: the one keeps it whose claim makes the whole more likely. */
    private double resolve(int k, int near, double logDistractor) {
        int j = holder[near];
        double taken = logFit[k] + logDistractor(matchedBefore[j]) - logFit[j];
        for (int m = j + 1; m < k; m++) {
            if (kind[m] == DISTRACTOR) {
                taken += logDistractor(matchedBefore[m] - 1) - logDistractor(matchedBefore[m]);
            }
        }
        if (taken <= logDistractor) {
            kind[k] = CONFLICT;
            return logDistractor;
        }
        for (int m = j + 1; m <= k; m++) {
            matchedBefore[m]--;
        }
        kind[j] = CONFLICT;
        kind[k] = near;
        holder[near] = k;
        return taken;
    }

    private void summarize(int[] order, int best) {
        matches = 0;
        distractorCount = 0;
        conflicts = 0;
        tested = order.length;
        for (int k = 0; k < best; k++) {
            int i = order[k];
            partner[i] = kind[k];
            if (kind[k] >= 0) {
                matches++;
                gain[i] = logFit[k] + logArea;
            } else if (kind[k] == CONFLICT) {
                conflicts++;
            } else {
                distractorCount++;
            }
        }
    }

    /** Number of matched stars. */
    int matched() {
        int n = 0;
        for (int p : partner) {
            n += p >= 0 ? 1 : 0;
        }
        return n;
    }

    /** The confidence in a matched pair, 0…1. */
    double weight(int star) {
        return gain[star] > 40 ? 1 : 1 / (1 + Math.exp(-gain[star]));
    }
}
