package io.novasolve.transport.ssh;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.Surroundings;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.local.EmbeddedTransport;
import io.novasolve.transport.ssh.server.ResidentServer;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
 * folder, then one of
 * <ul>
 *   <li>{@code empty}: jobs that the server answers at once
 *   <li>{@code solve AXY…}: job files, by the native engine through a server and directly; without any, one synthetic field
 *   <li>{@code resident AXY…}: the same with the engine of the JVM, through the resident server and in this process
 *   <li>{@code forms COMMAND…}: one synthetic field through each of these forced commands
 *   <li>{@code stream}: 500 MB each way, by cipher
 * </ul>
 */
final class SshReport {

    private static final StarField FIELD = StarField.known(21);
    private static final int PIPELINES = Integer.getInteger("nova.report.pipelines", 20);
    private static final JobFile SYNTHETIC = new JobFile(FIELD.stars(), SolveOptions.defaults());
    private static final int ROUNDS = Integer.getInteger("nova.report.rounds", 2);
    private static final int EMPTY = Integer.getInteger("nova.report.empty", 300);
    private static final long STREAM = 500_000_000;

    private SshReport() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]).toAbsolutePath());
        Path answer = OpenSshServer.executable(
                folder.resolve("answer"),
                """
                #!/bin/sh
                read -r id
                exec cat "%s/answer.tar"
                """
                        .formatted(folder));
        try (OutputStream tar = Files.newOutputStream(folder.resolve("answer.tar"))) {
            WireTar.write(java.util.Map.of("backend.log", new byte[100]), tar);
        }
        try (OpenSshServer sshd = OpenSshServer.start(folder.resolve("sshd"), answer.toString())) {
            switch (args[1]) {
                case "empty" -> empty(sshd, folder);
                case "solve" -> solve(sshd, folder, jobs(args));
                case "resident" -> resident(sshd, folder, jobs(args));
                case "forms" -> forms(sshd, Arrays.asList(args).subList(2, args.length));
                case "stream" -> stream(sshd, folder);
                default -> throw new IllegalArgumentException("no report '" + args[1] + "'");
            }
        }
    }

    private static void empty(OpenSshServer sshd, Path folder) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            double shell = pipelines(sshd, folder, PIPELINES);
            System.out.printf(Locale.ROOT, "shell pipeline, two at a time: %.1f jobs/s%n", shell);
            for (int threads : new int[] {1, 2, 8}) {
                try (SshTransport transport = SshTransport.to(sshd.address().build())) {
                    run(transport, 1, List.of(SYNTHETIC));
                    Figures ours = run(transport, threads, Collections.nCopies(EMPTY, SYNTHETIC));
                    System.out.printf(
                            Locale.ROOT,
                            "nova, %d at a time: %.1f jobs/s (%.1f ×), p50 %.2f ms, p99 %.2f ms%n",
                            threads,
                            ours.perSecond,
                            ours.perSecond / shell,
                            ours.percentile(0.5),
                            ours.percentile(0.99));
                }
            }
        }
    }

    private static List<JobFile> jobs(String[] args) throws Exception {
        List<JobFile> jobs = new ArrayList<>();
        for (String file : Arrays.asList(args).subList(2, args.length)) {
            jobs.add(JobFile.read(Files.readAllBytes(Path.of(file)), file));
        }
        return jobs.isEmpty() ? Collections.nCopies(20, SYNTHETIC) : jobs;
    }

    /** By the native engine: through one server, and directly, two at a time each, in turns. */
    private static void solve(OpenSshServer sshd, Path folder, List<JobFile> jobs) throws Exception {
        Path script = ReceivingScript.write(
                folder.resolve("receive"), folder.resolve("jobs"), ReceivingScript.nativeEngine());
        sshd.forceCommand(script.toString());
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < jobs.size(); i++) {
                Path job = Files.createDirectories(folder.resolve("direct/" + (i + 1)));
                Files.write(job.resolve("job.axy"), jobs.get(i).toBytes());
                // The engine ends at once where it has solved before.
                Files.deleteIfExists(job.resolve("wcs.fits"));
                Files.deleteIfExists(job.resolve(JobFile.SOLVED));
            }
            long begin = System.nanoTime();
            // In sessions of their own, as those of sshd are: Linux may share the processors by session.
            shell("seq " + jobs.size() + " | xargs -P2 -I{} setsid -w sh -c 'cd " + folder
                    + "/direct/{} && astrometry-engine -v -E job.axy >backend.log 2>log'");
            double direct = jobs.size() / ((System.nanoTime() - begin) / 1e9);
            int solvedDirectly = 0;
            for (int i = 1; i <= jobs.size(); i++) {
                solvedDirectly += Files.exists(folder.resolve("direct/" + i + "/wcs.fits")) ? 1 : 0;
            }
            try (SshTransport transport = SshTransport.to(sshd.address().build())) {
                compare("the native engine directly", direct, solvedDirectly, run(transport, 2, jobs));
            }
        }
    }

    /** By the engine of the JVM: in this process, and through the resident server, two at a time each, in turns. */
    private static void resident(OpenSshServer sshd, Path folder, List<JobFile> jobs) throws Exception {
        Path socket = folder.resolve("nova.sock");
        try (EmbeddedTransport engine = EmbeddedTransport.bundled();
                ResidentServer resident =
                        ResidentServer.listen(new SolveServer(engine, ServerLimits.DEFAULT, 2), socket)) {
            SolveServers.run(resident);
            sshd.forceCommand(
                    Surroundings.root().resolve("nova-transport-ssh/solve-server/nova-attach") + " " + socket);
            try (SshTransport transport = SshTransport.to(sshd.address().build())) {
                // The first round is for the compiler.
                for (int round = 0; round < ROUNDS + 1; round++) {
                    Figures local = run(engine, 2, jobs);
                    compare("the embedded transport", local.perSecond, local.solved, run(transport, 2, jobs));
                }
            }
        }
    }

    private static void compare(String other, double perSecond, int solved, Figures ours) {
        System.out.printf(
                Locale.ROOT,
                "%s %.2f jobs/s (%d of %d solved), nova over ssh %.2f jobs/s (%d solved), ratio %.3f%n",
                other,
                perSecond,
                solved,
                ours.millis.length,
                ours.perSecond,
                ours.solved,
                ours.perSecond / perSecond);
    }

    /** What each form of the solve server costs. */
    private static void forms(OpenSshServer sshd, List<String> commands) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (String command : commands) {
                sshd.forceCommand(command);
                for (int threads : new int[] {1, 2}) {
                    try (SshTransport transport = SshTransport.to(sshd.address().build())) {
                        Figures ours = run(transport, threads, Collections.nCopies(10, SYNTHETIC));
                        System.out.printf(
                                Locale.ROOT,
                                "%s, %d at a time: %.2f jobs/s, p50 %.0f ms, %d of 10 solved%n",
                                command,
                                threads,
                                ours.perSecond,
                                ours.percentile(0.5),
                                ours.solved);
                    }
                }
            }
        }
    }

    private record Figures(double perSecond, double[] millis, int solved) {
        double percentile(double part) {
            return millis[(int) (millis.length * part)];
        }
    }

    private static Figures run(SolverTransport transport, int threads, List<JobFile> jobs) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        double[] millis = new double[jobs.size()];
        try {
            AtomicInteger next = new AtomicInteger();
            AtomicInteger solved = new AtomicInteger();
            long begin = System.nanoTime();
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(pool.submit(() -> {
                    for (int i = next.getAndIncrement(); i < millis.length; i = next.getAndIncrement()) {
                        long start = System.nanoTime();
                        JobFile job = jobs.get(i);
                        SolveOutcome outcome = transport.solve(
                                new SolveTask(i + 1, job.stars(), job.options()), TestContext.patient());
                        millis[i] = (System.nanoTime() - start) / 1e6;
                        if (outcome instanceof SolveOutcome.Solved) {
                            solved.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            Arrays.sort(millis);
            return new Figures(millis.length / seconds, millis, solved.get());
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
            Files.write(job.resolve("job.axy"), SYNTHETIC.toBytes());
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
