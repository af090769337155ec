package io.novasolve.engine.build;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FileBytes;
import io.novasolve.sky.internal.FitsHdu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.Header;
import org.jspecify.annotations.Nullable;

/** Stars in a FITS binary table. */
final class FitsStarTable {

    private FitsStarTable() {}

    static StarTable read(Path file, @Nullable String magnitudeColumn) throws IOException {
        try (Bytes bytes = FileBytes.open(file);
                Fits fits = new Fits(file.toFile())) {
            // The library believes headers, and takes the memory that they ask for.
            FitsHdu.all(bytes, file.toString());
            for (BasicHDU<?> hdu = fits.readHDU(); hdu != null; hdu = fits.readHDU()) {
                StarTable stars = hdu instanceof BinaryTableHDU table ? read(file, table, magnitudeColumn) : null;
                if (stars != null) {
                    return stars;
                }
            }
            throw StarColumns.noPositions(file.toString());
        } catch (UnreadableInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new UnreadableInputException(file + " is a damaged, truncated or unusual FITS file", e);
        }
    }

    private static @Nullable StarTable read(Path file, BinaryTableHDU table, @Nullable String magnitudeColumn)
            throws IOException {
        List<String> names = new ArrayList<>();
        for (int column = 0; column < table.getNCols(); column++) {
            String name = table.getColumnName(column);
            names.add(name == null ? "" : name.strip());
        }
        StarColumns columns = StarColumns.find(names, magnitudeColumn, file.toString());
        if (columns == null) {
            return null;
        }
        Header header = table.getHeader();
        // Columns are read at once: a header that lies must not claim more memory than the file has bytes.
        double bytes = (double) header.getLongValue("NAXIS1", 0) * header.getLongValue("NAXIS2", 0);
        if (bytes > Files.size(file)) {
            throw new UnreadableInputException(file + " is cut short: its table needs more bytes than there are");
        }
        checkDegrees(file, header, names.indexOf(columns.ra()));
        checkDegrees(file, header, names.indexOf(columns.dec()));
        return StarTable.of(
                numbers(file, table, names, columns.ra()),
                numbers(file, table, names, columns.dec()),
                numbers(file, table, names, columns.magnitude()),
                columns.pmRa() == null ? null : numbers(file, table, names, columns.pmRa()),
                columns.pmDec() == null ? null : numbers(file, table, names, columns.pmDec()));
    }

    private static void checkDegrees(Path file, Header header, int column) throws UnreadableInputException {
        String unit = header.getStringValue("TUNIT" + (column + 1), "").strip();
        if (!unit.isEmpty() && !unit.toLowerCase(Locale.ROOT).startsWith("deg")) {
            throw new UnreadableInputException(file + " gives positions in “" + unit + "”: they must be in degrees");
        }
    }

    private static double[] numbers(Path file, BinaryTableHDU table, List<String> names, String name)
            throws UnreadableInputException {
        int column = names.indexOf(name);
        // Cells of varying length would be read whole, however long they say they are.
        boolean one = table.getHeader()
                .getStringValue("TFORM" + (column + 1), "")
                .strip()
                .matches("0*1?[A-Z]");
        double[] values = one ? toDoubles(table.getColumn(column)) : null;
        if (values == null || values.length != table.getNRows()) {
            throw new UnreadableInputException(file + ": the column " + name + " does not hold one number a row");
        }
        double scale = table.getHeader().getDoubleValue("TSCAL" + (column + 1), 1);
        double zero = table.getHeader().getDoubleValue("TZERO" + (column + 1), 0);
        if (scale != 1 || zero != 0) {
            Arrays.setAll(values, i -> values[i] * scale + zero);
        }
        return values;
    }

    private static double @Nullable [] toDoubles(Object column) {
        if (column instanceof double[] doubles) {
            return doubles;
        }
        if (column instanceof float[] floats) {
            double[] values = new double[floats.length];
            Arrays.setAll(values, i -> floats[i]);
            return values;
        }
        if (column instanceof int[] ints) {
            return Arrays.stream(ints).asDoubleStream().toArray();
        }
        if (column instanceof long[] longs) {
            return Arrays.stream(longs).asDoubleStream().toArray();
        }
        if (column instanceof short[] shorts) {
            double[] values = new double[shorts.length];
            Arrays.setAll(values, i -> shorts[i]);
            return values;
        }
        return null;
    }
}
