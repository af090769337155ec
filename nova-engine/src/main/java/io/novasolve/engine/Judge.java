package io.novasolve.engine;

import io.novasolve.engine.SolveResult.CentreError;
import io.novasolve.engine.index.Index;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.QuadMatch;
import io.novasolve.sky.solution.ReferenceStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.wcs.Wcs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides on hypotheses that the search proposes, and makes a solution of the one that holds. One per thread. */
final class Judge {

    private static final double WORTH_REFINING = Math.log(1e4);
    /** Neighbours from which the local density of the list is taken. */
    private static final int CROWD = 6;

    private static final double CHANCE_AREA_PX = Math.PI * 9;
    private static final int MIN_FURTHER_MATCHES = 5;

    /** The sky position of a hypothesis that was accepted, and its evidence. */
    record Verdict(Solution solution, CentreError centreError) {}

    private final Field field;
    private final Settings settings;
    private final List<IndexAids> indexes;
    private double best;
    private long tested;

    Judge(Field field, Settings settings, List<IndexAids> indexes) {
        this.field = field;
        this.settings = settings;
        this.indexes = indexes;
    }

    /** Highest log-odds seen so far; 0 if none was positive. */
    double best() {
        return best;
    }

    /** Number of hypotheses tested so far. */
    long tested() {
        return tested;
    }

    /**
     * Tests a hypothesis in full.
     *
     * @param depth how many stars quads were made of when it was found: the more hypotheses, the higher the bar
     * @return null if it does not hold
     */
    @Nullable
    Verdict judge(Hypothesis hypothesis, Camera rough, int depth) {
        tested++;
        Camera start = fitQuad(hypothesis, rough);
        if (start == null) {
            return null;
        }
        Verification verification = new Verification(field, settings, hypothesis, start);
        if (!verification.test(start, 1)) {
            return null;
        }
        Matching matching = verification.matching();
        best = Math.max(best, matching.logOdds);
        if (matching.logOdds < WORTH_REFINING) {
            return null;
        }
        Refinement refinement = new Refinement(field, settings, verification);
        Camera refined = refinement.refine(start, settings.sipOrder());
        if (!verification.test(refined, 1)) {
            return null;
        }
        best = Math.max(best, matching.logOdds);
        double crowding = crowding(matching);
        if (matching.logOdds - crowding < bar(depth) || matching.matches < MIN_FURTHER_MATCHES) {
            return null;
        }
        QuadMatch match = quadMatch(hypothesis, matching);
        refinement.match(refined, 0, verification.qx(), verification.qy());
        int pairs = matching.matched();
        Index denser = denser(hypothesis.index(), refined);
        if (pairs < Refinement.SUPPORT * Monomials.count(settings.sipOrder()) && denser != null) {
            Verification fine = new Verification(field, settings, hypothesis, refined, denser);
            Refinement again = new Refinement(field, settings, fine);
            Camera better = again.refine(refined, settings.sipOrder());
            again.match(better, 0, fine.qx(), fine.qy());
            if (fine.matching().matched() >= 1.5 * pairs) {
                return new Verdict(solution(better, fine, match), centreError(better, again.pairs()));
            }
        }
        return new Verdict(solution(refined, verification, match), centreError(refined, refinement.pairs()));
    }

    /**
     * A richer catalogue for a solution that has few matches, to fit more stars: the densest index of which fewer than
     * one star is expected to fall within three pixels of a star of the list by chance.
     */
    private @Nullable Index denser(Index index, Camera camera) {
        double scale = camera.radPerPixel();
        double share = field.area() * scale * scale / (4 * Math.PI);
        double most = field.area() / (CHANCE_AREA_PX * field.size) / share;
        return indexes.stream()
                .map(aids -> aids.index)
                .filter(i -> i.starCount() > index.starCount()
                        && i.starCount() < most
                        && i.healpix().isEmpty())
                .max(Comparator.comparingInt(Index::starCount))
                .orElse(null);
    }

    /**
     * The log-odds demanded. The chance that one false hypothesis reaches L is at most e^−L; the number of hypotheses
     * grows with the third power of the depth, and the constant makes up for lists that are not as even as the test takes
     * them to be.
     */
    private double bar(int depth) {
        return settings.logOdds() + 3 * (1 + Math.max(0, Math.log(depth / 10.0)));
    }

    /**
     * What the matched stars' log-odds are too high by because they stand where the list is crowded: trails, edges and
     * buildings make clumps of false stars, in which a match by chance is likelier than the test's even background says.
     */
    private double crowding(Matching matching) {
        double even = field.size / field.area();
        double sum = 0;
        for (int i = 0; i < field.size; i++) {
            if (matching.partner[i] >= 0) {
                sum += Math.max(0, Math.log(density(i) / even));
            }
        }
        return sum;
    }

