package io.novasolve.examples.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.examples.server.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {

    private static final int PICTURES = 50;
    private static final int LOOKS = 10;

    private static final SolverTransport NOBODY = new SolverTransport() {
        @Override
        public String name() {
            return "nobody";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) {
            throw new IllegalStateException("nothing is to be solved");
        }

        @Override
        public void close() {}
    };

    /** Counts what a store is asked for, by the names of its methods. */
    private static Store counted(Store store, Map<String, Integer> asked) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (p, method, arguments) -> {
                    asked.merge(method.getName(), 1, Integer::sum);
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Path archive(Path folder) throws Exception {
        Path file = folder.resolve("many.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < PICTURES; i++) {
                out.putNextEntry(new ZipEntry(i + ".txt"));
                out.write((i + " 2\n3 4\n5 7\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
        return file;
    }

    @Test
    void aLookAtManyPicturesCostsAsMuchAsAtOne(@TempDir Path folder) throws Exception {
        Map<String, Integer> asked = new TreeMap<>();
        try (Store store = new InMemoryStore(InstantSource.system());
                ContentStore content = FolderContentStore.of(folder.resolve("content"), store);
                Nova nova = Nova.builder(NOBODY)
                        .store(store)
                        .content(content)
                        .jobWorkers(0)
                        .start()) {
            Submission submission =
                    nova.submit(SubmissionRequest.of(archive(folder))).submission();
            SubmissionProgress counts = store.progress(submission.id()).orElseThrow();
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (counts.images() < PICTURES || !counts.state().isFinal()) {
                assertThat(System.nanoTime() - deadline).as(counts.toString()).isNegative();
                LockSupport.parkNanos(5_000_000);
                counts = store.progress(submission.id()).orElseThrow();
            }
            Watch watch = new Watch(new Backend(nova, counted(store, asked), content), submission);
            for (int i = 0; i < LOOKS; i++) {
                assertThat(watch.look(counts).now()).isEqualTo("0 of 50 pictures are done. It is next in the queue.");
            }
            assertThat(asked).isEqualTo(Map.of("jobs", 1, "job", LOOKS, "jobQueue", LOOKS));

            // Those that have ended are passed over once.
            for (var job : store.jobs(submission.id()).subList(0, PICTURES - 1)) {
                store.cancelJob(job.id());
            }
            asked.clear();
            counts = store.progress(submission.id()).orElseThrow();
            for (int i = 0; i < LOOKS; i++) {
                assertThat(watch.look(counts).now()).startsWith("49 of 50 pictures are done. ");
            }
            assertThat(asked).containsEntry("job", PICTURES - 1 + LOOKS).doesNotContainKey("jobs");
        }
    }
}
