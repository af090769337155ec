package io.novasolve.engine.build;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;
import nom.tam.fits.HeaderCardException;
import nom.tam.util.FitsOutputStream;

/**
 * Writes an index as one little-endian file. The tables are no tables in FITS's sense but raw memory, one byte column
 * each, so headers are FITS's and the data are streamed.
 */
final class IndexFileWriter {

    private static final int BLOCK = 2880;
    private static final int BUFFER = 1 << 16;
    private static final String LITTLE_ENDIAN = "04:03:02:01";

    private final IndexRecipe recipe;
    private final PackedTree stars;
    private final int[] rank;
    private final float[] magnitudes;
    private final QuadList quads;
    private final PackedTree codes;

    IndexFileWriter(
            IndexRecipe recipe, PackedTree stars, int[] rank, float[] magnitudes, QuadList quads, PackedTree codes) {
        this.recipe = recipe;
        this.stars = stars;
        this.rank = rank;
        this.magnitudes = magnitudes;
        this.quads = quads;
        this.codes = codes;
    }

    /** Puts one item of a table into the buffer. */
    private interface Item {
        void put(ByteBuffer buffer, int row);
    }

    /** Returns the size of the file. */
    long write(Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (FitsOutputStream out = new FitsOutputStream(new BufferedOutputStream(Files.newOutputStream(
                    part,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)))) {
                writeAll(out);
            }
            move(part, file);
            return Files.size(file);
        } catch (FitsException e) {
            throw new IOException("the headers of the index " + file + " could not be written: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void move(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void writeAll(FitsOutputStream out) throws IOException, FitsException {
        primaryHeader().write(out);
        int quadSize = recipe.starsPerQuad();
        table("quads", 4 * quadSize, quads.count()).write(out);
        writeRows(out, 4 * quadSize, quads.count(), this::putQuad);

        codeHeader().write(out);
        writeTree(out, "codes", codes, 2, QuadList.codeRange(codes.dimensions()));
        starHeader().write(out);
        writeTree(out, "stars", stars, 4, new double[] {-1, -1, -1, 1, 1, 1, 0xFFFFFFFFL / 2.0});

        Header sweep = table("sweep", 1, stars.size());
        sweep.findCard("TFORM1").setValue("1B");
        sweep.write(out);
        writeRows(out, 1, stars.size(), (b, star) -> b.put((byte) (256L * rank[star] / stars.size())));

        Header tags = table("MAG", 4, stars.size());
        tags.findCard("TFORM1").setValue("1E");
        tags.addValue("AN_FILE", "TAGALONG", "Extra data for stars");
        tags.write(out);
        writeRows(
                out,
                4,
                stars.size(),
                (b, star) -> b.putInt(Integer.reverseBytes(Float.floatToIntBits(magnitudes[star]))));
    }

    private void putQuad(ByteBuffer buffer, int row) {
        int quad = codes.item(row);
        for (int k = 0; k < recipe.starsPerQuad(); k++) {
            buffer.putInt(quads.star(quad, k));
        }
    }

    private Header primaryHeader() throws HeaderCardException {
        Header header = new Header();
        header.addValue("SIMPLE", true, "Standard FITS file");
        header.addValue("BITPIX", 8, "");
        header.addValue("NAXIS", 0, "");
        header.addValue("EXTEND", true, "");
        header.addValue("ENDIAN", LITTLE_ENDIAN, "How 0x01020304 lies in memory");
        header.addValue("AN_FILE", "QUAD", "Index for plate solving");
        header.addValue("DIMQUADS", recipe.starsPerQuad(), "Stars in a quad");
        header.addValue("NQUADS", quads.count(), "Number of quads");
        header.addValue("NSTARS", stars.size(), "Number of stars");
        header.addValue("SCALE_U", Math.toRadians(recipe.maxAbArcmin() / 60), "[rad] Largest quad");
        header.addValue("SCALE_L", Math.toRadians(recipe.minAbArcmin() / 60), "[rad] Smallest quad");
        header.addValue("INDEXID", recipe.id(), "Number of the index family");
        header.addValue("HEALPIX", -1, "Not one tile of the sky");
        header.addValue("HPNSIDE", 1, "");
        header.insertHistory("Made by Nova's index builder.");
        return header;
    }

    private Header codeHeader() throws HeaderCardException {
        Header header = treeHeader("codes", "CKDT", codes, "u16");
        header.addValue("CXDX", true, "All codes have cx <= dx");
        header.addValue("CXDXLT1", true, "The mean of the x is at most 1/2");
        header.addValue("CIRCLE", true, "Inner stars lie in the circle on AB");
        return header;
    }

    private Header starHeader() throws HeaderCardException {
        Header header = treeHeader("stars", "SKDT", stars, "u32");
        header.addValue("CUTNSIDE", recipe.cellsPerSide(), "HEALPix side of the cells");
        header.addValue("CUTMARG", 0, "Margin in cells");
        header.addValue("CUTDEDUP", recipe.dedupArcsec(), "[arcsec] Limit for doubles");
        header.addValue("CUTNSWEP", recipe.starsPerCell(), "Stars per cell at most");
        header.addValue("JITTER", recipe.jitterArcsec(), "[arcsec] Positional error");
        return header;
    }

    private static Header treeHeader(String name, String kind, PackedTree tree, String type)
            throws HeaderCardException {
        Header header = table("kdtree_header_" + name, 0, 0);
        header.addValue("AN_FILE", kind, "");
        header.addValue("HEALPIX", -1, "Not one tile of the sky");
        header.addValue("HPNSIDE", 1, "");
        header.addValue("ENDIAN", LITTLE_ENDIAN, "How 0x01020304 lies in memory");
        header.addValue("KDT_NAME", name, "kdtree: name of this tree");
        header.addValue("KDT_NDAT", tree.size(), "kdtree: number of points");
        header.addValue("KDT_NDIM", tree.dimensions(), "kdtree: number of dimensions");
        header.addValue("KDT_NNOD", tree.nodes(), "kdtree: number of nodes");
        header.addValue("KDT_VER", 1, "kdtree: version");
        header.addValue("KDT_EXT", "double", "kdtree: type outside");
        header.addValue("KDT_INT", type, "kdtree: type of the planes");
        header.addValue("KDT_DATA", type, "kdtree: type of the points");
        header.addValue("KDT_LINL", false, "kdtree: leaves by formula");
        return header;
    }

    private static Header table(String name, int rowBytes, int rows) throws HeaderCardException {
        Header header = new Header();
        header.addValue("XTENSION", "BINTABLE", "");
        header.addValue("BITPIX", 8, "");
        header.addValue("NAXIS", 2, "");
        header.addValue("NAXIS1", rowBytes, "Bytes in a row");
        header.addValue("NAXIS2", rows, "Number of rows");
        header.addValue("PCOUNT", 0, "");
        header.addValue("GCOUNT", 1, "");
        header.addValue("TFIELDS", 1, "");
        header.addValue("TFORM1", rowBytes + "A", "Raw bytes");
        header.addValue("TTYPE1", name, "");
        return header;
    }

    private static void writeTree(FitsOutputStream out, String name, PackedTree tree, int bytes, double[] range)
            throws IOException, FitsException {
        int[] last = tree.lastOfLeaf();
        table("kdtree_lr_" + name, 4, last.length).write(out);
        writeRows(out, 4, last.length, (b, row) -> b.putInt(last[row]));
        int[] splits = tree.splits();
        // A single leaf has no planes, and readers want the table none the less.
        table("kdtree_split_" + name, bytes, splits.length).write(out);
        writeRows(out, bytes, splits.length, (b, row) -> put(b, bytes, splits[row]));
        table("kdtree_range_" + name, 8, range.length).write(out);
        writeRows(out, 8, range.length, (b, row) -> b.putDouble(range[row]));
        int dimensions = tree.dimensions();
        int[] raw = tree.raw();
        table("kdtree_data_" + name, bytes * dimensions, tree.size()).write(out);
        writeRows(out, bytes * dimensions, tree.size(), (b, row) -> {
            for (int d = 0; d < dimensions; d++) {
                put(b, bytes, raw[row * dimensions + d]);
            }
        });
    }

    private static void put(ByteBuffer buffer, int bytes, int value) {
        if (bytes == 2) {
            buffer.putShort((short) value);
        } else {
            buffer.putInt(value);
        }
    }

    private static void writeRows(OutputStream out, int rowBytes, int rows, Item item) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows; row++) {
            if (buffer.remaining() < rowBytes) {
                out.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            item.put(buffer, row);
        }
        out.write(buffer.array(), 0, buffer.position());
        long size = (long) rowBytes * rows;
        out.write(new byte[(int) (Math.floorDiv(size + BLOCK - 1, (long) BLOCK) * BLOCK - size)]);
    }
}
