package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.examples.server.json.JsonTree;
import io.novasolve.transport.local.EmbeddedTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops while a job runs: it finishes it or gives it back, and tells the truth meanwhile. */
@Tag("once")
class ShutdownTest {

    /** Solves when it is told to. */
    private static final class Patient implements SolverTransport {
        private final SolverTransport solver;
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        Patient() throws TransportException {
            solver = EmbeddedTransport.bundled();
        }

        @Override
        public String name() {
            return solver.name();
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context)
                throws TransportException, InterruptedException {
            begun.countDown();
            goOn.await();
            return solver.solve(task, context);
        }

        @Override
        public void close() {
            solver.close();
        }
    }

    private static void await(String what, Thread of) throws InterruptedException {
        of.join(TimeUnit.MINUTES.toMillis(2));
        assertThat(of.isAlive()).as(what).isFalse();
    }

    @Test
    void aRunningJobIsFinishedAndToldOf(@TempDir Path data) throws Exception {
        Patient transport = new Patient();
        TestServer server = TestServer.start(data, transport, "drain-seconds", "120");
        String session = server.login("anything");
        int submission = server.submit(session, "sample.jpg", TestServer.sample(""));
        assertThat(transport.begun.await(2, TimeUnit.MINUTES)).isTrue();
        int job = server.awaitJob(submission);
        int waiting = server.submit(session, "another.jpg", TestServer.sample(" waits"));
        assertThat(text(server.get("/ready"))).isEqualTo("ready\n");

        Thread closing = new Thread(server::close, "closing");
        closing.start();
        HttpResponse<byte[]> ready = server.get("/ready");
        for (int i = 0; ready.statusCode() == 200 && i < 1000; i++) {
            LockSupport.parkNanos(10_000_000);
            ready = server.get("/ready");
        }
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(text(ready)).isEqualTo("stopping\n");
        // It is the library that refuses, a moment later than the page says so.
        HttpResponse<byte[]> refused = server.upload("{\"session\": \"" + session + "\"}", "late.jpg", new byte[] {1});
        for (int i = 0; refused.statusCode() == 200 && i < 1000; i++) {
            LockSupport.parkNanos(10_000_000);
            refused = server.upload("{\"session\": \"" + session + "\"}", "late.jpg", new byte[] {1});
        }
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(text(refused)).startsWith("{\"status\": \"error\", \"errormessage\": \"this server is stopping");
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
        assertThat(json(server.get("/api/jobs/" + job))).containsEntry("status", "solving");

        transport.goOn.countDown();
        await("closing", closing);
        try (TestServer next = TestServer.start(data, "jobs", "0")) {
            assertThat(json(next.get("/api/jobs/" + job))).containsEntry("status", "success");
            assertThat(next.get("/wcs_file/" + job).statusCode()).isEqualTo(200);
            assertThat(text(next.get("/metrics")))
                    .contains("nova_jobs{state=\"solved\"} 1.0\n", "nova_jobs{state=\"running\"} 0.0\n");
            assertThat(json(next.get("/api/submissions/" + waiting))).doesNotContainKey("error_message");
        }
    }

    @Test
    void aJobThatTakesTooLongGoesBackWithItsNumber(@TempDir Path data) throws Exception {
        Patient transport = new Patient();
        int job;
        int submission;
        try (TestServer server = TestServer.start(data, transport, "drain-seconds", "1")) {
            submission = server.submit(server.login("anything"), "sample.jpg", TestServer.sample(""));
            assertThat(transport.begun.await(2, TimeUnit.MINUTES)).isTrue();
            job = server.awaitJob(submission);
        }
        assertThat(transport.goOn.getCount()).isEqualTo(1);
        try (TestServer next = TestServer.start(data)) {
            assertThat(json(next.get("/api/submissions/" + submission))).containsEntry("jobs", List.of((long) job));
            assertThat(next.awaitEnd(job)).isEqualTo("success");
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @SuppressWarnings("unchecked")
    private Map<String, Object> ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        return (Map<String, Object>) JsonTree.read(
                http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    }

    /** The process as it is, with two jobs and a SIGTERM in their midst. */
    @Test
    void aProcessThatIsAskedToEndLosesNothing(@TempDir Path data) throws Exception {
        ServerProcess server = new ServerProcess(data);
        String url = "http://127.0.0.1:" + server.port();
        Process process = server.start("--jobs", "1");
        try {
            awaitReady(process, url, data);
            String session = (String) ask(HttpRequest.newBuilder(URI.create(url + "/api/login"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("request-json={\"apikey\":\"any\"}")))
                    .get("session");
            for (int i = 0; i < 2; i++) {
                ask(HttpRequest.newBuilder(URI.create(url + "/api/upload"))
                        .header("Content-Type", "multipart/form-data; boundary=bb")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(TestServer.form(
                                "{\"session\": \"" + session + "\"}", i + ".jpg", TestServer.sample(" " + i)))));
            }
            process.destroy();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(Files.readString(data.resolve("log"))).doesNotContain("Exception", " ERROR ");
        try (TestServer next = TestServer.start(data)) {
            assertThat(text(next.get("/metrics"))).contains("nova_jobs{state=\"failed\"} 0.0\n");
            for (int submission = 1; submission <= 2; submission++) {
                assertThat(next.awaitEnd(next.awaitJob(submission))).isEqualTo("success");
            }
        }
    }

    private void awaitReady(Process process, String url, Path data) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (true) {
            assertThat(process.isAlive())
                    .as(Files.readString(data.resolve("log")))
                    .isTrue();
            try {
                HttpRequest ready =
                        HttpRequest.newBuilder(URI.create(url + "/ready")).build();
                if (http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (ConnectException e) {
                assertThat(System.nanoTime() - deadline)
                        .as("not there yet: " + e)
                        .isNegative();
            }
            LockSupport.parkNanos(50_000_000);
        }
    }
}
