package io.novasolve.core.intake;

import io.novasolve.sky.picture.PictureFormat;

/** What the first bytes of a file say. */
final class Heads {

    /** So many bytes are enough to tell every kind. */
    static final int LENGTH = 512;

    private static final int CHECKSUM = 148;

    private Heads() {}

    static boolean startsWith(byte[] head, int... magic) {
        return startsWithAt(head, 0, magic);
    }

    static boolean startsWithAt(byte[] head, int at, int... magic) {
        if (head.length < at + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((head[at + i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** A zip archive, an empty one too. */
    static boolean isZip(byte[] head) {
        return startsWith(head, 'P', 'K', 3, 4) || startsWith(head, 'P', 'K', 5, 6);
    }

    /** A tar archive of any age: not all have a magic word, but the header's sum of bytes is right in every one. */
    static boolean isTar(byte[] head) {
        if (head.length < LENGTH || head[0] == 0 || PictureFormat.of(head).isPresent()) {
            return false;
        }
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < LENGTH; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : head[i];
            unsigned += b & 0xFF;
            signed += b;
        }
        long stored = octal(head);
        return stored >= 0 && (stored == unsigned || stored == signed);
    }

    private static long octal(byte[] head) {
        int at = CHECKSUM;
        while (at < CHECKSUM + 8 && head[at] == ' ') {
            at++;
        }
        long value = -1;
        for (; at < CHECKSUM + 8 && head[at] >= '0' && head[at] <= '7'; at++) {
            value = Math.max(0, value) * 8 + head[at] - '0';
        }
        return value;
    }
}
