package io.novasolve.transport.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads the tar of a peer that nobody trusts, while it flows: regular files of plain names only, of which those in a list
 * are kept. Nothing is written to disk.
 */
public final class WireTar {

    /** The stream is no acceptable tar. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /** For a header with its extensions; a name of a file that is asked for needs a hundredth. */
    private static final int HEADER_BYTES = 64 << 10;

    private static final int RECORD = 512;
    private static final long PADDING = 1 << 20;
    private static final int BUFFER = 1 << 15;
    private static final int LOG_BYTES = 1 << 20;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}");
    private static final int FILE_MODE = 0644;

    private final TransferLimits limits;
    private final Set<String> wanted;
    private final Set<String> wantedStart;
    private final Consumer<String> log;
    private final byte[] buffer = new byte[BUFFER];

    /**
     * @param wanted names of files that are kept
     * @param wantedStart names of files of which the first MiB is kept
     * @param log hears of files that are passed over
     */
    public WireTar(TransferLimits limits, Set<String> wanted, Set<String> wantedStart, Consumer<String> log) {
        this.limits = limits;
        this.wanted = Set.copyOf(wanted);
        this.wantedStart = Set.copyOf(wantedStart);
        this.log = log;
    }

    /** Writes a tar of some files. */
    public static void write(Map<String, byte[]> files, OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.US_ASCII.name());
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            put(tar, file.getKey(), file.getValue().length);
            tar.write(file.getValue());
            tar.closeArchiveEntry();
        }
        // Not closed: that would close the caller's stream.
        tar.finish();
    }

    static void put(TarArchiveOutputStream tar, String name, long size) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setMode(FILE_MODE);
        tar.putArchiveEntry(entry);
    }

    /**
     * Reads to the end of the tar, and on to the end of the stream if told so.
     *
     * @return the wanted files; empty if the stream was empty
     * @throws RefusedException if something is in it that must not be, or its end is missing
     * @throws GuardedStream.TooMuchException if a limit is exceeded
     */
    public Map<String, byte[]> read(GuardedStream in, boolean toTheEnd) throws IOException {
        try {
            return readAll(in, toTheEnd);
        } catch (GuardedStream.TooMuchException | RefusedException e) {
            throw e;
        } catch (IOException e) {
            if (in.isBroken()) {
                throw e;
            }
            throw new RefusedException("the tar is damaged or cut off (" + e.getMessage() + ")");
        }
    }

    private Map<String, byte[]> readAll(GuardedStream in, boolean toTheEnd) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.ISO_8859_1.name());
        int members = 0;
        while (true) {
            in.allow(HEADER_BYTES);
            TarArchiveEntry entry = next(tar);
            if (entry == null) {
                break;
            }
            in.allowAll();
            if (++members > limits.members()) {
                throw new GuardedStream.TooMuchException("the tar has more than " + limits.members() + " members");
            }
            take(tar, entry, files);
        }
        if (in.count() > 0 && in.trailingZeros() < 2 * RECORD) {
            throw new RefusedException("the tar is cut off after " + in.count() + " bytes");
        }
        if (toTheEnd) {
            padding(in);
        }
        return files;
    }

    private static TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
        try {
            return tar.getNextEntry();
        } catch (IllegalArgumentException e) {
            throw new RefusedException("this is no tar: " + e.getMessage());
        }
    }

    private void take(TarArchiveInputStream tar, TarArchiveEntry entry, Map<String, byte[]> files) throws IOException {
        String name = entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
        if (name.isEmpty() && entry.isDirectory()) {
            return;
        }
        byte flag = entry.getLinkFlag();
        if (flag != TarConstants.LF_NORMAL && flag != TarConstants.LF_OLDNORM || entry.isSparse()) {
            throw new RefusedException("the tar's member " + printable(name) + " is no regular file");
        }
        if (!PLAIN.matcher(name).matches()) {
            throw new RefusedException("the tar's member " + printable(name) + " has a name that no result has");
        }
        if (files.containsKey(name)) {
            throw new RefusedException("the tar has " + name + " twice");
        }
        if (wanted.contains(name)) {
            if (entry.getSize() > limits.fileBytes()) {
                throw new GuardedStream.TooMuchException(
                        name + " has " + entry.getSize() + " bytes, more than " + limits.fileBytes());
            }
            files.put(name, content(tar, entry, (int) entry.getSize()));
        } else if (wantedStart.contains(name)) {
            files.put(name, content(tar, entry, (int) Math.min(LOG_BYTES, entry.getSize())));
        } else {
            log.accept("nova: the file " + name + " of " + entry.getSize() + " bytes is passed over");
        }
        while (tar.read(buffer) >= 0) {
            // Read, not skipped: a cut must be noticed here.
        }
    }

    /** Grows with what comes, not with what a header promises. */
    private byte[] content(TarArchiveInputStream tar, TarArchiveEntry entry, int length) throws IOException {
        byte[] content = tar.readNBytes(length);
        if (content.length < length) {
            throw new RefusedException("the tar is cut off in " + entry.getName());
        }
        return content;
    }

    private void padding(GuardedStream in) throws IOException {
        in.allow(PADDING);
        for (int got = in.read(buffer, 0, buffer.length); got >= 0; got = in.read(buffer, 0, buffer.length)) {
            if (in.trailingZeros() < got) {
                throw new RefusedException("something follows the end of the tar");
            }
        }
    }

    /** A peer's words, fit for a log. */
    static String printable(String text) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return "'" + shown.replaceAll("[^ -~…]", "?") + "'";
    }
}
