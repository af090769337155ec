package io.novasolve.products;

import io.novasolve.sky.Angles;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.InputFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Catalogues as text, for {@link SkyCatalogue#with}: a table in UTF-8, separated by commas or tabs, fields in quotes where
 * they hold a comma. The first line is the heading; empty lines and those that begin with # are skipped, other columns too.
 *
 * <table>
 * <caption>Columns, in any order</caption>
 * <tr><td>{@code name} (or {@code names})</td><td>one or several, separated by semicolons, the best known first; a word and
 *     a number ({@code HD 34085}) is a number in a catalogue, anything else what people call it</td></tr>
 * <tr><td>{@code ra} ({@code raj2000}), {@code dec} ({@code dej2000}, {@code decj2000})</td><td>J2000, in degrees, or
 *     sexagesimal in hours and degrees</td></tr>
 * <tr><td>{@code kind} ({@code type})</td><td>optional: an {@link ObjectKind} in small letters; without it, who has a number
 *     of HD, HIP, HR, SAO or TYC first is a star, anything else {@code other}</td></tr>
 * <tr><td>{@code magnitude} ({@code mag}, {@code vmag})</td><td>optional</td></tr>
 * <tr><td>{@code size}</td><td>optional: diameter in arcminutes, or two, such as {@code 90x40}</td></tr>
 * </table>
 */
public final class CatalogueFile {

    private static final int MAX_LINE = 1 << 16;

    /** More would fill the memory: each takes about 200 bytes. */
    private static final int MAX_ROWS = 5_000_000;

    private static final List<String> STARS = List.of("HD ", "HIP ", "HR ", "SAO ", "TYC ");

    private final Reader in;
    private final String fileName;
    private int line;

    /** Behind the character that ended the line before. */
    private boolean afterReturn;

    private int name = -1;
    private int ra = -1;
    private int dec = -1;
    private int kind = -1;
    private int magnitude = -1;
    private int size = -1;

    private CatalogueFile(Reader in, String fileName) {
        this.in = in;
        this.fileName = fileName;
    }

    /**
     * Reads a file.
     *
     * @throws UnreadableInputException if there is none, or a line of it makes no sense: the message says which, and why
     */
    public static List<SkyObject> read(Path file) throws UnreadableInputException {
        return InputFiles.reading(file, f -> {
            try (InputStream in = Files.newInputStream(f)) {
                return read(in, InputFiles.nameOf(f));
            }
        });
    }

    /**
     * The same for a stream, which stays open.
     *
     * @param name for messages
     * @throws UnreadableInputException if a line makes no sense
     * @throws IOException if it cannot be read
     */
    public static List<SkyObject> read(InputStream in, String name) throws IOException {
        return new CatalogueFile(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16), name)
                .objects();
    }

    private List<SkyObject> objects() throws IOException {
        String heading = nextRow();
        if (heading == null) {
            throw new UnreadableInputException(
                    fileName + " is empty: a catalogue begins with a heading such as name,ra,dec");
        }
        if (heading.startsWith("\uFEFF")) {
            heading = heading.substring(1);
        }
        char separator = heading.indexOf('\t') >= 0 ? '\t' : ',';
        columns(fields(heading, separator));
        List<SkyObject> objects = new ArrayList<>();
        for (String row = nextRow(); row != null; row = nextRow()) {
            if (objects.size() == MAX_ROWS) {
                throw wrong("a catalogue has at most " + MAX_ROWS + " objects");
            }
            objects.add(object(fields(row, separator)));
        }
        return objects;
    }

    private void columns(List<String> heading) throws UnreadableInputException {
        for (int i = heading.size() - 1; i >= 0; i--) {
            switch (heading.get(i).toLowerCase(Locale.ROOT)) {
                case "name", "names" -> name = i;
                case "ra", "raj2000" -> ra = i;
                case "dec", "dej2000", "decj2000" -> dec = i;
                case "kind", "type" -> kind = i;
                case "magnitude", "mag", "vmag" -> magnitude = i;
                case "size" -> size = i;
                default -> {}
            }
        }
        if (name < 0 || ra < 0 || dec < 0) {
            throw wrong("the heading must have the columns name, ra and dec, separated by commas or tabs, but is '"
                    + shortened(String.join(", ", heading)) + "'");
        }
    }

    private SkyObject object(List<String> row) throws UnreadableInputException {
        List<String> designations = new ArrayList<>(1);
        List<String> commonNames = new ArrayList<>(0);
        for (String part : field(row, name).split(";", -1)) {
            String text = part.strip();
            if (!text.isEmpty()) {
                (SkyObject.isNumber(text) ? designations : commonNames).add(text);
            }
        }
        if (designations.isEmpty() && commonNames.isEmpty()) {
            throw wrong("it has no name");
        }
        if (designations.isEmpty()) {
            designations.add(commonNames.remove(0));
        }
        double[] sizes = sizes(field(row, size));
        return new SkyObject(
                kind(field(row, kind), designations.get(0)),
                designations,
                commonNames,
                new SkyPosition(
                        angle(
                                field(row, ra),
                                Angles.ra(field(row, ra)),
                                0,
                                360,
                                "right ascension: give degrees from 0 to 360, or hours such as 05:34:31.9"),
                        angle(
                                field(row, dec),
                                Angles.dec(field(row, dec)),
                                -90,
                                90,
                                "declination: give degrees from -90 to 90, also as -05:23:28")),
                magnitude(field(row, magnitude)),
                Math.max(sizes[0], sizes[1]),
                Math.min(sizes[0], sizes[1]));
    }

    private double angle(String text, OptionalDouble read, double least, double most, String what)
            throws UnreadableInputException {
        double degrees = read.isPresent() ? read.getAsDouble() : number(text);
        if (!(degrees >= least && degrees <= most)) {
            throw wrong("'" + shortened(text) + "' is no " + what);
        }
        return degrees == 360 ? 0 : degrees;
    }

    private double magnitude(String text) throws UnreadableInputException {
        double value = number(text);
        if (!text.isEmpty() && !Double.isFinite(value)) {
            throw wrong("'" + shortened(text) + "' is no magnitude: give a number, or leave it empty");
        }
        return value;
    }

    private double[] sizes(String text) throws UnreadableInputException {
        if (text.isEmpty()) {
            return new double[2];
        }
        String[] parts = text.split("[x×]", -1);
        double first = number(parts[0].strip());
        double second = number(parts[parts.length - 1].strip());
        if (parts.length > 2 || !(first >= 0 && first <= 21_600 && second >= 0 && second <= 21_600)) {
            throw wrong(
                    "'" + shortened(text) + "' is no size: give arcminutes, such as 90 or 90x40, or leave it empty");
        }
        return new double[] {first, second};
    }

    private ObjectKind kind(String text, String designation) throws UnreadableInputException {
        if (text.isEmpty()) {
            return STARS.stream().anyMatch(designation::startsWith) ? ObjectKind.STAR : ObjectKind.OTHER;
        }
        String word = text.toUpperCase(Locale.ROOT).replaceAll("[ -]", "_");
        for (ObjectKind known : ObjectKind.values()) {
            if (known.name().equals(word)) {
                return known;
            }
        }
        throw wrong("'" + shortened(text) + "' is no kind; there are "
                + Arrays.stream(ObjectKind.values())
                        .map(known -> known.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")));
    }

    /** NaN if it is none. */
    private static double number(String text) {
        if (text.isEmpty() || text.length() > 40 || !text.chars().allMatch(c -> "+-.0123456789eE".indexOf(c) >= 0)) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Empty where the row is short, or the table has no such column. */
    private static String field(List<String> row, int column) {
        return column >= 0 && column < row.size() ? row.get(column) : "";
    }

    private static List<String> fields(String row, char separator) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < row.length(); i++) {
            char c = row.charAt(i);
            if (quoted && c == '"' && i + 1 < row.length() && row.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"' && (quoted || field.toString().isBlank())) {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        return fields;
    }

    /** The next line that says something; null at the end. */
    private @Nullable String nextRow() throws IOException {
        StringBuilder row = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            boolean second = c == '\n' && afterReturn;
            afterReturn = c == '\r';
            if (second) {
                continue;
            }
            if (c != '\n' && c != '\r') {
                if (row.length() == MAX_LINE) {
                    line++;
                    throw wrong("it has more than " + MAX_LINE + " characters: this is no catalogue");
                }
                row.append((char) c);
                continue;
            }
            line++;
            if (says(row)) {
                return row.toString();
            }
            row.setLength(0);
        }
        line++;
        return says(row) ? row.toString() : null;
    }

    private static boolean says(StringBuilder row) {
        String text = row.toString();
        return !text.isBlank() && !text.startsWith("#");
    }

    private UnreadableInputException wrong(String what) {
        return new UnreadableInputException(fileName + ", line " + line + ": " + what);
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
