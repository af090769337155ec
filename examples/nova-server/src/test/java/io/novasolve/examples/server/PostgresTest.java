package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.Store;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.accounts.Licence;
import io.novasolve.examples.server.db.Database;
import io.novasolve.products.SkyCatalogue;
import io.novasolve.transport.local.EmbeddedTransport;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's own tables on PostgreSQL, and all that asks them. */
@Tag("once")
class PostgresTest {

    private static final byte[] STARS = "1 2\n3 4\n5 7\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private static Path data;

    private static EmbeddedPostgres postgres;
    private static TestServer server;
    private static Visitor admin;
    private static String session;
    private static Visitor alice;
    private static String link;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
        server = TestServer.start(data, "api-key", "administratorkey", "store", database("server"));
        admin = Visitor.signedIn(server, "administratorkey");
        session = admin.createAccount("alice");
        alice = new Visitor(server, session);
        assertThat(alice.submit("/albums", "title", "Winter").statusCode()).isEqualTo(303);
        int submission = TestServer.submission(json(server.upload(
                "{\"session\": \"" + session + "\", \"album\": \"Winter\", \"allow_modifications\": \"sa\"}",
                "my sky.jpg",
                TestServer.sample("postgres"))));
        assertThat(server.awaitEnd(server.awaitJob(submission))).isEqualTo("success");
        link = "/user_images/"
                + ((List<?>) json(server.get("/api/submissions/" + submission)).get("images")).get(0);
        // From here on searches know it.
        server.await("/api/jobs_by_tag?query=Rigel", s -> !List.of().equals(s.get("job_ids")));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        postgres.close();
    }

    /** A new, empty one. */
    private static String database(String name) throws SQLException {
        try (Connection c = postgres.getPostgresDatabase().getConnection();
                Statement s = c.createStatement()) {
            s.execute("create database " + name);
        }
        return postgres.getJdbcUrl("postgres", name);
    }

    @Test
    void rowsOfTheFirstVersionAreThereInTheLatest(@TempDir Path folder) throws Exception {
        String url = database("old");
        Flyway.configure(Database.class.getClassLoader())
                .dataSource(url, null, null)
                .locations("classpath:io/novasolve/examples/server/db")
                .table("server_schema_history")
                .target("1")
                .load()
                .migrate();
        try (Connection c = DriverManager.getConnection(url);
                Statement s = c.createStatement()) {
            s.execute("insert into server_submission values (7, 1, 1, 'd', 'sa', null, 'Winter', 5, 1)");
            s.execute("insert into server_image values (7, 7, 7, 1)");
            s.execute("insert into server_calibration values (7, 7, 83.8, -5.4, 10)");
            s.execute("insert into server_tag values (7, 2, 'Älg')");
            s.execute("insert into server_session values ('hash', 1, 'token', 9)");
        }
        try (TestServer old = TestServer.start(folder, "store", url)) {
            assertThat(json(old.get("/api/jobs_by_tag?query="
                            + Visitor.encoded("", "ÄLG").substring(1) + "&exact=yes")))
                    .containsEntry("job_ids", List.of(7L));
        }
    }

    @Test
    void whoIsSignedInSeesListsAlbumsAndTheirAccount() {
        for (String path : List.of("/images", "/dashboard", "/albums?title=Winter", "/")) {
            assertThat(text(alice.get(path))).as(path).contains(link);
        }
        assertThat(text(alice.get("/account"))).contains("Winter");
        assertThat(text(alice.get(link))).contains("under the same licence");
        assertThat(text(alice.get("/search?ra=83.8&dec=-5.4"))).contains(link);
        assertThat(text(alice.get("/search?q=M42"))).contains(link);
    }

    @Test
    void tagsAreFoundInAnyCaseOfAnyLetters() {
        assertThat(alice.submit(link + "/tags", "tag", "Älg över 100 %").statusCode())
                .isEqualTo(303);
        for (String query : List.of("Älg över 100 %", "älg", "ÖVER")) {
            assertThat(text(server.get("/search?" + Visitor.encoded("q", query))))
                    .as(query)
                    .contains(link);
        }
        assertThat(text(server.get("/search?q=_lg"))).contains("Nothing found");
    }

    @Test
    void anAccountKeepsItsLicenceAndGetsNewKeys() {
        Visitor carol = new Visitor(server, admin.createAccount("carol"));
        assertThat(carol.submit("/account/licence", "allow_commercial_use", "n").statusCode())
                .isEqualTo(303);
        assertThat(text(carol.get("/account"))).contains("<option value=\"n\" selected>not allowed");
        assertThat(text(carol.submit("/account/key"))).containsPattern("<code>[a-z]{16}</code>");
        assertThat(carol.submit("/signout").statusCode()).isEqualTo(303);
        assertThat(carol.get("/dashboard").statusCode()).isEqualTo(403);
        assertThat(admin.submit("/admin/accounts", "name", "carol").statusCode())
                .isEqualTo(403);
    }

    @Test
    void whatIsHiddenOthersDoNotSee() {
        int submission = server.submit(session, "stars.txt", STARS);
        server.awaitEnd(server.awaitJob(submission));
        String image = "/user_images/"
                + ((List<?>) json(server.get("/api/submissions/" + submission)).get("images")).get(0);
        assertThat(alice.submit(image + "/visibility", "visible", "n").statusCode())
                .isEqualTo(303);
        assertThat(text(server.get("/images"))).contains(link).doesNotContain(image);
        assertThat(text(alice.get("/dashboard"))).contains(image);
        assertThat(text(admin.get("/images"))).contains(link);
    }

    @Test
    void theAdministratorSeesWhatWasDoneAndChartsOfIt() {
        assertThat(text(admin.get("/admin")))
                .contains("<td>create account</td>", "jobs ended in the last 24 hours", "alice")
                .containsPattern(" h UTC: [1-9]\\d* jobs ended, [1-9]\\d* solved");
    }

    @Test
    void jobsAreListedForTheirOwner() {
        assertThat((List<?>) json(server.call("/api/myjobs", "{\"session\": \"" + session + "\"}"))
                        .get("jobs"))
                .isNotEmpty();
    }

    /** Which SQLite keeps and PostgreSQL does not. */
    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\ud800b"})
    void textThatNoDatabaseKeepsIsRefusedOrChangedButNeverAnError(String evil) {
        String escaped = evil.replace("\u0000", "\\u0000").replace("\ud800", "\\ud800");
        for (String more : List.of("\"album\": \"%s\"", "\"url\": \"http://example.com/%s\"", "\"apikey\": \"%s\"")) {
            String arguments = "{\"session\": \"" + session + "\", " + more.formatted(escaped) + "}";
            for (String call : List.of("login", "upload", "url_upload", "myjobs")) {
                Map<String, Object> reply = json(server.call("/api/" + call, arguments));
                assertThat(reply).as(call + " " + arguments).containsKey("status");
            }
        }
        String encoded = Visitor.encoded("x", evil).substring(2);
        assertThat(json(server.upload("{\"session\": \"" + session + "\"}", evil + ".txt", STARS)))
                .containsEntry("status", "success");
        for (String path : List.of("/search?q=", "/albums?title=", "/api/jobs_by_tag?query=")) {
            assertThat(server.get(path + encoded).statusCode()).as(path).isLessThan(500);
        }
        assertThat(alice.submit(link + "/tags", "tag", evil).statusCode()).isLessThan(500);
        assertThat(alice.submit("/albums", "title", evil).statusCode()).isLessThan(500);
        assertThat(admin.submit("/admin/accounts", "name", evil).statusCode()).isLessThan(500);
        assertThat(alice.submit("/account/licence", "allow_commercial_use", evil)
                        .statusCode())
                .isEqualTo(403);
        assertThat(alice.submit("/signin", "apikey", evil).statusCode()).isEqualTo(403);
    }

    @Test
    void anAddressThatIsTooLongLeavesNothingBehind() {
        String url = "http://picture.example/" + "a".repeat(2000);
        int before = TestServer.submission(json(server.upload("{\"session\": \"" + session + "\"}", "a.txt", STARS)));
        assertThat(json(server.call("/api/url_upload", "{\"session\": \"" + session + "\", \"url\": \"" + url + "\"}")))
                .containsEntry("status", "error");
        assertThat(alice.submit("/upload", "url", url).statusCode()).isEqualTo(403);
        // The file counts, whatever else is in the form.
        HttpResponse<byte[]> both = alice.upload("b.txt", STARS, "url", url);
        assertThat(both.statusCode()).isEqualTo(303);
        assertThat(both.headers().firstValue("Location").orElseThrow()).endsWith("/status/" + (before + 1));
    }

    /** As two processes on one database do: in step, so that each has seen what the other is about to write. */
    @Test
    void whatTwoFrontEndsSeeEndingIsWrittenDownOnce(@TempDir Path folder) throws Exception {
        int submissions = 20;
        try (Database db = Database.open(database("two"), null, null);
                Store store = Stores.open(db);
                ContentStore content = FolderContentStore.of(folder, store);
                Nova nova = Nova.builder(EmbeddedTransport.bundled())
                        .store(store)
                        .content(content)
                        .start()) {
            Submissions owned = new Submissions(new Backend(nova, store, content), db, InstantSource.system(), 0);
            Account anybody = new Account(Account.ANONYMOUS, "anonymous", false, Licence.DEFAULT);
            for (int i = 0; i < submissions; i++) {
                byte[] noise = ("no picture " + i).getBytes(StandardCharsets.US_ASCII);
                int id = owned.submit(
                                SubmissionRequest.of(noise, "noise.jpg"),
                                anybody,
                                new Submissions.Terms(true, Licence.DEFAULT, null))
                        .id();
                nova.submission(id).orElseThrow().result().get(2, TimeUnit.MINUTES);
            }
            CyclicBarrier inStep = new CyclicBarrier(2);
            Store seen = (Store) Proxy.newProxyInstance(
                    Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                        Object reply = method.invoke(store, arguments);
                        if (method.getName().equals("submission")) {
                            inStep.await(1, TimeUnit.MINUTES);
                        }
                        return reply;
                    });
            Backend backend = new Backend(nova, seen, content);
            ExecutorService frontEnds = Executors.newFixedThreadPool(2);
            List<Future<?>> passes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Records records = new Records(backend, db, new FieldCatalogue(SkyCatalogue.bundled()), owned);
                passes.add(frontEnds.submit(records::catchUp));
            }
            frontEnds.shutdown();
            for (Future<?> pass : passes) {
                pass.get(2, TimeUnit.MINUTES);
            }
            assertThat(db.<Integer>read(h -> h.createQuery("select count(*) from server_submission s"
                                    + " join server_image i on i.submission_id = s.id where s.recorded = 1")
                            .mapTo(Integer.class)
                            .one()))
                    .isEqualTo(submissions);
        }
    }
}
