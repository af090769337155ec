package io.novasolve.sky.stars;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FileBytes;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.internal.InputFiles;
import io.novasolve.sky.picture.PictureFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What bytes are, by what they hold and not by their name. Whether they can be read to the end is another question. */
public enum InputKind {
    /** A picture: {@link io.novasolve.sky.picture.PictureReader} is to read it. */
    PICTURE,
    /** Positions of stars, in a FITS table or as text: {@link StarListReader} is to read it. */
    STAR_LIST,
    /** Neither. */
    OTHER;

    private static final int BEGINNING = 1 << 16;

    /** The kind of some content. A FITS file with an image and a table counts as a picture. */
    public static InputKind of(byte[] content) {
        if (FitsHdu.isFits(content)) {
            return ofFits(Bytes.of(content));
        }
        if (PictureFormat.of(content).isPresent()) {
            return PICTURE;
        }
        byte[] beginning = content.length > BEGINNING ? Arrays.copyOf(content, BEGINNING) : content;
        return TextStars.looksLike(beginning) ? STAR_LIST : OTHER;
    }

    /**
     * The kind of a file, of which only the beginning is read, or the headers of a FITS file.
     *
     * @throws UnreadableInputException if there is no such file or it may not be read
     */
    public static InputKind of(Path file) throws UnreadableInputException {
        byte[] beginning = InputFiles.beginningOf(file, BEGINNING);
        if (!FitsHdu.isFits(beginning)) {
            return of(beginning);
        }
        try (Bytes bytes = FileBytes.open(file)) {
            return ofFits(bytes);
        }
    }

    private static InputKind ofFits(Bytes content) {
        try {
            List<FitsHdu> hdus = FitsHdu.all(content, "the file");
            if (hdus.stream().anyMatch(hdu -> hdu.isImage() || hdu.isCompressedImage())) {
                return PICTURE;
            }
            return FitsStars.tableIn(hdus).isPresent() ? STAR_LIST : OTHER;
        } catch (UnreadableInputException e) {
            // A damaged picture is still meant as one; its reader says what is wrong with it.
            return PICTURE;
        }
    }
}
