package io.novasolve.sky.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.Header;
import nom.tam.fits.HeaderCard;
import nom.tam.fits.NullDataHDU;
import nom.tam.util.FitsOutputStream;

/** FITS files in memory: a header alone, or one table after it. */
public final class FitsWriting {

    private FitsWriting() {}

    /** A file of one header without data. */
    public static byte[] headerOnly(Consumer<Header> cards) {
        NullDataHDU primary = primary();
        cards.accept(primary.getHeader());
        return bytes(List.of(primary));
    }

    /** A file of one table, whose header has some more cards. */
    public static byte[] table(Columns columns, Consumer<Header> cards) {
        BinaryTableHDU table = columns.toHdu();
        cards.accept(table.getHeader());
        return bytes(List.of(primary(), table));
    }

    /** Without data, and without the date and time that nom-tam-fits leaves there: same content, same bytes. */
    private static NullDataHDU primary() {
        NullDataHDU hdu = new NullDataHDU();
        hdu.getHeader().addValue("BITPIX", 8, "");
        HeaderCard simple = hdu.getHeader().findCard("SIMPLE");
        if (simple != null) {
            simple.setComment("conforms to the FITS standard");
        }
        return hdu;
    }

    private static byte[] bytes(List<? extends BasicHDU<?>> hdus) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            for (BasicHDU<?> hdu : hdus) {
                fits.addHDU(hdu);
            }
            fits.write(new FitsOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Columns of a table in the making. */
    public static final class Columns {

        private final BinaryTable table = new BinaryTable();
        private final List<String> names = new ArrayList<>();
        private final List<String> units = new ArrayList<>();

        /**
         * Adds a column.
         *
         * @param unit empty for none
         * @param values one element a row: double[], float[], int[], short[], byte[], boolean[], String[], or an array of
         *     equally long arrays for cells of several numbers
         */
        public Columns add(String name, String unit, Object values) {
            table.addColumn(values);
            names.add(name);
            units.add(unit);
            return this;
        }

        private BinaryTableHDU toHdu() {
            BinaryTableHDU hdu = (BinaryTableHDU) Fits.makeHDU(table);
            for (int i = 0; i < names.size(); i++) {
                hdu.setColumnName(i, names.get(i), "");
                if (!units.get(i).isEmpty()) {
                    hdu.getHeader().addValue("TUNIT" + (i + 1), units.get(i), "");
                }
            }
            return hdu;
        }
    }
}
