package io.novasolve.core.axy;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.stars.StarList;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;
import org.jspecify.annotations.Nullable;

/** The stars of a job file: a binary table with one row a star. */
final class StarTable {

    private static final int MAX_COLUMNS = 999;
    private static final Pattern FORM = Pattern.compile("\\s*(\\d{0,9})([LXBIJKAEDCMPQ]).*");

    private final FitsHdu hdu;

    StarTable(FitsHdu hdu) {
        this.hdu = hdu;
    }

    /** The table of a star list: X and Y in double precision, FLUX and BACKGROUND in single. */
    static BinaryTableHDU of(StarList stars) throws FitsException {
        int n = stars.size();
        double[] x = new double[n];
        double[] y = new double[n];
        float[] flux = new float[n];
        float[] background = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = stars.x(i);
            y[i] = stars.y(i);
            flux[i] = stars.flux(i);
            background[i] = stars.background(i);
        }
        BinaryTableHDU table = BinaryTable.fromColumnMajor(new Object[] {x, y, flux, background})
                .toHDU();
        table.setColumnName(0, "X", "[pix] the first pixel's centre is 1");
        table.setColumnName(1, "Y", "[pix] the first pixel's centre is 1");
        table.setColumnName(2, "FLUX", "above the background");
        table.setColumnName(3, "BACKGROUND", null);
        return table;
    }

    Header header() {
        return hdu.header();
    }

    /** @throws UnreadableInputException if a column is missing or the table is cut off */
    StarList read(double width, double height, String xColumn, String yColumn) throws UnreadableInputException {
        if ((long) rows() * rowLength() > hdu.data().limit()) {
            throw new UnreadableInputException(hdu.name() + " has a table of stars whose sizes contradict each other");
        }
        Column x = required(xColumn);
        Column y = required(yColumn);
        Column flux = column("FLUX");
        Column background = column("BACKGROUND");
        int rows = rows();
        double[] xs = new double[rows];
        double[] ys = new double[rows];
        float[] fluxes = new float[rows];
        float[] backgrounds = new float[rows];
        for (int i = 0; i < rows; i++) {
            xs[i] = x.value(i);
            ys[i] = y.value(i);
            fluxes[i] = flux == null ? 0 : (float) flux.value(i);
            backgrounds[i] = background == null ? 0 : (float) background.value(i);
        }
        return StarList.of(width, height, xs, ys, fluxes, backgrounds);
    }

    private int rowLength() {
        return header().getIntValue("NAXIS1", 0);
    }

    /** Rows of no bytes would make any number of rows fit into any file. */
    private int rows() {
        return rowLength() <= 0 ? 0 : header().getIntValue("NAXIS2", 0);
    }

    private Column required(String wanted) throws UnreadableInputException {
        Column column = column(wanted);
        if (column == null) {
            throw new UnreadableInputException(hdu.name() + " has no column " + wanted
                    + " in its table of stars: name the columns X and Y, or say their names with ANXCOL and ANYCOL");
        }
        return column;
    }

    /** The column of a name in upper or lower case; null if there is none. */
    private @Nullable Column column(String wanted) throws UnreadableInputException {
        int columns = header().getIntValue("TFIELDS", 0);
        long offset = 0;
        for (int i = 1; i <= Math.min(columns, MAX_COLUMNS); i++) {
            Matcher form = FORM.matcher(header().getStringValue("TFORM" + i, ""));
            if (!form.matches()) {
                throw new UnreadableInputException(hdu.name() + " has no valid TFORM" + i + " in its table of stars");
            }
            long repeat = form.group(1).isEmpty() ? 1 : Long.parseLong(form.group(1));
            char type = form.group(2).charAt(0);
            long end = offset + (type == 'X' ? (repeat + 7) / 8 : repeat * size(type));
            if (end > rowLength()) {
                throw new UnreadableInputException(
                        hdu.name() + " has columns that do not fit into the rows of its table of stars");
            }
            String name = header().getStringValue("TTYPE" + i, "").trim();
            if (name.toUpperCase(Locale.ROOT).equals(wanted.toUpperCase(Locale.ROOT))) {
                return scalar(i, type, repeat, (int) offset);
            }
            offset = end;
        }
        return null;
    }

    private Column scalar(int i, char type, long repeat, int offset) throws UnreadableInputException {
        if (repeat != 1 || "BIJKED".indexOf(type) < 0) {
            throw new UnreadableInputException(hdu.name() + " has TFORM" + i + " = "
                    + header().getStringValue("TFORM" + i) + " in its table of stars: one number a row is needed");
        }
        return new Column(
                type,
                offset,
                header().getDoubleValue("TSCAL" + i, 1),
                header().getDoubleValue("TZERO" + i, 0),
                hdu.data(),
                rowLength());
    }

    private static int size(char type) {
        return switch (type) {
            case 'I' -> 2;
            case 'J', 'E' -> 4;
            case 'K', 'D', 'C', 'P' -> 8;
            case 'M', 'Q' -> 16;
            default -> 1;
        };
    }

    /** One number a row, big-endian. */
    private record Column(char type, int offset, double scale, double zero, ByteBuffer data, int rowLength) {

        double value(int row) {
            int at = row * rowLength + offset;
            double raw =
                    switch (type) {
                        case 'B' -> data.get(at) & 0xff;
                        case 'I' -> data.getShort(at);
                        case 'J' -> data.getInt(at);
                        case 'K' -> data.getLong(at);
                        case 'E' -> data.getFloat(at);
                        default -> data.getDouble(at);
                    };
            return zero + scale * raw;
        }
    }
}
