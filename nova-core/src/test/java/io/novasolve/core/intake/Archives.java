package io.novasolve.core.intake;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;

/** Archives and compressed files made by the tests. */
public final class Archives {

    private Archives() {}

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writing.to(out);
        return out.toByteArray();
    }

    /** Compressed as one of the kinds. */
    static byte[] compressed(Compression kind, byte[] content) throws IOException {
        if (kind == Compression.COMPRESS) {
            return inCodesOfNineBits(content);
        }
        return bytes(out -> {
            try (OutputStream packed =
                    switch (kind) {
                        case GZIP -> new GZIPOutputStream(out);
                        case BZIP2 -> new BZip2CompressorOutputStream(out);
                        case XZ -> new XZCompressorOutputStream(out);
                        case ZSTD -> new ZstdOutputStream(out);
                        case COMPRESS -> throw new IllegalStateException("there is no writer of it");
                    }) {
                packed.write(content);
            }
        });
    }

    /** As {@code compress} makes it, each byte in a code of its own: none becomes longer than 9 bits. */
    private static byte[] inCodesOfNineBits(byte[] content) {
        byte[] packed = new byte[3 + (9 * content.length + 7) / 8];
        packed[0] = 0x1F;
        packed[1] = (byte) 0x9D;
        packed[2] = 9;
        for (int i = 0; i < content.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                int at = 9 * i + bit;
                packed[3 + at / 8] |= (byte) ((content[i] >> bit & 1) << at % 8);
            }
        }
        return packed;
    }

    public static byte[] gzip(byte[] content) throws IOException {
        return compressed(Compression.GZIP, content);
    }

    public static byte[] tar(Map<String, byte[]> members) throws IOException {
        return bytes(out -> {
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
                tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
                for (Map.Entry<String, byte[]> member : members.entrySet()) {
                    TarArchiveEntry entry = new TarArchiveEntry(member.getKey(), true);
                    entry.setSize(member.getValue().length);
                    tar.putArchiveEntry(entry);
                    tar.write(member.getValue());
                    tar.closeArchiveEntry();
                }
            }
        });
    }

    /** A tar of one member of a given type, such as {@link TarConstants#LF_SYMLINK}, and a good one behind it. */
    static byte[] tarOf(byte type, String name, byte[] good) throws IOException {
        return bytes(out -> {
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
                TarArchiveEntry entry = new TarArchiveEntry(name, type);
                if (type == TarConstants.LF_SYMLINK || type == TarConstants.LF_LINK) {
                    entry.setLinkName("/etc/passwd");
                }
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
                TarArchiveEntry second = new TarArchiveEntry("good.png");
                second.setSize(good.length);
                tar.putArchiveEntry(second);
                tar.write(good);
                tar.closeArchiveEntry();
            }
        });
    }

    public static byte[] zip(Map<String, byte[]> members) throws IOException {
        return bytes(out -> {
            try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
                for (Map.Entry<String, byte[]> member : members.entrySet()) {
                    zip.putArchiveEntry(new ZipArchiveEntry(member.getKey()));
                    zip.write(member.getValue());
                    zip.closeArchiveEntry();
                }
            }
        });
    }

    /** A zip with the fields of 64 bits that large ones need. */
    static byte[] zip64(Map<String, byte[]> members) throws IOException {
        return bytes(out -> {
            try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
                zip.setUseZip64(Zip64Mode.Always);
                for (Map.Entry<String, byte[]> member : members.entrySet()) {
                    zip.putArchiveEntry(new ZipArchiveEntry(member.getKey()));
                    zip.write(member.getValue());
                    zip.closeArchiveEntry();
                }
            }
        });
    }

    /** A tar whose long names and odd times are in headers of their own (POSIX.1-2001). */
    static byte[] paxTar(Map<String, byte[]> members) throws IOException {
        return bytes(out -> {
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
                tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
                tar.setAddPaxHeadersForNonAsciiNames(true);
                for (Map.Entry<String, byte[]> member : members.entrySet()) {
                    TarArchiveEntry entry = new TarArchiveEntry("ü" + member.getKey());
                    entry.addPaxHeader("size", "" + member.getValue().length);
                    entry.setSize(member.getValue().length);
                    tar.putArchiveEntry(entry);
                    tar.write(member.getValue());
                    tar.closeArchiveEntry();
                }
            }
        });
    }

    /** A tar of one member with a hole of 512 bytes behind its content (GNU's old format). */
    static byte[] sparseTar(String name, byte[] content) throws IOException {
        byte[] tar = tar(Map.of(name, content));
        ByteBuffer header = ByteBuffer.wrap(tar);
        tar[156] = 'S';
        header.put(257, "ustar  \0".getBytes(StandardCharsets.US_ASCII));
        octal(header, 386, 0);
        octal(header, 398, content.length);
        octal(header, 483, content.length + 512L);
        Arrays.fill(tar, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[i] & 0xFF;
        }
        header.put(148, String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII));
        return tar;
    }

    private static void octal(ByteBuffer header, int at, long value) {
        header.put(at, String.format(Locale.ROOT, "%011o\0", value).getBytes(StandardCharsets.US_ASCII));
    }

    /** A zip whose member {@code link} is a symbolic link. */
    static byte[] zipWithLink(byte[] good) throws IOException {
        return bytes(out -> {
            try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
                ZipArchiveEntry link = new ZipArchiveEntry("link");
                link.setUnixMode(0120777);
                zip.putArchiveEntry(link);
                zip.write("/etc/passwd".getBytes(StandardCharsets.US_ASCII));
                zip.closeArchiveEntry();
                zip.putArchiveEntry(new ZipArchiveEntry("good.png"));
                zip.write(good);
                zip.closeArchiveEntry();
            }
        });
    }

    /** Says of every member of a zip that it is encrypted. */
    static byte[] markedAsEncrypted(byte[] zip, String name) {
        byte[] marked = zip.clone();
        byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i + 50 < marked.length; i++) {
            boolean local = Heads.startsWithAt(marked, i, 'P', 'K', 3, 4) && hasName(marked, i + 30, wanted);
            boolean central = Heads.startsWithAt(marked, i, 'P', 'K', 1, 2) && hasName(marked, i + 46, wanted);
            if (local) {
                marked[i + 6] |= 1;
            } else if (central) {
                marked[i + 8] |= 1;
            }
        }
        return marked;
    }

    private static boolean hasName(byte[] bytes, int at, byte[] name) {
        return at + name.length <= bytes.length && Arrays.equals(bytes, at, at + name.length, name, 0, name.length);
    }
}
