package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;

/**
 * What the markers of a JPEG say before its first scan (ITU-T T.81, annex B; the colours as Adobe's technical note 5116
 * and JFIF 1.02 have them).
 *
 * @param components 1, 3 or 4
 * @param adobe whether an APP14 segment of Adobe's is there: its CMYK files are stored inverted
 */
record JpegFrame(int width, int height, int components, Colours colours, boolean adobe) {

    enum Colours {
        GREY,
        YCC,
        RGB,
        CMYK,
        YCCK
    }

    /** Walks from marker to marker up to the first scan, which must have begun. */
    static JpegFrame of(byte[] content, Limits limits) throws UnreadableInputException {
        int adobeTransform = -1;
        boolean jfif = false;
        int frame = -1;
        int at = 2;
        while (at + 9 < content.length && content[at] == (byte) 0xFF) {
            int marker = content[at + 1] & 0xFF;
            if (marker == 0xFF) {
                at++;
                continue;
            }
            int next = at + 2 + unsignedShort(content, at + 2);
            if (marker == 0xDA && frame >= 0 && next < content.length) {
                return ofStartOfFrame(content, frame, adobeTransform, jfif, limits);
            }
            if (marker == 0xE0 && hasText(content, at + 4, "JFIF")) {
                jfif = true;
            } else if (marker == 0xEE && hasText(content, at + 4, "Adobe") && at + 15 < content.length) {
                adobeTransform = content[at + 15] & 0xFF;
            } else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                frame = at;
            }
            at = next;
        }
        throw new UnreadableInputException(
                limits.name() + " begins as a JPEG but has no frame and scan: it is truncated or damaged");
    }

    private static JpegFrame ofStartOfFrame(byte[] c, int at, int adobeTransform, boolean jfif, Limits limits)
            throws UnreadableInputException {
        int height = unsignedShort(c, at + 5);
        int width = unsignedShort(c, at + 7);
        int components = c[at + 9] & 0xFF;
        boolean namedRgb = at + 16 < c.length && c[at + 10] == 'R' && c[at + 13] == 'G' && c[at + 16] == 'B';
        Colours colours =
                switch (components) {
                    case 1 -> Colours.GREY;
                    case 3 ->
                        adobeTransform == 0 && !jfif || adobeTransform < 0 && !jfif && namedRgb
                                ? Colours.RGB
                                : Colours.YCC;
                    case 4 -> adobeTransform == 2 ? Colours.YCCK : Colours.CMYK;
                    default ->
                        throw new UnreadableInputException(limits.name() + " is a JPEG of " + components
                                + " colour components: only 1, 3 and 4 are known");
                };
        return new JpegFrame(width, height, components, colours, adobeTransform >= 0);
    }

    private static int unsignedShort(byte[] c, int at) {
        return (c[at] & 0xFF) << 8 | c[at + 1] & 0xFF;
    }

    private static boolean hasText(byte[] c, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= c.length || c[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
