package io.novasolve.fetch;

import io.novasolve.core.spi.FetchException;
import io.novasolve.core.spi.LinkFetcher;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Fetches links over http and https: no larger and no longer than its limits allow, continuing after a cut, and from the
 * public internet only unless told otherwise. Every redirect is looked at like the link itself. Thread-safe; a transfer has
 * a thread of its own, because a silent socket cannot be interrupted.
 */
public final class HttpFetcher implements LinkFetcher {

    private static final String USER_AGENT = "Mozilla/5.0 (compatible; Nova plate solver)";
    private static final int MAX_CONNECTIONS = 100;

    private final FetchLimits limits;
    private final CloseableHttpClient client;
    private final ExecutorService transfers;

    private HttpFetcher(FetchLimits limits, DnsResolver resolver) {
        this.limits = limits;
        this.client = client(limits, new PublicAddresses(resolver, limits.privateAddresses()));
        AtomicInteger count = new AtomicInteger();
        this.transfers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "nova-fetch-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A fetcher with the default limits. */
    public static HttpFetcher create() {
        return with(FetchLimits.DEFAULT);
    }

    /** A fetcher with given limits. */
    public static HttpFetcher with(FetchLimits limits) {
        return with(limits, SystemDefaultDnsResolver.INSTANCE);
    }

    static HttpFetcher with(FetchLimits limits, DnsResolver resolver) {
        return new HttpFetcher(limits, resolver);
    }

    private static CloseableHttpClient client(FetchLimits limits, DnsResolver resolver) {
        Timeout silence = Timeout.of(limits.stall());
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(resolver)
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(silence)
                                .setSocketTimeout(silence)
                                .build())
                        .build())
                .setUserAgent(USER_AGENT)
                // Redirects and second attempts are decided on here; content is taken as it lies on the server.
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableDefaultUserAgent()
                .build();
    }

    @Override
    public void check(URI link) {
        String problem = problem(link);
        if (problem == null && !limits.privateAddresses()) {
            problem = PublicAddresses.problemOfLiteral(link.getHost());
        }
        if (problem != null) {
            throw new IllegalArgumentException(link + " cannot be fetched: " + problem);
        }
    }

    /** Why a link is not followed; null if it is. */
    static @org.jspecify.annotations.Nullable String problem(URI link) {
        String scheme = link.getScheme() == null ? "" : link.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return "only http and https links can be, and this one is " + (scheme.isEmpty() ? "neither" : scheme);
        }
        if (link.getHost() == null) {
            return "it names no host";
        }
        if (link.getRawUserInfo() != null) {
            return "it holds a user name or a password, which would be stored with the submission";
        }
        return null;
    }

    @Override
    public void fetch(URI link, Path file) throws IOException, InterruptedException {
        Transfer transfer = new Transfer(client, limits, link, file);
        Future<Void> running = transfers.submit(() -> {
            transfer.run();
            return null;
        });
        try {
            running.get(limits.total().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new FetchException(
                    link + " could not be fetched within " + text(limits.total()) + ": it is too large or too slow",
                    false,
                    e);
        } catch (ExecutionException e) {
            throw failure(link, e.getCause() == null ? e : e.getCause());
        } finally {
            transfer.cancel();
            running.cancel(true);
            transfer.awaitEndOfWriting();
        }
    }

    private static IOException failure(URI link, Throwable cause) {
        if (cause instanceof IOException io) {
            return io;
        }
        return new FetchException(link + " could not be fetched: " + cause, false, cause);
    }

    static String text(Duration duration) {
        return String.format(Locale.ROOT, "%.3g s", duration.toMillis() / 1000.0);
    }

    /** Ends all transfers. */
    @Override
    public void close() {
        transfers.shutdownNow();
        client.close(CloseMode.IMMEDIATE);
    }
}
