package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import java.nio.charset.StandardCharsets;

/** The raw data of cameras: no two makers write them alike, so that they are recognised and refused. */
final class CameraRaw {

    /** First bytes, as Latin-1, those of Fujifilm, Olympus (three), Panasonic, Sigma and Minolta. */
    private static final String[] BEGINNINGS = {"FUJIFILMCCD-RAW", "IIRO", "IIRS", "MMOR", "IIU\0", "FOVb", "\0MRM"};

    private CameraRaw() {}

    static boolean isRaw(byte[] content) {
        String head = new String(content, 0, Math.min(16, content.length), StandardCharsets.ISO_8859_1);
        for (String beginning : BEGINNINGS) {
            if (head.startsWith(beginning)) {
                return true;
            }
        }
        // Canon's: within TIFF, and within the file format of MPEG-4.
        return head.startsWith("CR\2", 8) && head.startsWith("II*\0") || head.startsWith("ftypcrx", 4);
    }

    static UnreadableInputException refused(String name) {
        return new UnreadableInputException(name
                + " is the raw data of a camera, which are not read: develop them first and save them as TIFF of 16 bits, or"
                + " submit the camera's JPEG");
    }
}
