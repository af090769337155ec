package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.QuadMatch;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldDrawingTest {

    private static final double SCALE_DEG = 0.01;

    @Test
    void circlesAStarWhereItIs() {
        StarList stars = StarList.of(800, 700, new double[] {600}, new double[] {150}, new float[1], new float[1]);
        BufferedImage image = FieldDrawing.draw(sky(800, 700), stars, solution(83, -5, 800, 700));

        // Pixel (600, 150) of FITS is column 599, row 149; the circle is symmetric around it, and empty inside.
        int left = edge(image, 599, 149, -1);
        int right = edge(image, 599, 149, 1);
        assertThat(right).isEqualTo(left).isBetween(4, 12);
        assertThat(isYellow(image.getRGB(599, 149))).isFalse();
        assertThat(isYellow(image.getRGB(599, 149 - left))).isTrue();
        assertThat(isYellow(image.getRGB(599, 149 + left))).isTrue();
    }

    /** Steps from a pixel to the first yellow one, to the left or to the right. */
    private static int edge(BufferedImage image, int x, int y, int step) {
        for (int n = 1; n < 50; n++) {
            if (isYellow(image.getRGB(x + n * step, y))) {
                return n;
            }
        }
        throw new AssertionError("no circle around (" + x + ", " + y + ")");
    }

    private static boolean isYellow(int rgb) {
        Color c = new Color(rgb);
        return c.getRed() > 80 && c.getBlue() < 0.6 * c.getRed();
    }

    @Test
    void drawsOnACopy() {
        BufferedImage picture = sky(640, 620);
        FieldDrawing.draw(picture, noStars(640, 620), solution(83, -5, 640, 620));

        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                assertThat(picture.getRGB(x, y)).isEqualTo(0xff000000);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 4", "300, 200, 3", "640, 620, 1", "4000, 10, 4"})
    void enlargesSmallPicturesForTheirLabels(int width, int height, int zoom) {
        BufferedImage image =
                FieldDrawing.draw(sky(width, height), noStars(width, height), solution(83, -5, width, height));

        assertThat(image.getWidth()).isEqualTo(width * zoom);
        assertThat(image.getHeight()).isEqualTo(height * zoom);
    }

    @ParameterizedTest
    @CsvSource({"83, -5", "0, 0", "359.99, 30", "10, 90", "10, -90", "200, 88", "0, -87.5", "120, 60"})
    void theGridCrossesThePictureInBothDirections(double ra, double dec) {
        Wcs wcs = solution(ra, dec, 800, 700).wcs();

        List<Graticule.Line> visible = new Graticule(wcs)
                .lines().stream().filter(line -> !line.anchors().isEmpty()).toList();

        assertThat(visible).filteredOn(line -> line.label().contains("h")).hasSizeBetween(2, 9);
        assertThat(visible).filteredOn(line -> line.label().contains("°")).hasSizeBetween(2, 9);
        assertThat(visible).extracting(Graticule.Line::label).doesNotHaveDuplicates();
    }

    @Test
    void anchorsLieOnTheirLine() {
        Wcs wcs = solution(0, 0, 800, 700).wcs();

        Graticule.Line equator = new Graticule(wcs)
                .lines().stream()
                        .filter(line -> line.label().equals("+0°"))
                        .findFirst()
                        .orElseThrow();

        assertThat(equator.anchors()).isNotEmpty();
        for (PixelPosition anchor : equator.anchors()) {
            assertThat(wcs.pixelToSky(anchor.x(), anchor.y()).decDeg()).isBetween(-1e-9, 1e-9);
        }
    }

    private static BufferedImage sky(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    private static StarList noStars(int width, int height) {
        return StarList.of(width, height, new double[0], new double[0], new float[0], new float[0]);
    }

    /** North up, east to the left. */
    private static Solution solution(double ra, double dec, int width, int height) {
        Wcs wcs = new Wcs(
                new SkyPosition(ra, dec),
                new PixelPosition((width + 1) / 2.0, (height + 1) / 2.0),
                -SCALE_DEG,
                0,
                0,
                -SCALE_DEG,
                null,
                width,
                height);
        QuadMatch match =
                new QuadMatch("index", 1, 2, List.of(3, 4, 5, 6), List.of(0, 1, 2, 3), 0.1, 20, 5, 4, 3, 12, 9);
        return new Solution(wcs, match, List.of(), List.of());
    }
}
