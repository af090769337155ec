package io.novasolve.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code nova solve-server} as people start it: a process of its own. */
final class SolveServerProcess {

    private SolveServerProcess() {}

    static List<String> command(Object... options) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NovaCommand.class.getName(),
                "solve-server"));
        for (Object option : options) {
            command.add(option.toString());
        }
        return command;
    }

    /** The same as a line for a shell. */
    static String line(Object... options) {
        return command(options).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /** @param log gets all that it says */
    static Process start(Path log, Object... options) throws IOException {
        return new ProcessBuilder(command(options))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }
}
