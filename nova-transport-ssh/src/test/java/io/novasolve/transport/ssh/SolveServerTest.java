package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.StarField;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/** Clients that send what no client should. */
class SolveServerTest {

    private final AtomicInteger solved = new AtomicInteger();

    private final SolverTransport solver = new SolverTransport() {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) {
            solved.incrementAndGet();
            context.log("searching");
            return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "nowhere", Map.of());
        }
    };

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private int serve(InputStream in) throws InterruptedException {
        return new SolveServer(solver, ServerLimits.DEFAULT.withInputTime(Duration.ofSeconds(2)), 1)
                .serve(in, out, log);
    }

    private static byte[] input(String line, byte[] tar) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(line.getBytes(StandardCharsets.ISO_8859_1));
        bytes.write(tar);
        return bytes.toByteArray();
    }

    private static byte[] job() throws IOException {
        return job(SolveOptions.defaults());
    }

    private static byte[] job(SolveOptions options) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        WireTar.write(Map.of(JobFile.NAME, new JobFile(StarField.known(3).stars(), options).toBytes()), tar);
        return tar.toByteArray();
    }

    private void assertRefused(InputStream in, String words) throws InterruptedException {
        assertThat(serve(in)).isEqualTo(SolveServer.FAILED);
        assertThat(out.size()).isZero();
        assertThat(solved.get()).isZero();
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("failed final: the job was refused")
                .contains(words);
        log.reset();
    }

    @Test
    void answersAJob() throws Exception {
        assertThat(serve(new ByteArrayInputStream(input("job-nova-12\n", job()))))
                .isEqualTo(SolveServer.OK);

        Map<String, byte[]> files = new WireTar(TransferLimits.DEFAULT, Set.of("backend.log"), Set.of(), line -> {})
                .read(new GuardedStream(new ByteArrayInputStream(out.toByteArray()), 1 << 20), true);
        assertThat(files).containsOnlyKeys("backend.log");
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("solving job-nova-12", "searching", "unsolved no_match: nowhere");
    }

    @Test
    void refusesStrangeNames() throws Exception {
        for (String line : List.of(
                "job-nova-1/../../x\n",
                "job nova 1\n",
                "/etc/passwd\n",
                "\n",
                "job-nova-99999999999\n",
                "job-nova-0\n",
                "job-nova-1;reboot\n",
                "job-nova-1\r\n")) {
            assertRefused(
                    new ByteArrayInputStream(input(line, job())),
                    line.equals("job-nova-0\n") ? "job's number" : "is no job name");
        }
        assertRefused(new ByteArrayInputStream(new byte[1 << 20]), "longer than any job name");
    }

    @Test
    void refusesStrangeTars() throws Exception {
        assertRefused(new ByteArrayInputStream(input("job-nova-1\n", new byte[0])), "no job.axy");
        assertRefused(new ByteArrayInputStream(input("job-nova-1\n", new byte[3 << 20])), "no job.axy");
        Map<String, TarArchiveEntry> strange = Map.of(
                "a name that no result has", new TarArchiveEntry("../job.axy", true),
                "is no regular file", new TarArchiveEntry("job.axy", TarConstants.LF_SYMLINK),
                "no job.axy", new TarArchiveEntry("wcs.fits"));
        for (Map.Entry<String, TarArchiveEntry> one : strange.entrySet()) {
            TarArchiveEntry entry = one.getValue();
            entry.setLinkName("/etc/passwd");
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            assertRefused(new ByteArrayInputStream(input("job-nova-1\n", bytes.toByteArray())), one.getKey());
        }
    }

    @Test
    void refusesAJobThatNamesFilesElsewhere() throws Exception {
        byte[] axy = new JobFile(StarField.known(3).stars(), SolveOptions.defaults()).toBytes();
        String text = new String(axy, StandardCharsets.ISO_8859_1).replace("'wcs.fits'", "'/w.fits'");
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        WireTar.write(Map.of(JobFile.NAME, text.getBytes(StandardCharsets.ISO_8859_1)), tar);

        assertRefused(new ByteArrayInputStream(input("job-nova-1\n", tar.toByteArray())), "outside");
    }

    @Test
    void waitsForInputOnlySoLong() throws Exception {
        PipedOutputStream never = new PipedOutputStream();
        try (PipedInputStream in = new PipedInputStream(never)) {
            never.write("job-nova".getBytes(StandardCharsets.US_ASCII));
            assertThat(serve(in)).isEqualTo(SolveServer.FAILED);
        }
        // A network that stalls is nobody's fault: another try may do.
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("failed again: the input did not come within 2 s");
        assertThat(out.size()).isZero();
    }

    @Test
    void saysSoWhenItHasADefect() throws Exception {
        InputStream defect = new InputStream() {
            @Override
            public int read() {
                throw new IllegalStateException("a defect");
            }
        };
        assertThat(serve(defect)).isEqualTo(SolveServer.FAILED);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("failed again: a defect of the solve server");
    }

    @Test
    void readsOnlyAsMuchAsItsLimitsAllow() throws Exception {
        ServerLimits small =
                new ServerLimits(100_000, 50, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
        assertThat(StarField.known(3).stars().size()).isGreaterThan(50);
        byte[] tooMany = job();
        assertThat(new SolveServer(solver, small, 1)
                        .serve(new ByteArrayInputStream(input("job-nova-1\n", tooMany)), out, log))
                .isEqualTo(SolveServer.FAILED);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("stars, more than 50");
        log.reset();

        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        WireTar.write(Map.of(JobFile.NAME, new byte[100_001]), bomb);
        assertThat(new SolveServer(solver, small, 1)
                        .serve(new ByteArrayInputStream(input("job-nova-1\n", bomb.toByteArray())), out, log))
                .isEqualTo(SolveServer.FAILED);
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("failed final")
                .contains("100001");
        assertThat(solved).hasValue(0);
    }

    @Test
    void aJobHasTheProcessorTimeThatItAsksForButNotMoreThanTheServerAllows() throws Exception {
        List<Duration> given = new ArrayList<>();
        SolverTransport watched = new SolverTransport() {
            @Override
            public String name() {
                return "watched";
            }

            @Override
            public SolveOutcome solve(SolveTask task, SolveContext context) {
                given.add(task.options().cpuLimit());
                return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "nowhere", Map.of());
            }
        };
        SolveServer server = new SolveServer(watched, ServerLimits.DEFAULT.withCpuTime(Duration.ofSeconds(90)), 1);
        for (Duration asked : Arrays.asList(null, Duration.ofSeconds(20), Duration.ofHours(1))) {
            byte[] job = job(SolveOptions.builder().cpuLimit(asked).build());
            server.serve(new ByteArrayInputStream(input("job-nova-1\n", job)), out, log);
        }
        assertThat(given).containsExactly(Duration.ofSeconds(90), Duration.ofSeconds(20), Duration.ofSeconds(90));
    }

    @Test
    void oneJobAtATimeAndTheRestWaitOnlySoLong() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        SolverTransport busy = new SolverTransport() {
            @Override
            public String name() {
                return "busy";
            }

            @Override
            public SolveOutcome solve(SolveTask task, SolveContext context) throws InterruptedException {
                begun.countDown();
                end.await();
                return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "nowhere", Map.of());
            }
        };
        SolveServer server = new SolveServer(busy, ServerLimits.DEFAULT.withSolveTime(Duration.ofSeconds(1)), 1);
        byte[] first = input("job-nova-1\n", job());
        Thread thread = new Thread(() -> {
            try {
                server.serve(new ByteArrayInputStream(first), out, OutputStream.nullOutputStream());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        begun.await();

        assertThat(server.serve(new ByteArrayInputStream(input("job-nova-2\n", job())), out, log))
                .isEqualTo(SolveServer.FAILED);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("failed again: this solve server has been busy");
        assertThat(out.size()).isZero();
        end.countDown();
        thread.join();
        assertThat(out.size()).isPositive();
    }

    @Test
    void stopsWhenTheClientIsGone() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        SolverTransport endless = new SolverTransport() {
            @Override
            public String name() {
                return "endless";
            }

            @Override
            public SolveOutcome solve(SolveTask task, SolveContext context) throws InterruptedException {
                CountDownLatch cancelled = new CountDownLatch(1);
                try (var registration = context.onCancel(cancelled::countDown)) {
                    begun.countDown();
                    cancelled.await();
                }
                throw new io.novasolve.core.spi.SolveCancelledException(task.jobId());
            }
        };
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (begun.getCount() == 0) {
                    throw new IOException("broken pipe");
                }
            }
        };
        long start = System.nanoTime();

        int status = new SolveServer(endless, ServerLimits.DEFAULT, 1)
                .serve(new ByteArrayInputStream(input("job-nova-1\n", job())), out, broken);

        assertThat(status).isEqualTo(SolveServer.FAILED);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(begun.await(1, TimeUnit.SECONDS)).isTrue();
    }
}
