package io.novasolve.products;

import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.picture.SolvedFits;
import io.novasolve.sky.region.Footprint;
import io.novasolve.sky.region.Moc;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.solution.SolvedImage;
import io.novasolve.sky.stars.InputKind;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.stars.StarListFile;
import io.novasolve.sky.wcs.Wcs;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is made from a solved picture: files in FITS, KML and JSON, and drawings. Each is a method, and a file by
 * its {@link Product}.
 *
 * <p>Nothing is made before it is asked for. The picture is decoded at the first drawing and kept; what a call returns is the
 * caller's own. The bytes of a file are not held. Drawings take 6 bytes a pixel (8-bit colour, and the copy that is drawn on);
 * the first one takes 3 and the samples in their own depth while it decodes the picture, at most 8 more: 11 bytes a pixel. Of FITS,
 * PGM and PPM files, and of TIFF files with deeper samples, only some rows are in memory. May be used by many threads.
 *
 * <p>Drawings of small pictures are enlarged up to four times, so that they have room for labels; row 0 is the first row
 * of the file, as it is on a screen, also for FITS.
 */
public final class Products {

    /** Longest side of {@link #display} in the web service. */
    public static final int DISPLAY_PX = 640;

    /** Longest side of {@link #thumbnail} in the web service. */
    public static final int THUMBNAIL_PX = 256;

    private static final float JPEG_QUALITY = 0.9f;

    /** A sky for a star list, which has no picture, is drawn no larger. */
    private static final int LARGEST_BLANK = 4096;

    /** Where the picture is read from. */
    private interface Source {
        boolean isPicture() throws IOException;

        /** Empty for a star list. */
        Optional<BufferedImage> image() throws IOException;

        /** False for a star list: nothing is written. */
        boolean newFits(Wcs wcs, OutputStream out) throws IOException;
    }

    private final Source source;
    private final String name;
    private final Solution solution;
    private final StarList stars;
    private final SkyCatalogue catalogue;
    private final Object lock = new Object();
    private @Nullable BufferedImage picture;
    private @Nullable ObjectsInField objects;

    private Products(Source source, String name, Solution solution, StarList stars, SkyCatalogue catalogue) {
        this.source = source;
        this.name = name;
        this.solution = solution;
        this.stars = stars;
        this.catalogue = catalogue;
    }

    /** For a solved image, whose bytes are read when a product needs them, and not kept. */
    public static Products of(SolvedImage image, SkyCatalogue catalogue) {
        String name = image.name();
        SolvedImage.Content content = image.content();
        return new Products(
                new Source() {
                    @Override
                    public boolean isPicture() throws IOException {
                        return isPicture(content.read());
                    }

                    @Override
                    public Optional<BufferedImage> image() throws IOException {
                        byte[] bytes = content.read();
                        return isPicture(bytes)
                                ? Optional.of(new PictureReader().readImage(bytes, name))
                                : Optional.empty();
                    }

                    @Override
                    public boolean newFits(Wcs wcs, OutputStream out) throws IOException {
                        byte[] bytes = content.read();
                        boolean picture = isPicture(bytes);
                        if (picture) {
                            SolvedFits.write(bytes, name, wcs, out);
                        }
                        return picture;
                    }

                    private boolean isPicture(byte[] bytes) {
                        return InputKind.of(bytes) != InputKind.STAR_LIST;
                    }
                },
                name,
                image.solution(),
                image.stars(),
                catalogue);
    }

    /**
     * For a picture or a star list, whose stars are drawn as dots on a dark sky.
     *
     * @param content its bytes, any format that is read by {@link PictureReader} or as a star list; kept, so they must not be
     *     changed
     * @param name what to call it in titles and messages
     * @param solution of it
     * @param stars the list that was searched with
     */
    public static Products of(byte[] content, String name, Solution solution, StarList stars, SkyCatalogue catalogue) {
        return of(new SolvedImage(name, () -> content, stars, solution), catalogue);
    }

    /** The same for a file, which is read when a product needs it and must stay as it is until then. */
    public static Products of(Path file, Solution solution, StarList stars, SkyCatalogue catalogue) {
        return new Products(
                new Source() {
                    @Override
                    public boolean isPicture() throws IOException {
                        return InputKind.of(file) != InputKind.STAR_LIST;
                    }

                    @Override
                    public Optional<BufferedImage> image() throws IOException {
                        return isPicture() ? Optional.of(new PictureReader().readImage(file)) : Optional.empty();
                    }

                    @Override
                    public boolean newFits(Wcs wcs, OutputStream out) throws IOException {
                        boolean picture = isPicture();
                        if (picture) {
                            SolvedFits.write(file, wcs, out);
                        }
                        return picture;
                    }
                },
                String.valueOf(file.getFileName()),
                solution,
                stars,
                catalogue);
    }

