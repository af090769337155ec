package io.novasolve.sky.internal;

import io.novasolve.sky.UnreadableInputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import nom.tam.fits.Header;

/**
 * A binary table (FITS standard 4.0, §7.3), read where it lies: cells are decoded when they are asked for, and some rows at a
 * time are held in memory. Columns are found by name whatever the case; scaling by TSCALn and TZEROn is applied to numbers.
 * For one thread.
 */
public final class FitsTable {

    private static final int MAX_COLUMNS = 999;

    /** Bytes of the rows in memory. */
    private static final int BLOCK = 1 << 16;

    /** @param element type of what is in the heap, where the type is P or Q; a blank otherwise */
    private record Column(String name, char type, char element, int count, int offset, double scale, double zero) {}

    private final FitsHdu hdu;
    private final int rows;
    private final int rowLength;
    private final Map<String, Column> columns;
    private ByteBuffer block = ByteBuffer.allocate(0);

    /** The row that the block begins with. */
    private int first;

    private FitsTable(FitsHdu hdu, int rows, int rowLength, Map<String, Column> columns) {
        this.hdu = hdu;
        this.rows = rows;
        this.rowLength = rowLength;
        this.columns = columns;
    }

    /** @throws UnreadableInputException if the header contradicts itself or the data are cut off */
    public static FitsTable of(FitsHdu hdu) throws UnreadableInputException {
        Header header = hdu.header();
        hdu.requireComplete();
        long rowLength = header.getLongValue("NAXIS1", 0);
        long rows = header.getLongValue("NAXIS2", 0);
        if (!hdu.isTable() || header.getIntValue("NAXIS", 0) != 2 || header.getIntValue("BITPIX", 0) != 8) {
            throw damaged(hdu, "it is no binary table of two axes and 8 bits");
        }
        if (rows > Integer.MAX_VALUE || rowLength > Integer.MAX_VALUE || rows * rowLength > hdu.dataLength()) {
            throw damaged(hdu, "it has " + rows + " rows of " + rowLength + " bytes, which its data do not hold");
        }
        int fields = header.getIntValue("TFIELDS", -1);
        if (fields < 0 || fields > MAX_COLUMNS) {
            throw damaged(hdu, "TFIELDS is " + fields + ", not in 0…999");
        }
        Map<String, Column> columns = new HashMap<>();
        long offset = 0;
        for (int i = 1; i <= fields; i++) {
            Column column = column(hdu, i, (int) offset);
            offset += length(column);
            if (offset > rowLength) {
                throw damaged(hdu, "its columns are wider than a row of " + rowLength + " bytes");
            }
            columns.putIfAbsent(column.name, column);
        }
        return new FitsTable(hdu, (int) rows, (int) rowLength, columns);
    }

    private static Column column(FitsHdu hdu, int i, int offset) throws UnreadableInputException {
        Header header = hdu.header();
        String form = header.getStringValue("TFORM" + i, "").trim().toUpperCase(Locale.ROOT);
        int digits = 0;
        while (digits < form.length() && form.charAt(digits) >= '0' && form.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == form.length() || digits > 9 || width(form.charAt(digits)) < 0) {
            throw damaged(hdu, "TFORM" + i + " = '" + form + "' is no column form");
        }
        int count = digits == 0 ? 1 : Integer.parseInt(form.substring(0, digits));
        char type = form.charAt(digits);
        boolean inHeap = (type == 'P' || type == 'Q') && digits + 1 < form.length();
        return new Column(
                header.getStringValue("TTYPE" + i, "").trim().toUpperCase(Locale.ROOT),
                type,
                inHeap ? form.charAt(digits + 1) : ' ',
                count,
                offset,
                header.getDoubleValue("TSCAL" + i, 1),
                header.getDoubleValue("TZERO" + i, 0));
    }

    private static long length(Column column) {
        return column.type == 'X' ? (column.count + 7L) / 8 : (long) column.count * width(column.type);
    }

    private static int width(char type) {
        return switch (type) {
            case 'L', 'X', 'B', 'A' -> 1;
            case 'I' -> 2;
            case 'J', 'E' -> 4;
            case 'K', 'D', 'C', 'P' -> 8;
            case 'M', 'Q' -> 16;
            default -> -1;
        };
    }

