package io.novasolve.core.pipeline;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.NewImage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content store as workers have to watch it: whether it is out of reach as a whole, a folder that is not mounted any more
 * for one, and that nothing is deleted which they are about to refer to. The former is an accident of this process, not of
 * the work that meets it: the work goes back as it was, and no more is claimed meanwhile.
 */
public final class ContentWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ContentWatch.class);

    /** A hash to ask for. */
    private static final ContentHash NOTHING = new ContentHash("0".repeat(64));

    private final ContentStore content;
    private volatile boolean lost;

    public ContentWatch(ContentStore content) {
        this.content = content;
    }

    /** @throws IOException if the store is out of reach, with a sentence that says why */
    public void look() throws IOException {
        boolean there = content.contains(NOTHING);
        LOG.debug("the content store answers, and has the hash of nothing in particular: {}", there);
    }

    /**
     * Images are about to be referred to, and their bytes may have been put long ago: those of the first member of a large
     * archive, or those of an earlier job.
     *
     * @throws NoSuchFileException if some have been deleted meanwhile, because nobody referred to them
     */
    void touch(List<NewImage> images) throws IOException {
        for (NewImage image : images) {
            touch(image.content());
            if (image.ended() != null) {
                for (Content file : image.ended().files().values()) {
                    touch(file);
                }
            }
        }
    }

    private void touch(Content bytes) throws IOException {
        if (!content.touch(bytes.hash())) {
            throw new NoSuchFileException(bytes.hash().hex(), null, "it was deleted while the submission was unpacked");
        }
    }

    /** Whether work may be claimed; the store is asked only after it was lost. */
    boolean isClear() {
        return !lost || !isLost();
    }

    /** Whether an accident is none of the work that met it. */
    boolean explains(Accident accident) {
        return accident.reason() == FailureReason.STORAGE && isLost();
    }

    private boolean isLost() {
        boolean before = lost;
        try {
            look();
            lost = false;
            if (before) {
                LOG.info("The content store is back; work is claimed again");
            }
        } catch (IOException e) {
            lost = true;
            if (!before) {
                LOG.warn("Nothing is claimed until the content store is back: {}", e.getMessage());
            }
        }
        return lost;
    }
}
