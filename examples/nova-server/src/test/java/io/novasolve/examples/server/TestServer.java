package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.examples.server.json.JsonTree;
import io.novasolve.transport.local.EmbeddedTransport;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A server at a free port, and a client without cookies to talk to it. */
public final class TestServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final NovaServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestServer(NovaServer server) {
        this.server = server;
    }

    /**
     * With the transport that the settings name, else with the engine in this JVM.
     *
     * @param settings names and values in turn
     */
    public static TestServer start(Path data, String... settings) throws IOException {
        ServerConfig config = config(data, settings);
        try {
            boolean named = List.of(settings).contains("transport");
            return new TestServer(
                    NovaServer.start(config, named ? Transports.open(config) : EmbeddedTransport.bundled()));
        } catch (TransportException e) {
            throw new IOException(e);
        }
    }

    /** With a transport of the test's own. */
    public static TestServer start(Path data, SolverTransport transport, String... settings) throws IOException {
        return new TestServer(NovaServer.start(config(data, settings), transport));
    }

    private static ServerConfig config(Path data, String... settings) throws IOException {
        Map<String, String> given = new HashMap<>(Map.of(
                "port", "0",
                "host", "127.0.0.1",
                "data", data.toString(),
                "drain-seconds", "0",
                // All of a test comes from one address, and fast.
                "anonymous-uploads-per-minute", "0",
                "logins-per-minute", "0"));
        for (int i = 0; i < settings.length; i += 2) {
            given.put(settings[i], settings[i + 1]);
        }
        return ServerConfig.of(Settings.of(given, Map.of(), null));
    }

    /** The picture that comes with the documentation. */
    public static Path sample() {
        return Path.of(System.getProperty("nova.root", "../..")).resolve("docs/sample.jpg");
    }

    /** Its bytes with a mark at their end: another file, which no earlier solution answers. */
    public static byte[] sample(String mark) throws IOException {
        byte[] picture = Files.readAllBytes(sample());
        byte[] end = mark.getBytes(StandardCharsets.US_ASCII);
        byte[] marked = Arrays.copyOf(picture, picture.length + end.length);
        System.arraycopy(end, 0, marked, picture.length, end.length);
        return marked;
    }

    public int port() {
        return server.port();
    }

    /** The paths that it answers to a method, with the names of their parameters in braces. */
    public Set<String> routes(String method) {
        return server.routes(method);
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    public HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpResponse<byte[]> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    /** Events as they come. */
    public HttpResponse<InputStream> follow(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url(path)))
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    public HttpResponse<byte[]> post(String path, String contentType, byte[] body) {
        return send(HttpRequest.newBuilder(URI.create(url(path)))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** With arguments, percent-encoded. */
    public HttpResponse<byte[]> call(String path, String json) {
        String body = "request-json=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
        return post(path, "application/x-www-form-urlencoded", body.getBytes(StandardCharsets.UTF_8));
    }

    /** A standard multipart form with a file. */
    public HttpResponse<byte[]> upload(String json, String fileName, byte[] file) {
        return post("/api/upload", "multipart/form-data; boundary=bb", form(json, fileName, file));
    }

    /** A multipart form with the boundary {@code bb}. */
    static byte[] form(String json, String fileName, byte[] file) {
        byte[] head = ("--bb\r\nContent-Disposition: form-data; name=\"request-json\"\r\n\r\n" + json
                        + "\r\n--bb\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = "\r\n--bb--\r\n".getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[head.length + file.length + tail.length];
        System.arraycopy(head, 0, body, 0, head.length);
        System.arraycopy(file, 0, body, head.length, file.length);
        System.arraycopy(tail, 0, body, head.length + file.length, tail.length);
        return body;
    }

    /** Uploads a file without options; the submission's number. */
    public int submit(String session, String fileName, byte[] file) {
        return submission(json(upload("{\"session\": \"" + session + "\"}", fileName, file)));
    }

    /** The number of the submission that a reply to an upload speaks of. */
    public static int submission(Map<String, Object> reply) {
        return ((Number) reply.get("subid")).intValue();
    }

    public static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** The JSON object of a reply that must be one. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> json(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain");
        try {
            return (Map<String, Object>) JsonTree.read(text(response));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(text(response), e);
        }
    }

    public String login(String apiKey) {
        return (String)
                json(call("/api/login", "{\"apikey\": \"" + apiKey + "\"}")).get("session");
    }

    /** The first job of a submission, once it is there. */
    public int awaitJob(int submission) {
        Map<String, Object> status = await(
                "/api/submissions/" + submission,
                s -> s.get("jobs") instanceof List<?> jobs && !jobs.isEmpty() && jobs.get(0) != null);
        return ((Number) ((List<?>) status.get("jobs")).get(0)).intValue();
    }

    /** The final state of a job. */
    public String awaitEnd(int job) {
        return (String) await("/api/jobs/" + job, s -> !"solving".equals(s.get("status")))
                .get("status");
    }

    /** Asks again and again, as clients do. */
    public Map<String, Object> await(String path, Predicate<Map<String, Object>> enough) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Map<String, Object> reply = json(get(path));
            if (enough.test(reply)) {
                return reply;
            }
            assertThat(System.nanoTime() - deadline).as(path + " says " + reply).isNegative();
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
