package io.novasolve.fetch;

import static io.novasolve.fetch.TestServer.answer;
import static io.novasolve.fetch.TestServer.cut;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.spi.FetchException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers' servers do, and what becomes of it. */
@Timeout(120)
class HttpFetcherTest {

    private static final FetchLimits LIMITS = FetchLimits.DEFAULT
            .withPrivateAddresses(true)
            .withAttempts(3, Duration.ofMillis(1))
            .withStall(Duration.ofSeconds(30));

    private static final byte[] BODY = new byte[300_000];
    private static final byte[] OTHER = new byte[300_000];

    static {
        new Random(1).nextBytes(BODY);
        new Random(2).nextBytes(OTHER);
    }

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void emptyFile() throws Exception {
        file = Files.createFile(folder.resolve("fetched.part"));
    }

    private void fetch(URI link) throws Exception {
        fetch(link, LIMITS);
    }

    private void fetch(URI link, FetchLimits limits) throws Exception {
        try (HttpFetcher fetcher = HttpFetcher.with(limits)) {
            fetcher.fetch(link, file);
        }
    }

    @Test
    void fetchesAFileThroughRedirects() throws Exception {
        try (TestServer server = new TestServer(
                answer(302, new byte[0], "Location", "/second folder/x"),
                answer(308, new byte[10], "Location", "third?a=b"),
                answer(200, BODY))) {
            fetch(server.uri("/first"));
            assertThat(file).hasBinaryContent(BODY);
            assertThat(server.requests)
                    .extracting(r -> r.split(" ", 2)[0])
                    .containsExactly("/first", "/second%20folder/x", "/second%20folder/third?a=b");
        }
    }

    @Test
    void fetchesOverHttpsFromServersWithATrustedCertificateOnly() throws Exception {
        Path keys = folder.resolve("keys.p12");
        char[] password = "changeit".toCharArray();
        List<String> keytool = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        keytool.addAll(List.of("-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost"));
        keytool.addAll(List.of("-ext", "SAN=ip:127.0.0.1", "-storepass", "changeit", "-keystore", keys.toString()));
        assertThat(new ProcessBuilder(keytool).inheritIO().start().waitFor()).isZero();
        KeyStore store = KeyStore.getInstance(keys.toFile(), password);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        try (TestServer server = TestServer.secure(context, answer(200, BODY))) {
            assertThatThrownBy(() -> fetch(server.uri("/x")))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("certificat");
            assertThat(server.requests).isEmpty();
            // As a machine trusts the authority of its site.
            System.setProperty("javax.net.ssl.trustStore", keys.toString());
            System.setProperty("javax.net.ssl.trustStorePassword", new String(password));
            try {
                fetch(server.uri("/x"));
            } finally {
                System.clearProperty("javax.net.ssl.trustStore");
                System.clearProperty("javax.net.ssl.trustStorePassword");
            }
            assertThat(file).hasBinaryContent(BODY);
        }
    }

    @Test
    void continuesAfterACut() throws Exception {
        byte[] rest = Arrays.copyOfRange(BODY, 100_000, BODY.length);
        try (TestServer server = new TestServer(
                cut(BODY, 100_000, "ETag", "\"one\""),
                answer(503, new byte[0]),
                answer(206, rest, "ETag", "\"one\"", "Content-Range", "bytes 100000-299999/300000"))) {
            fetch(server.uri("/x"));
            assertThat(file).hasBinaryContent(BODY);
            assertThat(server.requests)
                    .containsExactly("/x null null", "/x bytes=100000- \"one\"", "/x bytes=100000- \"one\"");
        }
    }

