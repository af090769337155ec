package io.novasolve.core.model;

/**
 * One picture or star list of a submission, with a job of its own.
 *
 * @param id positive, in sequence, never given twice
 * @param submissionId of the submission it came with
 * @param fileName as the submitter calls it; for a member of an archive, its path there
 * @param content its bytes
 */
public record UserImage(int id, int submissionId, String fileName, Content content) {

    public UserImage {
        if (id < 1 || submissionId < 1) {
            throw new IllegalArgumentException(
                    "ids are positive, but this is image " + id + " of submission " + submissionId);
        }
    }
}
