package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class SkyOverlayTest {

    private static final SkyCatalogue CATALOGUE = SkyCatalogue.bundled();

    @ParameterizedTest
    @CsvSource({
        "84, 0, 20, 10",
        "0.1, 30, 8, 200",
        "180, -60, 40, 77",
        "30, 89, 8, 0",
        "30, -89, 8, 120",
        "250, 36, 0.2, 45"
    })
    void everyPixelOfTheOverlayIsThatOfItsPlace(double ra, double dec, double widthDeg, double roll) throws Exception {
        Wcs wcs = Fields.wcs(ra, dec, widthDeg, roll, 300, 200);
        SkyOverlay overlay = new SkyOverlay("a <field> & more", ObjectsInField.of(CATALOGUE, wcs));
        BufferedImage picture = positions(300, 200);
        Document kml = parse(overlay.kml("image.png"));
        double north = number(kml, "north");
        double south = number(kml, "south");
        double east = number(kml, "east");
        double west = number(kml, "west");

        BufferedImage image = overlay.image(picture);

        assertThat(Math.max(image.getWidth(), image.getHeight())).isLessThanOrEqualTo(1600);
        assertThat(north).isGreaterThan(south);
        assertThat(east).isGreaterThan(west);
        assertThat(west).isBetween(-180.0, 180.0);
        int opaque = 0;
        double worst = 0;
        for (int y = 0; y < image.getHeight(); y += 5) {
            for (int x = 0; x < image.getWidth(); x += 5) {
                double lat = north - (north - south) * (y + 0.5) / image.getHeight();
                double lon = west + (east - west) * (x + 0.5) / image.getWidth();
                SkyPosition sky = new SkyPosition((lon + 180) % 360, lat);
                int argb = image.getRGB(x, y);
                if (argb >>> 24 != 0) {
                    opaque++;
                    PixelPosition p = wcs.skyToPixel(sky).orElseThrow();
                    worst = Math.max(worst, Math.abs((argb >> 16 & 0xff) * 2 + 1.5 - p.x()) - 1);
                    worst = Math.max(worst, Math.abs((argb >> 8 & 0xff) + 1 - p.y()));
                }
            }
        }
        assertThat(opaque).isGreaterThan(100);
        // Colours tell the nearest pixel.
        assertThat(worst).isLessThan(0.51);
        for (SkyPosition corner : wcs.corners()) {
            double lon = Math.IEEEremainder(corner.raDeg() - 180 - west, 360);
            assertThat(lon < 0 ? lon + 360 : lon).isLessThanOrEqualTo(east - west);
            assertThat(corner.decDeg()).isBetween(south, north);
        }
    }

    /** Red is half the column, green the row. */
    private static BufferedImage positions(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, x / 2 << 16 | y << 8);
            }
        }
        return image;
    }

    @Test
    void placesAreLongitudesOfTheSky() throws Exception {
        Wcs wcs = Fields.wcs(84, -4, 10, 0, 300, 200);

        Document kml = parse(new SkyOverlay("M 42", ObjectsInField.of(CATALOGUE, wcs)).kml("image.png"));

        assertThat(kml.getDocumentElement().getAttribute("hint")).isEqualTo("target=sky");
        assertThat(kml.getDocumentElement().getNamespaceURI()).isEqualTo("http://www.opengis.net/kml/2.2");
        var places = kml.getElementsByTagName("Placemark");
        boolean found = false;
        for (int i = 0; i < places.getLength(); i++) {
            String text = places.item(i).getTextContent();
            found |= text.startsWith("M 42") && text.contains("-96.177900000,-5.391100000,0");
        }
        assertThat(found).isTrue();
    }

    @Test
    void theArchiveHoldsDocumentAndImage() throws Exception {
        Wcs wcs = Fields.wcs(84, -4, 10, 0, 300, 200);
        SkyOverlay overlay = new SkyOverlay("Ba\u0001d", ObjectsInField.of(CATALOGUE, wcs));
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();

        overlay.kmz(positions(300, 200), first);
        overlay.kmz(positions(300, 200), second);

        assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(first.toByteArray()))) {
            ZipEntry entry = zip.getNextEntry();
            assertThat(entry.getName()).isEqualTo("doc.kml");
            Document kml = parse(new String(zip.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            assertThat(kml.getElementsByTagName("href").item(0).getTextContent())
                    .isEqualTo("image.png");
            entry = zip.getNextEntry();
            assertThat(entry.getName()).isEqualTo("image.png");
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(zip.readAllBytes()));
            assertThat(image.getColorModel().hasAlpha()).isTrue();
            assertThat(zip.getNextEntry()).isNull();
        }
    }

    private static Document parse(String kml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(kml)));
    }

    private static double number(Document kml, String element) {
        return Double.parseDouble(kml.getElementsByTagName(element).item(0).getTextContent());
    }
}
