package io.novasolve.transport.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What searches may have left on this machine. */
final class Leftovers {

    private Leftovers() {}

    /** Fails if a process that works in or below a folder lives on, or the folder has anything in it. */
    static void assertNone(Path jobFolders) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (!processes(jobFolders).isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertThat(processes(jobFolders)).as("processes left").isEmpty();
        if (Files.exists(jobFolders)) {
            try (Stream<Path> left = Files.list(jobFolders)) {
                assertThat(left).as("folders left").isEmpty();
            }
        }
    }

    /** By working directory, so that orphans are found too. */
    static List<String> processes(Path folder) throws IOException {
        Path proc = Path.of("/proc");
        if (!Files.isDirectory(proc)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(proc)) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .filter(entry -> workingDirectory(entry).startsWith(folder.toString()))
                    .map(Path::toString)
                    .toList();
        }
    }

    private static String workingDirectory(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).toString();
        } catch (IOException e) {
            // It has just ended, or is dead and not yet reaped.
            return "";
        }
    }
}
