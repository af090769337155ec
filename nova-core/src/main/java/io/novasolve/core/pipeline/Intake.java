package io.novasolve.core.pipeline;

import io.novasolve.core.intake.Unpacker;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.LinkFetcher;
import io.novasolve.core.spi.NewImage;
import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From a submission to its images: fetched, if it is a link, and unpacked. */
public final class Intake {

    private final Unpacker unpacker;
    private final @Nullable LinkFetcher fetcher;

    /** @param fetcher of links; null if this process fetches none */
    public Intake(Unpacker unpacker, @Nullable LinkFetcher fetcher) {
        this.unpacker = unpacker;
        this.fetcher = fetcher;
    }

    /**
     * The images of a submission.
     *
     * @throws UnreadableInputException if there is none
     * @throws IOException if something else stands in the way
     */
    List<NewImage> images(Submission submission, Unpacker.Wanted wanted) throws IOException, InterruptedException {
        URI link = submission.link();
        return link == null
                ? unpacker.unpack(submission.content(), submission.fileName(), wanted)
                : fetched(link, submission.fileName(), wanted);
    }

    private List<NewImage> fetched(URI link, String fileName, Unpacker.Wanted wanted)
            throws IOException, InterruptedException {
        if (fetcher == null) {
            throw new UnreadableInputException(
                    link + " was submitted as a link, but this process has nothing to fetch links with");
        }
        Path file = Files.createTempFile("nova-fetch-", ".part");
        try {
            fetcher.fetch(link, file);
            return unpacker.unpack(file, fileName, wanted);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
