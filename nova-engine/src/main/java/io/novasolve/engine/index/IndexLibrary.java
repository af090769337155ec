package io.novasolve.engine.index;

import io.novasolve.sky.SkyPosition;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Indexes that were opened once and are shared by all solves and threads. Immutable. */
public final class IndexLibrary {

    /**
     * A file that was passed over.
     *
     * @param file which
     * @param reason why, as a sentence
     */
    public record Unreadable(Path file, String reason) {}

    private final List<Index> indexes;
    private final List<Unreadable> unreadable;

    private IndexLibrary(List<Index> indexes, List<Unreadable> unreadable) {
        Map<String, Index> byName = new LinkedHashMap<>();
        indexes.forEach(index -> byName.putIfAbsent(index.name(), index));
        List<Index> sorted = new ArrayList<>(byName.values());
        // Wide angles first, and a stable order whatever the file system returns.
        sorted.sort(Comparator.comparingDouble(Index::maxAbRad).reversed().thenComparing(Index::name));
        this.indexes = List.copyOf(sorted);
        this.unreadable = List.copyOf(unreadable);
    }

    /** A library of indexes at hand; of two with the same name the first is taken. */
    public static IndexLibrary of(List<Index> indexes) {
        return new IndexLibrary(indexes, List.of());
    }

    /**
     * Opens the index files ({@code *.fits} and {@code *.fit}, in any case) of folders; a file that is no usable index is
     * listed, and does not stop the others. Of two files with the same base name the first is taken.
     *
     * @throws IOException if a folder cannot be listed
     */
    public static IndexLibrary open(List<Path> folders) throws IOException {
        List<Index> indexes = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        for (Path folder : folders) {
            for (Path file : indexFiles(folder)) {
                try {
                    indexes.add(Index.open(file));
                } catch (IOException e) {
                    unreadable.add(new Unreadable(file, String.valueOf(e.getMessage())));
                }
            }
        }
        return new IndexLibrary(indexes, unreadable);
    }

    private static List<Path> indexFiles(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, IndexLibrary::isIndexFile)) {
            entries.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(Comparator.comparing(Path::toString));
        return files;
    }

    /** By its name, and no folder; a link to nowhere is one, so that it is said to lead nowhere. */
    private static boolean isIndexFile(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return (name.endsWith(".fits") || name.endsWith(".fit")) && !Files.isDirectory(file);
    }

    /** This library and more indexes. */
    public IndexLibrary with(IndexLibrary more) {
        List<Index> all = new ArrayList<>(indexes);
        all.addAll(more.indexes);
        List<Unreadable> bad = new ArrayList<>(unreadable);
        bad.addAll(more.unreadable);
        return new IndexLibrary(all, bad);
    }

    /** All indexes, wide angles first. */
    public List<Index> indexes() {
        return indexes;
    }

    /** Files that were passed over, and why. */
    public List<Unreadable> unreadable() {
        return unreadable;
    }

    /**
     * The indexes that can match a picture.
     *
     * @param minQuadDeg smallest quad that may be found on it, in degrees
     * @param maxQuadDeg largest quad, in degrees
     * @param centre where to look, or null for anywhere
     * @param radiusDeg how far around the centre; ignored without one
     */
    public List<Index> select(double minQuadDeg, double maxQuadDeg, @Nullable SkyPosition centre, double radiusDeg) {
        return indexes.stream()
                .filter(i -> Math.toDegrees(i.maxAbRad()) >= minQuadDeg && Math.toDegrees(i.minAbRad()) <= maxQuadDeg)
                .filter(i -> centre == null || i.reaches(centre, radiusDeg))
                .toList();
    }
}
