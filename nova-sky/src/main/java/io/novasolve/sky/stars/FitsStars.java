package io.novasolve.sky.stars;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.internal.FitsTable;
import java.util.List;
import java.util.Optional;
import nom.tam.fits.Header;

/** Star lists in FITS binary tables: {@code .axy} job files, {@code .xyls} lists, and whatever has columns X and Y. */
final class FitsStars {

    private FitsStars() {}

    /**
     * Reads the first rows.
     *
     * @param maxStars more rows are an error
     * @param kept rows that are read
     */
    static StarList read(Bytes content, String name, double givenWidth, double givenHeight, int maxStars, int kept)
            throws UnreadableInputException {
        List<FitsHdu> hdus = FitsHdu.all(content, name);
        FitsHdu hdu = tableIn(hdus)
                .orElseThrow(() -> new UnreadableInputException(
                        name + " is a FITS file without a table of columns X and Y: that is what a star list needs"));
        FitsTable table = FitsTable.of(hdu);
        if (table.rows() > maxStars) {
            throw StarListReader.tooLong(name, maxStars);
        }
        double width = givenWidth > 0 ? givenWidth : size(hdus, hdu, "IMAGEW");
        double height = givenHeight > 0 ? givenHeight : size(hdus, hdu, "IMAGEH");
        String columnX = columnName(hdus, hdu, "ANXCOL", "X");
        String columnY = columnName(hdus, hdu, "ANYCOL", "Y");
        int rows = Math.min(table.rows(), kept);
        double[] x = table.numbers(columnX, rows);
        double[] y = table.numbers(columnY, rows);
        if (table.rows() > kept && !(width > 0 && height > 0)) {
            // Where nobody says how large the picture is, the stars show it: all of them.
            double right = 0;
            double top = 0;
            for (int row = 0; row < table.rows(); row++) {
                double atX = table.number(row, columnX, 0);
                double atY = table.number(row, columnY, 0);
                if (Double.isFinite(atX) && Double.isFinite(atY)) {
                    right = Math.max(right, atX);
                    top = Math.max(top, atY);
                }
            }
            width = width > 0 ? width : Math.ceil(right);
            height = height > 0 ? height : Math.ceil(top);
        }
        float[] flux = optional(table, "FLUX", rows);
        float[] background = optional(table, "BACKGROUND", rows);
        return StarListReader.list(name, width, height, x, y, flux, background);
    }

    /** The first table with both columns. */
    static Optional<FitsHdu> tableIn(List<FitsHdu> hdus) {
        return hdus.stream()
                .filter(hdu -> hdu.isTable()
                        && names(hdu.header(), columnName(hdus, hdu, "ANXCOL", "X"))
                        && names(hdu.header(), columnName(hdus, hdu, "ANYCOL", "Y")))
                .findFirst();
    }

    private static boolean names(Header header, String column) {
        int fields = Math.min(header.getIntValue("TFIELDS", 0), 999);
        for (int i = 1; i <= fields; i++) {
            if (column.equalsIgnoreCase(header.getStringValue("TTYPE" + i, "").trim())) {
                return true;
            }
        }
        return false;
    }

    private static String columnName(List<FitsHdu> hdus, FitsHdu table, String key, String usual) {
        String named = hdus.get(0).header().getStringValue(key, "").trim();
        if (named.isEmpty()) {
            named = table.header().getStringValue(key, "").trim();
        }
        return named.isEmpty() ? usual : named;
    }

    private static float[] optional(FitsTable table, String column, int rows) throws UnreadableInputException {
        return table.hasNumbers(column) ? table.floats(column, rows) : new float[rows];
    }

    /** From the job's header, else from the table's own; 0 if neither says. */
    private static double size(List<FitsHdu> hdus, FitsHdu table, String key) {
        double job = hdus.get(0).header().getDoubleValue(key, 0);
        return job > 0 ? job : table.header().getDoubleValue(key, 0);
    }
}
