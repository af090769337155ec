package io.novasolve.engine;

import io.novasolve.engine.Judge.Verdict;
import io.novasolve.engine.index.Index;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes quads of the picture's stars and looks them up, on one thread. The unit of work is a pair's fainter star B within a
 * round: all brighter stars A, all inner stars, all indexes.
 */
final class Worker {

    /** Narrower fields are as good as flat for the codes. */
    private static final double FLAT_RAD = Math.toRadians(6);

    /** By how much positions may be worse than the request says in thorough rounds. */
    private static final double LENIENT = 2;

    private static final int MAX_BANDS = 12;
    /** Quads between two looks at whether to stop; so many code matches count for one more. */
    private static final int CHECK_EVERY = 128;

    private static final int HITS_PER_CHECK = 8;

    /** Either parity, and A and B either way round. */
    private static final int VARIANTS = 4;

    private final Field field;
    private final Settings settings;
    private final List<IndexAids> indexes;
    private final double minPairPx;
    private final PairFrame flat;
    private final PairFrame pinhole;
    private final EarlyTest early;
    private final @Nullable HintedCodes hinted;
    private final Judge judge;
    private final Judge lenient;
    private final Scratch scratch = new Scratch();
    private final int[] inner = new int[3];
    private final int[] stars = new int[5];
    private final int[] mayBeFirst;
    private final int[] mayBeLater;
    private final double[] codeX = new double[5];
    private final double[] codeY = new double[5];

    private BooleanSupplier stop = () -> false;
    private Round round = new Round(0, 0, false);
    private PairFrame frame;
    private IndexAids aids;
    private double tolerance;
    private double bandMin;
    private double bandMax;
    private int untilCheck;
    private boolean halted;
    private @Nullable CodeGrid picked;
    private @Nullable Verdict verdict;
    long quadsTried;
    long codeMatches;

    Worker(Field field, Settings settings, List<IndexAids> indexes, @Nullable HintedCodes hinted) {
        this.hinted = hinted;
        this.field = field;
        this.settings = settings;
        this.indexes = indexes;
        minPairPx = 0.1 * Math.min(field.width, field.height);
        flat = new PairFrame(field, settings.depth(), settings.positionalErrorPx());
        pinhole = new PairFrame(field, settings.depth(), settings.positionalErrorPx());
        early = new EarlyTest(field, settings);
        mayBeFirst = new int[field.size];
        mayBeLater = new int[field.size];
        judge = new Judge(field, settings, indexes);
        lenient = new Judge(field, settings.withErrors(LENIENT), indexes);
        frame = flat;
        aids = indexes.get(0);
    }

    /** Number of full tests so far. */
    long tested() {
        return judge.tested() + lenient.tested();
    }

    /** Highest log-odds of any hypothesis so far. */
    double best() {
        return Math.max(judge.best(), lenient.best());
    }

    /** Tries all quads of one work item; returns the first that holds, or null if none does or it was stopped. */
    @Nullable
    Verdict run(Round current, int b, BooleanSupplier stopped) {
        round = current;
        stop = stopped;
        verdict = null;
        halted = false;
        try {
            for (int a = 0; a < b && !isOver() && !mustHalt(); a++) {
                if (Math.hypot(field.x[b] - field.x[a], field.y[b] - field.y[a]) >= minPairPx) {
                    tryPair(a, b);
                }
            }
        } catch (IndexOutOfBoundsException | InternalError e) {
            // A star number beyond the stars, or a mapped page that is gone, which the JVM may report a little late.
            throw new DamagedIndexException(aids.index, e);
        }
        return verdict;
    }

    private void tryPair(int a, int b) {
        boolean flatReady = false;
        for (IndexAids candidate : indexes) {
            aids = candidate;
            Index index = candidate.index;
            double focalMin = focal(a, b, index.maxAbRad());
            double focalMax = focal(a, b, index.minAbRad());
            if (!(focalMin > 0)) {
                focalMin = settings.minFocal();
            }
            focalMin = Math.max(focalMin, settings.minFocal());
            focalMax = Math.min(focalMax, settings.maxFocal());
            if (!(focalMax >= focalMin)) {
                continue;
            }
            if (field.halfDiagonal < FLAT_RAD * focalMin) {
                if (!flatReady) {
                    flat.setPlane(a, b, errorFactor());
                    flat.findInner(round.to(), settings.codeTolerance());
                    flatReady = true;
                }
                frame = flat;
                bandMin = focalMin * 0.99;
                bandMax = focalMax * 1.01;
                searchIndex();
            } else {
                searchBands(a, b, focalMin, focalMax);
            }
            if (isOver() || mustHalt()) {
                return;
            }
        }
    }

