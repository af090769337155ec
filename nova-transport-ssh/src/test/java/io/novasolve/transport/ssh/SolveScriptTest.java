package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The solve script alone, with clients that mean harm. Its engine is one that waits. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisabledOnOs(OS.WINDOWS)
@Tag("once")
class SolveScriptTest {

    private static final String ENGINE = "#!/bin/sh\necho $$ > ../pid\n%s\nexec sleep %d\n";

    @TempDir
    Path folder;

    private Path script;
    private Path jobs;
    private Process process;

    @BeforeEach
    void install() throws Exception {
        script = folder.resolve("bin/nova-solve");
        jobs = folder.resolve("jobs");
        Files.createDirectories(script.getParent());
        Files.copy(Surroundings.root().resolve("nova-transport-ssh/solve-server/nova-solve"), script);
        engine("", 0);
    }

    private void engine(String first, int seconds) throws IOException {
        OpenSshServer.executable(folder.resolve("bin/engine"), ENGINE.formatted(first, seconds));
    }

    private void settings(String lines) throws IOException {
        Files.writeString(
                folder.resolve("bin/nova-solve.conf"),
                "jobs='" + jobs + "'\nengine='" + folder.resolve("bin/engine") + "'\n" + lines);
    }

    private void start() throws IOException {
        process = new ProcessBuilder(script.toString()).start();
    }

    private void send(byte[] input) throws IOException {
        process.getOutputStream().write(input);
        process.getOutputStream().flush();
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private String words() throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String axy() throws IOException {
        return axy(SolveOptions.defaults());
    }

    private static String axy(SolveOptions options) throws IOException {
        byte[] axy = new JobFile(StarField.known(2).stars(), options).toBytes();
        return new String(axy, StandardCharsets.ISO_8859_1);
    }

    private static byte[] job(String axy) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.write("job-nova-1\n".getBytes(StandardCharsets.US_ASCII));
        WireTar.write(Map.of("job.axy", axy.getBytes(StandardCharsets.ISO_8859_1)), tar);
        return tar.toByteArray();
    }

