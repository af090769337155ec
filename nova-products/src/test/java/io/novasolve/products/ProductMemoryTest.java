package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stars and products of a picture of 24 megapixels in a heap of 3 · width · height · 4 bytes + 64 MiB. */
@Tag("once")
class ProductMemoryTest {

    private static final int WIDTH = 6000;
    private static final int HEIGHT = 4000;
    private static final long HEAP_MIB = (3L * WIDTH * HEIGHT * 4 >> 20) + 64;

    @TempDir
    Path folder;

    @Test
    void ofAPhotograph() throws Exception {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = image.createGraphics();
        g.setPaint(new GradientPaint(0, 0, Color.BLACK, WIDTH, HEIGHT, new Color(80, 60, 90)));
        g.fillRect(0, 0, WIDTH, HEIGHT);
        g.dispose();
        Path photograph = folder.resolve("a photograph.jpg");
        ImageIO.write(image, "jpeg", photograph.toFile());

        assertThat(probe(photograph)).contains("all made");
    }

    /** The file alone is as large as all of the heap but 64 MiB. */
    @Test
    void ofThreePlanesOfFloats() throws Exception {
        Path frame = folder.resolve("frame.fits");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(frame), 1 << 16)) {
            String[] cards = {
                "SIMPLE  =                    T",
                "BITPIX  =                  -32",
                "NAXIS   =                    3",
                "NAXIS1  =                 6000",
                "NAXIS2  =                 4000",
                "NAXIS3  =                    3",
                "END"
            };
            StringBuilder header = new StringBuilder();
            for (String card : cards) {
                header.append(card).append(" ".repeat(80 - card.length()));
            }
            out.write((header + " ".repeat(2880 - header.length())).getBytes(StandardCharsets.US_ASCII));
            ByteBuffer row = ByteBuffer.allocate(4 * WIDTH);
            for (int y = 0; y < 3 * HEIGHT; y++) {
                row.putFloat(4 * (y % WIDTH), y % 256);
                out.write(row.array());
            }
        }

        assertThat(probe(frame)).contains("all made");
    }

    private static String probe(Path picture) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MIB + "m",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryProbe.class.getName(),
                picture.toString(),
                "" + WIDTH,
                "" + HEIGHT);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).as(output).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            System.out.println(output.strip());
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
