package io.novasolve.examples.server;

import io.novasolve.examples.server.json.JsonTree;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A server that is killed ({@code kill -9}) again and again while one client uploads, another polls all that was uploaded, and
 * jobs run: {@code -Dnova.kill.submissions=1000 -Dnova.kill.kills=10}. All must end solved, none may be lost; a job that was seen
 * must stay the submission's, and an end that was told must stay one. Clients may notice that nobody listens, only around a kill,
 * and for at most {@code -Dnova.kill.refusal.seconds=15}. Run it as a program; it fails with a status other than 0.
 */
public final class KillSoak {

    private static final int SUBMISSIONS = Integer.getInteger("nova.kill.submissions", 1000);
    private static final int KILLS = Integer.getInteger("nova.kill.kills", 10);
    private static final Duration REFUSAL = Duration.ofSeconds(Long.getLong("nova.kill.refusal.seconds", 15));
    private static final long SEED = Long.getLong("nova.test.seed", 20261124);
    /** Of a call, and until one more job must have ended. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Path data;
    private final ServerProcess process;
    private final int port;
    private Process server;

    private final Queue<Integer> submissions = new ConcurrentLinkedQueue<>();
    private final Map<Integer, String> ends = new ConcurrentHashMap<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean done;

    /** Since when it is meant to listen, in nanoseconds; null around a kill. */
    private volatile @Nullable Long up;

    private KillSoak() throws IOException {
        data = Files.createTempDirectory("nova-kill-");
        process = new ServerProcess(data);
        port = process.port();
        server = process.start();
    }

    /** Prints what happened. */
    public static void main(String[] args) throws Exception {
        KillSoak soak = new KillSoak();
        try {
            soak.run();
        } finally {
            soak.server.destroyForcibly().waitFor();
        }
    }

    private void run() throws Exception {
        System.out.println(SUBMISSIONS + " submissions, " + KILLS + " kills, seed " + SEED);
        Random random = new Random(SEED);
        long begin = System.nanoTime();
        awaitReady();
        Thread uploading = go("uploading", this::upload);
        Thread polling = go("polling", this::poll);
        long longestStart = 0;
        Duration processor = Duration.ZERO;
        for (int kill = 1; kill <= KILLS; kill++) {
            int enough = kill * SUBMISSIONS / (KILLS + 1);
            await(() -> ends.size() >= enough);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(3000));
            up = null;
            long killed = System.nanoTime();
            server.destroyForcibly().waitFor();
            server = process.start();
            awaitReady();
            longestStart = Math.max(longestStart, System.nanoTime() - killed);
            Duration took = server.info().totalCpuDuration().orElse(Duration.ZERO);
            processor = took.compareTo(processor) > 0 ? took : processor;
        }
        await(() -> ends.size() == SUBMISSIONS);
        done = true;
        uploading.join();
        polling.join();
        await(() -> true);
        long solved = ends.values().stream().filter("success"::equals).count();
        System.out.printf(
                Locale.ROOT,
                "%.0f s: %d solved, %d not, %d kills; %d calls refused, from a kill to ready again %.1f s at most,"
                        + " with %.1f s of processor time%n",
                (System.nanoTime() - begin) / 1e9,
                solved,
                SUBMISSIONS - solved,
                KILLS,
                refusals.get(),
                longestStart / 1e9,
                processor.toMillis() / 1e3);
        if (solved != SUBMISSIONS) {
            throw new IllegalStateException("the picture solves, but some of these submissions did not: " + data);
        }
        if (longestStart > REFUSAL.toNanos()) {
            throw new IllegalStateException("a killed server was away for longer than " + REFUSAL);
        }
    }

    private Thread go(String name, Callable<?> work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.call();
                    } catch (Exception e) {
                        failure.compareAndSet(null, e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void await(BooleanSupplier enough) throws Exception {
        int ended = ends.size();
        long since = System.nanoTime();
        while (!enough.getAsBoolean()) {
            if (failure.get() != null) {
                break;
            }
            if (ends.size() > ended) {
                ended = ends.size();
                since = System.nanoTime();
            }
            if (System.nanoTime() - since > PATIENCE.toNanos()) {
                throw new IllegalStateException("nothing has ended for " + PATIENCE + " after " + ended + ": " + data);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a client noticed more than a refusal; see " + data, failure.get());
        }
    }

    private void awaitReady() throws Exception {
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ready"))
                .timeout(PATIENCE)
                .build();
        await(() -> {
            try {
                return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        up = System.nanoTime();
    }

    private Void upload() throws Exception {
        String session = (String)
                call("/api/login", "request-json={\"apikey\":\"soak\"}").get("session");
        for (int i = 0; i < SUBMISSIONS; i++) {
            byte[] form = TestServer.form("{\"session\":\"" + session + "\"}", i + ".jpg", TestServer.sample(" " + i));
            // One that is refused was not taken, as far as its client knows: it is sent again.
            int submission = TestServer.submission(send("/api/upload", "multipart/form-data; boundary=bb", form));
            require(!submissions.contains(submission), "submission " + submission + " was given twice");
            submissions.add(submission);
        }
        return null;
    }

    /** All of them again and again, those that have ended too, and all once more at the end. */
    private Void poll() throws Exception {
        Map<Integer, Object> jobs = new HashMap<>();
        boolean last;
        do {
            last = done;
            for (int submission : submissions) {
                look(submission, jobs);
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } while (!last);
        return null;
    }

    private void look(int submission, Map<Integer, Object> jobs) throws Exception {
        Map<String, Object> status = call("/api/submissions/" + submission, "");
        require(!status.containsKey("error_message"), "submission " + submission + " failed: " + status);
        Object job = status.get("jobs") instanceof List<?> all && !all.isEmpty() ? all.get(0) : null;
        Object known = jobs.get(submission);
        require(known == null || known.equals(job), "submission " + submission + " had job " + known + ": " + status);
        if (job != null) {
            jobs.put(submission, job);
            String state = String.valueOf(call("/api/jobs/" + job, "").get("status"));
            String end = ends.get(submission);
            require(end == null || end.equals(state), "job " + job + " was " + end + " and is " + state);
            if (!state.equals("solving")) {
                ends.put(submission, state);
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    private Map<String, Object> call(String path, String form) throws Exception {
        return send(path, "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8));
    }

    /** Tries until there is an answer; anything but nobody who listens, around a kill, is a failure. */
    @SuppressWarnings("unchecked")
    private Map<String, Object> send(String path, String type, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", type)
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        while (true) {
            long begin = System.nanoTime();
            HttpResponse<String> response;
            try {
                response = http.send(request, HttpResponse.BodyHandlers.ofString());
            } catch (HttpTimeoutException e) {
                throw e;
            } catch (IOException e) {
                Long listens = up;
                if (listens != null && begin - listens > 0) {
                    throw e;
                }
                refusals.incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(200);
                continue;
            }
            require(response.statusCode() == 200, path + ": " + response.statusCode() + " " + response.body());
            return (Map<String, Object>) JsonTree.read(response.body());
        }
    }
}
