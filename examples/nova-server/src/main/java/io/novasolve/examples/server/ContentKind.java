package io.novasolve.examples.server;

import java.nio.charset.StandardCharsets;

/** What some bytes are, by how they begin. */
public enum ContentKind {
    JPEG("image/jpeg"),
    PNG("image/png"),
    GIF("image/gif"),
    TIFF("image/tiff"),
    BMP("image/bmp"),
    FITS("application/fits"),
    OTHER("application/octet-stream");

    /** So many bytes tell. */
    public static final int PROBE = 16;

    private final String mediaType;

    ContentKind(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /** Whether every browser shows it. */
    public boolean isWeb() {
        return this == JPEG || this == PNG || this == GIF;
    }

    /** Whether it is a picture whose first row is at its top. */
    public boolean isFromTop() {
        return this != FITS && this != OTHER;
    }

    public static ContentKind of(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        } else if (text.startsWith("\u0089PNG\r\n")) {
            return PNG;
        } else if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) {
            return GIF;
        } else if (text.startsWith("II*\0")
                || text.startsWith("MM\0*")
                || text.startsWith("II+\0")
                || text.startsWith("MM\0+")) {
            return TIFF;
        } else if (text.startsWith("BM")) {
            return BMP;
        } else if (text.startsWith("SIMPLE  =")) {
            return FITS;
        }
        return OTHER;
    }
}
