package io.novasolve.benchmarks;

import io.novasolve.benchmarks.EngineData.NativeList;
import io.novasolve.engine.PlateSolver;
import io.novasolve.engine.SearchControl;
import io.novasolve.engine.SolveRequest;
import io.novasolve.engine.SolveResult.Solved;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * This engine beside itself: {@code threads} a long search on two threads and on one; {@code hints} with and without position
 * and scale; {@code giveup} a hinted search for nothing, the first of the process and later ones; {@code leaks} heap and
 * open files over many solves; {@code cancel} how long a search goes on after it was cancelled or its deadline came.
 *
 * <p>{@code EngineSearches threads|hints|giveup|leaks|cancel [COUNT]}
 */
public final class EngineSearches {

    private static final long LIMIT_NANOS = 120_000_000_000L;
    private static final int WIDTH = 1600;
    private static final int HEIGHT = 1200;

    private final PlateSolver solver;

    private EngineSearches(PlateSolver solver) {
        this.solver = solver;
    }

    public static void main(String[] args) throws Exception {
        EngineSearches searches = new EngineSearches(PlateSolver.of(EngineData.indexes()));
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        switch (args[0]) {
            case "threads" -> searches.threads(count > 0 ? count : 5);
            case "hints" -> searches.hints();
            case "giveup" -> searches.giveUp();
            case "leaks" -> searches.leaks(count > 0 ? count : 1000);
            case "cancel" -> searches.cancel(count > 0 ? count : 200);
            default -> throw new IllegalArgumentException("threads, hints, giveup, leaks or cancel, not " + args[0]);
        }
    }

    private static StarList random(int stars, long seed) {
        Random random = new Random(seed);
        return StarList.of(
                WIDTH,
                HEIGHT,
                random.doubles(stars, 1, WIDTH).toArray(),
                random.doubles(stars, 1, HEIGHT).toArray());
    }

    private void solve(SolveRequest request) throws IOException {
        solver.solve(request, SearchControl.within(System::nanoTime, LIMIT_NANOS));
    }

    private void warmUp(List<NativeList> fields) throws IOException {
        for (int i = 0; i < 4; i++) {
            for (NativeList field : fields) {
                solve(SolveRequest.blind(field.stars()));
            }
        }
    }

    private double cpuMs(SolveRequest request) throws IOException {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        solve(request);
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e6;
    }

