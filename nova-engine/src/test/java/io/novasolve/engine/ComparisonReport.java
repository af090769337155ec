package io.novasolve.engine;

import io.novasolve.engine.NativeLists.NativeList;
import io.novasolve.sky.stars.StarList;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Prints times: two threads against one, giving up, hints, memory. Argument: a folder for the hopeless lists' files. */
final class ComparisonReport {

    private ComparisonReport() {}

    private static final SearchControl CONTROL = SearchControl.unlimited();

    public static void main(String[] args) throws IOException {
        PlateSolver solver = PlateSolver.of(NativeLists.indexes().orElseThrow());
        List<NativeList> lists = NativeLists.all();
        for (int i = 0; i < 4; i++) {
            for (NativeList list : lists) {
                solver.solve(list.request(), CONTROL);
            }
        }
        if (args.length < 2) giveUp(solver, Path.of(args[0]));
        hints(solver, lists);
        if (args.length < 2) threads(solver, lists);
        System.gc();
        System.out.printf(
                Locale.ROOT,
                "heap after collection %d MiB%n",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
    }

    private static double cpuMs(PlateSolver solver, SolveRequest request, int repetitions) throws IOException {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < repetitions; i++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            solver.solve(request, CONTROL);
            best = Math.min(best, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e6);
        }
        return best;
    }

    private static void giveUp(PlateSolver solver, Path folder) throws IOException {
        for (int i = 0; i < 3; i++) {
            Random random = new Random(100 + i);
            StarList stars = StarList.of(
                    1600,
                    1200,
                    random.doubles(40, 1, 1600).toArray(),
                    random.doubles(40, 1, 1200).toArray());
            SyntheticFiles.writeAxy(folder.resolve("hopeless" + i), stars);
            SolveRequest request = SolveRequest.blind(stars)
                    .withScale(3600 / 1600.0, 30 * 3600 / 1600.0)
                    .withDepth(40);
            System.out.printf(Locale.ROOT, "give up, 40 stars, 1°–30°: %.0f ms CPU%n", cpuMs(solver, request, 2));
        }
    }

    private static void hints(PlateSolver solver, List<NativeList> lists) throws IOException {
        for (NativeList list : lists) {
            double blind = cpuMs(solver, list.request(), 2);
            double scale = list.wcs().pixelScaleArcsec();
            SolveRequest hinted = list.request()
                    .withScale(scale * 0.9, scale * 1.1)
                    .withCone(list.wcs().centre(), 1 + list.wcs().radiusDeg());
            if (blind > 20) {
                System.out.printf(
                        Locale.ROOT,
                        "hint %s: %.1f ms blind, %.1f ms hinted%n",
                        list.name(),
                        blind,
                        cpuMs(solver, hinted, 2));
            }
        }
        for (double width : new double[] {1, 4, 12}) {
            Random random = new Random(200);
            StarList stars = StarList.of(
                    1600,
                    1200,
                    random.doubles(150, 1, 1600).toArray(),
                    random.doubles(150, 1, 1200).toArray());
            SolveRequest hinted = SolveRequest.blind(stars)
                    .withScale(0.9 * width * 2.25, 1.1 * width * 2.25)
                    .withCone(lists.get(0).wcs().centre(), 1 + 0.65 * width)
                    .withDepth(100);
            System.out.printf(
                    Locale.ROOT,
                    "give up with hints at depth 100, %.0f°: %.0f ms CPU%n",
                    width,
                    cpuMs(solver, hinted, 1));
        }
    }

    private static void threads(PlateSolver solver, List<NativeList> lists) throws IOException {
        ExecutorService helpers = Executors.newFixedThreadPool(1);
        PlateSolver two = solver.withThreads(helpers, 2);
        Random random = new Random(100);
        StarList stars = StarList.of(
                1600,
                1200,
                random.doubles(40, 1, 1600).toArray(),
                random.doubles(40, 1, 1200).toArray());
        SolveRequest request = SolveRequest.blind(stars).withDepth(35);
        double[] ratios = new double[5];
        for (int i = 0; i < ratios.length; i++) {
            long start = System.nanoTime();
            solver.solve(request, CONTROL);
            long one = System.nanoTime() - start;
            start = System.nanoTime();
            two.solve(request, CONTROL);
            ratios[i] = (double) (System.nanoTime() - start) / one;
        }
        Arrays.sort(ratios);
        System.out.printf(Locale.ROOT, "two threads take %s of one's wall time%n", Arrays.toString(ratios));
        helpers.shutdownNow();
    }
}
