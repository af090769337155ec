package io.novasolve.core.intake;

import io.novasolve.core.disk.TemporaryFolder;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.sky.UnreadableInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The unpacking of one submission; for one thread.
 *
 * <p>Streams lie in layers: file, compression, archive, member, compression. Each layer that others read through is a
 * {@link GuardedStream}, which knows whether it broke itself: a broken member costs that member, a broken archive the
 * members behind it.
 */
final class Unpacking {

    private static final int BUFFER = 1 << 13;
    private static final int TAR_BLOCK = 10_240;
    private static final int TAR_RECORD = 512;

    /** Headers of a tar member with its long name and extended attributes. */
    private static final int TAR_HEADER_BYTES = 1 << 20;

    /** A zip archive's directory takes 46 bytes for each member, its name, and what packers add. */
    private static final long ZIP_DIRECTORY_BYTES = 256;

    /** The content store, rather than what is unpacked, has failed. */
    private static final class ContentStoreException extends IOException {
        private static final long serialVersionUID = 1;

        ContentStoreException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final ContentStore content;
    private final UnpackLimits limits;
    private final TemporaryFolder temporary;
    private final long size;
    private final Budget budget;
    private final Unpacker.Wanted wanted;
    private final List<NewImage> images = new ArrayList<>();
    private final byte[] buffer = new byte[BUFFER];
    private @Nullable Content nothing;
    private @Nullable Path submitted;

    Unpacking(ContentStore content, UnpackLimits limits, TemporaryFolder temporary, long size, Unpacker.Wanted wanted) {
        this.content = content;
        this.limits = limits;
        this.temporary = temporary;
        this.size = size;
        this.budget = new Budget(limits, size);
        this.wanted = wanted;
    }

    /**
     * @param stored the content itself, if it is in the content store already
     * @param file with the same bytes, if there is one
     */
    List<NewImage> all(InputStream in, String fileName, @Nullable Content stored, @Nullable Path file)
            throws IOException, InterruptedException {
        GuardedStream source = new GuardedStream(in);
        submitted = file;
        try {
            item(source, fileName, 0, false, stored);
        } catch (ContentStoreException e) {
            throw e;
        } catch (IOException e) {
            if (source.failure() != null) {
                throw e;
            }
            if (images.isEmpty()) {
                throw new UnreadableInputException(fileName + " " + reason(e), e);
            }
            fail(fileName, reason(e));
        }
        return Collections.unmodifiableList(images);
    }

    /** Why something could not be had, to follow its name. */
    private static String reason(IOException e) {
        if (e instanceof BadMemberException) {
            return String.valueOf(e.getMessage());
        }
        if (e instanceof LimitException) {
            return "was not unpacked to its end: " + e.getMessage();
        }
        return "cannot be unpacked: it is damaged or cut off" + said(e);
    }

    /** What a decoder says, to follow a sentence; nothing where it would only name a class. */
    private static String said(Throwable e) {
        return e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
    }

    private void fail(String name, String reason) throws IOException {
        if (nothing == null) {
            nothing = put(InputStream.nullInputStream());
        }
        add(new NewImage(
                name,
                nothing,
                new JobReport(
                        new JobReport.Failed(FailureReason.UNREADABLE, name + " " + reason),
                        JobTimings.NONE,
                        Map.of())));
    }

    private void add(NewImage image) {
        images.add(image);
        wanted.found(images.size());
    }

    /**
     * Takes what a stream holds: one image, or many.
     *
     * @param name of the stream, with its path from the outermost archive
     * @param depth archives around it
     * @param unpacked whether it comes directly out of a compression
     * @param stored the same bytes in the content store; null if they are not there
     */
    private void item(InputStream raw, String name, int depth, boolean unpacked, @Nullable Content stored)
            throws IOException, InterruptedException {
        wanted.check();
        BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
        in.mark(Heads.LENGTH);
        byte[] head = in.readNBytes(Heads.LENGTH);
        in.reset();
        Optional<Compression> compression = Compression.of(head);
        if (compression.isPresent()) {
            if (unpacked) {
                throw new BadMemberException("is compressed twice: submit it compressed once, or not at all", null);
            }
            compressed(compression.get(), in, name, depth);
        } else if (Heads.isTar(head)) {
            requireDepth(depth);
            tar(in, depth == 0 ? "" : name + "/", depth + 1);
        } else if (Heads.isZip(head)) {
            requireDepth(depth);
            zip(in, depth == 0 && !unpacked ? submitted : null, depth == 0 ? "" : name + "/", depth + 1);
        } else if (head.length == 0 && depth > 0) {
            throw new BadMemberException("is empty: it has no bytes", null);
        } else {
            if (stored != null && stored.size() > limits.memberBytes()) {
                throw new BadMemberException(tooLarge(), null);
            }
            add(new NewImage(name, stored != null ? stored : put(in)));
        }
    }