    private void threads(int count) throws IOException {
        warmUp(EngineData.nativeLists());
        ExecutorService helper = Executors.newFixedThreadPool(1);
        try {
            PlateSolver two = solver.withThreads(helper, 2);
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                SolveRequest request = SolveRequest.blind(random(40, 100 + i)).withDepth(35);
                long start = System.nanoTime();
                solver.solve(request, SearchControl.unlimited());
                double one = (System.nanoTime() - start) / 1e9;
                start = System.nanoTime();
                two.solve(request, SearchControl.unlimited());
                double both = (System.nanoTime() - start) / 1e9;
                ratios.add(both / one);
                System.out.printf(Locale.ROOT, "one thread %.2f s, two %.2f s, ratio %.2f%n", one, both, both / one);
            }
            System.out.printf(Locale.ROOT, "two threads against one: median %.2f%n", Medians.median(ratios));
        } finally {
            helper.shutdownNow();
        }
    }

    private void hints() throws IOException {
        List<NativeList> fields = EngineData.nativeLists();
        warmUp(fields);
        List<Double> shares = new ArrayList<>();
        System.out.println("list\tblind_ms\thinted_ms\tshare");
        for (NativeList field : fields) {
            shares.addAll(hints(field.name(), field.stars(), field.wcs()));
            // As native lists take less than the 200 ms that count, the same ones among false stars.
            StarList crowded =
                    amongFalseStars(field.stars(), 1, new Random(field.name().hashCode()));
            shares.addAll(hints(field.name() + " among false stars", crowded, field.wcs()));
        }
        System.out.printf(
                Locale.ROOT,
                "%d lists that are solved, with more than 200 ms blind: median share %.3f, shares %s%n",
                shares.size(),
                Medians.median(shares),
                shares.stream().map(s -> String.format(Locale.ROOT, "%.3f", s)).toList());
    }

    /** The share of a hinted solve, if there is one and the blind one takes more than 200 ms. */
    private List<Double> hints(String name, StarList stars, Wcs wcs) throws IOException {
        double scale = wcs.pixelScaleAtCentreArcsec();
        SolveRequest blind = SolveRequest.blind(stars);
        SolveRequest hinted = blind.withScale(scale * 0.9, scale * 1.1).withCone(wcs.centre(), 1 + wcs.radiusDeg());
        double blindMs = Math.min(cpuMs(blind), cpuMs(blind));
        double hintedMs = Math.min(cpuMs(hinted), cpuMs(hinted));
        boolean solved = solver.solve(hinted, SearchControl.unlimited()) instanceof Solved;
        System.out.printf(
                Locale.ROOT,
                "%s\t%.1f\t%.1f\t%.3f%s%n",
                name,
                blindMs,
                hintedMs,
                hintedMs / blindMs,
                solved ? "" : "\tunsolved");
        return solved && blindMs > 200 ? List.of(hintedMs / blindMs) : List.of();
    }

    /** The stars, and {@code falseOnes} times as many false ones, anywhere in the picture and in the order of brightness. */
    private static StarList amongFalseStars(StarList stars, int falseOnes, Random random) {
        int size = stars.size() * (1 + falseOnes);
        double[] x = new double[size];
        double[] y = new double[size];
        int real = 0;
        for (int i = 0; i < size; i++) {
            boolean isReal = random.nextInt(size - i) < stars.size() - real;
            x[i] = isReal ? stars.x(real) : 1 + random.nextDouble() * (stars.width() - 1);
            y[i] = isReal ? stars.y(real) : 1 + random.nextDouble() * (stars.height() - 1);
            real += isReal ? 1 : 0;
        }
        return StarList.of(stars.width(), stars.height(), x, y);
    }

    private void giveUp() throws IOException {
        SkyPosition[] places = {
            new SkyPosition(80, 30), new SkyPosition(10, -60), new SkyPosition(270, -25), new SkyPosition(190, 85)
        };
        System.out.println("width_deg\tcpu_ms of the searches one after the other, other stars and places");
        for (double width : new double[] {1, 2, 4, 12, 30}) {
            double[] times = new double[places.length];
            for (int i = 0; i < places.length; i++) {
                double scale = width * 3600 / WIDTH;
                times[i] = cpuMs(SolveRequest.blind(random(150, 200 + i))
                        .withScale(0.9 * scale, 1.1 * scale)
                        .withCone(places[i], 1 + 0.65 * width)
                        .withDepth(100));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%.0f\t%s%n",
                    width,
                    Arrays.toString(Arrays.stream(times).mapToLong(Math::round).toArray()));
        }
    }

    private void leaks(int count) throws IOException {
        List<NativeList> fields = EngineData.nativeLists();
        warmUp(fields);
        for (int done = 0; done <= count; done += fields.size()) {
            if (done % (fields.size() * 5) == 0) {
                System.gc();
                System.out.printf(
                        Locale.ROOT,
                        "after %d solves: heap %.1f MiB, %d threads, %d open files%n",
                        done,
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0,
                        ManagementFactory.getThreadMXBean().getThreadCount(),
                        openFiles());
            }
            for (NativeList field : fields) {
                solve(SolveRequest.blind(field.stars()));
            }
        }
    }

    /** Deadlines at random moments of searches for nothing, the first ones of the process included. */
    private void cancel(int count) throws IOException {
        Random random = new Random(77);
        double[] blind = new double[count];
        double[] hinted = new double[count];
        for (int i = 0; i < count; i++) {
            SolveRequest request = SolveRequest.blind(random(400, 300 + i));
            blind[i] = overtimeMs(request, random);
            double width = Math.pow(10, random.nextDouble() * 1.5);
            double scale = width * 3600 / WIDTH;
            SkyPosition place = new SkyPosition(360 * random.nextDouble(), 160 * random.nextDouble() - 80);
            hinted[i] =
                    overtimeMs(request.withScale(0.9 * scale, 1.1 * scale).withCone(place, 1 + 0.65 * width), random);
        }
        for (double[] late : new double[][] {blind, hinted}) {
            Arrays.sort(late);
            System.out.printf(
                    Locale.ROOT,
                    "%s: after the deadline median %.1f ms, 99 of 100 within %.1f ms, longest %.1f ms%n",
                    late == blind ? "blind" : "hinted",
                    late[count / 2],
                    late[count * 99 / 100],
                    late[count - 1]);
        }
    }

    private double overtimeMs(SolveRequest request, Random random) throws IOException {
        long limit = (long) (1e9 * random.nextDouble());
        long start = System.nanoTime();
        solver.solve(request, SearchControl.within(System::nanoTime, limit));
        return Math.max(0, (System.nanoTime() - start - limit) / 1e6);
    }

    private static int openFiles() throws IOException {
        int number = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : files) {
                number += file.isAbsolute() ? 1 : 0;
            }
        }
        return number;
    }
}
