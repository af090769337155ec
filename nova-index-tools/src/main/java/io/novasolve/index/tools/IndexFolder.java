package io.novasolve.index.tools;

import io.novasolve.engine.index.Index;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The index files in a folder. */
public final class IndexFolder {

    private static final double BOUNDS_TOLERANCE = 0.01;

    private IndexFolder() {}

    /**
     * A file and what is in it.
     *
     * @param file which
     * @param index what it holds; null if it cannot be used
     * @param problem why not, as a sentence; null if it can
     */
    public record Entry(Path file, @Nullable Index index, @Nullable String problem) {

        /** Whether the file can be used. */
        public boolean isOk() {
            return index != null;
        }

        /** Step of the customary ladder of scales; empty if it is not one of them or the file is unusable. */
        public Optional<Integer> scale() {
            return index == null ? Optional.empty() : scaleOf(index);
        }
    }

    /**
     * Opens every file that is called {@code *.fits}, which checks its structure and a sample of its quads.
     *
     * @throws IOException if the folder cannot be listed
     */
    public static List<Entry> list(Path folder) throws IOException {
        return entries(folder, false);
    }

    /**
     * The same, and checks every quad: its stars, its size and its code.
     *
     * @throws IOException if the folder cannot be listed
     */
    public static List<Entry> verify(Path folder) throws IOException {
        return entries(folder, true);
    }

    private static List<Entry> entries(Path folder, boolean thoroughly) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, IndexFolder::isFits)) {
            entries.forEach(files::add);
        }
        files.sort(Comparator.comparing(Path::toString));
        return files.stream().map(file -> entry(file, thoroughly)).toList();
    }

    private static boolean isFits(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".fits");
    }

    private static Entry entry(Path file, boolean thoroughly) {
        try {
            Index index = Index.open(file);
            if (thoroughly) {
                index.verify();
            }
            return new Entry(file, index, null);
        } catch (IOException e) {
            return new Entry(file, null, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** The scales for which there is a usable file. */
    public static Set<Integer> scales(Iterable<Entry> entries) {
        Set<Integer> scales = new TreeSet<>();
        entries.forEach(entry -> entry.scale().ifPresent(scales::add));
        return scales;
    }

    private static Optional<Integer> scaleOf(Index index) {
        double low = 60 * Math.toDegrees(index.minAbRad());
        for (int scale = 0; scale < IndexSeries.LADDER_STEPS; scale++) {
            if (Math.abs(low / IndexSeries.Scale.minArcmin(scale) - 1) < BOUNDS_TOLERANCE) {
                return Optional.of(scale);
            }
        }
        return Optional.empty();
    }
}
