package io.novasolve.engine.build;

import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads star tables: FITS binary tables, and text with a line of column names and numbers separated by commas,
 * semicolons, tabs or blanks. Columns are {@code RA} and {@code DEC} in degrees, {@code MAG}, and {@code PMRA} (times
 * cos Dec) and {@code PMDEC} in milliarcseconds a year if they are there; the names other catalogues use are known too.
 */
public final class StarTableReader {

    private final @Nullable String magnitudeColumn;

    /** Takes the first magnitude column that has a usual name. */
    public StarTableReader() {
        this(null);
    }

    /** @param magnitudeColumn name of the magnitude column; null for the first that has a usual name */
    public StarTableReader(@Nullable String magnitudeColumn) {
        this.magnitudeColumn = magnitudeColumn;
    }

    /**
     * Reads a file, which kind it is being told from its content.
     *
     * @throws UnreadableInputException if it is no star table or is damaged
     * @throws IOException if it cannot be read
     */
    public StarTable read(Path file) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(6);
        }
        boolean fits = new String(start, StandardCharsets.ISO_8859_1).equals("SIMPLE");
        StarTable stars = fits ? FitsStarTable.read(file, magnitudeColumn) : TextStarTable.read(file, magnitudeColumn);
        if (stars.size() == 0) {
            throw new UnreadableInputException(file + " has no star with a position and a magnitude");
        }
        return stars;
    }
}
