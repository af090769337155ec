package io.novasolve.core.disk;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.EndedSubmission;
import io.novasolve.core.spi.SubmissionArchive;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An archive in a folder: one zip file for each submission, {@code 17000/submission-17042.zip}. In it are
 *
 * <ul>
 *   <li>{@code record.properties}: all that the store knew, by the names of the model ({@code submission.fileName},
 *       {@code jobs.1.state} …),
 *   <li>{@code submitted/NAME}: the bytes that were handed in,
 *   <li>{@code job-ID/image/NAME}: the image of a job, unless its bytes are those that were handed in,
 *   <li>{@code job-ID/NAME}: what its solver left behind.
 * </ul>
 *
 * Names are cut down to letters, digits, dots, dashes and underscores; the record has them as they were. A file appears in
 * one step and is forced to disk; any number of processes may share the folder.
 */
public final class FolderArchive implements SubmissionArchive {

    private static final int PER_FOLDER = 1000;
    private static final int LONGEST_NAME = 100;

    private final Path root;

    private FolderArchive(Path root) {
        this.root = root;
    }

    /** Uses a folder, which is created if need be. */
    public static FolderArchive in(Path folder) throws IOException {
        Path root = folder.toAbsolutePath();
        Files.createDirectories(root);
        return new FolderArchive(root);
    }

    /** Where a submission is, or would be. */
    public Path file(int submissionId) {
        return root.resolve(Integer.toString(submissionId / PER_FOLDER * PER_FOLDER))
                .resolve("submission-" + submissionId + ".zip");
    }

    @Override
    public void keep(EndedSubmission ended, ContentStore content) throws IOException {
        Path file = file(ended.submission().id());
        try {
            Path folder = Files.createDirectories(file.getParent());
            Path temporary = Files.createTempFile(folder, "submission-", ".part");
            try {
                write(ended, content, temporary);
                Disk.force(temporary);
                Disk.move(temporary, file);
                Disk.force(folder);
                Disk.force(root);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new IOException(
                    "submission " + ended.submission().id() + " could not be archived in " + file + ": "
                            + e.getMessage() + "; it stays in the store",
                    e);
        }
    }

    private static void write(EndedSubmission ended, ContentStore content, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            zip.putNextEntry(new ZipEntry("record.properties"));
            zip.write(record(ended).getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
            for (Map.Entry<String, ContentHash> entry : files(ended).entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                try (InputStream in = content.open(entry.getValue())) {
                    in.transferTo(zip);
                }
                zip.closeEntry();
            }
        }
    }

    private static String record(EndedSubmission ended) {
        return new RecordText()
                .add("submission", ended.submission())
                .add("jobs", ended.jobs())
                .add("attempts", ended.attempts())
                .text();
    }

    private static Map<String, ContentHash> files(EndedSubmission ended) {
        Map<String, ContentHash> files = new LinkedHashMap<>();
        Submission submission = ended.submission();
        put(files, "submitted/", submission.fileName(), submission.content());
        for (Job job : ended.jobs()) {
            String folder = "job-" + job.id() + "/";
            if (!job.image().content().equals(submission.content())) {
                put(
                        files,
                        folder + "image/",
                        job.image().fileName(),
                        job.image().content());
            }
            new TreeMap<>(job.files()).forEach((name, content) -> put(files, folder, name, content));
        }
        return files;
    }

    /** Two names that look alike when they are cut down get a number each. */
    private static void put(Map<String, ContentHash> files, String folder, String name, Content content) {
        String safe = folder + safe(name);
        String free = safe;
        for (int n = 2; files.containsKey(free); n++) {
            free = safe + "-" + n;
        }
        files.put(free, content.hash());
    }

    private static String safe(String name) {
        String end = name.substring(Math.max(0, name.length() - LONGEST_NAME));
        String safe = end.replaceAll("[^A-Za-z0-9._-]", "_");
        // Neither a hidden file nor a way up.
        return safe.startsWith(".") ? "_" + safe : safe.isEmpty() ? "_" : safe;
    }
}
