package io.novasolve.products;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A picture as a ground overlay of KML on the sky: drawn anew so that RA runs along rows and Dec along columns, transparent
 * where it has no pixels, in a box of longitudes (RA − 180°) and latitudes (Dec). KML has a turned rectangle, but no gnomonic
 * projection, no mirror and no distortion, so the picture itself would fit its corners at best.
 */
final class SkyOverlay {

    private static final int LONGEST_SIDE = 1600;
    private static final int BORDER_POINTS = 64;

    /** Radius of the sphere that the sky is drawn on, metres, and 1 / tan 40° for the usual angle of view of 80°. */
    private static final double SPHERE_M = 6_378_000;

    private static final double VIEW = 1.1917536;

    /** Objects get a place mark each; more would cover the picture. */
    private static final int MAX_PLACES = 60;

    private final Wcs wcs;
    private final String name;
    private final ObjectsInField objects;
    private final double south;
    private final double north;
    private final double west;
    private final double spanDeg;

    SkyOverlay(String name, ObjectsInField objects) {
        this.name = name;
        this.objects = objects;
        this.wcs = objects.wcs();
        SkyPosition centre = wcs.centre();
        double low = 90;
        double high = -90;
        double left = 0;
        double right = 0;
        for (int i = 0; i <= BORDER_POINTS; i++) {
            double x = 0.5 + wcs.width() * i / BORDER_POINTS;
            double y = 0.5 + wcs.height() * i / BORDER_POINTS;
            double[][] border = {{x, 0.5}, {x, wcs.height() + 0.5}, {0.5, y}, {wcs.width() + 0.5, y}};
            for (double[] p : border) {
                SkyPosition sky = wcs.pixelToSky(p[0], p[1]);
                double turn = Math.IEEEremainder(sky.raDeg() - centre.raDeg(), 360);
                low = Math.min(low, sky.decDeg());
                high = Math.max(high, sky.decDeg());
                left = Math.min(left, turn);
                right = Math.max(right, turn);
            }
        }
        boolean northPole = isOn(new SkyPosition(0, 90));
        boolean southPole = isOn(new SkyPosition(0, -90));
        boolean pole = northPole || southPole;
        // The border is sampled: a little room, which stays transparent.
        double room = 2e-3 * (high - low);
        this.south = southPole ? -90 : Math.max(-90, low - room);
        this.north = northPole ? 90 : Math.min(90, high + room);
        double extra = 2e-3 * (right - left);
        this.spanDeg = pole ? 360 : Math.min(360, right - left + 2 * extra);
        this.west = pole ? -180 : longitude(centre.raDeg() + left - extra);
    }

    private boolean isOn(SkyPosition sky) {
        return pixel(sky).isPresent();
    }

    private Optional<PixelPosition> pixel(SkyPosition sky) {
        if (sky.separationDeg(wcs.centre()) >= 89) {
            return Optional.empty();
        }
        return wcs.skyToPixel(sky)
                .filter(p -> p.x() >= 0.5 && p.y() >= 0.5 && p.x() < wcs.width() + 0.5 && p.y() < wcs.height() + 0.5);
    }

    /** KML's longitude of a right ascension: −180 ≤ RA − 180 &lt; 180. */
    private static double longitude(double raDeg) {
        double turned = raDeg - 360 * Math.floor(raDeg / 360);
        return (turned < 360 ? turned : 0) - 180;
    }

    double south() {
        return south;
    }

    double north() {
        return north;
    }

    /** −180…180; the east end may go beyond 180, as KML has it for boxes across that meridian. */
    double west() {
        return west;
    }

    double east() {
        return west + spanDeg;
    }

