package io.novasolve.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A server on the loopback address that does what a test says, request by request. */
final class TestServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<HttpHandler> script;

    /** What was asked for: {@code path range if-range}. */
    final Queue<String> requests = new ConcurrentLinkedQueue<>();

    /** The last handler answers all further requests too. */
    TestServer(HttpHandler... handlers) throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), handlers);
    }

    /** The same over https. */
    static TestServer secure(SSLContext keys, HttpHandler... handlers) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(keys));
        return new TestServer(server, handlers);
    }

    private TestServer(HttpServer server, HttpHandler... handlers) {
        this.script = new ConcurrentLinkedQueue<>(List.of(handlers));
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Range") + " "
                + exchange.getRequestHeaders().getFirst("If-Range"));
        HttpHandler handler = script.size() > 1 ? script.remove() : script.peek();
        try (exchange) {
            handler.handle(exchange);
        }
    }

    URI uri(String path) {
        return URI.create((server instanceof HttpsServer ? "https://" : "http://")
                + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + path);
    }

    /** Answers with a status and a body. */
    static HttpHandler answer(int status, byte[] body, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        };
    }

    /** Promises all of a body, and ends after a part of it. */
    static HttpHandler cut(byte[] body, int after, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, after);
            exchange.getResponseBody().flush();
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
