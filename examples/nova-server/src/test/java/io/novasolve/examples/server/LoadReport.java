package io.novasolve.examples.server;

import io.novasolve.examples.server.json.JsonTree;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a server in this process does with many submissions, without clients and with many that poll at the pace of the
 * original's client: {@code -Dnova.load.submissions=500 -Dnova.load.clients=200}. Every picture has bytes of its own, so that
 * none is answered from an earlier solution. Run it as a program, on a machine with nothing else to do; it fails with a status
 * other than 0 if a call fails, a picture is not solved, or a goal is missed.
 */
public final class LoadReport {

    private static final int SUBMISSIONS = Integer.getInteger("nova.load.submissions", 500);
    private static final int CLIENTS = Integer.getInteger("nova.load.clients", 200);
    private static final Duration PACE = Duration.ofMillis(Integer.getInteger("nova.load.pace.ms", 5000));

    /** Of the status calls of a run, 99 in 100 are answered within this. */
    private static final double P99_MS = 100;
    /** Of the pictures that are solved without clients, at least this part is solved beside them. */
    private static final double THROUGHPUT = 0.9;

    private LoadReport() {}

    /** Prints the figures. */
    public static void main(String[] args) throws Exception {
        byte[] picture = Files.readAllBytes(TestServer.sample());
        List<Double> alone = new ArrayList<>();
        List<Double> crowded = new ArrayList<>();
        List<String> misses = new ArrayList<>();
        // In turn, as a JVM still gets faster after thousands of pictures.
        for (int clients : new int[] {0, CLIENTS, 0, CLIENTS, 0, CLIENTS, 0}) {
            Path data = Files.createTempDirectory("nova-load-");
            try (TestServer server = TestServer.start(data)) {
                String session = server.login("anything");
                // Compiled code and open indexes are not what is measured.
                server.awaitEnd(server.awaitJob(submit(server, session, picture, -1)));
                Load load = new Load(server, clients);
                long begin = System.nanoTime();
                List<Integer> submissions = new ArrayList<>();
                for (int i = 0; i < SUBMISSIONS; i++) {
                    submissions.add(submit(server, session, picture, i));
                    load.watch(submissions.get(i));
                }
                int solved = 0;
                for (int submission : submissions) {
                    solved += awaitQuietly(server, submission) ? 1 : 0;
                }
                double seconds = (System.nanoTime() - begin) / 1e9;
                load.stop();
                double rate = SUBMISSIONS / seconds;
                System.out.printf(
                        Locale.ROOT,
                        "%d submissions, %d clients: %.1f s, %.2f a second, %d solved%n",
                        SUBMISSIONS,
                        clients,
                        seconds,
                        rate,
                        solved);
                if (solved != SUBMISSIONS) {
                    misses.add(solved + " of " + SUBMISSIONS + " were solved");
                }
                if (clients == 0) {
                    alone.add(rate);
                } else {
                    load.print(misses);
                    crowded.add(rate);
                }
            }
        }
        double ratio = median(crowded) / median(alone);
        System.out.printf(Locale.ROOT, "throughput with clients / without, medians: %.3f%n", ratio);
        if (ratio < THROUGHPUT) {
            misses.add("with clients the throughput is less than " + THROUGHPUT + " of that without");
        }
        if (!misses.isEmpty()) {
            throw new IllegalStateException(String.join("; ", misses));
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static int submit(TestServer server, String session, byte[] picture, int number) {
        byte[] mark = (" " + number).getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(picture, picture.length + mark.length);
        System.arraycopy(mark, 0, bytes, picture.length, mark.length);
        return server.submit(session, number + ".jpg", bytes);
    }

    /** Asks seldom: who measures is no load. */
    private static boolean awaitQuietly(TestServer server, int submission) throws InterruptedException {
        while (true) {
            Map<String, Object> status = TestServer.json(server.get("/api/submissions/" + submission));
            if (status.get("jobs") instanceof List<?> jobs && !jobs.isEmpty() && jobs.get(0) instanceof Number job) {
                Object state = TestServer.json(server.get("/api/jobs/" + job)).get("status");
                if (!"solving".equals(state)) {
                    return "success".equals(state);
                }
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** Clients, each of which follows submissions as the original's client does: one call, then a pause. */
    private static final class Load {
        private final TestServer server;
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final Queue<Integer> submissions = new ConcurrentLinkedQueue<>();
        private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        private final AtomicInteger errors = new AtomicInteger();
        private final CountDownLatch stop = new CountDownLatch(1);
        private final List<Thread> threads = new ArrayList<>();

        Load(TestServer server, int clients) {
            this.server = server;
            for (int i = 0; i < clients; i++) {
                long offset = PACE.toMillis() * i / clients;
                Thread thread = new Thread(() -> run(offset), "client-" + i);
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
        }

        void watch(int submission) {
            submissions.add(submission);
        }

        private void run(long offset) {
            try {
                boolean stopped = stop.await(offset, TimeUnit.MILLISECONDS);
                while (!stopped) {
                    Integer submission = submissions.poll();
                    if (submission != null) {
                        submissions.add(submission);
                        follow(submission);
                    }
                    stopped = stop.await(PACE.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void follow(int submission) throws InterruptedException {
            if (ask("/api/submissions/" + submission).get("jobs") instanceof List<?> jobs
                    && !jobs.isEmpty()
                    && jobs.get(0) instanceof Number job
                    && !stop.await(PACE.toMillis(), TimeUnit.MILLISECONDS)) {
                ask("/api/jobs/" + job);
            }
        }

        @SuppressWarnings("unchecked")
        private Map<String, Object> ask(String path) throws InterruptedException {
            long begin = System.nanoTime();
            try {
                HttpResponse<String> response = http.send(
                        HttpRequest.newBuilder(URI.create(server.url(path)))
                                .POST(HttpRequest.BodyPublishers.ofString(""))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                nanos.add(System.nanoTime() - begin);
                if (response.statusCode() == 200) {
                    return (Map<String, Object>) JsonTree.read(response.body());
                }
                errors.incrementAndGet();
            } catch (IOException e) {
                errors.incrementAndGet();
            }
            return Map.of();
        }

        void stop() throws InterruptedException {
            stop.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
        }

        void print(List<String> misses) {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            double p99 = sorted[sorted.length * 99 / 100] / 1e6;
            if (errors.get() > 0) {
                misses.add(errors.get() + " status calls failed");
            }
            if (p99 > P99_MS) {
                misses.add("one in a hundred status calls took longer than " + P99_MS + " ms");
            }
            System.out.printf(
                    Locale.ROOT,
                    "status calls: %d, %d errors, median %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                    sorted.length,
                    errors.get(),
                    sorted[sorted.length / 2] / 1e6,
                    p99,
                    sorted[sorted.length - 1] / 1e6);
        }
    }
}
