package io.novasolve.benchmarks;

import io.novasolve.benchmarks.EngineData.NativeList;
import io.novasolve.engine.PlateSolver;
import io.novasolve.engine.SearchControl;
import io.novasolve.engine.SolveRequest;
import io.novasolve.engine.SolveResult;
import io.novasolve.engine.SolveResult.Reason;
import io.novasolve.engine.SolveResult.Solved;
import io.novasolve.engine.SolveResult.Unsolved;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Looks for false solutions on lists that show no sky: native star lists with one coordinate shuffled, with one half mirrored,
 * halves of two joined, and random ones. Depth 0 is the engine's own.
 *
 * <p>{@code FalseSolutions shuffled|mirrored|joined|random COUNT DEPTH SMALLEST-INDEX-SCALE-DEG SEED}
 */
public final class FalseSolutions {

    /** Processor time, so that a halted or starved run cuts no search short. */
    private static final long LIMIT_NANOS = 120_000_000_000L;

    private static final int PROGRESS_EVERY = 10;

    private FalseSolutions() {}

    /** A list, and where its genuine parts would be: a WCS and the pixel that it is right about. */
    private record Fake(String name, StarList stars, List<Part> parts) {}

    private record Part(Wcs wcs, double dx, double x, double y) {}

    public static void main(String[] args) throws IOException {
        String kind = args[0];
        int count = Integer.parseInt(args[1]);
        int depth = Integer.parseInt(args[2]);
        double smallest = Double.parseDouble(args[3]);
        Random random = new Random(Long.parseLong(args[4]));
        IndexLibrary library = IndexLibrary.of(EngineData.indexes().indexes().stream()
                .filter(i -> Math.toDegrees(i.minAbRad()) >= smallest)
                .toList());
        PlateSolver solver = PlateSolver.of(library);
        List<NativeList> lists = EngineData.nativeLists();
        int wrong = 0;
        int right = 0;
        int cut = 0;
        double best = 0;
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++) {
            Fake fake = make(kind, lists, i, random);
            SolveResult result = solver.solve(
                    request(fake, depth), SearchControl.within(threads::getCurrentThreadCpuTime, LIMIT_NANOS));
            if (result instanceof Solved s) {
                if (isGenuine(fake, s.solution().wcs())) {
                    right++;
                } else {
                    wrong++;
                    System.out.println(
                            "FALSE " + fake.name() + " depth " + s.statistics().depth() + " all "
                                    + s.solution().matchedStars().size() + " "
                                    + s.solution().match() + " width "
                                    + s.solution().wcs().fieldWidthDeg());
                }
            } else {
                double b = result.statistics().bestLogOdds();
                if (b > 15) {
                    System.out.printf(Locale.ROOT, "near %s best %.1f%n", fake.name(), b);
                }
                best = Math.max(best, b);
                if (result instanceof Unsolved u && u.reason() == Reason.DEADLINE) {
                    cut++;
                }
            }
            if ((i + 1) % PROGRESS_EVERY == 0) {
                System.out.printf(Locale.ROOT, "%d of %d done, %d false, %d cut%n", i + 1, count, wrong, cut);
            }
        }
        cpu = threads.getCurrentThreadCpuTime() - cpu;
        System.out.printf(
                Locale.ROOT,
                "%s: %d lists, %d false, %d genuine halves, %d cut by the time limit, best rejected log-odds %.1f, %.1f ms each%n",
                kind,
                count,
                wrong,
                right,
                cut,
                best,
                cpu / 1e6 / count);
    }

    private static SolveRequest request(Fake fake, int depth) {
        SolveRequest request = SolveRequest.blind(fake.stars());
        return depth == 0 ? request : request.withDepth(depth);
    }

    private static boolean isGenuine(Fake fake, Wcs wcs) {
        for (Part part : fake.parts()) {
            double off = wcs.pixelToSky(part.x() + part.dx(), part.y())
                    .separationDeg(part.wcs().pixelToSky(part.x(), part.y()));
            if (off < 0.02 * part.wcs().fieldWidthDeg()) {
                return true;
            }
        }
        return false;
    }

    private static Fake make(String kind, List<NativeList> lists, int i, Random random) {
        NativeList one = lists.get(i % lists.size());
        StarList s = one.stars();
        double w = s.width();
        double h = s.height();
        double[] x = IntStream.range(0, s.size()).mapToDouble(s::x).toArray();
        double[] y = IntStream.range(0, s.size()).mapToDouble(s::y).toArray();
        switch (kind) {
            case "shuffled" -> {
                double[] target = i / lists.size() % 2 == 0 ? x : y;
                List<Double> values = new ArrayList<>();
                for (double v : target) {
                    values.add(v);
                }
                Collections.shuffle(values, random);
                for (int k = 0; k < target.length; k++) {
                    target[k] = values.get(k);
                }
                return new Fake("shuffled " + one.name(), StarList.of(w, h, x, y), List.of());
            }
            case "mirrored" -> {
                boolean vertical = i / lists.size() % 2 == 0;
                for (int k = 0; k < x.length; k++) {
                    if (x[k] > w / 2) {
                        if (vertical) {
                            y[k] = h + 1 - y[k];
                        } else {
                            x[k] = 1.5 * w + 1 - x[k];
                        }
                    }
                }
                return new Fake(
                        "mirrored " + one.name(),
                        StarList.of(w, h, x, y),
                        List.of(new Part(one.wcs(), 0, w / 4, h / 2), new Part(one.wcs(), 0, w * 0.75, h / 2)));
            }
            case "joined" -> {
                NativeList two = lists.get((i + 1 + i / lists.size()) % lists.size());
                StarList t = two.stars();
                List<double[]> all = new ArrayList<>();
                for (int k = 0; k < Math.max(s.size(), t.size()); k++) {
                    if (k < s.size() && s.x(k) <= w / 2) {
                        all.add(new double[] {s.x(k), s.y(k)});
                    }
                    double shifted = k < t.size() ? t.x(k) - t.width() / 2 + w / 2 : -1;
                    if (shifted > w / 2 && shifted < w && t.y(k) < h) {
                        all.add(new double[] {shifted, t.y(k)});
                    }
                }
                return new Fake(
                        "joined " + one.name() + " " + two.name(),
                        StarList.of(
                                w,
                                h,
                                all.stream().mapToDouble(p -> p[0]).toArray(),
                                all.stream().mapToDouble(p -> p[1]).toArray()),
                        List.of(
                                new Part(one.wcs(), 0, w / 4, h / 2),
                                new Part(two.wcs(), w / 2 - t.width() / 2, t.width() * 0.75, t.height() / 2)));
            }
            default -> {
                int n = 20 + random.nextInt(181);
                return new Fake(
                        "random",
                        StarList.of(
                                1600,
                                1200,
                                random.doubles(n, 1, 1600).toArray(),
                                random.doubles(n, 1, 1200).toArray()),
                        List.of());
            }
        }
    }
}
