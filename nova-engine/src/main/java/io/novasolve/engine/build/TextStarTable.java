package io.novasolve.engine.build;

import io.novasolve.sky.UnreadableInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stars in a text file: a line of column names, then a line a star. */
final class TextStarTable {

    private static final int MAX_LINE = 100_000;

    private final Path file;
    private final BufferedReader in;
    private int lineNumber;

    private TextStarTable(Path file, BufferedReader in) {
        this.file = file;
        this.in = in;
    }

    static StarTable read(Path file, @Nullable String magnitudeColumn) throws IOException {
        // ISO 8859-1 knows every byte, and numbers are ASCII anyway.
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.ISO_8859_1), 1 << 16)) {
            return new TextStarTable(file, in).read(magnitudeColumn);
        }
    }

    private StarTable read(@Nullable String magnitudeColumn) throws IOException {
        String head = nextLine();
        String separator = head == null ? "," : separator(head);
        List<String> names = head == null
                ? List.of()
                : Arrays.stream(cells(head, separator))
                        .map(name -> name.replace("\"", ""))
                        .toList();
        StarColumns columns = StarColumns.find(names, magnitudeColumn, file.toString());
        if (columns == null) {
            throw StarColumns.noPositions(file.toString());
        }
        int[] wanted = Stream.of(columns.ra(), columns.dec(), columns.magnitude(), columns.pmRa(), columns.pmDec())
                .mapToInt(name -> name == null ? -1 : names.indexOf(name))
                .toArray();
        double[][] values = new double[wanted.length][1024];
        int rows = 0;
        for (String line = nextLine(); line != null; line = nextLine()) {
            String[] cells = cells(line, separator);
            if (rows == values[0].length) {
                for (int c = 0; c < values.length; c++) {
                    values[c] = Arrays.copyOf(values[c], 2 * rows);
                }
            }
            for (int c = 0; c < wanted.length; c++) {
                values[c][rows] = wanted[c] < 0 ? Double.NaN : number(cells, wanted[c], names.get(wanted[c]));
            }
            rows++;
        }
        for (int c = 0; c < values.length; c++) {
            values[c] = Arrays.copyOf(values[c], rows);
        }
        boolean moving = wanted[3] >= 0 && wanted[4] >= 0;
        return StarTable.of(values[0], values[1], values[2], moving ? values[3] : null, moving ? values[4] : null);
    }

    private static String separator(String head) {
        for (String candidate : new String[] {",", ";", "\t"}) {
            if (head.contains(candidate)) {
                return candidate;
            }
        }
        return "\\s+";
    }

    private static String[] cells(String line, String separator) {
        String[] cells = line.split(separator, -1);
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cells[i].strip();
        }
        return cells;
    }

    /** An empty cell is a number that is not known; anything else has to be one. */
    private double number(String[] cells, int column, String name) throws UnreadableInputException {
        String cell = column < cells.length ? cells[column] : "";
        if (cell.isEmpty() || cell.equalsIgnoreCase("nan") || cell.equalsIgnoreCase("null")) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            throw new UnreadableInputException(
                    file + ", line " + lineNumber + ": the " + name + " is no number but “" + cell + "”", e);
        }
    }

    /** The next line that is not empty; a # before the column names is taken off, other comments are passed over. */
    private @Nullable String nextLine() throws IOException {
        boolean first = lineNumber == 0;
        for (String line = boundedLine(); line != null; line = boundedLine()) {
            String text = line.strip();
            boolean comment = text.startsWith("#");
            if (first && comment && text.toLowerCase(Locale.ROOT).matches("#.*\\bra.*\\bde.*")) {
                return text.substring(1).strip();
            }
            if (!text.isEmpty() && !comment) {
                return text;
            }
        }
        return null;
    }

    private @Nullable String boundedLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        lineNumber++;
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() >= MAX_LINE) {
                throw new UnreadableInputException(
                        file + ", line " + lineNumber + " is too long: this is no table of stars");
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
