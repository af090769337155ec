package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProductsTest {

    private static final SkyCatalogue CATALOGUE = SkyCatalogue.bundled();

    @ParameterizedTest
    @EnumSource(Product.class)
    void eachProductIsAFile(Product product) throws IOException {
        byte[] file = write(orion(800, 600, Color.BLACK), product);

        String beginning = new String(file, 0, Math.min(20, file.length), StandardCharsets.ISO_8859_1);
        String suffix = product.suffix();
        if (suffix.endsWith(".fits") || suffix.equals(".wcs")) {
            assertThat(beginning).startsWith("SIMPLE  =");
        } else if (suffix.endsWith(".jpg") || suffix.endsWith(".png")) {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
            int longest = product == Product.DISPLAY ? 640 : product == Product.THUMBNAIL ? 256 : 800;
            assertThat(image.getWidth()).isEqualTo(longest);
            assertThat(image.getHeight()).isEqualTo(longest * 3 / 4);
        } else if (product == Product.KMZ) {
            assertThat(beginning).startsWith("PK");
        } else {
            assertThat(new String(file, StandardCharsets.UTF_8)).contains("Orion");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Product.class, names = "NEW_FITS", mode = EnumSource.Mode.EXCLUDE)
    void aStarListHasAllButThePictureAsFits(Product product) throws IOException {
        Solution solution = Fields.solution(Fields.wcs(84, 0, 20, 0, 500, 400), CATALOGUE);

        Products products = Products.of("list", solution, Fields.stars(solution), CATALOGUE);

        assertThat(write(products, product)).isNotEmpty();
    }

    @Test
    void aStarListCannotBeWrittenAsAPicture() {
        Solution solution = Fields.solution(Fields.wcs(84, 0, 20, 0, 500, 400), CATALOGUE);
        Products products = Products.of("my list", solution, Fields.stars(solution), CATALOGUE);

        assertThatThrownBy(() -> products.newFits(new ByteArrayOutputStream()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("my list");
    }

    @Test
    void theFilesOfASolutionAreRead() throws IOException {
        Products products = orion(400, 300, Color.BLACK);

        Solution read = SolutionFiles.read(Map.of(
                        SolutionFiles.WCS, products.wcsFits(),
                        SolutionFiles.CORR, products.corrFits(),
                        SolutionFiles.RDLS, products.rdlsFits()))
                .orElseThrow();

        assertThat(read.matchedStars()).hasSize(30);
        assertThat(WcsFile.read(write(products, Product.NEW_FITS), "new")).isEqualTo(read.wcs());
    }

    @ParameterizedTest
    @CsvSource({
        "84, 0, 50, 1600, 1200",
        "84, 0, 20, 300, 200",
        "266, -29, 60, 500, 2000",
        "186, 12, 14, 640, 480",
        "0, 90, 30, 700, 700",
        "250.4, 36.5, 0.5, 900, 600",
        "84, 0, 100, 2400, 150"
    })
    void labelsDoNotCollideAndStayOnThePicture(double ra, double dec, double widthDeg, int width, int height) {
        Wcs wcs = Fields.wcs(ra, dec, widthDeg, 15, width, height);
        try (Canvas canvas = Canvas.over(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY))) {
            new Annotation(CATALOGUE, ObjectsInField.of(CATALOGUE, wcs)).draw(canvas);

            List<Rectangle2D> labels = canvas.labels();
            assertThat(labels).hasSizeGreaterThan(3);
            // A label at the edge may lie beyond it by the rounding of a sum.
            double rounding = 1e-6;
            Rectangle2D all = new Rectangle2D.Double(
                    -rounding,
                    -rounding,
                    canvas.image().getWidth() + 2 * rounding,
                    canvas.image().getHeight() + 2 * rounding);
            for (int i = 0; i < labels.size(); i++) {
                assertThat(all.contains(labels.get(i)))
                        .as("label %s on %s", labels.get(i), all)
                        .isTrue();
                for (int j = 0; j < i; j++) {
                    assertThat(labels.get(i).intersects(labels.get(j))).isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 500", "700, 2", "33, 20"})
    void tinyPicturesAreDrawnOnToo(int width, int height) throws IOException {
        Solution solution = Fields.solution(Fields.wcs(84, 0, 20, 0, width, height), CATALOGUE);
        Products products = Products.of(
                png(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB)),
                "tiny.png",
                solution,
                Fields.stars(solution),
                CATALOGUE);

        for (Product product : Product.values()) {
            assertThat(write(products, product)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"0x000000", "0x7f7f7f", "0xffffff"})
    void namesReadOnAnySky(String sky) throws IOException {
        Color background = Color.decode(sky);
        BufferedImage image = orion(1200, 900, background).annotated();

        // Letters have both a light core and a dark rim or plate, so whatever is behind, one of them stands out.
        int light = 0;
        int dark = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int green = image.getRGB(x, y) >> 8 & 0xff;
                light += green > 200 ? 1 : 0;
                dark += green < 90 ? 1 : 0;
            }
        }
        assertThat(light).isGreaterThan(1000);
        assertThat(dark).isGreaterThan(1000);
    }

    @Test
    void aThumbnailIsTheMeanOfThePixels() throws IOException {
        BufferedImage picture = new BufferedImage(1024, 512, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 512; y++) {
            for (int x = 0; x < 1024; x++) {
                picture.getRaster().setSample(x, y, 0, (x + y) % 2 * 200);
            }
        }
        Solution solution = Fields.solution(Fields.wcs(84, 0, 20, 0, 1024, 512), CATALOGUE);

        BufferedImage thumbnail = Products.of(png(picture), "p.png", solution, Fields.stars(solution), CATALOGUE)
                .thumbnail();

        assertThat(thumbnail.getWidth()).isEqualTo(256);
        assertThat(thumbnail.getHeight()).isEqualTo(128);
        assertThat(thumbnail.getRGB(100, 50)).isEqualTo(thumbnail.getRGB(0, 0)).isEqualTo(thumbnail.getRGB(255, 127));
    }

    @Test
    void aSmallPictureIsItsOwnThumbnail() throws IOException {
        Products products = orion(200, 150, Color.GRAY);

        assertThat(products.thumbnail().getWidth()).isEqualTo(200);
        assertThat(products.display(Products.DISPLAY_PX).getWidth()).isEqualTo(200);
    }

    @Test
    void aPictureCanBeAnnotatedInDisplaySize() throws IOException {
        BufferedImage image = orion(2000, 1500, Color.BLACK).annotated(1000);

        assertThat(image.getWidth()).isEqualTo(1000);
    }

    private static Products orion(int width, int height, Color sky) throws IOException {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setColor(sky);
        g.fillRect(0, 0, width, height);
        g.dispose();
        Solution solution = Fields.solution(Fields.wcs(84, 0, 40, 0, width, height), CATALOGUE);
        StarList stars = Fields.stars(solution);
        return Products.of(png(picture), "orion.png", solution, stars, CATALOGUE);
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private static byte[] write(Products products, Product product) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        products.write(product, out);
        return out.toByteArray();
    }
}
