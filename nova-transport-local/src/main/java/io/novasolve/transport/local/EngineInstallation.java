package io.novasolve.transport.local;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.TransportException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the program, its configuration and its indexes are. Looked up for each search, since they may come and go. */
record EngineInstallation(@Nullable Path program, @Nullable Path config, List<Path> indexFolders) {

    private static final String PROGRAM = "astrometry-engine";
    private static final String CONFIG = "astrometry.cfg";
    private static final String OWN_CONFIG = "engine.cfg";
    private static final String ADD_PATH = "add_path ";
    /** The engine hands the bytes of a path to the system as they are. */
    private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private static final List<String> PROGRAM_FOLDERS = List.of(
            "/usr/bin",
            "/usr/local/bin",
            "/usr/local/astrometry/bin",
            "/opt/astrometry/bin",
            "/opt/homebrew/bin",
            "/opt/local/bin");
    private static final List<String> CONFIG_FOLDERS =
            List.of("/etc", "/etc/astrometry", "/usr/local/etc", "/usr/local/astrometry/etc");
    private static final Path DEBIAN_INDEXES = Path.of("/usr/share/astrometry");

    /** The command without its last word, the job; writes a configuration into the folder if one is needed. */
    List<String> command(JobFolder folder, SolveOptions options) throws TransportException, IOException {
        Path engine = findProgram();
        return List.of(engine.toString(), "-c", findConfig(engine, folder, options));
    }

    Path findProgram() throws TransportException {
        if (program != null) {
            if (isProgram(program)) {
                return program.toAbsolutePath();
            }
            throw new TransportException(
                    "there is no program " + program + "; give the path of astrometry-engine", false);
        }
        return Stream.concat(onPath(PROGRAM), PROGRAM_FOLDERS.stream().map(folder -> Path.of(folder, PROGRAM)))
                .filter(EngineInstallation::isProgram)
                .findFirst()
                .orElseThrow(() -> new TransportException(
                        "astrometry-engine is neither on the PATH nor in " + String.join(", ", PROGRAM_FOLDERS)
                                + "; install it (Debian: the package astrometry.net), or say where it is",
                        false));
    }

    /** Files of that name in the folders of the PATH. */
    static Stream<Path> onPath(String name) {
        String path = System.getenv("PATH");
        String[] folders = path == null ? new String[0] : path.split(System.getProperty("path.separator"), -1);
        return Stream.of(folders)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(EngineInstallation::isProgram);
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private String findConfig(Path engine, JobFolder folder, SolveOptions options)
            throws TransportException, IOException {
        if (config != null) {
            if (!Files.isReadable(config)) {
                throw new TransportException(
                        "the configuration " + config + " of astrometry-engine cannot be read; give another", false);
            }
            return config.toAbsolutePath().toString();
        }
        if (!indexFolders.isEmpty()) {
            return ownConfig(indexFolders, folder, options);
        }
        Optional<Path> found =
                configCandidates(engine).filter(Files::isReadable).findFirst();
        if (found.isPresent()) {
            return found.get().toString();
        }
        return ownConfig(List.of(DEBIAN_INDEXES), folder, options);
    }

    private static Stream<Path> configCandidates(Path engine) throws IOException {
        List<Path> candidates = new ArrayList<>();
        for (Path self : List.of(engine, engine.toRealPath())) {
            Path bin = self.getParent();
            if (bin != null) {
                candidates.add(bin.resolveSibling("etc").resolve(CONFIG));
                candidates.add(bin.resolve(CONFIG));
            }
        }
        CONFIG_FOLDERS.forEach(folder -> candidates.add(Path.of(folder, CONFIG)));
        return candidates.stream();
    }

    private static String ownConfig(List<Path> folders, JobFolder folder, SolveOptions options)
            throws TransportException, IOException {
        if (!hasIndexes(folders)) {
            throw new TransportException(
                    "there are no index files (*.fits) in " + folders
                            + ": install some (Debian: the packages astrometry-data-tycho2-07 … -19, or"
                            + " astrometry-data-tycho2 for all), or give the folder of those you have",
                    false);
        }
        StringBuilder text = new StringBuilder();
        folders.forEach(path -> text.append(ADD_PATH).append(path).append('\n'));
        text.append("autoindex\n");
        if (options.cpuLimit() != null) {
            text.append("cpulimit ").append(options.cpuLimit().toSeconds() + 1).append('\n');
        }
        folder.write(OWN_CONFIG, text.toString().getBytes(PATHS));
        return OWN_CONFIG;
    }

    /** The folders that a configuration makes the program look for indexes in, as far as they are there. */
    static List<Path> indexFoldersOf(Path config) throws IOException {
        // Paths are bytes to the program; in this charset, any are text.
        try (Stream<String> lines = Files.lines(config, StandardCharsets.ISO_8859_1)) {
            return lines.map(String::strip)
                    .filter(line -> line.startsWith(ADD_PATH))
                    .map(line -> config.resolveSibling(new String(
                            line.substring(ADD_PATH.length()).strip().getBytes(StandardCharsets.ISO_8859_1), PATHS)))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    private static boolean hasIndexes(List<Path> folders) throws IOException {
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.fits")) {
                    if (files.iterator().hasNext()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
