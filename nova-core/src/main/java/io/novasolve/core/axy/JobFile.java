package io.novasolve.core.axy;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FileBytes;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.stars.StarList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;
import nom.tam.util.FitsOutputStream;

/**
 * A job file, {@code job.axy}: a star list with the instructions for its search. It is a FITS file whose primary header
 * carries the instructions as {@code AN…} cards and whose first extension is a table of the stars, in the order of trust;
 * the native {@code astrometry-engine} reads it as it is.
 *
 * <p>All result files are named by constants of this class and are relative, so that they land in the engine's working
 * directory. The options {@code downsample}, {@code invert}, {@code width} and {@code height} have no cards: they have done
 * their work when a star list exists.
 *
 * <p>The same job gives the same bytes, always.
 *
 * @param stars in the order of trust; the size of the picture comes from here
 * @param options what is known and how far to go
 */
public record JobFile(StarList stars, SolveOptions options) {

    /** Usual name of the job file itself. */
    public static final String NAME = "job.axy";
    /** The solution: a FITS header. */
    public static final String WCS = "wcs.fits";
    /** Pairs of picture star and catalogue star. */
    public static final String CORR = "corr.fits";
    /** Catalogue stars in the field. */
    public static final String RDLS = "rdls.fits";
    /** The accepted hypothesis. */
    public static final String MATCH = "match.fits";
    /** Exists, with one byte of value 1, once the field is solved; the engine then ends at once. */
    public static final String SOLVED = "solved";
    /** The engine stops when this file appears. */
    public static final String CANCEL = "cancel";

    private static final Pattern MARKER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,59}");

    /** The bytes of this job. */
    public byte[] toBytes() {
        return toBytes(SOLVED);
    }

    /**
     * The same with another name for the marker. An engine that finds a marker ends at once, without results: where the
     * folder may hold files of an earlier run of this job, each run needs a marker of its own.
     *
     * @param marker a plain file name
     * @throws IllegalArgumentException if it is none
     */
    public byte[] toBytes(String marker) {
        if (!MARKER.matcher(marker).matches()) {
            throw new IllegalArgumentException("a marker has a plain file name, not '" + marker + "'");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
        try {
            write(bytes, marker);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Writes this job; the stream stays open. */
    public void write(OutputStream out) throws IOException {
        write(out, SOLVED);
    }

    private void write(OutputStream out, String marker) throws IOException {
        StarList kept = options.maxStars() == null ? stars : stars.first(options.maxStars());
        try {
            BasicHDU<?> primary = BasicHDU.getDummyHDU();
            Header header = primary.getHeader();
            JobCards.write(kept, options, marker, header);
            BinaryTableHDU table = StarTable.of(kept);
            // The library dates its files here; a job is the same job tomorrow.
            header.findCard("SIMPLE").setComment("a job for a plate solver");
            // Not closed: that would close the caller's stream.
            FitsOutputStream fits = new FitsOutputStream(out);
            header.write(fits);
            table.write(fits);
            fits.flush();
        } catch (FitsException e) {
            throw new IOException("the job file of " + stars + " could not be written: " + e.getMessage(), e);
        }
    }

    /**
     * What a FITS file instructs to do with its stars; empty if its primary header does not ask for a solve.
     *
     * @param name of the file, for messages
     * @throws UnreadableInputException if this is no FITS file, or has an instruction that makes no sense
     */
    public static Optional<SolveOptions> optionsOf(Path file, String name) throws UnreadableInputException {
        try (Bytes bytes = FileBytes.open(file, name)) {
            Header header = FitsHdu.all(bytes, name).get(0).header();
            return JobCards.asksForSolve(header) ? Optional.of(new JobCards(header, name).options()) : Optional.empty();
        }
    }

    /**
     * Reads a job file of anybody's. Cards that have no option, and rows without a finite position, are left out; bounds
     * that were given in several ranges become the one range that holds them all.
     *
     * @param name of the file, for messages
     * @throws UnreadableInputException if this is no FITS file, has no size or table of stars, is cut off, or has an
     *     instruction that makes no sense, such as a Dec of 95°
     */
    public static JobFile read(byte[] content, String name) throws UnreadableInputException {
        List<FitsHdu> hdus = FitsHdu.all(content, name);
        JobCards cards = new JobCards(hdus.get(0).header(), name);
        int field = cards.field();
        if (field >= hdus.size() || !hdus.get(field).isTable()) {
            throw new UnreadableInputException(name + " has no table of stars in extension " + field
                    + ": a job file needs a binary table with the columns " + cards.xColumn() + " and "
                    + cards.yColumn());
        }
        StarTable table = new StarTable(hdus.get(field));
        StarList stars = table.read(cards.width(table), cards.height(table), cards.xColumn(), cards.yColumn());
        return new JobFile(stars, cards.options());
    }
}
