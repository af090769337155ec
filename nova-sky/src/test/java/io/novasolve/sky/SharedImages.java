package io.novasolve.sky;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Pictures and solutions beside the project, and programs of the machine: tests that need them are skipped without. */
public final class SharedImages {

    private SharedImages() {}

    /** The files with some ending in a folder beside the project's root; skips the test where there is none. */
    public static List<Path> files(String folder, String ending) throws IOException {
        Path images = images().resolve(folder);
        if (!Files.isDirectory(images)) {
            skip("there are no pictures with known answers in " + images);
        }
        try (Stream<Path> files = Files.list(images)) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static Path images() {
        Path at = Path.of(System.getProperty("nova.root", ".")).toAbsolutePath().normalize();
        for (Path folder = at; folder != null; folder = folder.getParent()) {
            Path images = folder.resolve("shared").resolve("images");
            if (Files.isDirectory(images)) {
                return images;
            }
        }
        return at.resolve("shared").resolve("images");
    }

    /** Skips the test that calls, and prints why, in a line that a build can look for. */
    public static void skip(String why) {
        System.out.println("SKIPPED " + caller() + ": " + why);
        abort(why);
    }

    private static String caller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(name -> name.endsWith("Test"))
                        .findFirst())
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .orElse("a test");
    }

    /** What a program prints; skips the test where the program cannot be run. */
    public static List<String> output(Path scratch, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(scratch, "out", ".txt");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
        } catch (IOException e) {
            skip("there is no program " + command[0] + "; install the Debian package astrometry.net");
            throw e;
        }
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
        if (!ended || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + String.join("\n", lines));
        }
        return lines;
    }
}
