package io.novasolve.benchmarks;

import io.novasolve.core.Nova;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.picture.Picture;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.testkit.TestPicture;
import io.novasolve.testkit.TestPicture.Truth;
import io.novasolve.testkit.TestPictures;
import io.novasolve.transport.local.EmbeddedTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the header of a picture costs or brings: the same pictures as FITS files without hints, with right ones, and with three
 * kinds of wrong ones, through the public API and the embedded engine. Wall time of the whole job, decode included, the
 * least of two runs.
 *
 * <p>{@code HeaderHintCost [NAME…]}
 */
public final class HeaderHintCost {

    private static final int RUNS = 2;

    /** A pixel of so many micrometres, where the cards speak of a focal length. */
    private static final double PIXEL_UM = 4;

    private HeaderHintCost() {}

    public static void main(String[] args) throws Exception {
        SolveOptions options =
                SolveOptions.builder().timeout(Duration.ofSeconds(120)).build();
        Path scratch = Files.createTempDirectory("nova-hints");
        Map<String, List<Double>> ratios = new LinkedHashMap<>();
        int lost = 0;
        try (Nova nova = Nova.builder(EmbeddedTransport.with(EngineData.indexes(), 1))
                .jobWorkers(1)
                .defaults(options)
                .reuseSolutions(false)
                .start()) {
            for (TestPicture picture : TestPictures.all()) {
                boolean wanted = args.length == 0 || Arrays.asList(args).contains(picture.file());
                if (wanted && picture.expectation() == TestPicture.Expectation.SOLVE) {
                    lost += compare(nova, picture, scratch.resolve("hints.fits"), ratios);
                }
            }
        }
        Files.deleteIfExists(scratch.resolve("hints.fits"));
        Files.delete(scratch);
        ratios.forEach((kind, all) -> System.out.printf(
                Locale.ROOT,
                "%s: median %.2f of the time without, largest %.2f%n",
                kind,
                Medians.median(all),
                all.stream().mapToDouble(d -> d).max().orElse(0)));
        System.out.println(lost + " solutions lost by a hint");
    }

    private static int compare(Nova nova, TestPicture picture, Path file, Map<String, List<Double>> ratios)
            throws IOException {
        Picture pixels = new PictureReader().read(picture.path());
        double without = 0;
        int lost = 0;
        for (Map.Entry<String, String[]> kind :
                headers(picture.truth().orElseThrow()).entrySet()) {
            NativeTools.writeFits(pixels, ExtractionAgainstNative.bitpix(pixels), file, kind.getValue());
            double best = Double.MAX_VALUE;
            String verdict = "";
            for (int run = 0; run < RUNS; run++) {
                long begin = System.nanoTime();
                Job job = nova.submit(file).result().join().jobs().get(0);
                best = Math.min(best, (System.nanoTime() - begin) / 1e6);
                verdict = PicturesAgainstNative.verdict(picture, job);
            }
            boolean plain = kind.getKey().equals("none");
            without = plain ? best : without;
            lost += verdict.equals("right") ? 0 : 1;
            if (!plain) {
                ratios.computeIfAbsent(kind.getKey(), k -> new ArrayList<>()).add(best / without);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %-14s %8.1f ms %5.2f %s%n",
                    picture.file(),
                    kind.getKey(),
                    best,
                    best / without,
                    verdict);
        }
        return lost;
    }

    private static Map<String, String[]> headers(Truth truth) {
        double ra = truth.centre().raDeg();
        double dec = truth.centre().decDeg();
        double scale = truth.pixelScaleArcsec();
        Map<String, String[]> headers = new LinkedHashMap<>();
        headers.put("none", new String[0]);
        headers.put("right", cards(ra, dec, scale));
        headers.put("hours", cards(ra / 15, dec, scale));
        headers.put("other lens", cards(ra, dec, scale / 3));
        headers.put("old WCS", new String[] {
            text("CTYPE1", "'RA---TAN'"), text("CTYPE2", "'DEC--TAN'"),
            number("CRVAL1", (ra + 77) % 360), number("CRVAL2", -dec),
            number("CRPIX1", 1), number("CRPIX2", 1),
            number("CD1_1", -scale / 3600), number("CD1_2", 0),
            number("CD2_1", 0), number("CD2_2", scale / 3600)
        });
        return headers;
    }

    private static String[] cards(double raDeg, double decDeg, double scale) {
        double focal = Math.toDegrees(1) * 3.6 * PIXEL_UM / scale;
        return new String[] {
            number("RA", raDeg), number("DEC", decDeg), number("FOCALLEN", focal), number("XPIXSZ", PIXEL_UM)
        };
    }

    private static String number(String key, double value) {
        return text(key, String.format(Locale.ROOT, "%.10f", value));
    }

    private static String text(String key, String value) {
        return String.format(Locale.ROOT, "%-8s= %20s", key, value);
    }
}
