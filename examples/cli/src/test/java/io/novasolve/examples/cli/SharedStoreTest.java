package io.novasolve.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.Store;
import io.novasolve.store.jdbc.MariaDbServer;
import io.novasolve.testkit.Surroundings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The commands on a shared store, from submission to the check of its content. */
@Tag("once")
class SharedStoreTest {

    private static final Path SAMPLE = Path.of("../../docs/sample.jpg");

    private static final String CALIBRATION =
            "ra_deg dec_deg pixscale_arcsec orientation_deg orientation_centre_deg parity radius_deg width_px height_px"
                    + " field_width_deg field_height_deg log_odds matched_stars index";

    @TempDir
    Path temp;

    private static final class Server {
        static final EmbeddedPostgres INSTANCE = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setPGStartupWait(Duration.ofMinutes(1))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class MariaDb {
        static final MariaDbServer INSTANCE = start();

        private static MariaDbServer start() {
            try {
                return new MariaDbServer(
                        Files.createTempDirectory("nova-mariadb-"), "--innodb-flush-log-at-trx-commit=2");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private enum Kind {
        SQLITE,
        POSTGRESQL,
        MARIADB
    }

    /** The databases there are on this machine. */
    static List<Kind> kinds() {
        if (Surroundings.program("mariadbd").isPresent()) {
            return List.of(Kind.values());
        }
        System.out.println(
                "SKIPPED SharedStoreTest on MariaDB: no mariadbd on the PATH (apt-get install mariadb-server)");
        return List.of(Kind.SQLITE, Kind.POSTGRESQL);
    }

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private List<Object> store = List.of();

    @BeforeEach
    void onSqlite() {
        store = List.of("--store", "sqlite:" + temp.resolve("nova.db"), "--data", temp.resolve("content"));
    }

    private void use(Kind kind) throws Exception {
        String database = "cli_" + temp.getFileName().toString().replaceAll("\\W", "");
        if (kind == Kind.MARIADB) {
            store = List.of("--store", MariaDb.INSTANCE.create(database), "--data", temp.resolve("content"));
        }
        if (kind == Kind.POSTGRESQL) {
            try (Connection connection = Server.INSTANCE.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + database);
            }
            store = List.of(
                    "--store",
                    Server.INSTANCE.getJdbcUrl("postgres", database),
                    "--data",
                    temp.resolve("content"),
                    "--password-file",
                    Files.writeString(temp.resolve("password"), "any does\n"));
        }
    }

    private int nova(Object... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return nova(out, err, args);
    }

    private static int nova(StringWriter out, StringWriter err, Object... args) {
        CommandLine command = NovaCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
    }

    private Object[] withStore(String command, Object... args) {
        List<Object> all = new ArrayList<>(List.of((Object[]) command.split(" ")));
        all.addAll(store);
        all.addAll(List.of(args));
        return all.toArray();
    }

    private int onStore(String command, Object... args) {
        return nova(withStore(command, args));
    }

    private List<Map<String, @Nullable String>> lines() throws IOException {
        List<Map<String, @Nullable String>> lines = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            Map<String, @Nullable String> fields = new LinkedHashMap<>();
            try (JsonParser json = new JsonFactory().createParser(line)) {
                assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    fields.put(name, json.nextToken() == JsonToken.VALUE_NULL ? null : json.getText());
                }
            }
            lines.add(fields);
        }
        return lines;
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void fromSubmissionToCalibration(Kind kind) throws Exception {
        use(kind);
        assertThat(onStore("submit", "--json", "--user", "anna", SAMPLE, temp.resolve("missing.jpg")))
                .as(err.toString())
                .isEqualTo(2);
        assertThat(lines()).hasSize(1);
        assertThat(lines().get(0))
                .containsOnlyKeys("submission", "file", "user")
                .containsEntry("user", "anna");
        String id = String.valueOf(lines().get(0).get("submission"));

        assertThat(onStore("status", "--json", id)).isEqualTo(1);
        assertThat(lines().get(0)).containsEntry("job", null).containsEntry("status", "queued");
        List<String> expected = new ArrayList<>(words("submission image job file user status attempts reason error"));
        expected.addAll(words(CALIBRATION));
        assertThat(lines().get(0).keySet()).containsExactlyElementsOf(expected);

        assertThat(onStore("work", "--transport", "embedded", "--until-idle"))
                .as(err.toString())
                .isZero();

        assertThat(onStore("status", "--json")).as(out.toString()).isZero();
        assertThat(lines()).hasSize(1);
        assertThat(lines().get(0))
                .containsEntry("status", "solved")
                .containsEntry("attempts", "1")
                .containsEntry("file", "sample.jpg");
        assertThat(Double.parseDouble(String.valueOf(lines().get(0).get("ra_deg"))))
                .isBetween(83.6, 83.8);
        assertThat(onStore("queue", "--json")).isZero();
        assertThat(lines().get(0))
                .containsEntry("solved", "1")
                .containsEntry("queued", "0")
                .containsKeys("running", "unsolved", "failed", "cancelled", "oldest_wait_s", "users");
        assertThat(onStore("workers", "--json")).isZero();
        assertThat(out.toString()).as("it has signed off").isEmpty();
    }

    @Test
    void linksAreFetchedByWorkersAndFromPublicAddressesOnly() throws IOException {
        assertThat(onStore("submit", "http://anna:topsecret@example.org/m31.fits"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("password");
        assertThat(onStore("submit", "http://127.0.0.1:1/m31.fits")).isEqualTo(2);
        assertThat(err.toString()).contains("127.0.0.1 is not an address on the public internet");
        assertThat(onStore("submit", "--json", "http://localhost:1/m31.fits"))
                .as(err.toString())
                .isZero();
        String id = String.valueOf(lines().get(0).get("submission"));

        assertThat(onStore("work", "--transport", "embedded", "--until-idle"))
                .as(err.toString())
                .isZero();

        assertThat(onStore("status", "--json", id)).isNotZero();
        assertThat(lines().get(0)).containsEntry("file", "m31.fits").containsEntry("status", "failed");
        assertThat(lines().get(0).get("error")).contains("localhost", "public internet");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aWorkerEndsWhenItIsAskedToDrain(Kind kind) throws Exception {
        use(kind);
        assertThat(onStore("submit", SAMPLE)).as(err.toString()).isZero();
        assertThat(onStore("cancel", "1")).isZero();
        StringWriter said = new StringWriter();
        CompletableFuture<Integer> worker = CompletableFuture.supplyAsync(
                () -> nova(said, said, withStore("work", "--transport", "embedded", "--lease", 1)));
        do {
            assertThat(worker).as(said.toString()).isNotDone();
            assertThat(onStore("workers", "--json")).isZero();
        } while (out.toString().isEmpty());
        String name = String.valueOf(lines().get(0).get("worker"));
        assertThat(lines().get(0)).containsEntry("draining", "false").containsEntry("running", "0");

        assertThat(onStore("workers", "--drain", name, "--json")).isZero();

        assertThat(worker.get(60, TimeUnit.SECONDS)).as(said.toString()).isZero();
        assertThat(onStore("workers", "--drain", name)).as("it has signed off").isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void cancelsBeforeAnybodyWorks(Kind kind) throws Exception {
        use(kind);
        onStore("submit", "--json", SAMPLE);
        String id = String.valueOf(lines().get(0).get("submission"));

        assertThat(onStore("cancel", id)).isZero();

        assertThat(onStore("status", "--json", id)).isEqualTo(1);
        assertThat(lines().get(0)).containsEntry("status", "cancelled");
        assertThat(onStore("cancel", "4711")).isEqualTo(2);
        assertThat(onStore("cancel", "--job", "4711")).isEqualTo(2);
        assertThat(onStore("status", "4711")).isEqualTo(2);
        assertThat(onStore("cancel")).isEqualTo(2);
    }

    /** Two questions for a few hundred submissions. */
    @Test
    void theStatusOfManyCostsAFewQuestions() {
        InMemoryStore many = new InMemoryStore(InstantSource.system());
        Content content = new Content(new ContentHash("0".repeat(64)), "0".repeat(40), 1);
        for (int i = 0; i < 400; i++) {
            many.create(new NewSubmission("anna", "m31.jpg", content, SolveOptions.defaults(), null));
        }
        AtomicInteger questions = new AtomicInteger();
        Store counted = (Store)
                Proxy.newProxyInstance(Store.class.getClassLoader(), new Class<?>[] {Store.class}, (self, m, args) -> {
                    questions.incrementAndGet();
                    return m.invoke(many, args);
                });
        CommandLine command = NovaCommand.commandLine("status");
        CommandLine status = command.getSubcommands().get("status");
        status.setOut(new PrintWriter(out));

        assertThat(((StatusCommand) status.getCommand()).print(counted)).isEqualTo(1);

        assertThat(out.toString().lines()).hasSize(400);
        assertThat(questions).hasValue(2);
    }

    @Test
    void solvesOnASharedStore() throws IOException {
        assertThat(onStore("solve", "--json", SAMPLE)).as(err.toString()).isZero();
        assertThat(onStore("status", "--json")).isZero();
        assertThat(lines().get(0)).containsEntry("status", "solved");
    }

    @Test
    void checkFindsDamageAndOrphans() throws IOException {
        onStore("submit", SAMPLE);
        assertThat(onStore("store check")).as(out.toString()).isZero();

        Path stored;
        try (Stream<Path> files = Files.walk(temp.resolve("content"))) {
            stored = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(stored);
        bytes[bytes.length / 2] ^= 1;
        Files.write(stored, bytes);
        assertThat(onStore("store check", "--json")).isEqualTo(1);
        assertThat(lines()).hasSize(1);
        assertThat(lines().get(0)).containsEntry("fault", "damaged");
        bytes[bytes.length / 2] ^= 1;
        Files.write(stored, bytes);

        try (FolderContentStore content = FolderContentStore.in(temp.resolve("content"))) {
            Content orphan = content.put("nobody's".getBytes(StandardCharsets.UTF_8));
            assertThat(onStore("store check", "--json")).isEqualTo(1);
            assertThat(lines()).singleElement().satisfies(line -> assertThat(line)
                    .containsEntry("fault", "orphan")
                    .containsValue(orphan.hash().hex()));
            assertThat(onStore("store check", "--remove-orphans")).isEqualTo(1);
            assertThat(content.contains(orphan.hash())).as("put lately").isTrue();
            assertThat(onStore("store check", "--json", "--remove-orphans", "--older-than", 0))
                    .isZero();
            assertThat(lines()).singleElement().satisfies(line -> assertThat(line)
                    .containsEntry("fault", "removed")
                    .containsValue(orphan.hash().hex()));
            assertThat(onStore("store check")).as(out.toString()).isZero();
        }

        Files.delete(stored);
        assertThat(onStore("store check")).isEqualTo(1);
        assertThat(out.toString()).contains("missing");
    }

    @Test
    void aFolderWithoutTheContentIsRefusedAndNotMade() throws IOException {
        onStore("submit", SAMPLE);
        Path folder = temp.resolve("not mounted");
        for (List<Object> command : List.<List<Object>>of(
                List.of("work", "--until-idle"), List.of("submit", SAMPLE), List.of("solve", SAMPLE))) {
            assertThat(onFolder(folder, command)).as(err.toString()).isEqualTo(2);
            assertThat(err.toString()).contains("not mounted is not there", "mount it");
        }
        assertThat(onFolder(folder, List.of("store", "check"))).isEqualTo(2);
        assertThat(folder).doesNotExist();

        FolderContentStore.in(folder).close();
        assertThat(onFolder(folder, List.of("work", "--until-idle"))).isEqualTo(2);
        assertThat(err.toString()).contains("nothing that the store refers to is in", "not mounted");
        assertThat(onStore("status", "--json")).isEqualTo(1);
        assertThat(lines()).hasSize(1);
        assertThat(lines().get(0)).containsEntry("status", "queued");
    }

    private int onFolder(Path folder, List<Object> command) {
        List<Object> all = new ArrayList<>(command);
        all.addAll(store.subList(0, 2));
        all.addAll(List.of("--data", folder));
        return nova(all.toArray());
    }

    @Test
    void removesNothingFromAFolderThatOtherStoresMayShare() {
        assertThat(nova("store", "check", "--remove-orphans", "--store", "jdbc:postgresql://127.0.0.1:1/x"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--remove-orphans needs --data");
    }

    @Test
    void wantsAStoreThatExists() {
        assertThat(nova("submit", SAMPLE)).isEqualTo(2);
        assertThat(err.toString()).contains("--store");
        assertThat(nova("queue", "--store", "oracle:x")).isEqualTo(2);
        Path typo = temp.resolve("nvoa.db");
        for (String command : List.of("status", "queue", "workers", "cancel 1", "store check")) {
            List<Object> all = new ArrayList<>(List.of((Object[]) command.split(" ")));
            all.addAll(List.of("--store", "sqlite:" + typo));
            assertThat(nova(all.toArray())).as(command).isEqualTo(2);
            assertThat(err.toString()).contains("there is no " + typo);
        }
        assertThat(typo).doesNotExist();
        assertThat(nova("workers", "--store", "jdbc:postgresql://127.0.0.1:1/x?password=topsecret"))
                .isNotZero();
        assertThat(err.toString()).isNotBlank().doesNotContain("topsecret");
    }
}