    @Test
    void neverJoinsPartsOfDifferentFiles() throws Exception {
        byte[] rest = Arrays.copyOfRange(OTHER, 100_000, OTHER.length);
        // The server sends the whole new file; a careless one the rest of it; one without any tag is asked for all.
        try (TestServer server = new TestServer(cut(BODY, 100_000, "ETag", "\"one\""), answer(200, OTHER))) {
            fetch(server.uri("/x"));
            assertThat(file).hasBinaryContent(OTHER);
        }
        try (TestServer server = new TestServer(
                cut(BODY, 100_000, "ETag", "\"one\""),
                answer(206, rest, "ETag", "\"two\"", "Content-Range", "bytes 100000-299999/300000"),
                answer(200, OTHER))) {
            fetch(server.uri("/x"));
            assertThat(file).hasBinaryContent(OTHER);
        }
        try (TestServer server =
                new TestServer(cut(BODY, 100_000), cut(BODY, 50_000, "ETag", "W/\"weak\""), answer(200, OTHER))) {
            fetch(server.uri("/x"));
            assertThat(file).hasBinaryContent(OTHER);
            assertThat(server.requests).containsOnly("/x null null");
        }
        try (TestServer server = new TestServer(
                cut(BODY, 100_000, "Last-Modified", "Mon, 23 Nov 2026 00:00:00 GMT"),
                answer(206, rest, "Content-Range", "bytes 7-200006/300000"),
                answer(200, OTHER))) {
            fetch(server.uri("/x"));
            assertThat(file).hasBinaryContent(OTHER);
        }
    }

    @Test
    void aPartOfTheRestIsNotTakenForTheRest() throws Exception {
        byte[] part = Arrays.copyOfRange(BODY, 100_000, 150_000);
        byte[] rest = Arrays.copyOfRange(BODY, 150_000, BODY.length);
        try (TestServer server = new TestServer(
                cut(BODY, 100_000, "ETag", "\"one\""),
                answer(206, part, "ETag", "\"one\"", "Content-Range", "bytes 100000-149999/300000"),
                answer(206, rest, "ETag", "\"one\"", "Content-Range", "bytes 150000-299999/300000"))) {
            fetch(server.uri("/x"));
            assertThat(file).hasBinaryContent(BODY);
        }
        // Nobody asked this one for a part.
        try (TestServer server =
                new TestServer(answer(206, part, "ETag", "\"one\"", "Content-Range", "bytes 0-49999/300000"))) {
            assertThatThrownBy(() -> fetch(server.uri("/x"))).isInstanceOf(FetchException.class);
        }
    }

    @Test
    void aServerThatAlwaysPromisesMoreThanItSendsIsGivenUp() throws Exception {
        try (TestServer server = new TestServer(cut(BODY, 100_000))) {
            assertThatThrownBy(() -> fetch(server.uri("/x")))
                    .isInstanceOfSatisfying(
                            FetchException.class, e -> assertThat(e.retryable()).isTrue())
                    .hasMessageContaining("in 3 attempts");
        }
    }

    @Test
    void givesUpAfterItsAttempts() throws Exception {
        try (TestServer server = new TestServer(answer(503, new byte[0]))) {
            assertThatThrownBy(() -> fetch(server.uri("/x")))
                    .isInstanceOfSatisfying(
                            FetchException.class, e -> assertThat(e.retryable()).isTrue())
                    .hasMessageContaining("in 3 attempts: the server answered 503");
            assertThat(server.requests).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410})
    void whatTheServerRefusesIsNotTriedAgain(int status) throws Exception {
        try (TestServer server = new TestServer(answer(status, BODY))) {
            assertThatThrownBy(() -> fetch(server.uri("/x")))
                    .isInstanceOfSatisfying(
                            FetchException.class, e -> assertThat(e.retryable()).isFalse())
                    .hasMessageContaining("the server answered " + status);
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void redirectsEndSomewhere() throws Exception {
        try (TestServer server = new TestServer(answer(302, new byte[0], "Location", "/again"))) {
            assertThatThrownBy(() -> fetch(server.uri("/x"))).hasMessageContaining("redirects more than 5 times");
            assertThat(server.requests).hasSize(6);
        }
        for (String evil : new String[] {"file:///etc/passwd", "ftp://example.org/", "gopher://x", "http://u:p@x/"}) {
            try (TestServer server = new TestServer(answer(302, new byte[0], "Location", evil))) {
                assertThatThrownBy(() -> fetch(server.uri("/x"))).hasMessageContaining("which is not followed");
            }
        }
    }

    @Test
    void anEndlessBodyEndsAtTheLimit() throws Exception {
        try (TestServer server = new TestServer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(BODY);
            }
        })) {
            assertThatThrownBy(() -> fetch(server.uri("/x"), LIMITS.withBytes(1_000_000)))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("larger than 1000000 bytes");
            assertThat(Files.size(file)).isLessThanOrEqualTo(1_000_000);
        }
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsNotEvenBegun() throws Exception {
        try (TestServer server = new TestServer(cut(BODY, 10))) {
            assertThatThrownBy(() -> fetch(server.uri("/x"), LIMITS.withBytes(299_999)))
                    .hasMessageContaining("larger than 299999 bytes");
            assertThat(Files.size(file)).isZero();
        }
    }