    private void requireDepth(int depth) throws BadMemberException {
        if (depth >= limits.depth()) {
            throw new BadMemberException(
                    "is an archive inside of " + depth + " others, and " + limits.depth()
                            + " within each other is the limit: submit it by itself",
                    null);
        }
    }

    private String tooLarge() {
        return "is larger than " + limits.memberBytes() + " bytes, the limit for one picture";
    }

    private Content put(InputStream in) throws IOException {
        GuardedStream member = new GuardedStream(in);
        member.allow(limits.memberBytes(), tooLarge());
        try {
            return content.put(member);
        } catch (IOException e) {
            if (member.failure() != null) {
                throw member.failure();
            }
            throw new ContentStoreException(e);
        }
    }

    private void compressed(Compression compression, InputStream in, String name, int depth)
            throws IOException, InterruptedException {
        try (InputStream unpacked = open(compression, new GuardedStream(in))) {
            item(new GuardedStream(budget.counted(unpacked)), compression.inner(name), depth, true, null);
        }
    }

    /** Decoders meet hostile bytes with exceptions of every kind, and one needs a native library. */
    private static InputStream open(Compression compression, InputStream in) throws IOException {
        try {
            return compression.open(in);
        } catch (LinkageError e) {
            throw new BadMemberException(
                    "is compressed with " + compression + ", which needs a library that cannot be loaded here" + said(e)
                            + ": compress it with gzip",
                    e);
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void tar(InputStream in, String prefix, int depth) throws IOException, InterruptedException {
        GuardedStream archive = new GuardedStream(in);
        int files = 0;
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(archive, TAR_BLOCK, TAR_RECORD, StandardCharsets.UTF_8.name(), true)) {
            for (TarArchiveEntry e = next(tar, archive, files); e != null; e = next(tar, archive, files)) {
                budget.countMember();
                InputStream data = new GuardedStream(e.isSparse() ? budget.counted(tar) : tar);
                if (!e.isDirectory() && !MemberNames.isLitter(e.getName())) {
                    files++;
                    member(data, e.getName(), problem(e), prefix, depth, archive);
                }
                drain(data, files);
            }
        }
        requireFiles(files);
    }

    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, GuardedStream archive, int files)
            throws IOException {
        archive.allow(TAR_HEADER_BYTES, "has more than " + TAR_HEADER_BYTES + " bytes of headers before a member");
        try {
            return tar.getNextEntry();
        } catch (BadMemberException | LimitException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw damaged(files, e);
        } finally {
            archive.allowAll();
        }
    }

    private static BadMemberException damaged(int files, Throwable e) {
        return new BadMemberException(
                "is an archive that is damaged or cut off behind its file number " + files + said(e)
                        + ": what comes after that is lost",
                e);
    }

    private static @Nullable String problem(TarArchiveEntry entry) {
        if (entry.isSymbolicLink() || entry.isLink()) {
            return "is a link, not a file: pack what it points to";
        }
        if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
            return "is a device, not a file";
        }
        return null;
    }

    /** What is left of a member, or all of it, must be read before the next one. */
    private void drain(InputStream data, int files) throws IOException, InterruptedException {
        try {
            for (int n = 0; n >= 0; n = data.read(buffer)) {
                wanted.check();
            }
        } catch (BadMemberException | LimitException e) {
            throw e;
        } catch (IOException e) {
            throw damaged(files, e);
        }
    }

