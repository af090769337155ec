package io.novasolve.core;

import io.novasolve.core.spi.LinkFetcher;
import io.novasolve.core.watch.NovaEvent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A Nova with one worker that is listened to, closed in the end. */
abstract class WatchedNova {

    final Queue<NovaEvent> heard = new ConcurrentLinkedQueue<>();
    Nova nova;

    @AfterEach
    void close() {
        if (nova != null) {
            nova.close();
        }
    }

    NovaBuilder builder(ScriptedTransport.Step... script) {
        return Nova.builder(new ScriptedTransport(script))
                .listener(heard::add)
                .jobWorkers(1)
                .retries(3, Duration.ofMillis(1));
    }

    void start(ScriptedTransport.Step... script) {
        nova = builder(script).start();
    }

    SubmissionHandle submit(int number) {
        return nova.submit(SubmissionRequest.of(Pictures.list(number), "list" + number + ".txt"));
    }

    static SubmissionResult result(SubmissionHandle handle) throws Exception {
        return handle.result().get(30, TimeUnit.SECONDS);
    }

    @FunctionalInterface
    interface Fetch {
        void into(Path file) throws IOException, InterruptedException;
    }

    static LinkFetcher fetcher(Fetch fetch) {
        return new LinkFetcher() {
            @Override
            public void check(URI link) {}

            @Override
            public void fetch(URI link, Path file) throws IOException, InterruptedException {
                fetch.into(file);
            }
        };
    }
}
