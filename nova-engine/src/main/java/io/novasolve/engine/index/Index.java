package io.novasolve.engine.index;

import io.novasolve.engine.index.FitsChunks.Chunk;
import io.novasolve.sky.SkyPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One index file: catalogue stars as unit vectors, quads of three to five of them, and search trees over the stars and
 * over the quads' codes (Lang et al. 2010, AJ 139, 1782). Immutable and shared by threads; the data stay mapped.
 */
public final class Index {

    private static final int SAMPLED_QUADS = 24;

    /** What FITS allows a table. */
    private static final int MAX_COLUMNS = 999;

    private final String name;
    private final int id;
    private final int quadSize;
    private final int quadCount;
    private final int starCount;
    private final double minAbRad;
    private final double maxAbRad;
    private final @Nullable SkyTile tile;
    private final boolean innerStarsSorted;
    private final boolean innerStarsOnLowerSide;
    private final double jitterArcsec;
    private final double cellRad;
    private final KdTree codes;
    private final KdTree stars;
    private final ByteBuffer quads;
    private final ByteBuffer sweep;
    private final int @Nullable [] starPosition;
    private final @Nullable MagnitudeColumn magnitudes;

    /** Brightness of the stars: big-endian floating point somewhere in the rows of the tag-along table. */
    private record MagnitudeColumn(ByteBuffer data, int rowBytes, int offset, boolean isDouble) {
        double at(int star) {
            int at = star * rowBytes + offset;
            return isDouble ? data.getDouble(at) : data.getFloat(at);
        }
    }

    private Index(String name, FitsChunks file) throws IndexFormatException {
        this.name = name;
        Chunk primary = file.primary();
        id = primary.integer("INDEXID", 0);
        quadSize = primary.integer("DIMQUADS", 4);
        quadCount = primary.integer("NQUADS");
        starCount = primary.integer("NSTARS");
        minAbRad = primary.real("SCALE_L");
        maxAbRad = primary.real("SCALE_U");
        check(quadSize >= 3 && quadSize <= 5, "it has quads of " + quadSize + " stars; 3 to 5 are supported");
        check(
                minAbRad > 0 && maxAbRad > minAbRad && maxAbRad <= Math.PI,
                "its quads measure " + minAbRad + " to " + maxAbRad + " radians");
        tile = tile(primary);

        codes = KdTree.read(file, "codes");
        stars = KdTree.read(file, "stars");
        check(codes.dimensions() == 2 * (quadSize - 2), "its codes have " + codes.dimensions() + " dimensions");
        check(codes.size() == quadCount, "it has " + quadCount + " quads, but " + codes.size() + " codes");
        check(stars.dimensions() == 3 && stars.size() == starCount, "its star tree does not hold its stars");
        Chunk codeHeader = file.get("kdtree_header_codes");
        check(codeHeader.flag("CIRCLE"), "its codes are of the old box kind (no CIRCLE=T)");
        innerStarsSorted = codeHeader.flag("CXDX");
        innerStarsOnLowerSide = codeHeader.flag("CXDXLT1");
        Chunk starHeader = file.get("kdtree_header_stars");
        double jitter = starHeader.real("JITTER", 0);
        jitterArcsec = jitter > 0 && jitter < 3600 ? jitter : 1;
        int cutSide = starHeader.integer("CUTNSIDE", 0);
        cellRad = cutSide > 0 ? Math.sqrt(Math.PI / 3) / cutSide : 0;

        ByteOrder order = KdTree.order(primary);
        quads = KdTree.column(file, "quads", 4 * quadSize, quadCount, order);
        sweep = KdTree.column(file, "sweep", 1, starCount, ByteOrder.BIG_ENDIAN);
        starPosition = stars.isInOrder() ? null : invert(stars);
        magnitudes = file.tagAlong().isPresent() ? magnitudes(file.tagAlong().get()) : null;
        checkSample();
    }

