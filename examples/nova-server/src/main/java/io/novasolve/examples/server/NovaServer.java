package io.novasolve.examples.server;

import io.novasolve.core.Nova;
import io.novasolve.core.NovaBuilder;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.Store;
import io.novasolve.examples.server.accounts.Accounts;
import io.novasolve.examples.server.accounts.Keys;
import io.novasolve.examples.server.accounts.Sessions;
import io.novasolve.examples.server.api.Api;
import io.novasolve.examples.server.api.JobApi;
import io.novasolve.examples.server.api.UrlSubmissions;
import io.novasolve.examples.server.db.Database;
import io.novasolve.examples.server.field.Pictures;
import io.novasolve.examples.server.web.RateLimit;
import io.novasolve.examples.server.web.Web;
import io.novasolve.examples.server.web.WebServer;
import io.novasolve.fetch.HttpFetcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server, put together from its parts; closing it gives running jobs back. */
final class NovaServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NovaServer.class);
    /** Longer than browsers and clients usually wait for a picture. */
    private static final Duration DRAWING_PATIENCE = Duration.ofSeconds(60);

    private static final Duration RECORD_INTERVAL = Duration.ofMillis(500);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final WebServer web;

    private NovaServer(ServerConfig config, SolverTransport transport) throws IOException {
        try {
            InstantSource clock = InstantSource.system();
            parts.push(transport);
            Path data = config.data();
            Path uploads = uploads(data);
            boolean inMemory = "memory".equals(config.store());
            Database db = opened(Stores.database(config));
            Store store = opened(inMemory ? new InMemoryStore(clock) : Stores.open(db));
            ContentStore content = opened(FolderContentStore.of(data.resolve("content"), store));
            NovaBuilder builder = Nova.builder(transport)
                    .namedAfterProcess()
                    .store(store)
                    .content(content)
                    .linkFetcher(HttpFetcher.with(config.fetch()));
            if (config.jobs() >= 0) {
                builder.jobWorkers(config.jobs());
            }
            if (inMemory) {
                builder.keepEnded(1000);
            } else {
                builder.sweepContent(true);
            }
            Nova nova = builder.start();
            parts.push(() -> nova.close(config.drain()));

            Keys keys = new Keys(new SecureRandom());
            Accounts accounts = new Accounts(db, keys, clock, config.apiKey() == null);
            if (config.apiKey() != null) {
                accounts.ensureAdmin(config.apiKey());
            }
            Sessions sessions = new Sessions(db, keys, clock);
            Backend backend = new Backend(nova, store, content);
            Submissions submissions = new Submissions(backend, db, clock, config.openJobs());
            FieldCatalogue catalogue = FieldCatalogue.of(config.catalogues());
            Records records = new Records(backend, db, catalogue, submissions);
            if (inMemory) {
                records.forgetAll();
            }
            Listings listings = new Listings(backend, db);
            Audit audit = new Audit(db, clock);
            keepUp(records, audit);
            UrlSubmissions urls = new FetchedUrls(submissions);
            Api api = new Api(backend, accounts, sessions, submissions, records, listings, urls);
            web = opened(new WebServer(
                    new WebServer.Parts(
                            backend,
                            api,
                            new JobApi(backend, submissions, records, catalogue),
                            accounts,
                            sessions,
                            submissions,
                            records,
                            listings,
                            audit,
                            catalogue,
                            new Pictures(backend, data.resolve("cache"), config.cacheBytes(), DRAWING_PATIENCE, clock),
                            urls,
                            new Web.Limits(
                                    new RateLimit(config.uploadsPerMinute(), System::nanoTime),
                                    new RateLimit(config.strangersUploadsPerMinute(), System::nanoTime),
                                    new RateLimit(config.loginsPerMinute(), System::nanoTime)),
                            keys,
                            clock),
                    new WebServer.Options(
                            config.host(),
                            config.port(),
                            uploads,
                            config.limits(),
                            config.anonymousUploads(),
                            config.hosts(),
                            config.corsOrigins(),
                            config.behindProxy(),
                            config.siteName())));
            parts.push(() -> {
                web.drain();
                nova.close(config.drain());
            });
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** @param transport is closed with the server */
    static NovaServer start(ServerConfig config, SolverTransport transport) throws IOException {
        return new NovaServer(config, transport);
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /** Without what a killed server left behind of uploads that never were submitted. */
    private static Path uploads(Path data) throws IOException {
        try {
            Path folder = Files.createDirectories(data.resolve("uploads"));
            try (Stream<Path> left = Files.list(folder)) {
                for (Path file : left.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.delete(Files.createTempFile(folder, "may-write", ""));
            return folder;
        } catch (IOException e) {
            throw new IOException(
                    "the data folder " + data + " cannot be used (" + e
                            + "); let the server's user write there, or choose another with --data",
                    e);
        }
    }

    private void keepUp(Records records, Audit audit) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "nova-server-records");
            thread.setDaemon(true);
            return thread;
        });
        repeat(timer, RECORD_INTERVAL, "ended submissions cannot be recorded", records::catchUp);
        repeat(timer, Duration.ofDays(1), "old audit entries cannot be deleted", audit::forgetOld);
        parts.push(() -> {
            timer.shutdown();
            timer.awaitTermination(10, TimeUnit.SECONDS);
        });
    }

    private static void repeat(ScheduledExecutorService timer, Duration pause, String failure, Runnable work) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        LOG.warn("For now {}; it will be tried again", failure, e);
                    }
                },
                0,
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    int port() {
        return web.port();
    }

    /** The paths that it answers to a method. */
    Set<String> routes(String method) {
        return web.routes(method);
    }

    /** Takes nothing more and lets running jobs go on for a while, still telling of them; then closes everything. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not close", part, e);
            }
        }
    }
}