    /**
     * Whoever reads cells of varying length makes room for as many elements as they say they have.
     *
     * @throws UnreadableInputException if such a cell is not within the heap
     */
    public void requireCellsInHeap() throws UnreadableInputException {
        long heap = hdu.header().getLongValue("THEAP", (long) rows * rowLength);
        for (Column column : columns.values()) {
            for (int row = 0; column.element != ' ' && column.count > 0 && row < rows; row++) {
                int at = inBlock(row) + column.offset;
                long length = column.type == 'P' ? block.getInt(at) : block.getLong(at);
                long from = column.type == 'P' ? block.getInt(at + 4) : block.getLong(at + 8);
                double end = (double) heap
                        + from
                        + (double) length * width(column.element) / (column.element == 'X' ? 8 : 1);
                if (length != 0 && (length < 0 || from < 0 || end > hdu.dataLength())) {
                    throw damaged(
                            hdu, "in row " + (row + 1) + " " + length + " elements are announced where there are none");
                }
            }
        }
    }

    public int rows() {
        return rows;
    }

    /** Whether there is a column of that name whose cells hold at least {@code count} numbers or letters. */
    public boolean has(String name, int count) {
        Column column = columns.get(name.toUpperCase(Locale.ROOT));
        return column != null && column.count >= count;
    }

    /** Whether there is such a column, and numbers in it. */
    public boolean hasNumbers(String name) {
        return has(name, 1) && "BIJKED".indexOf(required(name).type) >= 0;
    }

    /** The first column that begins with a text, in upper case. */
    public Optional<String> firstBeginning(String prefix) {
        return columns.values().stream()
                .filter(c -> c.name.startsWith(prefix))
                .min((a, b) -> Integer.compare(a.offset, b.offset))
                .map(Column::name);
    }

    /** The first number of every cell of a column. */
    public double[] numbers(String name) throws UnreadableInputException {
        return numbers(name, rows);
    }

    /** The same of the first rows only. */
    public double[] numbers(String name, int length) throws UnreadableInputException {
        requireNumbers(name);
        double[] values = new double[length];
        for (int row = 0; row < length; row++) {
            values[row] = number(row, name, 0);
        }
        return values;
    }

    /** The same as floats. */
    public float[] floats(String name, int length) throws UnreadableInputException {
        requireNumbers(name);
        float[] values = new float[length];
        for (int row = 0; row < length; row++) {
            values[row] = (float) number(row, name, 0);
        }
        return values;
    }

    private void requireNumbers(String name) throws UnreadableInputException {
        if (!hasNumbers(name)) {
            throw damaged(hdu, "it has no column of numbers named " + name);
        }
    }

    /** One number of a cell, scaled. The column must be one of numbers with more than {@code element} of them. */
    public double number(int row, String name, int element) throws UnreadableInputException {
        Column column = required(name);
        int at = inBlock(row) + column.offset + element * width(column.type);
        double raw =
                switch (column.type) {
                    case 'B' -> block.get(at) & 0xFF;
                    case 'I' -> block.getShort(at);
                    case 'J' -> block.getInt(at);
                    case 'K' -> block.getLong(at);
                    case 'E' -> block.getFloat(at);
                    case 'D' -> block.getDouble(at);
                    default -> throw new IllegalArgumentException("column " + name + " holds no numbers");
                };
        return column.scale * raw + column.zero;
    }

    /** Text of a cell, without trailing blanks. */
    public String text(int row, String name) throws UnreadableInputException {
        Column column = required(name);
        int at = inBlock(row) + column.offset;
        String text =
                StandardCharsets.US_ASCII.decode(block.slice(at, column.count)).toString();
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).stripTrailing();
    }

    /** Where a row begins in the block, which has it then. */
    private int inBlock(int row) throws UnreadableInputException {
        Objects.checkIndex(row, rows);
        if (row < first || (long) (row - first + 1) * rowLength > block.limit()) {
            int count = Math.min(rows - row, Math.max(1, BLOCK / Math.max(1, rowLength)));
            block = hdu.file().range(hdu.dataOffset() + (long) row * rowLength, count * rowLength);
            first = row;
        }
        return (row - first) * rowLength;
    }

    private Column required(String name) {
        Column column = columns.get(name.toUpperCase(Locale.ROOT));
        if (column == null) {
            throw new IllegalArgumentException("no column " + name);
        }
        return column;
    }

    private static UnreadableInputException damaged(FitsHdu hdu, String why) {
        return new UnreadableInputException(hdu.name() + " holds a table that cannot be read: " + why);
    }
}