    @Test
    void aServerThatFallsSilentIsGivenUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (TestServer server = new TestServer(exchange -> {
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY, 0, 1000);
            exchange.getResponseBody().flush();
            await(over);
        })) {
            assertThatThrownBy(() -> fetch(
                            server.uri("/x"),
                            LIMITS.withStall(Duration.ofMillis(200)).withAttempts(2, Duration.ZERO)))
                    .isInstanceOfSatisfying(
                            FetchException.class, e -> assertThat(e.retryable()).isTrue())
                    .hasMessageContaining("in 2 attempts");
            over.countDown();
        }
    }

    /** Never silent for long, but never ready either. */
    @Test
    void aServerThatTricklesIsGivenUpInTime() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (TestServer server = new TestServer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (over.getCount() > 0) {
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
                await(over, 20);
            }
        })) {
            assertThatThrownBy(() -> fetch(server.uri("/x"), LIMITS.withTotal(Duration.ofMillis(700))))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("could not be fetched within 0.700 s");
            over.countDown();
        }
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (TestServer server = new TestServer(exchange -> {
            arrived.countDown();
            await(over);
        })) {
            Thread me = Thread.currentThread();
            Thread interrupter = new Thread(() -> {
                await(arrived);
                me.interrupt();
            });
            interrupter.start();
            assertThatThrownBy(() -> fetch(server.uri("/x"))).isInstanceOf(InterruptedException.class);
            interrupter.join();
            over.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        await(latch, 100_000);
    }

    private static void await(CountDownLatch latch, long millis) {
        try {
            boolean reached = latch.await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
            assertThat(reached || millis < 100_000).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void nobodyListeningIsAHiccup() throws Exception {
        URI gone;
        try (TestServer server = new TestServer(answer(200, BODY))) {
            gone = server.uri("/x");
        }
        assertThatThrownBy(() -> fetch(gone))
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.retryable()).isTrue());
    }

    @Test
    void privateAddressesAreRefusedUnlessAllowed() throws Exception {
        try (TestServer server = new TestServer(answer(200, BODY))) {
            for (String host : new String[] {"127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]"}) {
                URI link = URI.create("http://" + host + ":" + server.uri("/").getPort() + "/x");
                assertThatThrownBy(() -> fetch(link, LIMITS.withPrivateAddresses(false)))
                        .as(host)
                        .isInstanceOf(FetchException.class);
            }
            assertThat(server.requests).isEmpty();
            fetch(server.uri("/x"));
            assertThat(server.requests).hasSize(1);
        }
    }

    private interface Lookup {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    private static DnsResolver resolver(Lookup lookup) {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return lookup.of(host);
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "localhost",
                "2130706433",
                "0x7f.1",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "0.0.0.0",
                "10.1.2.3"
            })
    void redirectsToPrivateAddressesAreNotFollowed(String host) throws Exception {
        // One name counts as public here, for no server on the public internet may be asked by a test.
        DnsResolver guarded = new PublicAddresses(SystemDefaultDnsResolver.INSTANCE, false);
        DnsResolver resolver = resolver(name -> name.equals("public.test")
                ? new InetAddress[] {InetAddress.getLoopbackAddress()}
                : guarded.resolve(name));
        try (TestServer inside = new TestServer(answer(200, BODY))) {
            String secret = "http://" + host + ":" + inside.uri("/").getPort() + "/secret";
            try (TestServer outside = new TestServer(answer(302, new byte[0], "Location", secret));
                    HttpFetcher fetcher = HttpFetcher.with(LIMITS, resolver)) {
                URI link = URI.create("http://public.test:" + outside.uri("/").getPort() + "/x");
                assertThatThrownBy(() -> fetcher.fetch(link, file)).isInstanceOf(FetchException.class);
                assertThat(outside.requests).isNotEmpty();
                assertThat(inside.requests).isEmpty();
            }
        }
    }

    @Test
    void fewOfManyAddressesAreTried() throws Exception {
        InetAddress[] addresses = new InetAddress[1000];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = InetAddress.getByAddress(new byte[] {8, 8, (byte) (i / 250), (byte) (i % 250)});
        }
        assertThat(new PublicAddresses(resolver(host -> addresses), false).resolve("many.test"))
                .hasSize(4)
                .doesNotContainNull();
        // All of them are looked at, though.
        addresses[999] = InetAddress.getLoopbackAddress();
        assertThatThrownBy(() -> new PublicAddresses(resolver(host -> addresses), false).resolve("many.test"))
                .hasMessageContaining("127.0.0.1");
        assertThat(new PublicAddresses(resolver(host -> addresses), true).resolve("many.test"))
                .hasSize(4);
    }

    /** Nothing ends a lookup of the operating system's. */
    @Test
    void aNameThatIsLookedUpForEverIsGivenUpInTime() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        DnsResolver stuck = resolver(host -> {
            asked.countDown();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (over.getCount() > 0 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        });
        try (TestServer server = new TestServer(answer(200, BODY));
                HttpFetcher fetcher = HttpFetcher.with(LIMITS.withTotal(Duration.ofSeconds(1)), stuck)) {
            URI link = URI.create("http://stuck.test:" + server.uri("/").getPort() + "/x");
            long start = System.nanoTime();
            assertThatThrownBy(() -> fetcher.fetch(link, file))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("could not be fetched within 1.00 s");
            assertThat(asked.getCount()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            over.countDown();
            // Whatever arrives now, nobody writes it where somebody else may have a file by then.
            assertThat(file).isEmptyFile();
        }
    }

    /** A name that is public when it is looked at, and private when it is connected to. */
    @Test
    void aNameThatChangesItsAddressGainsNothing() throws Exception {
        AtomicInteger lookups = new AtomicInteger();
        DnsResolver rebinding = resolver(host -> {
            // The first answer is a public address where nobody is asked: the test must not leave this machine.
            boolean first = lookups.getAndIncrement() == 0;
            return SystemDefaultDnsResolver.INSTANCE.resolve(first ? "203.0.114.1" : "127.0.0.1");
        });
        PublicAddresses guarded = new PublicAddresses(rebinding, false);
        assertThat(guarded.resolve("rebind.test")).hasSize(1);
        assertThatThrownBy(() -> guarded.resolve("rebind.test")).hasMessageContaining("127.0.0.1");
        lookups.set(1);
        try (TestServer server = new TestServer(answer(200, BODY));
                HttpFetcher fetcher = HttpFetcher.with(LIMITS.withPrivateAddresses(false), rebinding)) {
            URI link = URI.create("http://rebind.test:" + server.uri("/").getPort() + "/x");
            assertThatThrownBy(() -> fetcher.fetch(link, file)).hasMessageContaining("not on the public internet");
            assertThat(server.requests).isEmpty();
            assertThat(lookups).as("one lookup a connection").hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.1.2.3",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fc00::1",
                "fdab::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001::1",
                "::127.0.0.1",
                "2001:db8::1"
            })
    void theseAreNotPublic(String address) throws Exception {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "192.167.1.1", "2600::1", "2a00:1450:4001::1"})
    void thesePublicAddressesAreLetThrough(String address) throws Exception {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void oddLinksAreRefusedWhenTheyAreSubmitted() {
        try (HttpFetcher fetcher = HttpFetcher.create()) {
            fetcher.check(URI.create("https://example.org/a%20b.fits"));
            for (String odd : new String[] {"file:///etc/passwd", "ftp://x/y", "x.fits", "http:/x", "http://u:p@x/y"}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> fetcher.check(URI.create(odd)))
                        .withMessageStartingWith(odd + " cannot be fetched: ");
            }
        }
    }
}
