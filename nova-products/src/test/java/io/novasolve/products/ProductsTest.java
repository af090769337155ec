package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.solution.SolvedImage;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.stars.StarListFile;
import io.novasolve.sky.stars.StarListReader;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        if (suffix.endsWith(".fits") || suffix.equals(".wcs") || suffix.equals(".axy")) {
            assertThat(beginning).startsWith("SIMPLE  =");
        } else if (product == Product.OVERLAY) {
            assertThat(ImageIO.read(new ByteArrayInputStream(file))
                            .getColorModel()
                            .hasAlpha())
                    .isTrue();
        } else if (product == Product.KML) {
            assertThat(new String(file, StandardCharsets.UTF_8)).contains("<href>orion.overlay.png</href>");
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

    @Test
    void ofASolvedImageTheBytesAreReadWhenTheyAreNeeded() throws IOException {
        Solution solution = Fields.solution(Fields.wcs(84, 0, 20, 0, 500, 400), CATALOGUE);
        AtomicInteger reads = new AtomicInteger();
        byte[] picture = png(new BufferedImage(500, 400, BufferedImage.TYPE_INT_RGB));
        Products products = Products.of(
                new SolvedImage(
                        "orion.png",
                        () -> {
                            reads.incrementAndGet();
                            return picture;
                        },
                        Fields.stars(solution),
                        solution),
                CATALOGUE);

        assertThat(products.tags()).contains("M 42");
        assertThat(products.wcsFits()).isNotEmpty();
        assertThat(reads).hasValue(0);
        assertThat(products.annotated().getWidth()).isEqualTo(1000);
        products.thumbnail();
        assertThat(reads).hasValue(1);
        products.newFits(OutputStream.nullOutputStream());
        assertThat(reads).hasValue(2);
    }

    @Test
    void theBytesOfAStarListAreKnownAsSuch() throws IOException {
        Solution solution = Fields.solution(Fields.wcs(84, 0, 20, 0, 500, 400), CATALOGUE);
        StarList stars = Fields.stars(solution);

        Products products = Products.of(StarListFile.write(stars), "list.axy", solution, stars, CATALOGUE);

        assertThat(products.hasPicture()).isFalse();
        assertThat(new Color(products.display(500).getRGB(0, 0))).isEqualTo(Color.BLACK);
    }

    @Test
    void theStarListIsAFileThatIsReadAgain() throws IOException {
        Products products = orion(400, 300, Color.BLACK);

        StarList read = new StarListReader().read(products.axyFits(), "orion.axy", 0, 0);

        assertThat(read.width()).isEqualTo(400);
        assertThat(read.height()).isEqualTo(300);
        assertThat(read.size()).isEqualTo(30);
        StarList stars = Fields.stars(Fields.solution(Fields.wcs(84, 0, 40, 0, 400, 300), CATALOGUE));
        for (int i = 0; i < 30; i++) {
            assertThat(read.x(i)).isEqualTo(stars.x(i));
            assertThat(read.y(i)).isEqualTo(stars.y(i));
        }
    }

    @Test
    void aDocumentFindsItsImageInItsFolder(@TempDir Path folder) throws IOException {
        Products products = orion(200, 150, Color.BLACK);

        Path kml = products.write(Product.KML, folder, "Orion ö #1");
        Path overlay = products.write(Product.OVERLAY, folder, "Orion ö #1");

        Matcher href = Pattern.compile("<href>(.*)</href>").matcher(Files.readString(kml));
        assertThat(href.find()).isTrue();
        assertThat(Path.of(kml.toUri().resolve(href.group(1)))).isEqualTo(overlay);
        assertThat(overlay).isNotEmptyFile();
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
            new Annotation(ObjectsInField.of(CATALOGUE, wcs)).draw(canvas);

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

    /** Letters have both a light core and a dark rim or plate, so whatever is behind, one of them stands out. */
    @ParameterizedTest
    @CsvSource({"0x000000", "0x7f7f7f", "0xffffff"})
    void namesReadOnAnySky(String sky) {
        Wcs wcs = Fields.wcs(84, 0, 40, 0, 1200, 900);
        try (Canvas canvas = Canvas.over(plain(1200, 900, Color.decode(sky)))) {
            new Annotation(ObjectsInField.of(CATALOGUE, wcs)).draw(canvas);

            assertThat(canvas.labels()).hasSizeGreaterThan(20);
            for (Rectangle2D label : canvas.labels()) {
                int light = 0;
                int dark = 0;
                for (int y = (int) label.getMinY(); y < label.getMaxY(); y++) {
                    for (int x = (int) label.getMinX(); x < label.getMaxX(); x++) {
                        int green = new Color(canvas.image()
                                        .getRGB(Math.max(0, Math.min(1199, x)), Math.max(0, Math.min(899, y))))
                                .getGreen();
                        light += green > 165 ? 1 : 0;
                        dark += green < 90 ? 1 : 0;
                    }
                }
                double area = label.getWidth() * label.getHeight();
                assertThat(light / area).as("light in %s", label).isGreaterThan(0.03);
                assertThat(dark / area).as("dark in %s", label).isGreaterThan(0.08);
            }
        }
    }

    @Test
    void marksAreAroundTheirStars() throws IOException {
        Products products = orion(1200, 900, Color.BLACK);
        Solution solution = Fields.solution(Fields.wcs(84, 0, 40, 0, 1200, 900), CATALOGUE);
        double radius = 900 / 110.0;
        BufferedImage sources = products.sources();
        BufferedImage redGreen = products.redGreen();
        BufferedImage annotated = products.annotated();
        List<MatchedStar> alone = alone(solution);

        assertThat(alone).hasSizeGreaterThan(5);
        int arms = 0;
        for (MatchedStar star : alone) {
            assertThat(ring(sources, star.field(), 1.05 * radius, ProductsTest::isYellow))
                    .isGreaterThan(0.9);
            assertThat(ring(sources, star.field(), 0.3 * radius, ProductsTest::isYellow))
                    .isZero();
            assertThat(ring(redGreen, star.field(), radius, ProductsTest::isRed))
                    .isGreaterThan(0.9);
            assertThat(ring(redGreen, star.index(), 1.5 * radius, ProductsTest::isGreen))
                    .isGreaterThan(0.9);
            assertThat(ring(redGreen, star.index(), 0.3 * radius, ProductsTest::isRed))
                    .isZero();
            arms += (int) IntStream.range(0, 4)
                    .mapToDouble(turn -> turn * Math.PI / 2)
                    .filter(turn -> isNear(
                            annotated,
                            star.index().x() + 1.1 * radius * Math.cos(turn),
                            star.index().y() + 1.1 * radius * Math.sin(turn),
                            ProductsTest::isYellow))
                    .count();
        }
        // A label may cover an arm of a cross.
        assertThat(arms).isGreaterThan(4 * alone.size() * 3 / 4);
        FieldObject nebula = products.objects().deepSky().stream()
                .filter(o -> o.object().isIn("M") && o.object().name().equals("M 42"))
                .findFirst()
                .orElseThrow();
        assertThat(ring(annotated, nebula.pixel(), nebula.diameterPx() / 2, ProductsTest::isTurquoise))
                .isGreaterThan(0.7);
    }

    @Test
    void lettersAndMarksAreNotWhereNothingIs() throws IOException {
        Products products = orion(1200, 900, Color.BLACK);
        Solution solution = Fields.solution(Fields.wcs(84, 0, 40, 0, 1200, 900), CATALOGUE);
        int yellow = 0;
        BufferedImage sources = products.sources();
        for (int y = 200; y < 700; y++) {
            for (int x = 200; x < 1000; x++) {
                PixelPosition here = new PixelPosition(x + 1, y + 1);
                boolean near = solution.matchedStars().stream()
                        .anyMatch(s ->
                                Math.hypot(s.field().x() - here.x(), s.field().y() - here.y()) < 14);
                yellow += !near && isYellow(new Color(sources.getRGB(x, y))) ? 1 : 0;
            }
        }
        assertThat(yellow).isZero();
    }

    /** Matched stars far enough from the edges and from all others. */
    private static List<MatchedStar> alone(Solution solution) {
        return solution.matchedStars().stream()
                .filter(s -> s.field().x() > 150
                        && s.field().x() < 1050
                        && s.field().y() > 150
                        && s.field().y() < 750)
                .filter(s -> solution.referenceStars().stream()
                        .map(r -> solution.wcs().skyToPixel(r.position()).orElseThrow())
                        .allMatch(p -> {
                            double apart = Math.hypot(
                                    p.x() - s.index().x(), p.y() - s.index().y());
                            return apart < 0.01 || apart > 32;
                        }))
                .toList();
    }

    /** The part of a circle that has a colour. */
    private static double ring(BufferedImage image, PixelPosition middle, double radius, Predicate<Color> colour) {
        int marked = 0;
        for (int i = 0; i < 48; i++) {
            double angle = Math.PI * i / 24;
            double x = middle.x() + radius * Math.cos(angle);
            double y = middle.y() + radius * Math.sin(angle);
            marked += isNear(image, x, y, colour) ? 1 : 0;
        }
        return marked / 48.0;
    }

    /** Whether one of the pixels around a position of FITS has a colour. */
    private static boolean isNear(BufferedImage image, double x, double y, Predicate<Color> colour) {
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                int column = (int) Math.round(x) - 1 + dx;
                int row = (int) Math.round(y) - 1 + dy;
                if (column >= 0
                        && row >= 0
                        && column < image.getWidth()
                        && row < image.getHeight()
                        && colour.test(new Color(image.getRGB(column, row)))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isYellow(Color c) {
        return c.getRed() > 110 && c.getGreen() > 0.65 * c.getRed() && c.getBlue() < 0.75 * c.getRed();
    }

    private static boolean isRed(Color c) {
        return c.getRed() > 100 && c.getGreen() < 0.5 * c.getRed();
    }

    private static boolean isGreen(Color c) {
        return c.getGreen() > 100 && c.getRed() < 0.5 * c.getGreen();
    }

    private static boolean isTurquoise(Color c) {
        return c.getGreen() > 100 && c.getRed() < 0.7 * c.getGreen() && c.getBlue() > 0.6 * c.getGreen();
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
        Solution solution = Fields.solution(Fields.wcs(84, 0, 40, 0, width, height), CATALOGUE);
        StarList stars = Fields.stars(solution);
        return Products.of(png(plain(width, height, sky)), "orion.png", solution, stars, CATALOGUE);
    }

    private static BufferedImage plain(int width, int height, Color sky) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setColor(sky);
        g.fillRect(0, 0, width, height);
        g.dispose();
        return picture;
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
