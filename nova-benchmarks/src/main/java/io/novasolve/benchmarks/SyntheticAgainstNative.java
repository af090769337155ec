package io.novasolve.benchmarks;

import io.novasolve.engine.PlateSolver;
import io.novasolve.engine.SearchControl;
import io.novasolve.engine.SolveRequest;
import io.novasolve.engine.SolveResult;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Synthetic fields of many widths, solved blind by this engine and by the native one: how many, how well, and how long.
 * Both get the same star list, the same indexes and 20 seconds of processor time.
 *
 * <p>{@code SyntheticAgainstNative ours|native|table FOLDER [COUNT [SEED [SIP-ORDER [KINDS]]]]}: results go to
 * {@code FOLDER/ours.tsv} and {@code FOLDER/native.tsv}, a line a field; a run that was stopped goes on where it was. The
 * fields are the same for the same seed; their widths alternate, so a part of them is a fair sample. KINDS is {@code all}
 * or {@code distorted}.
 */
public final class SyntheticAgainstNative {

    static final double[] WIDTHS = {1, 1.5, 2.5, 4, 8, 15, 25, 40, 60, 80, 100, 120};
    private static final int LIMIT_S = 20;
    /** A solution farther off than this fraction of the width is false. */
    private static final double FALSE_FROM = 0.01;

    private final Path folder;
    private final long seed;
    private final int order;
    private final boolean distortedOnly;
    private final IndexLibrary library;

