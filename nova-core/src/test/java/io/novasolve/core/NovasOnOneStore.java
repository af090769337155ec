package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.Job;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Any number of Novas on one store, closed in the end. */
abstract class NovasOnOneStore {

    static final byte[] STARS = Pictures.stars(30, 1);

    final InMemoryStore store = new InMemoryStore(InstantSource.system());
    final InMemoryContentStore content = new InMemoryContentStore();
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    final List<Nova> opened = new ArrayList<>();

    @AfterEach
    void close() {
        goOn.countDown();
        opened.forEach(Nova::close);
    }

    NovaBuilder builder(ScriptedTransport.Step... script) {
        return Nova.builder(new ScriptedTransport(script))
                .store(store)
                .content(content)
                .jobWorkers(1)
                .retries(3, Duration.ofMillis(1));
    }

    Nova start(NovaBuilder builder) {
        Nova nova = builder.start();
        opened.add(nova);
        return nova;
    }

    static SubmissionHandle submit(Nova nova) {
        return nova.submit(SubmissionRequest.of(STARS, "m42.png"));
    }

    static Job job(SubmissionHandle handle) throws Exception {
        return handle.result().get(30, TimeUnit.SECONDS).jobs().get(0);
    }

    /** Solves when the test lets it. */
    ScriptedTransport.Step held() {
        return (task, context) -> {
            started.countDown();
            goOn.await();
            return ScriptedTransport.solved(task);
        };
    }

    /** Solves when the test lets it, and is deaf to interrupts and cancellation. */
    ScriptedTransport.Step deaf() {
        return (task, context) -> {
            started.countDown();
            while (goOn.getCount() > 0) {
                Thread.onSpinWait();
            }
            return ScriptedTransport.solved(task);
        };
    }

    static void closesWithin(Nova nova, Duration limit) {
        long begin = System.nanoTime();
        nova.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(limit);
    }
}