    /** The picture in the box, north on top, west (small RA) on the left. */
    BufferedImage image(BufferedImage picture) {
        double middle = Math.cos(Math.toRadians(Math.min(Math.abs(south), Math.abs(north))));
        double scaleX = picture.getWidth() / wcs.width();
        double scaleY = picture.getHeight() / wcs.height();
        double degreesPerPixel = wcs.pixelScaleAtCentreArcsec() / 3600;
        double across = spanDeg * Math.max(0.05, middle);
        double perPixel = Math.max(degreesPerPixel, Math.max(across, north - south) / LONGEST_SIDE);
        int width = Math.max(1, (int) Math.ceil(across / perPixel));
        int height = Math.max(1, (int) Math.ceil((north - south) / perPixel));
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            double dec = north - (north - south) * (y + 0.5) / height;
            for (int x = 0; x < width; x++) {
                double ra = west + spanDeg * (x + 0.5) / width + 180;
                double turned = ra - 360 * Math.floor(ra / 360);
                Optional<PixelPosition> p = pixel(new SkyPosition(turned < 360 ? turned : 0, dec));
                row[x] = p.isEmpty()
                        ? 0
                        : 0xff000000
                                | picture.getRGB(
                                        column((p.get().x() - 0.5) * scaleX, picture.getWidth()),
                                        column((p.get().y() - 0.5) * scaleY, picture.getHeight()));
            }
            image.setRGB(0, y, width, 1, row, 0, width);
        }
        return image;
    }

    private static int column(double at, int size) {
        return Math.max(0, Math.min(size - 1, (int) Math.floor(at)));
    }

    /**
     * The document.
     *
     * @param imageName what it calls the picture of {@link #image}
     */
    String kml(String imageName) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("kml");
            xml.writeDefaultNamespace("http://www.opengis.net/kml/2.2");
            xml.writeAttribute("hint", "target=sky");
            xml.writeStartElement("Document");
            element(xml, "name", xmlText(name));
            overlay(xml, imageName);
            places(xml);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new UncheckedIOException("writing to memory failed", new IOException(e));
        }
        return text.append('\n').toString();
    }

    private void overlay(XMLStreamWriter xml, String imageName) throws XMLStreamException {
        SkyPosition centre = wcs.centre();
        double half = Math.toRadians(Math.max(wcs.fieldWidthDeg(), wcs.fieldHeightDeg()) / 2);
        xml.writeStartElement("GroundOverlay");
        element(xml, "name", xmlText(name));
        xml.writeStartElement("LookAt");
        element(xml, "longitude", number(longitude(centre.raDeg())));
        element(xml, "latitude", number(centre.decDeg()));
        element(xml, "altitude", "0");
        element(xml, "heading", "0");
        element(xml, "tilt", "0");
        element(xml, "range", number(SPHERE_M * (VIEW * Math.sin(half) - Math.cos(half) + 1)));
        xml.writeEndElement();
        xml.writeStartElement("Icon");
        element(xml, "href", xmlText(imageName));
        xml.writeEndElement();
        xml.writeStartElement("LatLonBox");
        element(xml, "north", number(north));
        element(xml, "south", number(south));
        element(xml, "east", number(east()));
        element(xml, "west", number(west));
        element(xml, "rotation", "0");
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private void places(XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("Folder");
        element(xml, "name", "Objects");
        element(xml, "visibility", "0");
        int left = MAX_PLACES;
        for (FieldObject o : objects.deepSky()) {
            if (left-- > 0) {
                place(xml, o.object());
            }
        }
        left = MAX_PLACES;
        for (FieldObject o : objects.stars()) {
            if (o.object().isNamedStar() && left-- > 0) {
                place(xml, o.object());
            }
        }
        xml.writeEndElement();
    }

    private static void place(XMLStreamWriter xml, SkyObject object) throws XMLStreamException {
        xml.writeStartElement("Placemark");
        element(xml, "name", xmlText(object.name()));
        element(xml, "visibility", "0");
        element(xml, "description", xmlText(String.join(", ", object.names())));
        xml.writeStartElement("Point");
        element(
                xml,
                "coordinates",
                number(longitude(object.position().raDeg())) + ","
                        + number(object.position().decDeg()) + ",0");
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private static void element(XMLStreamWriter xml, String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.9f", value);
    }

    /** File names may hold characters that XML does not know. */
    private static String xmlText(String text) {
        return text.codePoints()
                .map(c -> c >= 0x20 && c < 0xD800 || c >= 0xE000 && c < 0xFFFE || c >= 0x10000 ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** {@code doc.kml} and {@code image.png}, zipped, as the web service names them. */
    void kmz(BufferedImage picture, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        entry(zip, "doc.kml");
        zip.write(kml("image.png").getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
        entry(zip, "image.png");
        try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(zip)) {
            ImageIO.write(image(picture), "png", png);
        }
        zip.closeEntry();
        zip.finish();
    }

    /** Without the time of day: same content, same bytes. */
    private static void entry(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(java.time.LocalDateTime.of(2000, 1, 1, 0, 0));
        zip.putNextEntry(entry);
    }
}
