package io.novasolve.sky.stars;

import io.novasolve.sky.UnreadableInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Star lists as text, read as a stream into columns of primitives. */
final class TextStars {

    private static final int COLUMNS_READ = 3;

    /** Enough lines to tell a list from a letter. */
    private static final int LINES_LOOKED_AT = 3;

    private final String name;
    private final int maxStars;
    private final int kept;

    /** The first stars that have a position, no more than are kept. */
    private final StarRows first = new StarRows();

    /** The brightest ones, once there are more than are kept and as long as every line has a flux; else null. */
    private @Nullable StarRows brightest;

    private int read;
    private int withFlux;
    private double right;
    private double top;
    private boolean headingSeen;

    /** Which field of a line is x, y and flux. */
    private int[] order = {0, 1, 2};

    private TextStars(String name, int maxStars, int kept) {
        this.name = name;
        this.maxStars = maxStars;
        this.kept = kept;
    }

    /**
     * Reads to the end.
     *
     * @param maxStars more are an error
     * @param kept how many of them the list has at most: no more than about three times as many are held in memory
     */
    static StarList read(InputStream in, String name, double width, double height, int maxStars, int kept)
            throws IOException {
        TextStars stars = new TextStars(name, maxStars, kept);
        TextLines lines = new TextLines(in, name);
        while (lines.next()) {
            stars.add(lines);
        }
        if (stars.read == 0) {
            throw new UnreadableInputException(name + " holds no star: no line has an x and a y");
        }
        return stars.toList(width, height);
    }

    /** Whether the first lines are those of a list; the last one may be cut off. */
    static boolean looksLike(byte[] beginning) {
        TextStars stars = new TextStars("", Integer.MAX_VALUE, LINES_LOOKED_AT);
        TextLines lines = new TextLines(new ByteArrayInputStream(beginning), "");
        try {
            while (stars.read < LINES_LOOKED_AT && lines.next()) {
                stars.add(lines);
            }
        } catch (IOException e) {
            // What cannot be read as a list is none; the last line may be cut off, so one good line will do.
            return stars.read > 0 && lines.atEnd();
        }
        return stars.read > 0;
    }

    private void add(TextLines line) throws UnreadableInputException {
        int fields = line.fields();
        if (fields == 0) {
            return;
        }
        if (read == 0 && !headingSeen && isHeading(line)) {
            headingSeen = true;
            order = orderOf(line);
            return;
        }
        if (fields <= Math.max(order[0], order[1])) {
            throw line.error("x and y are expected, but it has " + fields + (fields == 1 ? " value" : " values"));
        }
        if (read == maxStars) {
            throw StarListReader.tooLong(name, maxStars);
        }
        double x = line.number(order[0]);
        double y = line.number(order[1]);
        boolean hasFlux = fields > order[2];
        float flux = hasFlux ? (float) line.number(order[2]) : 0;
        read++;
        withFlux += hasFlux ? 1 : 0;
        // Without a position it is no star; the line counts, as one that could be read.
        if (Double.isFinite(x) && Double.isFinite(y)) {
            keep(x, y, flux);
        }
    }

    private void keep(double x, double y, float flux) {
        right = Math.max(right, x);
        top = Math.max(top, y);
        if (first.count() < kept) {
            first.add(x, y, flux);
            return;
        }
        if (withFlux < read) {
            brightest = null;
            return;
        }
        StarRows rows = brightest == null ? first.copy() : brightest;
        rows.add(x, y, flux);
        if (rows.count() >= 2L * kept) {
            rows.sortByFlux();
            rows.cut(kept);
        }
        brightest = rows;
    }

    private static boolean isHeading(TextLines line) {
        for (int i = 0; i < Math.min(line.fields(), COLUMNS_READ); i++) {
            if (line.isNumber(i)) {
                return false;
            }
        }
        return true;
    }

    /** Follows a heading that names x and y; another heading says nothing, so the usual order holds. */
    private static int[] orderOf(TextLines line) {
        List<String> names = line.texts().stream()
                .map(text -> text.toLowerCase(Locale.ROOT).replace("\"", ""))
                .toList();
        int x = names.indexOf("x");
        int y = names.indexOf("y");
        if (x < 0 || y < 0) {
            return new int[] {0, 1, 2};
        }
        int flux = names.indexOf("flux");
        return new int[] {x, y, flux >= 0 ? flux : Integer.MAX_VALUE};
    }

    private StarList toList(double width, double height) throws UnreadableInputException {
        boolean haveFlux = withFlux == read;
        StarRows rows = haveFlux && brightest != null ? brightest : first;
        if (haveFlux) {
            rows.sortByFlux();
        }
        rows.cut(kept);
        return rows.toList(name, width > 0 ? width : Math.ceil(right), height > 0 ? height : Math.ceil(top), haveFlux);
    }

    static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }
}
