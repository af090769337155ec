package io.novasolve.engine;

import io.novasolve.engine.SolveResult.Solved;
import io.novasolve.engine.SyntheticFields.Recipe;
import io.novasolve.engine.SyntheticFields.SyntheticField;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Success on synthetic fields by width. Arguments: fields per row, seed, depth. */
final class SyntheticReport {

    private static final double[] WIDTHS = {1, 2, 4, 8, 15, 30, 45, 60, 80, 100, 120};

    private SyntheticReport() {}

    public static void main(String[] args) throws IOException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
        int depth = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        String out = args.length > 3 ? args[3] : "";
        var library = NativeLists.indexes().orElseThrow();
        PlateSolver solver = PlateSolver.of(library);
        for (double width : WIDTHS) {
            int solved = 0;
            int wrong = 0;
            List<Double> errors = new ArrayList<>();
            List<Double> times = new ArrayList<>();
            StringBuilder misses = new StringBuilder();
            for (int i = 0; i < count; i++) {
                Random random = new Random(seed * 1_000_003 + i * 7919L + Math.round(width * 100));
                Recipe recipe = new Recipe(
                        width,
                        0.3 + 1.2 * random.nextDouble(),
                        0.2 * random.nextDouble(),
                        0.2 + 0.3 * random.nextDouble(),
                        i % 2 == 0 ? 0 : 0.01 * random.nextDouble(),
                        150);
                SyntheticField field = SyntheticFields.make(library, recipe, SyntheticFields.anywhere(random), random);
                if (!out.isEmpty()) {
                    SyntheticFiles.write(
                            java.nio.file.Path.of(out, String.format(Locale.ROOT, "w%03.0f-%02d", width, i)), field);
                }
                long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                SolveResult result = solver.solve(
                        SolveRequest.blind(field.stars()).withDepth(depth),
                        SearchControl.within(System::nanoTime, 20_000_000_000L));
                times.add((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e6);
                double pixel = 3600 * Math.toDegrees(2 * Math.tan(Math.toRadians(width) / 2) / SyntheticFields.WIDTH);
                if (result instanceof Solved s) {
                    double error = s.solution().wcs().centre().separationDeg(field.centre()) * 3600 / pixel;
                    if (error < 0.01 * SyntheticFields.WIDTH) {
                        solved++;
                        errors.add(error);
                    } else {
                        wrong++;
                        misses.append(" WRONG:")
                                .append(i)
                                .append(' ')
                                .append(s.solution().match());
                    }
                } else {
                    misses.append(' ')
                            .append(i)
                            .append(String.format(
                                    Locale.ROOT,
                                    "(n%.1f b%.2f%% %s)",
                                    recipe.noisePx(),
                                    100 * recipe.barrel(),
                                    field.stars().size()));
                }
            }
            double[] e = errors.stream().mapToDouble(d -> d).sorted().toArray();
            double[] t = times.stream().mapToDouble(d -> d).sorted().toArray();
            System.out.printf(
                    Locale.ROOT,
                    "width %5.0f°: solved %d of %d, wrong %d, centre error median %.2f max %.2f px, time median %.1f max %.0f ms; missed%s%n",
                    width,
                    solved,
                    count,
                    wrong,
                    e.length == 0 ? Double.NaN : e[e.length / 2],
                    e.length == 0 ? Double.NaN : Arrays.stream(e).max().getAsDouble(),
                    t[t.length / 2],
                    t[t.length - 1],
                    misses);
        }
    }
}
