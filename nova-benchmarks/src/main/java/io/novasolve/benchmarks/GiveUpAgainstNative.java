package io.novasolve.benchmarks;

import io.novasolve.engine.PlateSolver;
import io.novasolve.engine.SearchControl;
import io.novasolve.engine.SolveRequest;
import io.novasolve.sky.stars.StarList;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * How long it takes to give up on lists of 40 stars that show no sky, fields of 1° to 30°, with the same depth for this
 * engine and the native one: processor time, one thread.
 *
 * <p>{@code GiveUpAgainstNative [DEPTH [LISTS [SEED]]]}
 */
public final class GiveUpAgainstNative {

    private static final double NARROW = 1;
    private static final double WIDE = 30;
    private static final int STARS = 40;
    private static final int NATIVE_LIMIT_S = 600;

    private GiveUpAgainstNative() {}

    public static void main(String[] args) throws Exception {
        int depth = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        int lists = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 100;
        PlateSolver solver = PlateSolver.of(EngineData.indexes());
        ours(solver, list(seed - 1), depth);
        for (int i = 0; i < lists; i++) {
            StarList stars = list(seed + i);
            double ours = ours(solver, stars, depth);
            Path folder = Files.createTempDirectory("nova-benchmark-");
            EngineData.writeJob(folder.resolve("hopeless.axy"), stars, 2, NATIVE_LIMIT_S, depth, NARROW, WIDE);
            double theirs = EngineData.runNative(folder, "hopeless.axy");
            EngineData.deleteFolder(folder);
            System.out.printf(
                    Locale.ROOT,
                    "depth %d, list %d: %.3f s, native %.2f s, ratio %.0f%n",
                    depth,
                    i,
                    ours,
                    theirs,
                    theirs / ours);
        }
    }

    private static StarList list(long seed) {
        Random random = new Random(seed);
        return StarList.of(
                SyntheticSky.WIDTH,
                SyntheticSky.HEIGHT,
                random.doubles(STARS, 1, SyntheticSky.WIDTH).toArray(),
                random.doubles(STARS, 1, SyntheticSky.HEIGHT).toArray());
    }

    private static double ours(PlateSolver solver, StarList stars, int depth) throws IOException {
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        solver.solve(
                SolveRequest.blind(stars)
                        .withScale(3600 * NARROW / stars.width(), 3600 * WIDE / stars.width())
                        .withDepth(depth),
                SearchControl.unlimited());
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin) / 1e9;
    }
}
