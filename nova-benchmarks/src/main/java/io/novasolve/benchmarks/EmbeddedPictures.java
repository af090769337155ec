package io.novasolve.benchmarks;

import io.novasolve.core.Nova;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.testkit.TestPicture;
import io.novasolve.testkit.TestPictures;
import io.novasolve.transport.local.EmbeddedTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Real pictures, blind, own extraction, own engine with all installed indexes, default options: who is solved, how far from
 * the truth, how long the engine took.
 *
 * <p>{@code EmbeddedPictures [THREADS [SIP-ORDER [NAME…]]]}
 */
public final class EmbeddedPictures {

    private EmbeddedPictures() {}

    public static void main(String[] args) throws Exception {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : 2;
        int order = args.length > 1 ? Integer.parseInt(args[1]) : SolveOptions.DEFAULT_TWEAK_ORDER;
        List<String> names = args.length > 2 ? Arrays.asList(args).subList(2, args.length) : List.of();
        SolveOptions options = SolveOptions.builder()
                .timeout(Duration.ofSeconds(120))
                .tweakOrder(order)
                .build();
        try (Nova nova = Nova.builder(EmbeddedTransport.with(EngineData.indexes(), threads))
                .jobWorkers(1)
                .defaults(options)
                .start()) {
            report(nova, names);
        }
    }

    private static void report(Nova nova, List<String> names) throws IOException {
        int expected = 0;
        int right = 0;
        double solve = 0;
        for (TestPicture picture : TestPictures.all()) {
            if (!names.isEmpty() && names.stream().noneMatch(picture.file()::startsWith)) {
                continue;
            }
            Job job = nova.submit(picture.path()).result().join().jobs().get(0);
            String verdict = PicturesAgainstNative.verdict(picture, job);
            if (picture.expectation() == TestPicture.Expectation.SOLVE) {
                expected++;
                right += verdict.equals("right") ? 1 : 0;
                solve += job.timings().solve().toNanos() / 1e9;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %8.1f ms %s %s%n",
                    picture.file(),
                    job.timings().solve().toNanos() / 1e6,
                    distance(picture, job),
                    verdict);
        }
        System.out.printf(Locale.ROOT, "%d of %d right, solve time %.2f s%n", right, expected, solve);
    }

    private static String distance(TestPicture picture, Job job) {
        if (picture.truth().isEmpty() || !(job.outcome() instanceof ImageOutcome.Solved solved)) {
            return "";
        }
        TestPicture.Truth truth = picture.truth().get();
        Wcs wcs = solved.calibration().wcs();
        return String.format(
                Locale.ROOT,
                "centre %.2f px, scale %+.2f %%, rotation %+.2f°",
                wcs.centre().separationDeg(truth.centre()) * 3600 / truth.pixelScaleArcsec(),
                100 * (wcs.pixelScaleAtCentreArcsec() / truth.pixelScaleArcsec() - 1),
                Math.IEEEremainder(wcs.orientationAtCentreDeg() - truth.orientationAtCentreDeg(), 360));
    }
}
