package io.novasolve.core.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {

    @TempDir
    Path parent;

    @Test
    void isMadeWhenItIsNeededAndRemovedWhenItIsClosed() throws IOException {
        Path below = parent.resolve("not there yet");
        try (TemporaryFolder folder = TemporaryFolder.in(below)) {
            assertThat(below).doesNotExist();
            Path file = Files.write(folder.newFile(".part"), new byte[] {1});
            assertThat(file.getParent().getParent()).isEqualTo(below);
            assertThat(file.getFileName().toString()).endsWith(".part");
        }
        assertThat(children(below)).isEmpty();
    }

    @Test
    void twoOfOneProcessLeaveEachOtherAlone() throws IOException {
        try (TemporaryFolder first = TemporaryFolder.in(parent)) {
            Path file = first.newFile(".a");
            try (TemporaryFolder second = TemporaryFolder.in(parent)) {
                second.newFile(".b");
                assertThat(file).exists();
                assertThat(children(parent)).hasSize(2);
            }
            assertThat(file).exists();
        }
    }

    @Test
    void thatOfALiveProcessStaysAndThatOfAKilledOneGoes() throws Exception {
        Process other = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waits.class.getName(),
                        parent.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            Path theirs =
                    Path.of(new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))
                            .readLine());
            try (TemporaryFolder mine = TemporaryFolder.in(parent)) {
                mine.newFile(".a");
                assertThat(theirs).exists();
            }
            other.destroyForcibly().waitFor();
            assertThat(theirs).exists();
            try (TemporaryFolder mine = TemporaryFolder.in(parent)) {
                mine.newFile(".a");
                assertThat(theirs).doesNotExist();
                assertThat(children(parent)).hasSize(1);
            }
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void oneThatCannotBeMadeSaysWhatToDo() throws IOException {
        Path file = Files.write(parent.resolve("a file"), new byte[0]);
        assertThatThrownBy(() -> TemporaryFolder.in(file).newFile(".a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no temporary file could be made in " + file)
                .hasMessageContaining("another temporary folder");
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    /** Has a temporary file, says its name, and waits to be killed. */
    static final class Waits {

        private Waits() {}

        public static void main(String[] args) throws IOException {
            System.out.println(TemporaryFolder.in(Path.of(args[0])).newFile(".theirs"));
            if (System.in.read() >= 0) {
                throw new IllegalStateException("nobody was to say anything");
            }
        }
    }
}
