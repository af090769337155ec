package io.novasolve.sky.stars;

import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines of text split into fields, without an object per line or number. Lines end with LF, CR or both; a byte order mark
 * is skipped; fields are separated by blanks, tabs, or one comma or semicolon; {@code #} begins a comment.
 */
final class TextLines {

    private static final int MAX_LINE = 1 << 16;

    /** Powers of ten that a double holds exactly. */
    private static final double[] TEN_TO = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private final InputStream in;
    private final String name;
    private final byte[] buffer = new byte[1 << 13];
    private int position;
    private int limit;

    private byte[] line = new byte[256];
    private int length;
    private long lineNumber;
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private int fields;
    private boolean afterReturn;

    TextLines(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /** Moves to the next line; false at the end. */
    boolean next() throws IOException {
        length = 0;
        int b = read();
        if (b == '\n' && afterReturn) {
            b = read();
        }
        afterReturn = false;
        if (b < 0) {
            return false;
        }
        lineNumber++;
        while (b >= 0 && b != '\n' && b != '\r') {
            append(b);
            b = read();
        }
        afterReturn = b == '\r';
        split(lineNumber == 1 && beginsWithMark() ? 3 : 0);
        return true;
    }

    /** Whether everything was read. */
    boolean atEnd() {
        return position == limit;
    }

    private int read() throws IOException {
        if (position == limit) {
            limit = Math.max(0, in.read(buffer));
            position = 0;
            if (limit == 0) {
                return -1;
            }
        }
        return buffer[position++] & 0xFF;
    }

    private void append(int b) throws UnreadableInputException {
        if (b == 0) {
            throw error("it has a zero byte, so this is no text");
        }
        if (length == MAX_LINE) {
            throw error("it is longer than " + MAX_LINE + " bytes");
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = (byte) b;
    }

    private boolean beginsWithMark() {
        return length >= 3 && (line[0] & 0xFF) == 0xEF && (line[1] & 0xFF) == 0xBB && (line[2] & 0xFF) == 0xBF;
    }

    private void split(int from) {
        fields = 0;
        int at = skipBlanks(from);
        while (at < length && line[at] != '#') {
            int start = at;
            while (at < length && !isBlank(line[at]) && !isComma(line[at]) && line[at] != '#') {
                at++;
            }
            addField(start, at);
            at = skipBlanks(at);
            if (at < length && isComma(line[at])) {
                at = skipBlanks(at + 1);
            }
        }
    }

    private void addField(int start, int end) {
        if (fields == starts.length) {
            starts = Arrays.copyOf(starts, 2 * fields);
            ends = Arrays.copyOf(ends, 2 * fields);
        }
        starts[fields] = start;
        ends[fields++] = end;
    }

    private int skipBlanks(int at) {
        int i = at;
        while (i < length && isBlank(line[i])) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isComma(byte b) {
        return b == ',' || b == ';';
    }

    /** How many fields the line has; none if it is blank or a comment. */
    int fields() {
        return fields;
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < fields; i++) {
            texts.add(text(i));
        }
        return texts;
    }

    private String text(int field) {
        return TextStars.ascii(line, starts[field], ends[field]);
    }

    boolean isNumber(int field) {
        try {
            number(field);
            return true;
        } catch (UnreadableInputException e) {
            return false;
        }
    }

    /**
     * A field as a number. Up to 15 digits with a small exponent are converted here, which is exact (Clinger 1990, PLDI,
     * "How to read floating point numbers accurately"), the rest by the JDK.
     */
    double number(int field) throws UnreadableInputException {
        int at = starts[field];
        int end = ends[field];
        boolean negative = at < end && line[at] == '-';
        if (negative || at < end && line[at] == '+') {
            at++;
        }
        long mantissa = 0;
        int digits = 0;
        int decimals = 0;
        boolean point = false;
        for (; at < end; at++) {
            int c = line[at];
            if (c >= '0' && c <= '9') {
                mantissa = 10 * mantissa + c - '0';
                digits++;
                decimals += point ? 1 : 0;
                if (digits > 15) {
                    return parse(field);
                }
            } else if (c == '.' && !point) {
                point = true;
            } else {
                return parse(field);
            }
        }
        if (digits == 0) {
            return parse(field);
        }
        double value = mantissa / TEN_TO[decimals];
        return negative ? -value : value;
    }

    private double parse(int field) throws UnreadableInputException {
        String text = text(field);
        if (text.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        if (text.matches("(?i)[+-]?inf(inity)?")) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (!text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eEdD][+-]?\\d{1,6})?")) {
            throw error("\"" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "\" is not a number");
        }
        return Double.parseDouble(text.replace('d', 'e').replace('D', 'e'));
    }

    UnreadableInputException error(String what) {
        return new UnreadableInputException(name + ", line " + lineNumber + ": " + what);
    }
}