    /** Stars per square pixel around a star of the list, from the distance of its fifth neighbour. */
    private double density(int star) {
        double[] nearest = new double[CROWD];
        Arrays.fill(nearest, field.area());
        for (int i = 0; i < field.size; i++) {
            double dx = field.x[i] - field.x[star];
            double dy = field.y[i] - field.y[star];
            double d2 = dx * dx + dy * dy;
            if (i != star && d2 < nearest[CROWD - 1]) {
                int at = CROWD - 1;
                for (; at > 0 && nearest[at - 1] > d2; at--) {
                    nearest[at] = nearest[at - 1];
                }
                nearest[at] = d2;
            }
        }
        return (CROWD - 1) / (Math.PI * Math.max(1, nearest[CROWD - 1]));
    }

    private @Nullable Camera fitQuad(Hypothesis hypothesis, Camera rough) {
        int[] stars = hypothesis.indexStars();
        CameraFit.Pairs pairs = new CameraFit.Pairs(stars.length);
        double[] v = new double[3];
        for (int k = 0; k < stars.length; k++) {
            int f = hypothesis.fieldStars()[k];
            hypothesis.index().star(stars[k], v);
            pairs.add(field.x[f], field.y[f], v, 0, 1);
        }
        return CameraFit.similarity(rough, pairs);
    }

    private QuadMatch quadMatch(Hypothesis h, Matching m) {
        return new QuadMatch(
                h.index().name(),
                h.index().id(),
                h.quad(),
                Arrays.stream(h.indexStars()).boxed().toList(),
                Arrays.stream(h.fieldStars()).boxed().toList(),
                h.codeError(),
                m.logOdds,
                m.matches,
                m.distractorCount,
                m.conflicts,
                m.tested,
                m.catalogueCount);
    }

    private Solution solution(Camera camera, Verification verification, QuadMatch match) {
        Wcs wcs = camera.toWcs(field.width, field.height);
        Catalogue catalogue = verification.catalogue();
        Matching matching = verification.matching();
        Index index = verification.index();
        int[] row = new int[catalogue.size];
        List<ReferenceStar> references = new ArrayList<>();
        for (int i = 0; i < catalogue.size; i++) {
            if (catalogue.inside[i]) {
                row[i] = references.size();
                int star = catalogue.star[i];
                references.add(new ReferenceStar(index.starPosition(star), index.magnitude(star)));
            }
        }
        double cx = (field.width + 1) / 2;
        double cy = (field.height + 1) / 2;
        List<MatchedStar> matched = new ArrayList<>();
        for (int i = 0; i < field.size; i++) {
            int partner = matching.partner[i];
            if (partner >= 0) {
                PixelPosition place = new PixelPosition(field.x[i] + cx, field.y[i] + cy);
                SkyPosition sky = wcs.pixelToSky(place);
                matched.add(new MatchedStar(
                        place,
                        sky,
                        new PixelPosition(catalogue.x[partner] + cx, catalogue.y[partner] + cy),
                        references.get(row[partner]).position(),
                        i,
                        row[partner],
                        matching.weight(i)));
            }
        }
        return new Solution(wcs, match, matched, references);
    }

    /** Error of the constant term of the fit, with the pairs' scatter as their error. */
    private CentreError centreError(Camera camera, CameraFit.Pairs pairs) {
        int order = camera.distortion() == null ? 1 : camera.distortion().order();
        int terms = Monomials.count(order);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        LeastSquares fit = new LeastSquares(pairs.count, terms, 0);
        double[] row = new double[terms];
        double[] p = new double[2];
        for (int i = 0; i < pairs.count; i++) {
            double[] d = pairs.direction;
            Monomials.fill(order, pairs.x[i] / field.halfDiagonal, pairs.y[i] / field.halfDiagonal, row);
            fit.add(row, 1);
            if (camera.toPixel(d[3 * i], d[3 * i + 1], d[3 * i + 2], p)) {
                double dx = p[0] - pairs.x[i];
                double dy = p[1] - pairs.y[i];
                xx += dx * dx;
                xy += dx * dy;
                yy += dy * dy;
            }
        }
        fit.solve();
        double factor = (pairs.count > terms ? fit.covariance(0, 0) : 1) / Math.max(1, pairs.count - terms);
        Wcs w = camera.toWcs(field.width, field.height);
        double s = factor * 3600 * 3600;
        return new CentreError(
                s * (w.cd11() * w.cd11() * xx + 2 * w.cd11() * w.cd12() * xy + w.cd12() * w.cd12() * yy),
                s
                        * (w.cd11() * w.cd21() * xx
                                + (w.cd11() * w.cd22() + w.cd12() * w.cd21()) * xy
                                + w.cd12() * w.cd22() * yy),
                s * (w.cd21() * w.cd21() * xx + 2 * w.cd21() * w.cd22() * xy + w.cd22() * w.cd22() * yy));
    }
}
