package io.novasolve.index.tycho2;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Tycho2IndexesTest {

    private static final List<String> NAMES = IntStream.rangeClosed(11, 19)
            .mapToObj(i -> "index-tycho2-" + (30 - i))
            .toList();

    @TempDir
    Path temp;

    @Test
    void allAreThereWideOnesFirstAndEveryQuadIsAsItShouldBe() throws IOException {
        IndexLibrary library = Tycho2Indexes.open();

        assertThat(library.indexes()).extracting(Index::name).isEqualTo(NAMES);
        assertThat(library.unreadable()).isEmpty();
        for (Index index : library.indexes()) {
            index.verify();
            assertThat(index.healpix()).isEmpty();
        }
        // No gap between one scale and the next.
        for (int i = 1; i < library.indexes().size(); i++) {
            assertThat(library.indexes().get(i).maxAbRad())
                    .isGreaterThanOrEqualTo(library.indexes().get(i - 1).minAbRad() * 0.999999);
        }
    }

    @Test
    void theHeapStaysEmpty() throws IOException {
        long before = usedHeap();
        IndexLibrary library = Tycho2Indexes.open();
        long after = usedHeap();

        assertThat(after - before).isLessThan(4 << 20);
        assertThat(library.indexes()).hasSize(9);
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void aFolderIsFilledOnceAndThenOnlyMapped() throws IOException {
        Path folder = temp.resolve("a folder/with blanks");
        assertThat(Tycho2Indexes.open(folder).indexes()).extracting(Index::name).isEqualTo(NAMES);
        Path file = folder.resolve("index-tycho2-19.littleendian.fits");
        FileTime past = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file, past);

        assertThat(Tycho2Indexes.open(folder).indexes()).extracting(Index::name).isEqualTo(NAMES);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(past);
        try (var files = Files.list(folder)) {
            assertThat(files).as("no parts are left").hasSize(9);
        }
    }

    @Test
    void aTruncatedCopyIsReplaced() throws IOException {
        Tycho2Indexes.open(temp);
        Path file = temp.resolve("index-tycho2-18.littleendian.fits");
        byte[] whole = Files.readAllBytes(file);
        Files.delete(file);
        Files.write(file, new byte[1000]);

        Tycho2Indexes.open(temp);

        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void theLicenceOfTheDataIsInTheJar() throws IOException {
        try (InputStream licence = Tycho2Indexes.class.getResourceAsStream("/META-INF/nova-index-tycho2/LICENSE")) {
            String text = new String(licence.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("BSD-2-Clause", "Tycho-2", "Redistribution and use in source and binary forms");
        }
    }
}
