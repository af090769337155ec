package io.novasolve.core;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.pipeline.JobRunner;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.solution.SolvedImage;
import io.novasolve.sky.stars.StarList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What jobs have in the content store, as bytes and as what they mean. All of it throws {@link NovaException} if it cannot be had. */
final class JobFiles {

    private final ContentStore content;

    JobFiles(ContentStore content) {
        this.content = content;
    }

    /** A file that the solver left behind. */
    Optional<byte[]> file(Job job, String name) {
        return Optional.ofNullable(job.files().get(name)).map(bytes -> read(job, name, bytes));
    }

    /** The bytes of the image. */
    byte[] image(Job job) {
        return read(job, job.image().fileName(), job.image().content());
    }

    private byte[] read(Job job, String name, Content bytes) {
        try {
            return content.read(bytes);
        } catch (IOException e) {
            throw new NovaException(
                    name + " of job " + job.id() + " cannot be read from the content store: " + Failures.sentence(e),
                    e);
        }
    }

    /** What the last attempt left behind. */
    Optional<String> log(Job job) {
        return file(job, JobRunner.LOG_FILE).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The list that was searched with last. */
    Optional<StarList> stars(Job job) {
        return file(job, JobFile.NAME)
                .map(axy ->
                        understood(job, () -> JobFile.read(axy, JobFile.NAME).stars()));
    }

    /** All that products are made of; empty if the job is not solved, or the solver left too little behind. */
    Optional<SolvedImage> solved(Job job) {
        if (job.state() != JobState.SOLVED) {
            return Optional.empty();
        }
        Map<String, byte[]> files = new HashMap<>();
        for (String name : SolutionFiles.NAMES) {
            file(job, name).ifPresent(bytes -> files.put(name, bytes));
        }
        Optional<Solution> solution = understood(job, () -> SolutionFiles.read(files));
        return stars(job)
                .flatMap(stars ->
                        solution.map(found -> new SolvedImage(job.image().fileName(), () -> image(job), stars, found)));
    }

    private interface Reading<T> {
        T read() throws UnreadableInputException;
    }

    private static <T> T understood(Job job, Reading<T> file) {
        try {
            return file.read();
        } catch (UnreadableInputException e) {
            throw new NovaException("a file of job " + job.id() + " is damaged: " + Failures.sentence(e), e);
        }
    }
}