    /** For bare stars: they are drawn as dots on a dark sky. */
    public static Products of(String name, Solution solution, StarList stars, SkyCatalogue catalogue) {
        return of(new SolvedImage(name, () -> StarListFile.write(stars), stars, solution), catalogue);
    }

    /** {@code wcs.fits}: the WCS as a header without data. */
    public byte[] wcsFits() {
        return file(SolutionFiles.WCS);
    }

    /** {@code .axy}: the star list that was searched with. */
    public byte[] axyFits() {
        return StarListFile.write(stars);
    }

    /** {@code corr.fits}: the matched stars. */
    public byte[] corrFits() {
        return file(SolutionFiles.CORR);
    }

    /** {@code rdls.fits}: the stars of the index in the picture. */
    public byte[] rdlsFits() {
        return file(SolutionFiles.RDLS);
    }

    private byte[] file(String fileName) {
        byte[] bytes = SolutionFiles.write(solution, stars).get(fileName);
        if (bytes == null) {
            throw new IllegalStateException("a solution has no file " + fileName);
        }
        return bytes;
    }

    /**
     * Whether there is a picture and no star list, so that {@link #newFits} can be made.
     *
     * @throws IOException if its bytes cannot be had
     */
    public boolean hasPicture() throws IOException {
        return source.isPicture();
    }

    /**
     * {@code new.fits}: the picture as FITS with the WCS in its header; see {@link SolvedFits}.
     *
     * @throws IllegalStateException for a star list
     * @throws IOException if the picture cannot be decoded or the output fails
     */
    public void newFits(OutputStream out) throws IOException {
        if (!source.newFits(solution.wcs(), out)) {
            throw new IllegalStateException(name + " is a star list: there is no picture to write as FITS");
        }
    }

    /** The catalogue's objects on the picture. */
    public ObjectsInField objects() {
        synchronized (lock) {
            ObjectsInField found = objects;
            if (found == null) {
                found = ObjectsInField.of(catalogue, solution.wcs());
                objects = found;
            }
            return found;
        }
    }

    /** Names of what is on the picture; see {@link ObjectsInField#tags}. */
    public List<String> tags() {
        return objects().tags();
    }

    /** The region of the sky as a coverage map. */
    public Moc moc() {
        return Moc.of(solution.wcs());
    }

    /** Centre, radius and corners for a spatial search, and its exact test. */
    public Footprint footprint() {
        return Footprint.of(solution.wcs());
    }

    /**
     * KML on the sky.
     *
     * @param imageName where the document finds {@link #overlay} written as an image
     */
    public String kml(String imageName) {
        return new SkyOverlay(name, objects()).kml(imageName);
    }

    /** The picture drawn anew along RA and Dec, transparent outside, for {@link #kml}. */
    public BufferedImage overlay() throws IOException {
        return new SkyOverlay(name, objects()).image(picture());
    }

    /** Document and image in one file. */
    public void kmz(OutputStream out) throws IOException {
        new SkyOverlay(name, objects()).kmz(picture(), out);
    }

    /** Objects, named stars, constellations, their borders and a grid drawn on. */
    public BufferedImage annotated() throws IOException {
        return annotated(picture());
    }

    /** The same on the picture scaled down to a longest side in pixels: letters keep their size. */
    public BufferedImage annotated(int longestSide) throws IOException {
        return annotated(display(longestSide));
    }

    private BufferedImage annotated(BufferedImage on) {
        return new Annotation(objects()).draw(on);
    }

    /** Stars that were found, those that were matched, and the grid drawn on. */
    public BufferedImage drawing() throws IOException {
        return FieldDrawing.draw(picture(), stars, solution);
    }

    /** The grid of RA and Dec drawn on. */
    public BufferedImage grid() throws IOException {
        return FieldDrawing.grid(picture(), solution);
    }

    /** Stars that were found and stars of the index marked. */
    public BufferedImage sources() throws IOException {
        return StarMarks.sources(picture(), stars, solution);
    }

    /** Stars that were found in red, stars of the index in green; matched ones wear both rings. */
    public BufferedImage redGreen() throws IOException {
        return StarMarks.redGreen(picture(), stars, solution);
    }

    /** The picture with its longest side cut down; never enlarged. */
    public BufferedImage display(int longestSide) throws IOException {
        return Scaling.toLongestSide(picture(), longestSide);
    }