    private SyntheticAgainstNative(Path folder, long seed, int order, boolean distortedOnly) throws IOException {
        this.folder = folder;
        this.seed = seed;
        this.order = order;
        this.distortedOnly = distortedOnly;
        library = EngineData.indexes();
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[1]).toAbsolutePath());
        int count = args.length > 2 ? Integer.parseInt(args[2]) : 600;
        long seed = args.length > 3 ? Long.parseLong(args[3]) : 20261124;
        int order = args.length > 4 ? Integer.parseInt(args[4]) : 2;
        boolean distorted = args.length > 5 && args[5].equals("distorted");
        SyntheticAgainstNative run = new SyntheticAgainstNative(folder, seed, order, distorted);
        if (args[0].equals("table")) {
            run.table();
        } else {
            run.solveAll(args[0], count);
        }
    }

    private record Outcome(@Nullable Wcs wcs, double rmsPx, double cpuSeconds) {}

    private void solveAll(String who, int count) throws Exception {
        Path results = folder.resolve(who + ".tsv");
        int done = Files.exists(results) ? Files.readAllLines(results).size() : 0;
        PlateSolver solver = PlateSolver.of(library);
        for (int i = done; i < count; i++) {
            double width = WIDTHS[i % WIDTHS.length];
            Random random = new Random(seed * 1_000_003 + i * 7919L);
            int number = i / WIDTHS.length;
            SyntheticSky.Recipe recipe = SyntheticSky.draw(distortedOnly ? 2 * number + 1 : number, width, random);
            StarList stars = SyntheticSky.stars(library, recipe, random);
            Outcome outcome = who.equals("native") ? nativeEngine(i, stars) : ours(solver, stars);
            Wcs wcs = outcome.wcs();
            String line = String.format(
                    Locale.ROOT,
                    "%d\t%.1f\t%s\t%s\t%.2f\t%.4f\t%d\t%.3f\t%.3f\t%.3f\t%.3f%n",
                    i,
                    width,
                    recipe.region(),
                    recipe.mirrored() ? "neg" : "pos",
                    recipe.noisePx(),
                    recipe.barrel(),
                    stars.size(),
                    wcs == null ? Double.NaN : SyntheticSky.centreErrorPx(recipe, wcs),
                    wcs == null ? Double.NaN : SyntheticSky.cornerErrorPx(recipe, wcs),
                    outcome.rmsPx(),
                    outcome.cpuSeconds());
            Files.writeString(results, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private Outcome ours(PlateSolver solver, StarList stars) throws IOException {
        long begin = cpuNanos();
        SolveResult result = solver.solve(
                SolveRequest.blind(stars).withSipOrder(order),
                SearchControl.within(SyntheticAgainstNative::cpuNanos, LIMIT_S * 1_000_000_000L));
        double seconds = (cpuNanos() - begin) / 1e9;
        return result instanceof SolveResult.Solved s
                ? new Outcome(s.solution().wcs(), s.solution().rmsPx(), seconds)
                : new Outcome(null, Double.NaN, seconds);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private Outcome nativeEngine(int number, StarList stars) throws Exception {
        Path work = Files.createTempDirectory(folder, "native-");
        EngineData.writeJob(work.resolve("field.axy"), stars, order, LIMIT_S, 0);
        double seconds = EngineData.runNative(work, "field.axy");
        Outcome outcome = SolutionFiles.read(work)
                .map(solution -> new Outcome(solution.wcs(), solution.rmsPx(), seconds))
                .orElse(new Outcome(null, Double.NaN, seconds));
        EngineData.deleteFolder(work);
        return outcome;
    }

    private record Row(int number, double width, double centre, double corner, double rms, double seconds) {}

    private Map<Double, List<Row>> rows(String who, int upTo) throws IOException {
        Map<Double, List<Row>> rows = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve(who + ".tsv"))) {
            String[] f = line.split("\t", -1);
            Row row = new Row(
                    Integer.parseInt(f[0]),
                    Double.parseDouble(f[1]),
                    Double.parseDouble(f[7]),
                    Double.parseDouble(f[8]),
                    Double.parseDouble(f[9]),
                    Double.parseDouble(f[10]));
            if (row.number() < upTo) {
                rows.computeIfAbsent(row.width(), w -> new ArrayList<>()).add(row);
            }
        }
        return rows;
    }

    private void table() throws IOException {
        int both = Math.min(
                Files.readAllLines(folder.resolve("ours.tsv")).size(),
                Files.readAllLines(folder.resolve("native.tsv")).size());
        Map<Double, List<Row>> ours = rows("ours", both);
        Map<Double, List<Row>> theirs = rows("native", both);
        System.out.println(
                "| width | fields | solved, Nova / native | false | centre error, median px | corner error, median px"
                        + " | RMS of matched stars, median px | CPU s, median | CPU s, sum |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        for (Map.Entry<Double, List<Row>> entry : ours.entrySet()) {
            double width = entry.getKey();
            List<Row> a = entry.getValue();
            List<Row> b = theirs.getOrDefault(width, List.of());
            System.out.printf(
                    Locale.ROOT,
                    "| %s° | %d | %d / %d | %d / %d | %.2f / %.2f | %.2f / %.2f | %.2f / %.2f | %.3f / %.2f | %.1f / %.0f |%n",
                    width == Math.rint(width) ? Long.toString((long) width) : Double.toString(width),
                    a.size(),
                    right(a).size(),
                    right(b).size(),
                    wrong(a),
                    wrong(b),
                    Medians.median(right(a).stream().mapToDouble(Row::centre).toArray()),
                    Medians.median(right(b).stream().mapToDouble(Row::centre).toArray()),
                    Medians.median(right(a).stream().mapToDouble(Row::corner).toArray()),
                    Medians.median(right(b).stream().mapToDouble(Row::corner).toArray()),
                    Medians.median(right(a).stream().mapToDouble(Row::rms).toArray()),
                    Medians.median(right(b).stream().mapToDouble(Row::rms).toArray()),
                    Medians.median(a.stream().mapToDouble(Row::seconds).toArray()),
                    Medians.median(b.stream().mapToDouble(Row::seconds).toArray()),
                    a.stream().mapToDouble(Row::seconds).sum(),
                    b.stream().mapToDouble(Row::seconds).sum());
        }
    }

    private static List<Row> right(List<Row> rows) {
        return rows.stream()
                .filter(r -> r.centre() < FALSE_FROM * SyntheticSky.WIDTH)
                .toList();
    }

    private static long wrong(List<Row> rows) {
        return rows.stream()
                .filter(r -> r.centre() >= FALSE_FROM * SyntheticSky.WIDTH)
                .count();
    }
}
