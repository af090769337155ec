package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Somebody with a browser that runs no scripts: it keeps cookies, and its forms bring their token. */
public final class Visitor {

    private final TestServer server;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    public Visitor(TestServer server) {
        this.server = server;
    }

    /** Who has this session. */
    public Visitor(TestServer server, String session) {
        this(server);
        cookies.put("NovaSession", session);
    }

    /** Signs in with an API key, by the form. */
    public static Visitor signedIn(TestServer server, String apiKey) {
        Visitor visitor = new Visitor(server);
        assertThat(visitor.submit("/signin", "apikey", apiKey).statusCode()).isEqualTo(303);
        return visitor;
    }

    /** The session of a new account that this visitor makes, who must be an administrator. */
    public String createAccount(String name) {
        Matcher key = Pattern.compile("<code>([a-z]{16})</code>")
                .matcher(TestServer.text(submit("/admin/accounts", "name", name)));
        assertThat(key.find()).isTrue();
        return server.login(key.group(1));
    }

    public HttpResponse<byte[]> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(server.url(path))));
    }

    /** Sends a form with its token; fields as names and values in turn. */
    public HttpResponse<byte[]> submit(String path, String... fields) {
        if (!cookies.containsKey("NovaForm")) {
            get("/signin");
        }
        String body = "token=" + cookies.get("NovaForm") + "&" + encoded(fields);
        return send(HttpRequest.newBuilder(URI.create(server.url(path)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Sends the form of the page with a file; other fields as names and values in turn. */
    public HttpResponse<byte[]> upload(String fileName, byte[] file, String... fields) {
        if (!cookies.containsKey("NovaForm")) {
            get("/signin");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            text.append("--bb\r\nContent-Disposition: form-data; name=\"")
                    .append(fields[i])
                    .append("\"\r\n\r\n")
                    .append(fields[i + 1])
                    .append("\r\n");
        }
        byte[] body = ClientRequests.concat(
                "--bb\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n" + cookies.get("NovaForm") + "\r\n",
                text,
                "--bb\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName + "\"\r\n\r\n",
                file,
                "\r\n--bb--\r\n");
        return send(HttpRequest.newBuilder(URI.create(server.url("/upload")))
                .header("Content-Type", "multipart/form-data; boundary=bb")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** Names and values in turn, as forms send them. */
    static String encoded(String... fields) {
        return IntStream.range(0, fields.length / 2)
                .mapToObj(i -> fields[2 * i] + "=" + URLEncoder.encode(fields[2 * i + 1], StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(c -> c.getKey() + "=" + c.getValue())
                            .collect(Collectors.joining("; ")));
        }
        HttpResponse<byte[]> response = server.send(request);
        for (String cookie : response.headers().allValues("Set-Cookie")) {
            String pair = cookie.substring(0, cookie.indexOf(';'));
            cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return response;
    }
}