    private boolean isOver() {
        return verdict != null || halted;
    }

    private boolean mustHalt() {
        untilCheck = CHECK_EVERY;
        halted = stop.getAsBoolean();
        return halted;
    }

    private double focal(int a, int b, double angle) {
        double sin = Math.sin(angle);
        return PinholeFit.focal(field.x[a], field.y[a], field.x[b], field.y[b], sin * sin);
    }

    /** Wide fields: codes depend on the focal length, so its range is cut into bands in which they hardly change. */
    private void searchBands(int a, int b, double focalMin, double focalMax) {
        double edge = Math.min(field.halfDiagonal / focalMin, 3);
        double cos2 = 1 / (1 + edge * edge);
        double sensitivity = (1 - cos2) / (4 * Math.sqrt(cos2));
        double step = 2 * (round.thorough() ? 0.0015 : 0.004) / Math.max(1e-6, sensitivity);
        int bands = (int) Math.max(
                1, Math.min(round.thorough() ? MAX_BANDS : 4, Math.ceil(Math.log(focalMax / focalMin) / step)));
        double ratio = Math.pow(focalMax / focalMin, 1.0 / bands);
        double low = focalMin;
        frame = pinhole;
        for (int band = 0; band < bands && !isOver(); band++) {
            pinhole.setPinhole(a, b, low * Math.sqrt(ratio), errorFactor());
            pinhole.findInner(round.to(), settings.codeTolerance());
            bandMin = low * 0.99;
            bandMax = low * ratio * 1.01;
            searchIndex();
            low *= ratio;
        }
    }

    private double errorFactor() {
        return round.thorough() ? LENIENT : 1;
    }

    private void searchIndex() {
        double errors = settings.positionalErrorPx() / frame.lengthPx + 0.002;
        tolerance = round.thorough() ? settings.codeTolerance() : Math.min(settings.codeTolerance(), errors);
        picked = hinted != null && round.to() > HintedCodes.FROM_DEPTH ? hinted.of(aids) : null;
        if (picked != null) {
            markPlaces(picked);
        }
        chooseInner(0, 0, frame.b >= round.from());
    }

    /** Finds for each inner star, once for all quads of the pair, in which variants and places a picked quad has one there. */
    private void markPlaces(CodeGrid grid) {
        for (int k = 0; k < frame.innerCount; k++) {
            int star = frame.inner[k];
            int first = 0;
            int later = 0;
            for (int variant = 0; variant < VARIANTS; variant++) {
                double cx = codeX(star, isMirrored(variant), isSwapped(variant));
                double cy = codeY(star, isMirrored(variant), isSwapped(variant));
                first |= grid.mayContain(cx, cy, tolerance) ? 1 << variant : 0;
                later |= grid.mayContainLater(cx, cy, tolerance) ? 1 << variant : 0;
            }
            mayBeFirst[star] = first;
            mayBeLater[star] = later;
        }
    }

    /** The variants in which each inner star of the quad in hand has a place in some picked quad. */
    private int openVariants(int wanted) {
        if (picked == null) {
            return (1 << VARIANTS) - 1;
        }
        int open = 0;
        for (int k = 0; k < wanted; k++) {
            int with = mayBeFirst[inner[k]];
            for (int m = 0; m < wanted; m++) {
                with &= m == k ? with : mayBeLater[inner[m]];
            }
            open |= with;
        }
        return open;
    }

    private static int variant(boolean mirrored, boolean swapped) {
        return (mirrored ? 1 : 0) + (swapped ? 2 : 0);
    }

    private static boolean isMirrored(int variant) {
        return (variant & 1) != 0;
    }

    private static boolean isSwapped(int variant) {
        return (variant & 2) != 0;
    }

    private double codeX(int star, boolean mirrored, boolean swapped) {
        double u = swapped ? 1 - frame.u[star] : frame.u[star];
        double v = swapped != mirrored ? -frame.v[star] : frame.v[star];
        return u - v;
    }

    private double codeY(int star, boolean mirrored, boolean swapped) {
        double u = swapped ? 1 - frame.u[star] : frame.u[star];
        double v = swapped != mirrored ? -frame.v[star] : frame.v[star];
        return u + v;
    }

