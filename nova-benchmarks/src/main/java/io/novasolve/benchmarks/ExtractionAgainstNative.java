package io.novasolve.benchmarks;

import io.novasolve.sky.extract.ExtractionSettings;
import io.novasolve.sky.extract.SourceExtractor;
import io.novasolve.sky.picture.Picture;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.testkit.TestPicture;
import io.novasolve.testkit.TestPictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Source extraction from decoded pixels, warm, on all cores, against {@code image2xy} without options on the same frame as
 * FITS; the time to decode is reported apart.
 *
 * <p>{@code ExtractionAgainstNative [PICTURE…]}: the pictures with known answers if none is given.
 */
public final class ExtractionAgainstNative {

    private static final int WARM_UP = 15;
    private static final int RUNS = 7;
    private static final int NATIVE_RUNS = 3;

    private ExtractionAgainstNative() {}

    public static void main(String[] args) throws Exception {
        List<Path> files = new ArrayList<>();
        for (String arg : args) {
            files.add(Path.of(arg));
        }
        if (files.isEmpty()) {
            for (TestPicture picture : TestPictures.all()) {
                files.add(picture.path());
            }
        }
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService executor = Executors.newFixedThreadPool(cores);
        try {
            compare(files, new SourceExtractor(executor, cores));
        } finally {
            executor.shutdown();
        }
    }

    private static void compare(List<Path> files, SourceExtractor extractor) throws Exception {
        Path scratch = Files.createTempDirectory("nova-extraction-");
        List<Double> ratios = new ArrayList<>();
        List<Double> largeRatios = new ArrayList<>();
        System.out.println("picture\tmegapixels\tdecode_ms\textract_ms\timage2xy_ms\tratio");
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            String name = String.valueOf(file.getFileName());
            PictureReader reader = new PictureReader();
            double decode = median(3, () -> reader.read(bytes, name));
            Picture picture = reader.read(bytes, name);
            for (int i = 0; i < WARM_UP; i++) {
                extractor.extract(picture, ExtractionSettings.standard());
            }
            double extract = median(RUNS, () -> extractor.extract(picture, ExtractionSettings.standard()));
            Path fits = scratch.resolve("frame.fits");
            NativeTools.writeFits(picture, bitpix(picture), fits);
            List<Double> times = new ArrayList<>();
            for (int i = 0; i < NATIVE_RUNS; i++) {
                times.add(NativeTools.run(
                        scratch,
                        List.of(
                                "image2xy",
                                "-O",
                                "-o",
                                scratch.resolve("out.xyls").toString(),
                                fits.toString())));
            }
            double image2xy = Medians.median(times);
            double megapixels = (double) picture.width() * picture.height() / 1e6;
            ratios.add(extract / image2xy);
            if (megapixels >= 9) {
                largeRatios.add(extract / image2xy);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s\t%.2f\t%.1f\t%.2f\t%.0f\t%.4f%n",
                    name,
                    megapixels,
                    decode,
                    extract,
                    image2xy,
                    extract / image2xy);
        }
        System.out.printf(
                Locale.ROOT,
                "median ratio %.4f; of 9 megapixels and more %.4f%n",
                Medians.median(ratios),
                Medians.median(largeRatios));
    }

    /** Brightness that fits into bytes is written as bytes, as the native tools would. */
    static int bitpix(Picture picture) {
        float[] row = new float[picture.width()];
        float highest = 0;
        boolean whole = true;
        for (int y = 0; y < picture.height(); y += 7) {
            picture.readRow(y, row);
            for (float v : row) {
                highest = Math.max(highest, v);
                whole &= v >= 0;
            }
        }
        return whole && highest <= 255 ? 8 : -32;
    }

    private interface Work {
        Object run() throws Exception;
    }

    /** The median wall time in milliseconds. */
    private static double median(int runs, Work work) throws Exception {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            long begin = System.nanoTime();
            Object result = work.run();
            times.add((System.nanoTime() - begin) / 1e6);
            if (result == null) {
                throw new IllegalStateException("no result");
            }
        }
        return Medians.median(times);
    }
}
