package io.novasolve.benchmarks;

import io.novasolve.engine.index.Index;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;

/**
 * Draws a picture of the sky as a camera would take it, from the star positions and magnitudes of an index: the picture
 * that ships with the project, made of catalogue data alone.
 */
public final class SkyRenderer {

    /** Standard deviation of a star's image in pixels. */
    private static final double PSF_SIGMA = 1.15;

    /** Grey levels of the peak of a star of magnitude 6. */
    private static final double PEAK_MAG_6 = 300;

    private static final double FAINTEST = 10.5;

    private SkyRenderer() {}

    /**
     * Renders.
     *
     * @param index whose stars to draw; it must carry magnitudes
     * @param wcs where the camera points; its size is the picture's
     * @param seed of the noise
     */
    public static BufferedImage render(Index index, Wcs wcs, long seed) {
        int width = (int) wcs.width();
        int height = (int) wcs.height();
        float[] light = new float[width * height];
        SkyPosition centre = wcs.centre();
        double reach = wcs.radiusDeg() + 0.2;
        for (int star = 0; star < index.starCount(); star++) {
            SkyPosition sky = index.starPosition(star);
            double magnitude = index.magnitude(star);
            if (magnitude < FAINTEST && sky.separationDeg(centre) < reach) {
                wcs.skyToPixel(sky).ifPresent(p -> add(light, width, height, p, peak(magnitude)));
            }
        }
        return expose(light, width, height, new Random(seed));
    }

    private static double peak(double magnitude) {
        return PEAK_MAG_6 * Math.pow(10, -0.4 * (magnitude - 6));
    }

    private static void add(float[] light, int width, int height, PixelPosition p, double peak) {
        // Bright stars are wide: their wings stand out until they fall under the noise.
        int r = (int) Math.ceil(PSF_SIGMA * Math.sqrt(2 * Math.log(Math.max(2, peak / 0.3)))) + 2;
        int cx = (int) Math.round(p.x()) - 1;
        int cy = (int) Math.round(p.y()) - 1;
        for (int y = Math.max(0, cy - r); y <= Math.min(height - 1, cy + r); y++) {
            for (int x = Math.max(0, cx - r); x <= Math.min(width - 1, cx + r); x++) {
                double dx = x + 1 - p.x();
                double dy = y + 1 - p.y();
                double d2 = dx * dx + dy * dy;
                light[y * width + x] +=
                        (float) (peak * (Math.exp(-d2 / (2 * PSF_SIGMA * PSF_SIGMA)) + 0.01 / Math.pow(1 + d2 / 9, 2)));
            }
        }
    }

    private static BufferedImage expose(float[] light, int width, int height, Random random) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        byte[] row = new byte[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double sky = 22 + 10.0 * y / height;
                double value = sky + light[y * width + x];
                value += random.nextGaussian() * Math.sqrt(value) * 0.45;
                row[x] = (byte) Math.max(0, Math.min(255, Math.round(value)));
            }
            image.getRaster().setDataElements(0, y, width, 1, row);
        }
        return image;
    }

    /** {@code SkyRenderer INDEX RA DEC WIDTH_DEG ROLL_DEG WIDTH_PX HEIGHT_PX OUT.jpg} */
    public static void main(String[] args) throws Exception {
        Index index = Index.open(Path.of(args[0]));
        double scale = 2
                * Math.toDegrees(Math.tan(Math.toRadians(Double.parseDouble(args[3]) / 2)))
                / Double.parseDouble(args[5]);
        double roll = Math.toRadians(Double.parseDouble(args[4]));
        int width = Integer.parseInt(args[5]);
        int height = Integer.parseInt(args[6]);
        // Row 1 on top, north up, east to the left for no roll.
        Wcs wcs = new Wcs(
                new SkyPosition(Double.parseDouble(args[1]), Double.parseDouble(args[2])),
                new PixelPosition((width + 1) / 2.0, (height + 1) / 2.0),
                -scale * Math.cos(roll),
                scale * Math.sin(roll),
                -scale * Math.sin(roll),
                -scale * Math.cos(roll),
                null,
                width,
                height);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(0.88f);
        try (FileImageOutputStream out =
                new FileImageOutputStream(Path.of(args[7]).toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(render(index, wcs, 1), null, null), param);
        } finally {
            writer.dispose();
        }
    }
}
