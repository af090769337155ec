package io.novasolve.core.intake;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.z.ZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/** The kinds of compression around a single file, told apart by their first bytes. */
enum Compression {
    GZIP(".gz", ".tgz") {
        @Override
        InputStream open(InputStream in) throws IOException {
            // The JDK's reader takes several streams in a row and, as tapes need it, blocks of zeros behind the last
            // one.
            return new GZIPInputStream(in, BUFFER);
        }
    },
    BZIP2(".bz2", ".tbz2", ".tbz") {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new BZip2CompressorInputStream(in, true);
        }
    },
    XZ(".xz", ".txz") {
        @Override
        InputStream open(InputStream in) throws IOException {
            return XZCompressorInputStream.builder()
                    .setInputStream(in)
                    .setDecompressConcatenated(true)
                    .setMemoryLimitKiB(MEMORY_KIB)
                    .get();
        }
    },
    ZSTD(".zst", ".tzst") {
        @Override
        InputStream open(InputStream in) throws IOException {
            // The library refuses windows above 128 MiB by itself.
            return new ZstdCompressorInputStream(in);
        }
    },
    /** That of the program of this name. */
    COMPRESS(".z", ".taz") {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new ZCompressorInputStream(in, MEMORY_KIB);
        }
    };

    private static final int BUFFER = 1 << 16;

    /** The strongest preset of xz needs 65 MiB. */
    private static final int MEMORY_KIB = 100 << 10;

    private final String[] extensions;

    Compression(String... extensions) {
        this.extensions = extensions;
    }

    /** What bytes begin like. */
    static Optional<Compression> of(byte[] head) {
        if (Heads.startsWith(head, 0x1F, 0x8B, 8)) {
            return Optional.of(GZIP);
        }
        if (Heads.startsWith(head, 0xFD, '7', 'z', 'X', 'Z', 0)) {
            return Optional.of(XZ);
        }
        if (Heads.startsWith(head, 0x28, 0xB5, 0x2F, 0xFD)) {
            return Optional.of(ZSTD);
        }
        if (Heads.startsWith(head, 0x1F, 0x9D)) {
            return Optional.of(COMPRESS);
        }
        return isBzip2(head) ? Optional.of(BZIP2) : Optional.empty();
    }

    /** Three letters and a digit are little evidence: a block (π) or the end (√π) must follow. */
    private static boolean isBzip2(byte[] head) {
        if (!Heads.startsWith(head, 'B', 'Z', 'h') || head.length < 10 || head[3] < '1' || head[3] > '9') {
            return false;
        }
        return Heads.startsWithAt(head, 4, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59)
                || Heads.startsWithAt(head, 4, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90);
    }

    /** A stream of what is in it; reading it may fail in every way. */
    abstract InputStream open(InputStream in) throws IOException;

    /** The name of what is in it. */
    String inner(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String extension : extensions) {
            if (lower.endsWith(extension) && name.length() > extension.length()) {
                String stem = name.substring(0, name.length() - extension.length());
                return extension.startsWith(".t") ? stem + ".tar" : stem;
            }
        }
        return name;
    }
}
