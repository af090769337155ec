package io.novasolve.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code nova}, with a stand-in for {@code java} that tells how it was called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
@Tag("once")
class LauncherTest {

    @TempDir
    Path folder;

    private Path launcher;

    @BeforeEach
    void copyTheLauncher() throws IOException {
        Path cli = folder.resolve("a blank/examples/cli");
        Files.createDirectories(cli.resolve("target"));
        launcher = Files.copy(Path.of("nova"), cli.resolve("nova"));
        executable(launcher);
        Files.createFile(cli.resolve("target/nova.jar"));
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"locale=${LC_ALL:-}\"\nfor word; do echo \"<$word>\"; done\n");
        executable(java);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run(Map<String, String> environment, String... words) throws Exception {
        ProcessBuilder command = new ProcessBuilder(launcher.toString());
        command.command().addAll(List.of(words));
        command.environment().clear();
        command.environment().put("PATH", System.getenv("PATH"));
        command.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        command.environment().putAll(environment);
        Path out = folder.resolve("out");
        Process process =
                command.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out);
    }

    @Test
    void givesJavaALocaleThatKnowsEveryFileNameWhereThereIsNone() throws Exception {
        assertThat(run(Map.of(), "solve", "x.fits")).contains("locale=C.UTF-8\n");
    }

    @Test
    void leavesALocaleThatIsSetAsItIs() throws Exception {
        assertThat(run(Map.of("LANG", "tr_TR.UTF-8"), "solve", "x.fits")).contains("locale=\n");
    }

    @Test
    void handsItsWordsOnAsTheyAre() throws Exception {
        assertThat(run(Map.of(), "solve", "a b.fits", "*")).contains("<solve>\n<a b.fits>\n<*>\n");
    }
}
