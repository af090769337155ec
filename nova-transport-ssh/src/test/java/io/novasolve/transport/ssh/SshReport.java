package io.novasolve.transport.ssh;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the transport costs, beside the original's shell pipeline against the same sshd in the same run. Arguments: a new
 * folder, then {@code empty}, {@code solve} or {@code stream}.
 */
final class SshReport {

    private static final StarField FIELD = StarField.known(21);
    private static final int PIPELINES = 20;
    private static final int EMPTY = 300;
    private static final long STREAM = 500_000_000;

    private SshReport() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]).toAbsolutePath());
        Path answer = OpenSshServer.executable(
                folder.resolve("answer"),
                """
                #!/bin/sh
                read -r id
                cat > /dev/null
                exec cat "%s/answer.tar"
                """
                        .formatted(folder));
        try (OutputStream tar = Files.newOutputStream(folder.resolve("answer.tar"))) {
            WireTar.write(java.util.Map.of("backend.log", new byte[100]), tar);
        }
        try (OpenSshServer sshd = OpenSshServer.start(folder.resolve("sshd"), answer.toString())) {
            switch (args[1]) {
                case "empty" -> empty(sshd, folder);
                case "solve" -> solve(sshd, folder);
                default -> stream(sshd, folder);
            }
        }
    }

    private static void empty(OpenSshServer sshd, Path folder) throws Exception {
        for (int round = 0; round < 2; round++) {
            double shell = pipelines(sshd, folder, PIPELINES);
            System.out.printf(Locale.ROOT, "shell pipeline, two at a time: %.1f jobs/s%n", shell);
            for (int threads : new int[] {1, 2, 8}) {
                double[] ours = ours(sshd, threads, EMPTY);
                System.out.printf(
                        Locale.ROOT,
                        "nova, %d at a time: %.1f jobs/s (%.1f ×), p50 %.2f ms, p99 %.2f ms%n",
                        threads,
                        ours[0],
                        ours[0] / shell,
                        ours[1],
                        ours[2]);
            }
        }
    }

    /** Real solves of the same field by the native engine: through one server, and directly, two at a time each. */
    private static void solve(OpenSshServer sshd, Path folder) throws Exception {
        Path script = ReceivingScript.write(
                folder.resolve("receive"), folder.resolve("jobs"), ReceivingScript.nativeEngine());
        sshd.forceCommand(script.toString());
        int jobs = 20;
        for (int round = 0; round < 2; round++) {
            for (int i = 1; i <= jobs; i++) {
                Path job = Files.createDirectories(folder.resolve("direct/" + i));
                Files.write(job.resolve("job.axy"), new JobFile(FIELD.stars(), SolveOptions.defaults()).toBytes());
            }
            long begin = System.nanoTime();
            shell("seq " + jobs + " | xargs -P2 -I{} sh -c 'cd " + folder
                    + "/direct/{} && astrometry-engine -v -E job.axy >backend.log 2>log'");
            double direct = jobs / ((System.nanoTime() - begin) / 1e9);
            double ours = ours(sshd, 2, jobs)[0];
            System.out.printf(
                    Locale.ROOT,
                    "direct %.2f jobs/s, nova over ssh %.2f jobs/s, ratio %.3f%n",
                    direct,
                    ours,
                    ours / direct);
        }
    }

    private static double[] ours(OpenSshServer sshd, int threads, int jobs) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        double[] millis = new double[jobs];
        try (SshTransport transport = SshTransport.to(sshd.address().build())) {
            SolveOutcome warm = transport.solve(
                    new SolveTask(1_000_000, FIELD.stars(), SolveOptions.defaults()), TestContext.patient());
            if (warm == null) {
                throw new IllegalStateException("no answer");
            }
            AtomicInteger next = new AtomicInteger();
            long begin = System.nanoTime();
            List<Future<?>> all = new java.util.ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(pool.submit(() -> {
                    for (int i = next.getAndIncrement(); i < jobs; i = next.getAndIncrement()) {
                        long start = System.nanoTime();
                        transport.solve(
                                new SolveTask(i + 1, FIELD.stars(), SolveOptions.defaults()), TestContext.patient());
                        millis[i] = (System.nanoTime() - start) / 1e6;
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            Arrays.sort(millis);
            return new double[] {jobs / seconds, millis[jobs / 2], millis[(int) (jobs * 0.99)]};
        } finally {
            pool.shutdown();
            pool.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private static String ssh(OpenSshServer sshd, String cipher) {
        return "ssh -x -T -F none -p " + sshd.port() + " -i " + sshd.folder() + "/user_key -o BatchMode=yes"
                + (cipher.isEmpty() ? "" : " -c " + cipher) + " -o UserKnownHostsFile=" + sshd.folder()
                + "/known_hosts 127.0.0.1";
    }

    private static double pipelines(OpenSshServer sshd, Path folder, int jobs) throws Exception {
        for (int i = 1; i <= jobs; i++) {
            Path job = Files.createDirectories(folder.resolve("pipe/" + i));
            Files.write(job.resolve("job.axy"), new JobFile(FIELD.stars(), SolveOptions.defaults()).toBytes());
        }
        long begin = System.nanoTime();
        shell("seq " + jobs + " | xargs -P2 -I{} sh -c 'cd " + folder
                + "/pipe/{} && (echo job-nova-{}; tar cf - job.axy) | " + ssh(sshd, "")
                + " 2>>log | tar xf - -m --exclude=job.axy >>log 2>&1'");
        return jobs / ((System.nanoTime() - begin) / 1e9);
    }

    private static void shell(String line) throws Exception {
        Process process = new ProcessBuilder("bash", "-c", line).inheritIO().start();
        process.getOutputStream().close();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("status " + process.exitValue() + ": " + line);
        }
    }

    /** 500 MB out and 500 MB in, by cipher; run it with -Xmx64m. */
    private static void stream(OpenSshServer sshd, Path folder) throws Exception {
        Path swallow = OpenSshServer.executable(
                folder.resolve("swallow"),
                "#!/bin/sh\nread -r id\ncat > /dev/null\nexec cat '" + folder + "/answer.tar'\n");
        Path pour = OpenSshServer.executable(
                folder.resolve("pour"),
                "#!/bin/sh\ncat > /dev/null\ncd '" + folder + "' && exec tar cf - backend.log\n");
        Path big = folder.resolve("backend.log");
        shell("head -c " + STREAM + " /dev/zero > " + big);
        for (String cipher : List.of(
                "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes128-ctr")) {
            sshd.forceCommand(swallow.toString());
            double shellOut = throughput(() -> shell("(echo job-nova-1; tar cf - -C " + folder + " backend.log) | "
                    + ssh(sshd, cipher) + " >/dev/null"));
            double oursOut = throughput(() -> exchange(sshd, folder, cipher, STREAM));
            sshd.forceCommand(pour.toString());
            double shellIn =
                    throughput(() -> shell("echo job-nova-1 | " + ssh(sshd, cipher) + " | tar xf - -O >/dev/null"));
            double oursIn = throughput(() -> exchange(sshd, folder, cipher, 1000));
            System.out.printf(
                    Locale.ROOT,
                    "%s: out %.0f MB/s (shell %.0f, ratio %.2f), in %.0f MB/s (shell %.0f, ratio %.2f), -Xmx %d MiB%n",
                    cipher,
                    oursOut,
                    shellOut,
                    oursOut / shellOut,
                    oursIn,
                    shellIn,
                    oursIn / shellIn,
                    Runtime.getRuntime().maxMemory() >> 20);
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static double throughput(Action action) throws Exception {
        long begin = System.nanoTime();
        action.run();
        return STREAM / 1e6 / ((System.nanoTime() - begin) / 1e9);
    }

    private static void exchange(OpenSshServer sshd, Path folder, String cipher, long size) throws Exception {
        SshServer server = sshd.address().ciphers(List.of(cipher)).build();
        TransferLimits limits = new TransferLimits(1 << 20, STREAM * 2, 10, 1 << 20);
        ExecutorService executor = Executors.newCachedThreadPool();
        Link link = Link.to(server);
        try {
            link.connect();
            WireTar tar = new WireTar(limits, Set.of(), Set.of("backend.log"), line -> {});
            new RemoteRun(server, new JobName("nova", 1), executor, tar, limits)
                    .run(
                            link,
                            "job.axy",
                            size,
                            out -> pour(out, size),
                            stderr -> stderr.transferTo(OutputStream.nullOutputStream()));
        } finally {
            link.close();
            executor.shutdown();
        }
    }

    private static void pour(OutputStream out, long size) throws java.io.IOException {
        byte[] block = new byte[1 << 15];
        for (long left = size; left > 0; left -= Math.min(left, block.length)) {
            out.write(block, 0, (int) Math.min(left, block.length));
        }
    }
}
