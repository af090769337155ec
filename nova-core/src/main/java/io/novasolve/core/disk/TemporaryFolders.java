package io.novasolve.core.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Temporary folders that carry the id of their process in their name, so that those of dead processes can be removed. */
final class TemporaryFolders {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolders.class);
    private static final String PREFIX = "nova-content-";
    private static final Pattern NAME = Pattern.compile(Pattern.quote(PREFIX) + "(\\d{1,18})-.*");

    private TemporaryFolders() {}

    static Path create() throws IOException {
        Path folder = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
        Path parent = folder.getParent();
        if (parent != null) {
            removeLeftovers(parent);
        }
        return folder;
    }

    private static void removeLeftovers(Path parent) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                if (isLeftover(folder)) {
                    delete(folder);
                }
            }
        } catch (IOException e) {
            LOG.warn("Could not remove what an earlier process left in {}: {}", parent, e.toString());
        }
    }

    private static boolean isLeftover(Path folder) {
        Matcher name = NAME.matcher(String.valueOf(folder.getFileName()));
        return name.matches()
                && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()
                // Another user's folder is that user's to remove.
                && Files.isWritable(folder);
    }

    /** Removes a folder with everything in it; nothing happens if it is gone already. */
    static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
