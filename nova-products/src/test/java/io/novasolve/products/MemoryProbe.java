package io.novasolve.products;

import io.novasolve.core.Nova;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.sky.extract.ExtractionSettings;
import io.novasolve.sky.extract.SourceExtractor;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Finds the stars of a picture, by themselves and in the pipeline, makes every product of it, and says so; run in a JVM whose
 * heap is as small as promised.
 */
public final class MemoryProbe {

    private MemoryProbe() {}

    /** Searches in vain, so that all star lists are made. */
    private static final class InVain implements SolverTransport {
        @Override
        public String name() {
            return "in vain";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) {
            return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "nothing was searched", Map.of());
        }
    }

    /** {@code MemoryProbe PICTURE WIDTH HEIGHT [PRODUCT…]}, all products unless some are named. */
    public static void main(String[] args) throws Exception {
        Path picture = Path.of(args[0]);
        int width = Integer.parseInt(args[1]);
        int height = Integer.parseInt(args[2]);
        StarList found = new SourceExtractor(Runnable::run, 1)
                .extract(new PictureReader().read(picture), ExtractionSettings.standard());
        System.out.println("found " + found.size() + " stars");
        pipeline(picture);
        SkyCatalogue catalogue = SkyCatalogue.bundled();
        Solution solution = Fields.solution(Fields.wcs(84, 0, 40, 10, width, height), catalogue);
        Products products = Products.of(picture, solution, Fields.stars(solution), catalogue);
        Product[] wanted = args.length == 3
                ? Product.values()
                : Arrays.stream(args).skip(3).map(Product::valueOf).toArray(Product[]::new);
        for (Product product : wanted) {
            long start = System.nanoTime();
            try (OutputStream out = OutputStream.nullOutputStream()) {
                products.write(product, out);
            }
            System.out.println("made " + product + " in " + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
        System.out.println("all made with " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
    }

    private static void pipeline(Path picture) throws Exception {
        long start = System.nanoTime();
        try (Nova nova = Nova.with(new InVain())) {
            Job job = nova.submit(picture)
                    .result()
                    .get(3, TimeUnit.MINUTES)
                    .jobs()
                    .get(0);
            if (job.state() != JobState.UNSOLVED) {
                throw new IllegalStateException(job.toString());
            }
        }
        System.out.println("searched in the pipeline in " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
}
