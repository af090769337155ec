package io.novasolve.transport.ssh.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes folders of jobs that a crash has left behind, by age; whatever else lies beside them stays. */
public final class StaleFolders {

    private static final Logger LOG = LoggerFactory.getLogger(StaleFolders.class);
    private static final String OURS = "{nova-job-*,job-*}";

    private final Path base;
    private final Duration keep;
    private final InstantSource clock;

    /** @param keep folders that were written to within this time */
    public StaleFolders(Path base, Duration keep) {
        this(base, keep, InstantSource.system());
    }

    StaleFolders(Path base, Duration keep, InstantSource clock) {
        this.base = base;
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * Removes what is too old; a folder that cannot be removed is logged and left.
     *
     * @throws IOException if the folders cannot be listed
     */
    public void sweep() throws IOException {
        if (!Files.isDirectory(base)) {
            return;
        }
        FileTime oldest = FileTime.from(clock.instant().minus(keep));
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(base, OURS)) {
            for (Path folder : folders) {
                try {
                    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                            && Files.getLastModifiedTime(folder).compareTo(oldest) < 0) {
                        remove(folder);
                    }
                } catch (IOException | UncheckedIOException e) {
                    // Somebody else's, or another sweep came first.
                    LOG.warn("{} stays, as it cannot be removed: {}", folder, e.toString());
                }
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> tree = Files.walk(folder)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
        LOG.info("removed {}, which a crash had left behind", folder);
    }
}
