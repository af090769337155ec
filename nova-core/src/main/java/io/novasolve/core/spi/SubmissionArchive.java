package io.novasolve.core.spi;

import java.io.IOException;

/**
 * Keeps submissions that are about to be forgotten. Thread-safe. The same submission may come again, after a crash or
 * because two processes want to forget it at the same time, and is the same then.
 */
public interface SubmissionArchive {

    /**
     * Keeps a submission; durable on return, for then it is forgotten.
     *
     * @param content holds the bytes of the submission, its images and the files of its jobs
     * @throws IOException if it could not be kept: then it is not forgotten, and comes again later
     */
    void keep(EndedSubmission ended, ContentStore content) throws IOException;
}