    private void waitUntilNothingIsLeft() throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Waiting.until(() -> {
            try (Stream<Path> left = Files.list(jobs)) {
                return left.allMatch(file -> file.endsWith("pid"));
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** A process that nobody has reaped yet is listed, but has no command any more. */
    private boolean engineRuns() throws IOException {
        Path pid = jobs.resolve("pid");
        assertThat(pid).exists();
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .filter(engine -> engine.info().command().isPresent())
                .isPresent();
    }

    @Test
    void looksThroughAllOfTheHeader() throws Exception {
        settings("");
        String first = axy().substring(0, 80);
        assertThat(first).startsWith("SIMPLE");
        for (String more : List.of(
                card("COMMENT nothing").repeat(1500) + card("ANWCS   = '/tmp/evil.fits'"),
                card("anwcs   = '/tmp/evil.fits'"),
                card("END\0") + card("ANWCS   = '/tmp/evil.fits'"),
                card("COMMENT\nEND") + card("ANWCS   = '/tmp/evil.fits'"))) {
            start();
            send(job(first + more + axy().substring(80)));
            process.getOutputStream().close();
            assertThat(words()).contains("failed final").contains("outside its folder");
            assertThat(process.waitFor()).isNotZero();
        }
        assertThat(jobs.resolve("pid")).doesNotExist();

        start();
        send(job(first + card("COMMENT a/b").repeat(1500) + axy().substring(80) + card("ANWCS   = '/in/the/data'")));
        process.getOutputStream().close();
        assertThat(words()).doesNotContain("failed");
        assertThat(process.waitFor()).isZero();
    }

    private static String card(String text) {
        return text + " ".repeat(80 - text.length());
    }

    @Test
    void waitsForTheTarOnlySoLong() throws Exception {
        settings("input_seconds=1\n");
        start();
        send("job-nova-1\n".getBytes(StandardCharsets.US_ASCII));
        waitUntilNothingIsLeft();
        assertThat(words()).contains("failed again").contains("did not come within 1 s");
    }

    @Test
    void aClientThatReadsNothingStopsNoClock() throws Exception {
        settings("wall_seconds=1\n");
        engine("yes '" + "x".repeat(99) + "' | head -n 600 >&2 &", 600);
        start();
        send(job(axy()));
        process.getOutputStream().close();

        waitUntilNothingIsLeft();
        assertThat(engineRuns()).isFalse();
    }

    @Test
    void aClientThatDoesNotTakeItsResultsStopsNoClock() throws Exception {
        settings("wall_seconds=1\n");
        engine("head -c 300000 /dev/zero", 0);
        start();
        send(job(axy()));
        process.getOutputStream().close();

        waitUntilNothingIsLeft();
        assertThat(process.exitValue()).isNotZero();
    }

    @Test
    void aSearchHasLimitsOfFilesAndMemory() throws Exception {
        String small = "file_blocks=200\nmemory_kib=100000\n";
        for (String greedy : List.of(
                "head -c 200000 /dev/zero > big || exit 1", "dd if=/dev/zero of=/dev/null bs=200M count=1 || exit 1")) {
            for (String limits : List.of(small, "")) {
                settings(limits);
                engine(greedy, 0);
                start();
                send(job(axy()));
                process.getOutputStream().close();
                if (limits.isEmpty()) {
                    assertThat(words()).as(greedy).doesNotContain("failed");
                } else {
                    assertThat(words()).as(greedy).contains("failed again").contains("ended with status");
                }
                waitUntilNothingIsLeft();
            }
        }
    }

    @Test
    void aJobThatAsksForMoreProcessorTimeDoesNotGetIt() throws Exception {
        settings("cpu_seconds=1\n");
        engine("while :; do :; done", 0);
        start();
        send(job(axy(SolveOptions.builder().cpuLimit(Duration.ofHours(1)).build())));
        process.getOutputStream().close();

        assertThat(words()).contains("unsolved timeout: no match within 1 s");
        assertThat(process.waitFor()).isZero();
    }

    /** An answer, if no welcome one: another server would not search for longer. */
    @Test
    void aSearchThatUsesUpItsProcessorTimeIsUnsolved() throws Exception {
        settings("");
        engine("echo searching; while :; do :; done", 0);
        start();
        send(job(axy(SolveOptions.builder().cpuLimit(Duration.ofSeconds(1)).build())));
        process.getOutputStream().close();

        String tar = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(tar).contains("backend.log", "searching");
        assertThat(words())
                .contains("nova-server: unsolved timeout: no match within 1 s")
                .doesNotContain("failed");
        assertThat(process.waitFor()).isZero();
        waitUntilNothingIsLeft();
    }

    @Test
    void aJobFileHasALimit() throws Exception {
        settings("file_blocks=200\n");
        start();
        try {
            send(job(axy() + " ".repeat(300_000)));
            process.getOutputStream().close();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("pipe");
        }
        assertThat(words()).contains("failed final").contains("too large");
        waitUntilNothingIsLeft();
    }

    @Test
    void foldersOfACrashGoByAge() throws Exception {
        settings("keep_days=1\n");
        Path old = Files.createDirectories(jobs.resolve("job-nova-1.old"));
        Path young = Files.createDirectories(jobs.resolve("job-nova-1.young"));
        Path other = Files.createDirectories(jobs.resolve("letters"));
        FileTime threeDaysAgo = FileTime.from(Instant.now().minus(Duration.ofDays(3)));
        Files.setLastModifiedTime(old, threeDaysAgo);
        Files.setLastModifiedTime(other, threeDaysAgo);
        start();
        send(job(axy()));
        process.getOutputStream().close();
        assertThat(process.waitFor()).isZero();
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(other).exists();
    }

    /** Other jobs remove their folders while this one looks for old ones. */
    @Test
    void survivesASweepThatMeetsAnotherOne() throws Exception {
        settings("");
        Path find = OpenSshServer.executable(folder.resolve("fake/find"), "#!/bin/sh\nexit 1\n");
        ProcessBuilder builder = new ProcessBuilder(script.toString());
        builder.environment().merge("PATH", "", (path, none) -> find.getParent() + ":" + path);
        process = builder.start();
        send(job(axy()));
        process.getOutputStream().close();

        assertThat(words()).contains("solving job-nova-1").doesNotContain("failed");
        assertThat(process.waitFor()).isZero();
    }
}
