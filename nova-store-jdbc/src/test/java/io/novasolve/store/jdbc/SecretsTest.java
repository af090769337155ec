package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords never appear, however much is logged: everything runs in a process of its own with TRACE logging. */
@Tag("once")
class SecretsTest {

    private static final String SECRET = "Geheim-4711-Wort";

    @TempDir
    Path temp;

    /** Opens stores that exist and stores that do not, and prints all that comes of it. */
    public static final class Main {
        private Main() {}

        public static void main(String[] urls) throws Exception {
            PrintStream out = System.out;
            for (String url : urls) {
                boolean inUrl = url.contains("password");
                JdbcStoreBuilder builder = JdbcStore.at(url).connectionTimeout(Duration.ofSeconds(1));
                if (!inUrl) {
                    builder.user("postgres").password(SECRET);
                }
                out.println(builder);
                try (JdbcStore store = builder.build()) {
                    out.println(store + " " + store.counts());
                } catch (RuntimeException e) {
                    e.printStackTrace(out);
                }
            }
            try {
                JdbcStore.at("jdbc:oracle:thin:@x?password=" + SECRET);
            } catch (IllegalArgumentException e) {
                out.println(e);
            }
            out.println("the end");
        }
    }

    @Test
    void noPasswordIsEverLogged() throws Exception {
        Postgres database = new Postgres();
        String real = database.url().replaceAll("\\?.*", "");
        MariaDb mariaDb = new MariaDb();
        mariaDb.createUser("keeper", SECRET);
        // The driver of PostgreSQL logs by other means than the rest.
        Path javaLogging = Files.writeString(
                temp.resolve("logging.properties"),
                "handlers=java.util.logging.ConsoleHandler\n.level=ALL\njava.util.logging.ConsoleHandler.level=ALL\n");
        File output = temp.resolve("output.txt").toFile();
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-Djava.util.logging.config.file=" + javaLogging,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        real,
                        real + "?user=postgres&password=" + SECRET,
                        mariaDb.url().replaceFirst("user=.*", "user=keeper&password=" + SECRET),
                        "jdbc:postgresql://127.0.0.1:1/x?user=u&password=" + SECRET,
                        "jdbc:mariadb://127.0.0.1:1/x?user=u&password=" + SECRET,
                        "jdbc:postgresql://127.0.0.1:1/x"))
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();

        String all = Files.readString(output.toPath(), StandardCharsets.UTF_8);
        assertThat(all)
                .contains("the end", "JdbcStore[postgresql]", "JdbcStore[mariadb]")
                .contains(" TRACE ", " DEBUG ")
                // What its driver calls TRACE, in the language of this machine.
                .contains("FE=> ");
        assertThat(all.lines().filter(line -> line.contains(SECRET))).isEmpty();
    }
}