    /**
     * Maps an index file.
     *
     * @throws IndexFormatException if it is no index, is damaged or cut short, or is encoded in an unsupported way
     * @throws IOException if it cannot be read
     */
    public static Index open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "it is a folder");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = Files.size(file);
            if (size > Integer.MAX_VALUE) {
                throw new IndexFormatException(file.toString(), "it is larger than 2 GiB");
            }
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            return read(baseName(file), file.toString(), bytes);
        } catch (NoSuchFileException e) {
            throw because(e, new NoSuchFileException(file.toString(), null, "it is not there, or a link to nowhere"));
        } catch (AccessDeniedException e) {
            throw because(e, new AccessDeniedException(file.toString(), null, "it may not be read"));
        }
    }

    private static IOException because(IOException cause, IOException told) {
        told.initCause(cause);
        return told;
    }

    /**
     * An index in memory, such as a class-path resource. Bytes that are not in direct memory are copied there once, so
     * that all indexes are read by the same code.
     *
     * @param name what to call it in results and messages, such as {@code index-tycho2-12}
     */
    public static Index read(String name, ByteBuffer bytes) throws IndexFormatException {
        return read(name, name, bytes);
    }

    private static Index read(String name, String source, ByteBuffer bytes) throws IndexFormatException {
        ByteBuffer data = bytes.slice();
        if (!data.isDirect()) {
            data = ByteBuffer.allocateDirect(data.limit()).put(data).flip();
        }
        try {
            return new Index(name, FitsChunks.read(source, data.asReadOnlyBuffer()));
        } catch (IndexOutOfBoundsException e) {
            throw new IndexFormatException(source, "its tables point outside themselves", e);
        } catch (InternalError e) {
            throw IndexFormatException.unreadablePage(source, e);
        }
    }

    private static String baseName(Path file) {
        String text = String.valueOf(file.getFileName());
        String lower = text.toLowerCase(Locale.ROOT);
        for (String suffix : new String[] {".fits", ".fit", ".littleendian", ".bigendian"}) {
            if (lower.endsWith(suffix)) {
                lower = lower.substring(0, lower.length() - suffix.length());
            }
        }
        return text.substring(0, lower.length());
    }

    private @Nullable SkyTile tile(Chunk primary) throws IndexFormatException {
        int number = primary.integer("HEALPIX", -1);
        int side = primary.integer("HPNSIDE", 0);
        if (number < 0) {
            return null;
        }
        check(
                side > 0 && side <= 1024 && number < 12 * side * side,
                "its tile " + number + " of side " + side + " is not on the sky");
        return new SkyTile(number, side);
    }

    private static int[] invert(KdTree tree) {
        int[] inverse = new int[tree.size()];
        for (int position = 0; position < inverse.length; position++) {
            inverse[tree.itemAt(position)] = position;
        }
        return inverse;
    }

    private @Nullable MagnitudeColumn magnitudes(Chunk table) throws IndexFormatException {
        long offset = 0;
        int columns = table.integer("TFIELDS", 0);
        check(columns <= MAX_COLUMNS, "its table of magnitudes claims " + columns + " columns");
        for (int column = 1; column <= columns; column++) {
            String form = table.text("TFORM" + column).orElse("");
            String title = table.text("TTYPE" + column).orElse("").toUpperCase(Locale.ROOT);
            boolean isFloat = form.equals("E") || form.equals("1E");
            boolean isDouble = form.equals("D") || form.equals("1D");
            if (title.startsWith("MAG") && (isFloat || isDouble) && table.rows() == starCount) {
                check(offset + (isDouble ? 8 : 4) <= table.rowBytes(), "its magnitudes lie outside their table");
                return new MagnitudeColumn(
                        table.data().order(ByteOrder.BIG_ENDIAN), table.rowBytes(), (int) offset, isDouble);
            }
            offset += columnBytes(form);
        }
        return null;
    }

    private long columnBytes(String form) throws IndexFormatException {
        if (form.isEmpty()) {
            return 0;
        }
        String count = form.substring(0, form.length() - 1);
        check(count.length() < 10, "its table of magnitudes has a column of the form “" + form + "”");
        int repeat = count.isEmpty() ? 1 : count.chars().allMatch(Character::isDigit) ? Integer.parseInt(count) : 0;
        return (long) repeat
                * switch (form.charAt(form.length() - 1)) {
                    case 'I' -> 2;
                    case 'J', 'E' -> 4;
                    case 'K', 'D' -> 8;
                    default -> 1;
                };
    }

    private void check(boolean good, String reason) throws IndexFormatException {
        if (!good) {
            throw new IndexFormatException(name, reason);
        }
    }

    /** A header that lies about scale, order or packing shows in any quad whose code is computed anew. */
    private void checkSample() throws IndexFormatException {
        for (int i = 0; i < SAMPLED_QUADS; i++) {
            verifyQuad((int) ((long) i * (quadCount - 1) / Math.max(1, SAMPLED_QUADS - 1)));
        }
    }

    /**
     * Checks every quad: its stars exist, its size is what the header says, and its code is that of its stars. Opening
     * checks a sample only.
     *
     * @throws IndexFormatException naming the first quad that is wrong, or if the file was cut short since it was opened
     */
    public void verify() throws IndexFormatException {
        try {
            for (int position = 0; position < quadCount; position++) {
                verifyQuad(position);
            }
        } catch (InternalError e) {
            throw IndexFormatException.unreadablePage(name, e);
        }
    }

    private void verifyQuad(int position) throws IndexFormatException {
        int quad = codes.itemAt(position);
        check(quad >= 0 && quad < quadCount, "code " + position + " belongs to quad " + quad + ", which is not there");
        double[][] s = new double[quadSize][3];
        for (int k = 0; k < quadSize; k++) {
            int star = quadStar(quad, k);
            check(star >= 0 && star < starCount, "quad " + quad + " names star " + star + ", which is not there");
            star(star, s[k]);
            double norm = s[k][0] * s[k][0] + s[k][1] * s[k][1] + s[k][2] * s[k][2];
            check(Math.abs(norm - 1) < 1e-5, "star " + star + " is not on the unit sphere");
        }
        double dot = s[0][0] * s[1][0] + s[0][1] * s[1][1] + s[0][2] * s[1][2];
        double angle = Math.acos(Math.max(-1, Math.min(1, dot)));
        check(
                angle >= minAbRad * 0.999 - 1e-6 && angle <= maxAbRad * 1.001 + 1e-6,
                "quad " + quad + " measures " + angle + " radians, which is not what the header says");
        double[] code = QuadCode.of(s);
        double tolerance = codes.quantum() + 1e-4;
        for (int d = 0; d < code.length; d++) {
            check(
                    Math.abs(code[d] - codes.coordinate(position, d)) <= tolerance,
                    "the code of quad " + quad + " is not that of its stars");
        }
    }

    /** What results and messages call it: the file name without endings. */
    public String name() {
        return name;
    }

    /** Number of the index family; 0 if the file gives none. */
    public int id() {
        return id;
    }

    /** Stars of a quad: 3, 4 or 5. */
    public int quadSize() {
        return quadSize;
    }

    public int quadCount() {
        return quadCount;
    }

    public int starCount() {
        return starCount;
    }

    /** Smallest angle between the two outer stars A and B of a quad, in radians. */
    public double minAbRad() {
        return minAbRad;
    }

    /** Largest angle between the two outer stars A and B of a quad, in radians. */
    public double maxAbRad() {
        return maxAbRad;
    }

    /** Number of the HEALPix tile (in the index files' own numbering) and the side of its grid; empty for the whole sky. */
    public Optional<int[]> healpix() {
        return tile == null ? Optional.empty() : Optional.of(new int[] {tile.number(), tile.side()});
    }

    /** Whether the inner stars' x codes ascend. */
    public boolean innerStarsSorted() {
        return innerStarsSorted;
    }

    /** Whether the inner stars' x codes are at most ½ in the mean. */
    public boolean innerStarsOnLowerSide() {
        return innerStarsOnLowerSide;
    }

    /** Positional error of the catalogue, in arcseconds. */
    public double jitterArcsec() {
        return jitterArcsec;
    }

    /** Side of the cells within which the builder chose the brightest stars, in radians; 0 if unknown. */
    public double cellRad() {
        return cellRad;
    }

    /** The tree of codes; {@link #quadAt} says which quad a position belongs to. */
    public KdTree codes() {
        return codes;
    }

    /** The tree of stars, as unit vectors; {@link #starAt} says which star a position belongs to. */
    public KdTree stars() {
        return stars;
    }

    /** The quad whose code is at a position of the code tree. */
    public int quadAt(int position) {
        return codes.itemAt(position);
    }

    /** The star at a position of the star tree. */
    public int starAt(int position) {
        return stars.itemAt(position);
    }

    /** Number of star {@code k} (A, B, C…) of a quad; not checked against the number of stars. */
    public int quadStar(int quad, int k) {
        return quads.getInt(4 * (quad * quadSize + k));
    }

    /**
     * The direction of a star.
     *
     * @param vector receives x (to RA 0), y (to RA 90°), z (to the north pole)
     */
    public void star(int star, double[] vector) {
        int position = starPosition == null ? star : starPosition[star];
        vector[0] = stars.coordinate(position, 0);
        vector[1] = stars.coordinate(position, 1);
        vector[2] = stars.coordinate(position, 2);
    }

    /** The position of a star, ICRS at the catalogue's epoch. */
    public SkyPosition starPosition(int star) {
        double[] v = new double[3];
        star(star, v);
        return SkyPosition.ofVector(v[0], v[1], v[2]);
    }

    /** Coarse order of local brightness, 0 (first) to 255. */
    public int sweep(int star) {
        return sweep.get(star) & 0xFF;
    }

    /** Magnitude of a star in the band the index carries; NaN if it carries none. */
    public double magnitude(int star) {
        return magnitudes == null ? Double.NaN : magnitudes.at(star);
    }

    /** Whether quads of this index may lie in a cone; true for an index of the whole sky. */
    public boolean reaches(SkyPosition centre, double radiusDeg) {
        return tile == null || tile.isWithin(centre.unitVector(), Math.toRadians(radiusDeg) + maxAbRad);
    }

    @Override
    public String toString() {
        return name
                + String.format(
                        Locale.ROOT,
                        " (%d quads of %d stars, %.0f′–%.0f′)",
                        quadCount,
                        quadSize,
                        Math.toDegrees(minAbRad) * 60,
                        Math.toDegrees(maxAbRad) * 60);
    }
}
