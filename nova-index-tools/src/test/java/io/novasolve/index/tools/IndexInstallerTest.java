package io.novasolve.index.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.sky.Fuzz;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexInstallerTest {

    private static final String PATH = "/test/index-test-18.fits";
    private static final IndexSeries SERIES = new IndexSeries(
            "test",
            "none",
            "free",
            "test",
            URI.create("http://127.0.0.1:1/"),
            List.of(
                    new IndexSeries.Scale(18, 1, 0.1, "index-test-18.fits"),
                    new IndexSeries.Scale(17, 2, Double.NaN, "index-test-17-{tile}.fits")));

    @TempDir
    static Path built;

    private static byte[] good = {};

    @TempDir
    Path temp;

    private final List<String> progress = new CopyOnWriteArrayList<>();
    private TestServer server;
    private Path folder;

    @BeforeAll
    static void build() throws Exception {
        good = Files.readAllBytes(TestIndex.write(built.resolve("one.fits"), 18));
    }

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        folder = temp.resolve("my indexes");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private IndexInstaller.Result install(int scale) throws Exception {
        return installer(4, Duration.ofSeconds(20)).install(SERIES, List.of(scale), folder);
    }

    private IndexInstaller installer(int attempts, Duration stall) {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        return new IndexInstaller(
                client,
                server.url(),
                new IndexInstaller.Patience(attempts, Duration.ofMillis(1), stall),
                (file, bytes, total) -> progress.add(file + " " + bytes + "/" + total));
    }

    private void assertInstalled() throws IOException {
        assertThat(folder.resolve("index-test-18.fits")).hasBinaryContent(good);
        assertThat(folder.resolve("index-test-18.fits.part")).doesNotExist();
    }

    @Test
    void aFileIsFetchedOnceAndThenFoundThere() throws Exception {
        server.on(PATH, TestServer.file(good));

        assertThat(install(18).fetched()).containsExactly(folder.resolve("index-test-18.fits"));
        assertInstalled();
        assertThat(progress).last().isEqualTo("index-test-18.fits " + good.length + "/" + good.length);

        server.requests.clear();
        assertThat(install(18).present()).containsExactly(folder.resolve("index-test-18.fits"));
        assertThat(server.requests).isEmpty();
    }

    @Test
    void allTilesOfAScaleAreFetched() throws Exception {
        server.on("/test/index-test-17-00.fits", TestServer.file(good));
        server.on("/test/index-test-17-01.fits", TestServer.file(good));
        assertThat(install(17).fetched())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("index-test-17-00.fits", "index-test-17-01.fits");
    }

    @Test
    void cutConnectionsAreContinuedWhereTheyBroke() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        server.on(PATH, exchange -> {
            if (calls.incrementAndGet() <= 2) {
                TestServer.cut(good, 30_000).to(exchange);
            } else {
                TestServer.file(good).to(exchange);
            }
        });
        install(18);
        assertInstalled();
        assertThat(server.requests)
                .filteredOn(r -> r.startsWith(PATH))
                .containsExactly(PATH, PATH + " bytes=30000-", PATH + " bytes=60000-");
    }

    @Test
    void aPartOfAnEarlierRunIsContinued() throws Exception {
        Files.createDirectories(folder);
        Files.write(folder.resolve("index-test-18.fits.part"), Arrays.copyOf(good, 50_000));
        server.on(PATH, TestServer.file(good));
        install(18);
        assertInstalled();
        assertThat(server.requests).contains(PATH + " bytes=50000-");
    }

    @Test
    void aServerThatIgnoresRangesSendsItAllAgain() throws Exception {
        Files.createDirectories(folder);
        Files.write(folder.resolve("index-test-18.fits.part"), new byte[50_000]);
        server.on(PATH, exchange -> {
            exchange.sendResponseHeaders(200, good.length);
            exchange.getResponseBody().write(good);
        });
        install(18);
        assertInstalled();
    }

    @Test
    void aServerThatSendsAnotherRangeIsAskedForAll() throws Exception {
        Files.createDirectories(folder);
        Files.write(folder.resolve("index-test-18.fits.part"), Arrays.copyOf(good, 50_000));
        server.on(PATH, exchange -> {
            if (TestServer.rangeStart(exchange) > 0) {
                exchange.getResponseHeaders().set("Content-Range", "bytes 100-199/" + good.length);
                exchange.sendResponseHeaders(206, 100);
                exchange.getResponseBody().write(good, 100, 100);
            } else {
                TestServer.file(good).to(exchange);
            }
        });
        install(18);
        assertInstalled();
    }

    @Test
    void aPartThatIsTooLongOrOfAnotherFileIsThrownAway() throws Exception {
        Files.createDirectories(folder);
        server.on(PATH, TestServer.file(good));
        Path part = folder.resolve("index-test-18.fits.part");
        Files.write(part, new byte[good.length + 1]);
        install(18);
        assertInstalled();

        Files.delete(folder.resolve("index-test-18.fits"));
        Files.write(part, new byte[good.length - 1000]);
        install(18);
        assertInstalled();
    }

    @Test
    void aServerThatIsBusyIsAskedAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        server.on(PATH, exchange -> {
            if (calls.incrementAndGet() < 3) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                TestServer.file(good).to(exchange);
            }
        });
        install(18);
        assertInstalled();
    }

    @Test
    void whatIsNotThereIsNotAskedForTwice() {
        assertThatThrownBy(() -> install(18))
                .isInstanceOfSatisfying(IndexInstallException.class, e -> assertThat(e.isRetryable())
                        .isFalse())
                .hasMessageContaining("404")
                .hasMessageContaining(PATH);
        assertThat(server.requests).filteredOn(r -> r.startsWith(PATH)).hasSize(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void redirectsAreFollowed() throws Exception {
        server.on(PATH, exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere.fits");
            exchange.sendResponseHeaders(302, -1);
        });
        server.on("/elsewhere.fits", TestServer.file(good));
        install(18);
        assertInstalled();
    }

    @Test
    void aFileThatIsNoIndexIsRefusedAndNotKept() {
        server.on(PATH, TestServer.file(Arrays.copyOf(good, good.length - 2880)));
        assertThatThrownBy(() -> install(18))
                .isInstanceOf(IndexInstallException.class)
                .hasMessageContaining("no sound index");
        assertThat(folder).isEmptyDirectory();

        byte[] page = "<html>log in first</html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        server.on(PATH, TestServer.file(page));
        assertThatThrownBy(() -> install(18)).isInstanceOf(IndexInstallException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDamagedFileUnderTheFinalNameIsFetchedAgain() throws Exception {
        Files.createDirectories(folder);
        byte[] bad = good.clone();
        Arrays.fill(bad, 6000, 9000, (byte) 0xFF);
        Files.write(folder.resolve("index-test-18.fits"), bad);
        server.on(PATH, TestServer.file(good));
        assertThat(install(18).fetched()).hasSize(1);
        assertInstalled();
    }

    @Test
    void publishedChecksumsAreChecked() throws Exception {
        server.on(PATH, TestServer.file(good));
        String sum = IndexCheck.sha256(built.resolve("one.fits"));
        server.on("/test/SHA256SUMS", TestServer.file((sum + "  index-test-18.fits\n").getBytes()));
        install(18);
        assertInstalled();

        Files.delete(folder.resolve("index-test-18.fits"));
        String wrong = "0".repeat(64);
        server.on("/test/SHA256SUMS", TestServer.file((wrong + " *index-test-18.fits\n").getBytes()));
        assertThatThrownBy(() -> install(18))
                .isInstanceOf(IndexInstallException.class)
                .hasMessageContaining("SHA-256");
    }

    @Test
    void aServerThatFallsSilentIsGivenUpAndThePartKept() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.on(PATH, exchange -> {
            exchange.sendResponseHeaders(200, good.length);
            exchange.getResponseBody().write(good, 0, 10_000);
            exchange.getResponseBody().flush();
            try {
                end.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            assertThatThrownBy(() -> installer(1, Duration.ofMillis(700)).install(SERIES, List.of(18), folder))
                    .isInstanceOfSatisfying(IndexInstallException.class, e -> assertThat(e.isRetryable())
                            .isTrue());
            assertThat(folder.resolve("index-test-18.fits.part")).hasSize(10_000);
        } finally {
            end.countDown();
        }
    }

    @Test
    void moreThanTheDiskHoldsIsRefusedBeforeItArrives() {
        server.on(PATH, exchange -> {
            exchange.sendResponseHeaders(200, 1L << 60);
            exchange.getResponseBody().write(new byte[10]);
            // Without this, newer JDKs close the connection before the headers have left.
            exchange.getResponseBody().flush();
        });
        assertThatThrownBy(() -> install(18))
                .isInstanceOf(IndexInstallException.class)
                .hasMessageContaining("free some space");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        server.on(PATH, exchange -> {
            asked.countDown();
            try {
                end.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                install(18);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        thread.start();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        thread.join(10_000);
        end.countDown();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void unknownScalesAndUndownloadableSeriesAreWrongUsage() {
        assertThatThrownBy(() -> install(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no scale 3");
        IndexSeries debian = IndexCatalog.published().find("tycho2").orElseThrow();
        assertThatThrownBy(() -> installer(1, Duration.ofSeconds(1)).install(debian, List.of(11), folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("astrometry-data-tycho2");
    }

    /** A server that is not asked for its checksums only to fill the memory with them. */
    @Test
    void checksumsWithoutAnEndAreNotReadToTheEnd() throws Exception {
        byte[] line = ("0".repeat(64) + "  another.fits\n").repeat(1000).getBytes(StandardCharsets.US_ASCII);
        AtomicInteger lines = new AtomicInteger();
        server.on("/test/SHA256SUMS", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (lines.incrementAndGet() < 1000) {
                exchange.getResponseBody().write(line);
            }
        });
        server.on(PATH, TestServer.file(good));

        assertThat(install(18).fetched()).hasSize(1);
        assertThat(lines).as("thousands of lines that were taken").hasValueLessThan(1000);
    }

    @Test
    void damagedChecksumsAreNone() throws Exception {
        byte[] seed = ("0".repeat(64) + "  index-test-18.fits\n" + "a1".repeat(32) + " *b.fits\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        Fuzz.Counts counts = Fuzz.of(IndexInstallerTest.class, 500)
                .words("*", " ", "\t", "\n", "0".repeat(64))
                .run("checksums", seed, bytes -> Download.checksums(new String(bytes, StandardCharsets.UTF_8)));
        assertThat(counts.refused()).isZero();
    }
}
