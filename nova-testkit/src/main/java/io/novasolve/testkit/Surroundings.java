package io.novasolve.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What tests find on the machine they run on. */
public final class Surroundings {

    private Surroundings() {}

    /** The root of the source tree: the system property {@code nova.root}, else the working directory. */
    public static Path root() {
        return Path.of(System.getProperty("nova.root", "")).toAbsolutePath().normalize();
    }

    /** The pictures with known answers: the system property {@code nova.pictures}, else beside the source tree. */
    public static Path pictureFolder() {
        String given = System.getProperty("nova.pictures");
        Path folder = given != null ? Path.of(given) : root().resolve("../shared/images");
        return folder.toAbsolutePath().normalize();
    }

    /** Where Debian puts index files. */
    public static Path indexFolder() {
        return Path.of("/usr/share/astrometry");
    }

    /** A program on the PATH, or where programs of the system's administrator are. */
    public static Optional<Path> program(String name) {
        String path = System.getenv("PATH");
        return Stream.concat(
                        Stream.of(path == null ? new String[0] : path.split(Pattern.quote(File.pathSeparator), -1)),
                        Stream.of("/usr/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    static boolean hasIndexes() {
        return IntStream.rangeClosed(7, 19)
                .mapToObj(series -> series < 10 ? "0" + series : "" + series)
                .allMatch(series ->
                        Files.isReadable(indexFolder().resolve("index-tycho2-" + series + ".littleendian.fits")));
    }
}