    /** Chooses inner stars in ascending order of rows, at least one of the quad's stars being new. */
    private void chooseInner(int chosen, int next, boolean hasNew) {
        int wanted = aids.index.quadSize() - 2;
        if (chosen == wanted) {
            if (hasNew) {
                tryQuad(wanted);
            }
            return;
        }
        for (int k = next; k < frame.innerCount && !isOver(); k++) {
            int star = frame.inner[k];
            boolean isNew = hasNew || star >= round.from();
            if (isNew || chosen + 1 < wanted) {
                inner[chosen] = star;
                chooseInner(chosen + 1, k + 1, isNew);
            }
        }
    }

    private void tryQuad(int wanted) {
        quadsTried++;
        if (--untilCheck <= 0 && mustHalt()) {
            return;
        }
        int open = openVariants(wanted);
        for (int variant = 0; variant < VARIANTS && open != 0 && !isOver(); variant++) {
            boolean isOpen = (open & 1 << variant) != 0;
            if (isOpen && (isMirrored(variant) ? settings.mirrored() : settings.normal())) {
                tryVariant(wanted, isMirrored(variant), isSwapped(variant));
            }
        }
    }

    private void tryVariant(int wanted, boolean mirrored, boolean swapped) {
        double sum = 0;
        for (int k = 0; k < wanted; k++) {
            int star = inner[k];
            codeX[k] = codeX(star, mirrored, swapped);
            codeY[k] = codeY(star, mirrored, swapped);
            sum += codeX[k];
        }
        if (aids.index.innerStarsOnLowerSide() && sum / wanted > 0.5 + 1.5 * tolerance) {
            return;
        }
        stars[0] = swapped ? frame.b : frame.a;
        stars[1] = swapped ? frame.a : frame.b;
        permute(wanted, 0, 0, mirrored, swapped);
    }

    /** Puts the inner stars in every order in which the index may have them. */
    private void permute(int wanted, int placed, int used, boolean mirrored, boolean swapped) {
        if (placed == wanted) {
            lookUp(mirrored, swapped);
            return;
        }
        for (int k = 0; k < wanted && !isOver(); k++) {
            if ((used & 1 << k) != 0) {
                continue;
            }
            int places = placed == 0 ? mayBeFirst[inner[k]] : mayBeLater[inner[k]];
            if (picked != null && (places & 1 << variant(mirrored, swapped)) == 0) {
                continue;
            }
            boolean ordered = !aids.index.innerStarsSorted()
                    || placed == 0
                    || scratch.code[2 * placed - 2] <= codeX[k] + 1.5 * tolerance;
            if (ordered) {
                scratch.code[2 * placed] = codeX[k];
                scratch.code[2 * placed + 1] = codeY[k];
                stars[placed + 2] = inner[k];
                permute(wanted, placed + 1, used | 1 << k, mirrored, swapped);
            }
        }
    }

    private void lookUp(boolean mirrored, boolean swapped) {
        CodeHits hits = scratch.codeHits;
        if (picked != null) {
            picked.search(scratch.code, tolerance, scratch.codeHits);
        } else {
            aids.searchCodes(tolerance, scratch);
        }
        codeMatches += hits.count;
        untilCheck -= hits.count / HITS_PER_CHECK;
        boolean filter = aids.hasNeighbours();
        int wanted = round.thorough() ? 1 : 2;
        for (int i = 0; i < hits.count && !isOver(); i++) {
            int quad = hits.quad[i];
            if (filter && aids.countNeighbours(quad, swapped, mirrored, frame.map(), scratch) < wanted) {
                continue;
            }
            if (early.passes(aids, quad, stars, mirrored, errorFactor(), scratch)
                    && early.fit().focal >= bandMin
                    && early.fit().focal <= bandMax
                    && !mustHalt()) {
                int[] fieldStars = Arrays.copyOf(stars, aids.index.quadSize());
                Hypothesis hypothesis = new Hypothesis(aids, quad, fieldStars, mirrored, Math.sqrt(hits.distance2[i]));
                Camera camera = early.fit().camera();
                verdict = judge.judge(hypothesis, camera, round.to());
                if (verdict == null && round.thorough()) {
                    verdict = lenient.judge(hypothesis, camera, round.to());
                }
            }
        }
    }
}
