package io.novasolve.sky.stars;

import io.novasolve.sky.UnreadableInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Star lists as text, read as a stream into columns of primitives. */
final class TextStars {

    private static final int COLUMNS_READ = 3;

    /** Enough lines to tell a list from a letter. */
    private static final int LINES_LOOKED_AT = 3;

    private final String name;
    private final int maxStars;
    private double[] x = new double[1024];
    private double[] y = new double[1024];
    private float[] flux = new float[1024];
    private int count;
    private int withFlux;
    private boolean headingSeen;

    /** Which field of a line is x, y and flux. */
    private int[] order = {0, 1, 2};

    private TextStars(String name, int maxStars) {
        this.name = name;
        this.maxStars = maxStars;
    }

    static StarList read(InputStream in, String name, double width, double height, int maxStars) throws IOException {
        TextStars stars = new TextStars(name, maxStars);
        TextLines lines = new TextLines(in, name);
        while (lines.next()) {
            stars.add(lines);
        }
        if (stars.count == 0) {
            throw new UnreadableInputException(name + " holds no star: no line has an x and a y");
        }
        return stars.toList(width, height);
    }

    /** Whether the first lines are those of a list; the last one may be cut off. */
    static boolean looksLike(byte[] beginning) {
        TextStars stars = new TextStars("", Integer.MAX_VALUE);
        TextLines lines = new TextLines(new ByteArrayInputStream(beginning), "");
        try {
            while (stars.count < LINES_LOOKED_AT && lines.next()) {
                stars.add(lines);
            }
        } catch (IOException e) {
            // What cannot be read as a list is none; the last line may be cut off, so one good line will do.
            return stars.count > 0 && lines.atEnd();
        }
        return stars.count > 0;
    }

    private void add(TextLines line) throws UnreadableInputException {
        int fields = line.fields();
        if (fields == 0) {
            return;
        }
        if (count == 0 && !headingSeen && isHeading(line)) {
            headingSeen = true;
            order = orderOf(line);
            return;
        }
        if (fields <= Math.max(order[0], order[1])) {
            throw line.error("x and y are expected, but it has " + fields + (fields == 1 ? " value" : " values"));
        }
        if (count == maxStars) {
            throw StarListReader.tooLong(name, maxStars);
        }
        if (count == x.length) {
            grow();
        }
        x[count] = line.number(order[0]);
        y[count] = line.number(order[1]);
        flux[count] = 0;
        if (fields > order[2]) {
            flux[count] = (float) line.number(order[2]);
            withFlux++;
        }
        count++;
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

    private void grow() {
        int length = (int) Math.min(maxStars, x.length + (x.length >> 1) + 1L);
        x = Arrays.copyOf(x, length);
        y = Arrays.copyOf(y, length);
        flux = Arrays.copyOf(flux, length);
    }

    private StarList toList(double width, double height) throws UnreadableInputException {
        x = Arrays.copyOf(x, count);
        y = Arrays.copyOf(y, count);
        flux = Arrays.copyOf(flux, count);
        if (withFlux == count) {
            sortByFlux();
        } else {
            Arrays.fill(flux, 0);
        }
        return StarListReader.list(name, width, height, x, y, flux, new float[count]);
    }

    /** Brightest first; equal ones, and those without a number last, in the order of the file. */
    private void sortByFlux() {
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = (long) descending(flux[i]) << 32 | i;
        }
        Arrays.sort(keys);
        double[] sortedX = new double[count];
        double[] sortedY = new double[count];
        float[] sortedFlux = new float[count];
        for (int i = 0; i < count; i++) {
            int from = (int) keys[i];
            sortedX[i] = x[from];
            sortedY[i] = y[from];
            sortedFlux[i] = Float.isNaN(flux[from]) ? 0 : flux[from];
        }
        x = sortedX;
        y = sortedY;
        flux = sortedFlux;
    }

    /** Integers in the opposite order of the floats: the bits of a float are ordered once negative ones are flipped. */
    private static int descending(float value) {
        if (Float.isNaN(value)) {
            return Integer.MAX_VALUE;
        }
        int bits = Float.floatToIntBits(value + 0f);
        return ~(bits >= 0 ? bits : bits ^ 0x7FFFFFFF);
    }

    static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }
}
