package io.novasolve.examples.server;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Gives one picture at every address but {@code /moved/N}, which leads to {@code /moved/N-1}, and {@code /missing/…}, lets those wait who want {@code /endless/…}, and those who want {@code /slow/…} until it is told to go on, and remembers who asked. */
final class PictureHost implements AutoCloseable {

    private final HttpServer server;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch slowOnes = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    PictureHost(byte[] picture) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            try (exchange) {
                if (path.startsWith("/moved/")) {
                    int left = Integer.parseInt(path.substring("/moved/".length()));
                    exchange.getResponseHeaders().set("Location", left == 1 ? "/sky.jpg" : "/moved/" + (left - 1));
                    exchange.sendResponseHeaders(302, -1);
                } else if (path.startsWith("/endless/")) {
                    exchange.sendResponseHeaders(200, 1_000_000);
                    exchange.getResponseBody().flush();
                    closed.await();
                } else if (path.startsWith("/slow/")) {
                    exchange.sendResponseHeaders(200, picture.length);
                    exchange.getResponseBody().flush();
                    slowOnes.await();
                    exchange.getResponseBody().write(picture);
                } else if (path.startsWith("/missing/")) {
                    exchange.sendResponseHeaders(404, -1);
                } else {
                    exchange.sendResponseHeaders(200, picture.length);
                    exchange.getResponseBody().write(picture);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.setExecutor(threads);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** The paths that somebody asked for. */
    List<String> asked() {
        return asked;
    }

    void goOn() {
        slowOnes.countDown();
    }

    @Override
    public void close() {
        slowOnes.countDown();
        closed.countDown();
        server.stop(0);
        threads.shutdown();
    }
}
