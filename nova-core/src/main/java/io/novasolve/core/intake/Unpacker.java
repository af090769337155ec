package io.novasolve.core.intake;

import io.novasolve.core.disk.TemporaryFolder;
import io.novasolve.core.model.Content;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.NewImage;
import io.novasolve.sky.UnreadableInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes images of what was submitted: of a picture itself, of a compressed one, or of every member of a tar or zip archive,
 * compressed or not, in archives nested once. Kinds are told by content, never by name. Bytes stream into the content
 * store; nothing is ever written under a member's name. Thread-safe.
 *
 * <p>A member that cannot be had becomes an image whose job has failed already, with its name and the reason.
 */
public final class Unpacker {

    private final ContentStore content;
    private final UnpackLimits limits;
    private final TemporaryFolder temporary;

    /** Unpacks with the system's temporary files. */
    public Unpacker(ContentStore content, UnpackLimits limits) {
        this(content, limits, TemporaryFolder.inSystems());
    }

    /**
     * @param content takes the bytes of the images
     * @param temporary takes zip archives that come out of something else: their directory lies at their end
     */
    public Unpacker(ContentStore content, UnpackLimits limits, TemporaryFolder temporary) {
        this.content = content;
        this.limits = limits;
        this.temporary = temporary;
    }

    /**
     * Unpacks bytes of the content store. A file that is neither compressed nor an archive is its own image.
     *
     * @param wanted looks in from time to time, and throws to end it all
     * @throws UnreadableInputException if no image can be had of it, good or bad
     * @throws IOException if the content store does not give or take bytes
     */
    public List<NewImage> unpack(Content stored, String fileName, Wanted wanted)
            throws IOException, InterruptedException {
        try (InputStream in = content.open(stored.hash())) {
            return new Unpacking(content, limits, temporary, stored.size(), wanted)
                    .all(in, fileName, stored, content.file(stored.hash()).orElse(null));
        }
    }

    /** The same for a file, of which at least the picture itself is put into the content store. */
    public List<NewImage> unpack(Path file, String fileName, Wanted wanted) throws IOException, InterruptedException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return new Unpacking(content, limits, temporary, Files.size(file), wanted).all(in, fileName, null, file);
        }
    }

    /** Whether somebody still waits for the images. */
    @FunctionalInterface
    public interface Wanted {
        /** @throws InterruptedException if nobody does */
        void check() throws InterruptedException;

        /** Hears how many images there are so far, good and bad. */
        default void found(int images) {}
    }
}
