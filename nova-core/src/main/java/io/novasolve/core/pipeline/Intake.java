package io.novasolve.core.pipeline;

import io.novasolve.core.disk.TemporaryFolder;
import io.novasolve.core.intake.Unpacker;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.LinkFetcher;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.watch.Progress;
import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** From a submission to its images: fetched, if it is a link, and unpacked. */
public final class Intake {

    /** The opening of one submission. */
    private static final class Opening implements Unpacker.Wanted {
        private final Unpacker.Wanted wanted;
        private volatile int images;
        private volatile @Nullable Path fetched;

        Opening(Unpacker.Wanted wanted) {
            this.wanted = wanted;
        }

        @Override
        public void check() throws InterruptedException {
            wanted.check();
        }

        @Override
        public void found(int count) {
            images = count;
        }

        Progress.Opening progress() {
            Path file = fetched;
            // A file that is not there any more, or not yet, has a length of 0.
            return new Progress.Opening(file == null ? 0 : file.toFile().length(), images);
        }
    }

    private final Unpacker unpacker;
    private final @Nullable LinkFetcher fetcher;
    private final TemporaryFolder temporary;
    private final Map<Integer, Opening> openings = new ConcurrentHashMap<>();

    /**
     * @param fetcher of links; null if this process fetches none
     * @param temporary takes what was fetched until it is unpacked
     */
    public Intake(Unpacker unpacker, @Nullable LinkFetcher fetcher, TemporaryFolder temporary) {
        this.unpacker = unpacker;
        this.fetcher = fetcher;
        this.temporary = temporary;
    }

    /**
     * The images of a submission.
     *
     * @throws UnreadableInputException if there is none
     * @throws IOException if something else stands in the way
     */
    List<NewImage> images(Submission submission, Unpacker.Wanted wanted) throws IOException, InterruptedException {
        URI link = submission.link();
        Opening opening = new Opening(wanted);
        openings.put(submission.id(), opening);
        try {
            return link == null
                    ? unpacker.unpack(submission.content(), submission.fileName(), opening)
                    : fetched(link, submission.fileName(), opening);
        } finally {
            openings.remove(submission.id(), opening);
        }
    }

    /** How far a submission has come that is opened now; null if it is not. */
    public Progress.@Nullable Opening progress(int submissionId) {
        Opening opening = openings.get(submissionId);
        return opening == null ? null : opening.progress();
    }

    private List<NewImage> fetched(URI link, String fileName, Opening opening)
            throws IOException, InterruptedException {
        if (fetcher == null) {
            throw new UnreadableInputException(
                    link + " was submitted as a link, but this process has nothing to fetch links with");
        }
        Path file = temporary.newFile(".fetched");
        try {
            opening.fetched = file;
            fetcher.fetch(link, file);
            return unpacker.unpack(file, fileName, opening);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
