package io.novasolve.benchmarks;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.testkit.TestPicture;
import io.novasolve.testkit.TestPictures;
import io.novasolve.transport.local.EmbeddedTransport;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * The real pictures as other hands may have treated them: cropped, turned, mirrored, scaled, blurred, darkened, compressed,
 * full of noise. Their middle stays where it is on the sky, which is what is checked, with the scale; blind, own extraction,
 * own engine with all installed indexes, default options.
 *
 * <p>{@code ChangedPictures [TIMEOUT-SECONDS [NAME…]]}
 */
public final class ChangedPictures {

    private static final long SEED = 20261128;
    private static final long MAX_DOUBLED = 4_000_000;

    /** What is done to a picture, and by how much that changes the arcseconds of a pixel. */
    private enum Change {
        CROPPED_TO_60_PERCENT(1),
        HALF_THE_SIZE(2),
        TWICE_THE_SIZE(0.5),
        TURNED_BY_33_DEGREES(1),
        MIRRORED(1),
        JPEG_OF_QUALITY_20(1),
        NOISE_OF_24_LEVELS(1),
        DARKENED_TO_35_PERCENT(1),
        GAMMA_0_4(1),
        BLURRED_BY_2_PIXELS(1);

        final double scale;

        Change(double scale) {
            this.scale = scale;
        }
    }

    private ChangedPictures() {}

    public static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        List<String> names = args.length > 1 ? Arrays.asList(args).subList(1, args.length) : List.of();
        SolveOptions options =
                SolveOptions.builder().timeout(Duration.ofSeconds(seconds)).build();
        try (Nova nova = Nova.builder(EmbeddedTransport.with(EngineData.indexes(), 2))
                .jobWorkers(1)
                .defaults(options)
                .start()) {
            Map<Change, Map<String, Integer>> counts = new EnumMap<>(Change.class);
            for (TestPicture picture : TestPictures.solvable()) {
                if (names.isEmpty() || names.stream().anyMatch(picture.file()::startsWith)) {
                    report(nova, picture, counts);
                }
            }
            counts.forEach((change, verdicts) -> System.out.println(change + "\t" + verdicts));
        }
    }

    private static void report(Nova nova, TestPicture picture, Map<Change, Map<String, Integer>> counts)
            throws IOException {
        BufferedImage image = rgb(new PictureReader().readImage(picture.path()));
        for (Change change : Change.values()) {
            if (change == Change.TWICE_THE_SIZE && (long) image.getWidth() * image.getHeight() > MAX_DOUBLED) {
                continue;
            }
            byte[] changed = changed(image, change);
            Job job = nova.submit(SubmissionRequest.of(changed, picture.file() + "-" + change))
                    .result()
                    .join()
                    .jobs()
                    .get(0);
            String verdict = verdict(picture.truth().orElseThrow(), change, job);
            counts.computeIfAbsent(change, c -> new TreeMap<>()).merge(verdict, 1, Integer::sum);
            System.out.printf(
                    Locale.ROOT,
                    "%s\t%s\t%s\t%.1f s%n",
                    picture.file(),
                    change,
                    verdict,
                    job.timings().total().toNanos() / 1e9);
        }
    }

    private static String verdict(TestPicture.Truth truth, Change change, Job job) {
        if (!(job.outcome() instanceof ImageOutcome.Solved solved)) {
            return "unsolved";
        }
        Wcs wcs = solved.calibration().wcs();
        double scale = truth.pixelScaleArcsec() * change.scale;
        // Half a pixel more than between two extractions of one picture, for the middle of odd sizes.
        double slack = truth.fieldWidthDeg() > 12 ? 2 : 1;
        boolean near = wcs.centre().separationDeg(truth.centre()) <= slack * Math.max(1.5 * scale / 3600, 0.01);
        boolean sameScale = Math.abs(wcs.pixelScaleAtCentreArcsec() / scale - 1) <= slack * 0.0075;
        return near && sameScale ? "right" : "elsewhere";
    }

    private static BufferedImage rgb(BufferedImage image) {
        BufferedImage rgb = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        rgb.createGraphics().drawImage(image, 0, 0, null);
        return rgb;
    }

    private static byte[] changed(BufferedImage image, Change change) throws IOException {
        int w = image.getWidth();
        int h = image.getHeight();
        return switch (change) {
            case CROPPED_TO_60_PERCENT -> {
                int x = w / 5;
                int y = h / 5;
                yield png(image.getSubimage(x, y, w - 2 * x, h - 2 * y));
            }
            case HALF_THE_SIZE -> png(drawn(image, w / 2, h / 2, AffineTransform.getScaleInstance(0.5, 0.5)));
            case TWICE_THE_SIZE -> png(drawn(image, 2 * w, 2 * h, AffineTransform.getScaleInstance(2, 2)));
            case TURNED_BY_33_DEGREES ->
                png(drawn(image, w, h, AffineTransform.getRotateInstance(Math.toRadians(33), w / 2.0, h / 2.0)));
            case MIRRORED -> png(drawn(image, w, h, new AffineTransform(-1, 0, 0, 1, w, 0)));
            case JPEG_OF_QUALITY_20 -> jpeg(image, 0.2f);
            case NOISE_OF_24_LEVELS -> {
                Random random = new Random(SEED);
                yield png(mapped(image, v -> v + (int) Math.round(24 * random.nextGaussian())));
            }
            case DARKENED_TO_35_PERCENT -> png(mapped(image, v -> (int) (0.35 * v)));
            case GAMMA_0_4 -> png(mapped(image, v -> (int) (255 * Math.pow(v / 255.0, 0.4))));
            case BLURRED_BY_2_PIXELS -> png(blurred(image));
        };
    }

    private static BufferedImage drawn(BufferedImage image, int w, int h, AffineTransform transform) {
        BufferedImage drawn = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = drawn.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.drawImage(image, transform, null);
        g.dispose();
        return drawn;
    }

    private static BufferedImage mapped(BufferedImage image, IntUnaryOperator level) {
        BufferedImage mapped = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                int changed = 0;
                for (int shift = 0; shift < 24; shift += 8) {
                    int value = level.applyAsInt(rgb >> shift & 0xFF);
                    changed |= Math.max(0, Math.min(255, value)) << shift;
                }
                mapped.setRGB(x, y, changed);
            }
        }
        return mapped;
    }

    private static BufferedImage blurred(BufferedImage image) {
        int radius = 6;
        float[] row = new float[2 * radius + 1];
        double sum = 0;
        for (int i = -radius; i <= radius; i++) {
            row[i + radius] = (float) Math.exp(-i * i / 8.0);
            sum += row[i + radius];
        }
        for (int i = 0; i < row.length; i++) {
            row[i] /= (float) sum;
        }
        BufferedImage across = new ConvolveOp(new Kernel(row.length, 1, row)).filter(image, null);
        return new ConvolveOp(new Kernel(1, row.length, row)).filter(across, null);
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private static byte[] jpeg(BufferedImage image, float quality) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