    private static void requireFiles(int files) throws BadMemberException {
        if (files == 0) {
            throw new BadMemberException("is an archive without files", null);
        }
    }

    /**
     * Takes one member; if it is bad, that is noted, and the next one can follow.
     *
     * @param problem what is wrong with it from the start; null if nothing is
     * @param archive the stream that all members come from; null if each has its own
     */
    private void member(
            InputStream data,
            String path,
            @Nullable String problem,
            String prefix,
            int depth,
            @Nullable GuardedStream archive)
            throws IOException, InterruptedException {
        String name = prefix + MemberNames.shown(path, limits.nameLength());
        String wrong = problem != null ? problem : MemberNames.problem(path, limits.nameLength());
        if (wrong != null) {
            fail(name, wrong);
            return;
        }
        try {
            item(data, name, depth, false, null);
        } catch (ContentStoreException | LimitException e) {
            throw e;
        } catch (IOException e) {
            fail(name, reason(e));
            if (archive != null && archive.failure() != null) {
                throw new BadMemberException("is an archive that is damaged or cut off in " + name, e);
            }
        }
    }

    /** @param file that is the archive itself; null if it comes out of something else, and has to lie somewhere */
    private void zip(InputStream in, @Nullable Path file, String prefix, int depth)
            throws IOException, InterruptedException {
        GuardedStream source = new GuardedStream(in);
        long most = Math.max(limits.memberBytes(), size);
        source.allow(
                most,
                "is a zip archive of more than " + most
                        + " bytes inside of something else: submit it by itself, or pack it as tar");
        try (Spool spool = file != null ? Spool.of(source, file) : Spool.of(source, temporary)) {
            spool.allow(
                    (1 << 20) + ZIP_DIRECTORY_BYTES * limits.members(),
                    "its directory is larger than that of " + limits.members() + " members");
            try (ZipFile zip = open(spool)) {
                spool.allowAll();
                members(zip, prefix, depth);
            }
        } catch (ContentStoreException | BadMemberException | LimitException e) {
            throw e;
        } catch (IOException e) {
            throw source.failure() != null ? source.failure() : new ContentStoreException(e);
        }
    }

    private static ZipFile open(Spool spool) throws IOException {
        try {
            return ZipFile.builder()
                    .setSeekableByteChannel(spool.channel())
                    .setCharset(StandardCharsets.UTF_8)
                    .setIgnoreLocalFileHeader(true)
                    .get();
        } catch (LimitException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The outer one only says what it was read from, by the name of a class.
            throw new BadMemberException(
                    "is a zip archive that is damaged or cut off" + said(e.getCause() == null ? e : e.getCause()), e);
        }
    }

    private void members(ZipFile zip, String prefix, int depth) throws IOException, InterruptedException {
        int files = 0;
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            budget.countMember();
            if (entry.isDirectory() || MemberNames.isLitter(entry.getName())) {
                continue;
            }
            files++;
            String problem = problem(zip, entry);
            if (problem != null) {
                member(InputStream.nullInputStream(), entry.getName(), problem, prefix, depth, null);
                continue;
            }
            try (InputStream data = open(zip, entry)) {
                member(new GuardedStream(budget.counted(data)), entry.getName(), null, prefix, depth, null);
            }
        }
        requireFiles(files);
    }

    private static @Nullable String problem(ZipFile zip, ZipArchiveEntry entry) {
        if (entry.isUnixSymlink()) {
            return "is a link, not a file: pack what it points to";
        }
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            return "is encrypted: pack it without a password";
        }
        if (!zip.canReadEntryData(entry)) {
            return "is packed with method " + entry.getMethod() + ", which cannot be unpacked: use deflate";
        }
        return null;
    }

    /** A member that cannot be opened fails when it is read, like all others. */
    private static InputStream open(ZipFile zip, ZipArchiveEntry entry) {
        try {
            InputStream data = zip.getInputStream(entry);
            return data == null ? broken(new IOException("it has no data")) : data;
        } catch (IOException e) {
            return broken(e);
        } catch (RuntimeException e) {
            return broken(new IOException(e.getMessage(), e));
        }
    }

    private static InputStream broken(IOException why) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw why;
            }
        };
    }
}