    /** The picture with a longest side of at most {@value #THUMBNAIL_PX} pixels. */
    public BufferedImage thumbnail() throws IOException {
        return display(THUMBNAIL_PX);
    }

    private BufferedImage picture() throws IOException {
        synchronized (lock) {
            BufferedImage decoded = picture;
            if (decoded == null) {
                decoded = source.image().orElseGet(this::dots);
                picture = decoded;
            }
            return decoded;
        }
    }

    private BufferedImage dots() {
        double scale = Math.min(1, LARGEST_BLANK / Math.max(stars.width(), stars.height()));
        BufferedImage image = new BufferedImage(
                Math.max(1, (int) Math.ceil(stars.width() * scale)),
                Math.max(1, (int) Math.ceil(stars.height() * scale)),
                BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        double largest = Math.max(2, Math.min(image.getWidth(), image.getHeight()) / 160.0);
        for (int i = stars.size() - 1; i >= 0; i--) {
            // The list is ordered by brightness; that it falls with the rank is all that is known of it.
            double r = largest * Math.pow(1 + i / 3.0, -0.3);
            double x = (stars.x(i) - 0.5) * scale;
            double y = (stars.y(i) - 0.5) * scale;
            g.fill(new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r));
        }
        g.dispose();
        return image;
    }

    /**
     * Writes a product as a file has it. {@link Product#KML} names its image after this one; in a folder with other names
     * use {@link #write(Product, Path, String)}.
     *
     * @param out is flushed, not closed
     * @throws IllegalStateException for {@link Product#NEW_FITS} of a star list
     * @throws IOException if the picture cannot be decoded or the output fails
     */
    public void write(Product product, OutputStream out) throws IOException {
        switch (product) {
            case WCS -> out.write(wcsFits());
            case AXY -> out.write(axyFits());
            case CORR -> out.write(corrFits());
            case RDLS -> out.write(rdlsFits());
            case NEW_FITS -> newFits(out);
            case OBJECTS -> out.write(objects().toJson().getBytes(StandardCharsets.UTF_8));
            case TAGS -> out.write(lines(tags()).getBytes(StandardCharsets.UTF_8));
            case MOC -> out.write(moc().toFits());
            case KMZ -> kmz(out);
            case KML -> out.write(kml(overlayOf(stem(name))).getBytes(StandardCharsets.UTF_8));
            case OVERLAY -> png(overlay(), out);
            case DRAWING -> png(drawing(), out);
            case ANNOTATED -> jpeg(annotated(), out);
            case GRID -> jpeg(grid(), out);
            case SOURCES -> png(sources(), out);
            case RED_GREEN -> png(redGreen(), out);
            case DISPLAY -> jpeg(display(DISPLAY_PX), out);
            case THUMBNAIL -> jpeg(thumbnail(), out);
        }
        out.flush();
    }

    /**
     * Writes a product into a folder.
     *
     * @param stem what the file is called, before {@link Product#suffix()}
     * @return the file
     */
    public Path write(Product product, Path folder, String stem) throws IOException {
        Path file = folder.resolve(stem + product.suffix());
        if (product == Product.KML) {
            return Files.writeString(file, kml(overlayOf(stem)));
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            write(product, out);
        }
        return file;
    }

    /** The address of the image beside the document. */
    private static String overlayOf(String stem) {
        try {
            return new URI(null, null, "/" + stem + Product.OVERLAY.suffix(), null)
                    .toASCIIString()
                    .substring(1);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + stem + "' cannot be the name of a file", e);
        }
    }

    /** A file's name without its last extension. */
    private static String stem(String fileName) {
        int dot = fileName.lastIndexOf('.');
        return dot > 0 ? fileName.substring(0, dot) : fileName;
    }

    private static String lines(List<String> tags) {
        StringBuilder text = new StringBuilder();
        tags.forEach(tag -> text.append(tag).append('\n'));
        return text.toString();
    }

    private static void png(BufferedImage image, OutputStream out) throws IOException {
        try (ImageOutputStream target = new MemoryCacheImageOutputStream(out)) {
            if (!ImageIO.write(image, "png", target)) {
                throw new IOException("this Java runtime has no PNG writer");
            }
        }
    }

    private static void jpeg(BufferedImage image, OutputStream out) throws IOException {
        ImageWriter writer = ImageIO.getImageWriters(ImageTypeSpecifier.createFromRenderedImage(image), "jpeg")
                .next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(JPEG_QUALITY);
        try (ImageOutputStream target = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(target);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "Products[%s at %s]", name, solution.wcs().centre());
    }
}
