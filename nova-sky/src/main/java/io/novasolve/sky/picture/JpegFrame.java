package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import java.nio.ByteBuffer;

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

    /** What is looked at of a segment, its marker and length included. */
    private static final int SEGMENT = 17;

    /** Walks from marker to marker up to the first scan, which must have begun. */
    static JpegFrame of(Bytes content, Limits limits) throws UnreadableInputException {
        int adobeTransform = -1;
        boolean jfif = false;
        ByteBuffer frame = null;
        long at = 2;
        while (at + 9 < content.length()) {
            ByteBuffer segment = content.range(at, (int) Math.min(SEGMENT, content.length() - at));
            int marker = unsigned(segment, 1);
            if (unsigned(segment, 0) != 0xFF) {
                break;
            }
            if (marker == 0xFF) {
                at++;
                continue;
            }
            long next = at + 2 + segment.getChar(2);
            if (marker == 0xDA && frame != null && next < content.length()) {
                return ofStartOfFrame(frame, adobeTransform, jfif, limits);
            }
            if (marker == 0xE0 && hasText(segment, "JFIF")) {
                jfif = true;
            } else if (marker == 0xEE && hasText(segment, "Adobe") && segment.limit() > 15) {
                adobeTransform = unsigned(segment, 15);
            } else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                frame = segment;
            }
            at = next;
        }
        throw new UnreadableInputException(
                limits.name() + " begins as a JPEG but has no frame and scan: it is truncated or damaged");
    }

    private static JpegFrame ofStartOfFrame(ByteBuffer frame, int adobeTransform, boolean jfif, Limits limits)
            throws UnreadableInputException {
        int height = frame.getChar(5);
        int width = frame.getChar(7);
        int components = unsigned(frame, 9);
        boolean namedRgb = frame.limit() > 16 && frame.get(10) == 'R' && frame.get(13) == 'G' && frame.get(16) == 'B';
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

    private static int unsigned(ByteBuffer bytes, int at) {
        return bytes.get(at) & 0xFF;
    }

    private static boolean hasText(ByteBuffer segment, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (4 + i >= segment.limit() || segment.get(4 + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
