package io.novasolve.examples.server.web;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.novasolve.examples.server.Audit;
import io.novasolve.examples.server.Backend;
import io.novasolve.examples.server.FieldCatalogue;
import io.novasolve.examples.server.Listings;
import io.novasolve.examples.server.Records;
import io.novasolve.examples.server.RootCause;
import io.novasolve.examples.server.Submissions;
import io.novasolve.examples.server.accounts.Accounts;
import io.novasolve.examples.server.accounts.Keys;
import io.novasolve.examples.server.accounts.Sessions;
import io.novasolve.examples.server.api.Api;
import io.novasolve.examples.server.api.JobApi;
import io.novasolve.examples.server.api.UrlSubmissions;
import io.novasolve.examples.server.field.Pictures;
import io.novasolve.examples.server.http.FormLimits;
import io.novasolve.examples.server.http.FormReader;
import io.novasolve.examples.server.page.Events;
import io.novasolve.examples.server.page.PageRoutes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.handler.ErrorHandler;

/** HTTP: paths, headers and errors. */
public final class WebServer implements AutoCloseable {

    /** What the routes work on. */
    public record Parts(
            Backend backend,
            Api api,
            JobApi jobs,
            Accounts accounts,
            Sessions sessions,
            Submissions submissions,
            Records records,
            Listings listings,
            Audit audit,
            FieldCatalogue catalogue,
            Pictures pictures,
            UrlSubmissions urls,
            Web.Limits limits,
            Keys keys,
            InstantSource clock) {}

    /**
     * How to serve.
     *
     * @param uploads folder for the files of forms
     * @param anonymousUploads whether the page takes pictures of people who have not signed in
     * @param hosts names that requests may ask for; empty for any
     */
    public record Options(
            String host,
            int port,
            Path uploads,
            FormLimits limits,
            boolean anonymousUploads,
            List<String> hosts,
            List<String> corsOrigins,
            boolean behindProxy,
            String siteName) {}

    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration HEADERS = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Javalin javalin;
    private final Events events;
    private final OperationsRoutes operations;
    private final SlowHeaders slowHeaders;
    private final UnderWay underWay = new UnderWay();
    private final Duration headerTime;
    private volatile boolean draining;

    /** @throws IOException with a sentence that says why it cannot listen where it should */
    public WebServer(Parts parts, Options options) throws IOException {
        this.events = new Events(parts.backend());
        this.operations = new OperationsRoutes(parts.backend(), () -> draining);
        this.headerTime = options.limits().time().compareTo(HEADERS) < 0
                ? options.limits().time()
                : HEADERS;
        this.slowHeaders = new SlowHeaders(headerTime, System::nanoTime);
        this.javalin = Javalin.create(config -> configure(config, parts, options));
        listen(options);
        for (Connector connector : javalin.jettyServer().server().getConnectors()) {
            connector.addEventListener(slowHeaders);
            lookAtHeaders(connector);
        }
    }

    private void listen(Options options) throws IOException {
        try {
            javalin.start();
        } catch (RuntimeException e) {
            javalin.stop();
            operations.close();
            throw new IOException(
                    "the server cannot listen at port " + options.port() + " of "
                            + (options.host().isEmpty() ? "this machine" : options.host()) + " (" + RootCause.of(e)
                            + "); end what listens there already, or choose another --port or --host",
                    e);
        }
    }

    private void lookAtHeaders(Connector connector) {
        slowHeaders.look();
        if (connector.isRunning()) {
            connector
                    .getScheduler()
                    .schedule(() -> lookAtHeaders(connector), headerTime.toMillis() / 4 + 1, TimeUnit.MILLISECONDS);
        }
    }

    private void configure(JavalinConfig config, Parts parts, Options options) {
        config.startup.showJavalinBanner = false;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.strictContentTypes = false;
        config.jetty.port = options.port();
        if (!options.host().isEmpty()) {
            config.jetty.host = options.host();
        }
        config.jetty.modifyHttpConfiguration(WebServer::limit);
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(GRACE.toMillis());
            ErrorHandler errors = new ErrorHandler();
            errors.setShowStacks(false);
            errors.setShowCauses(false);
            server.setErrorHandler(errors);
            Handler.Wrapper outer = slowHeaders.handler();
            outer.setHandler(underWay);
            server.setHandler(outer);
        });
        Web web = new Web(
                new FormReader(options.uploads(), options.limits(), System::nanoTime),
                parts.sessions(),
                parts.accounts(),
                parts.limits(),
                options.anonymousUploads(),
                options.behindProxy());
        operations.addTo(config.routes);
        new Headers(web, options.hosts(), options.corsOrigins()).addTo(config.routes);
        PageRoutes pages = new PageRoutes(web, parts, options, parts.keys(), events);
        new Errors(pages).addTo(config.routes);
        pages.addTo(config.routes);
        new ApiRoutes(web, parts.api(), parts.jobs(), parts.audit()).addTo(config.routes);
        new FileRoutes(web, parts.backend(), parts.jobs(), parts.records(), parts.catalogue(), parts.pictures())
                .addTo(config.routes);
    }

    private static void limit(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(16 * 1024);
        // Otherwise a header counts as that of the request before, if only upper and lower case differ: a session key
        // too.
        http.setHeaderCacheCaseSensitive(true);
        http.setIdleTimeout(IDLE.toMillis());
    }

    public int port() {
        return javalin.port();
    }

    /** The paths that it answers to a method, with the names of their parameters in braces. */
    public Set<String> routes(String method) {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .filter(route -> route.endpoint.method.name().equals(method))
                .map(route -> route.endpoint.path)
                .filter(path -> path.startsWith("/"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a request is a program's, which gets its errors as JSON. */
    static boolean isApi(Context ctx) {
        return ctx.path().equals("/api") || ctx.path().startsWith("/api/");
    }

    /**
     * Says from now on that it is about to stop, and waits a little for what is being sent to it. It goes on answering: who
     * polls shall learn how the jobs end that are running.
     */
    public void drain() throws InterruptedException {
        draining = true;
        underWay.awaitNone(true, GRACE);
    }

    @Override
    public void close() {
        draining = true;
        events.close();
        try {
            underWay.awaitNone(false, GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        javalin.stop();
        operations.close();
    }
}
