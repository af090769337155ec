package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.sky.Fuzz;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.QuadMatch;
import io.novasolve.sky.solution.ReferenceStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.schmizz.sshj.common.Buffer.PlainBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged answers of solve servers and agents, damaged jobs, and damaged configurations. */
@Tag("once")
class SshFuzzTest {

    private static final StarField FIELD = StarField.known(11);
    private static final JobName JOB = new JobName("nova", 7);
    private static final TransferLimits LIMITS = new TransferLimits(1 << 20, 4 << 20, 20, 1 << 20);
    private static final Set<String> WANTED = Set.of(
            SolutionFiles.WCS, SolutionFiles.CORR, SolutionFiles.RDLS, SolutionFiles.MATCH, SolutionFiles.SOLVED);

    private final Fuzz fuzz = Fuzz.of(SshFuzzTest.class, 500);

    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] tar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        WireTar.write(files, tar);
        return tar.toByteArray();
    }

    private static Map<String, byte[]> solution() {
        QuadMatch match = new QuadMatch("index-x", 0, 0, List.of(), List.of(), 0, 50, 10, 0, 0, 10, 10);
        MatchedStar star = new MatchedStar(
                FIELD.truth().crpix(),
                FIELD.truth().crval(),
                FIELD.truth().crpix(),
                FIELD.truth().crval(),
                0,
                0,
                1);
        return new LinkedHashMap<>(SolutionFiles.write(
                new Solution(
                        FIELD.truth(),
                        match,
                        java.util.Collections.nCopies(11, star),
                        List.of(new ReferenceStar(FIELD.truth().crval(), 7))),
                FIELD.stars()));
    }

    private static RemoteRun.Result result(byte[] tar) throws IOException {
        GuardedStream in = new GuardedStream(new ByteArrayInputStream(tar), LIMITS.totalBytes());
        Map<String, byte[]> files = new WireTar(LIMITS, WANTED, Set.of("backend.log"), line -> {}).read(in, true);
        return new RemoteRun.Result(files, in.count(), 0);
    }

    private static SolveOutcome outcome(RemoteRun.Result result, ServerLog log) throws SshTransportException {
        SolveTask task = new SolveTask(JOB.jobId(), FIELD.stars(), SolveOptions.defaults());
        return new AnswerReader(SshServer.at("solver.test").build()).outcome(task, new byte[1], JOB, result, log);
    }

    @Test
    void answers() throws Exception {
        Map<String, byte[]> solved = solution();
        solved.remove(SolutionFiles.CORR);
        List<byte[]> seeds = List.of(tar(solved), tar(Map.of("backend.log", bytes("not solved\n"))));
        Fuzz.Counts counts = fuzz.refusedWith(
                        WireTar.RefusedException.class,
                        GuardedStream.TooMuchException.class,
                        SshTransportException.class)
                .words("ustar", "L", "x", "K", "S", "77777777777", "../", "/", "wcs.fits")
                .run("answers", seeds, tar -> {
                    ServerLog log = new ServerLog(TestContext.patient(), JOB, LIMITS.logBytes());
                    assertThat(outcome(result(tar), log)).isNotNull();
                });
        assertThat(counts.read()).isPositive();
        assertThat(counts.refused()).isPositive();
    }

    @Test
    void words() throws Exception {
        RemoteRun.Result unsolved = result(tar(Map.of("backend.log", bytes("not solved\n"))));
        String words = "nova-server: solving job-nova-7\nnova-server: alive\n"
                + "nova-server: progress depth=7 indexes=3 quads=100 logodds=5.25\n"
                + "Field 1 did not solve (index index-4119.fits, field objects 1-10).\n"
                + "  log-odds ratio 21.5 (2.2e+09), 15 match, 1 conflict, 40 distractors, 60 index.\n"
                + "Field 1: solved with index index-4119.fits.\nTotal CPU time limit reached!\n";
        List<byte[]> seeds = List.of(bytes(words + "nova-server: unsolved timeout: too hard\n"), bytes(words));
        fuzz.refusedWith(SshTransportException.class, GuardedStream.TooMuchException.class)
                .words("nova-server: ", "failed again: ", "\n", "job-", "=", "-", "e+999", "Field 1", "\0")
                .run("words", seeds, text -> {
                    ServerLog log = new ServerLog(TestContext.patient(), JOB, LIMITS.logBytes());
                    log.follow(new ByteArrayInputStream(text));
                    assertThat(outcome(unsolved, log)).isNotNull();
                });
    }

    @Test
    void jobs() throws Exception {
        SolverTransport solver = new SolverTransport() {
            @Override
            public String name() {
                return "fake";
            }

            @Override
            public SolveOutcome solve(SolveTask task, SolveContext context) {
                return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "nowhere", Map.of());
            }
        };
        SolveServer server = new SolveServer(solver, ServerLimits.DEFAULT, 1);
        byte[] job = new JobFile(FIELD.stars(), SolveOptions.builder().depth(20).build()).toBytes();
        ByteArrayOutputStream seed = new ByteArrayOutputStream();
        seed.writeBytes(bytes("job-nova-12\n"));
        seed.writeBytes(tar(Map.of(JobFile.NAME, job)));
        fuzz.words("\n", "job-", "../", "ustar", "END", "AN", "'/'").run("jobs", seed.toByteArray(), input -> {
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            server.serve(new ByteArrayInputStream(input), OutputStream.nullOutputStream(), log);
            assertThat(log.toString(StandardCharsets.UTF_8))
                    .doesNotContain("a defect of the solve server")
                    .doesNotContainPattern(Fuzz.OF_PROGRAMS);
        });
    }

    @Test
    void configurations() throws Exception {
        Path config = folder.resolve("config");
        byte[] seed = bytes(
                """
                # a comment
                Host solver? !solver9 "quoted name"
                  HostName %h.example.org
                  User=alice
                  Port 2201
                  IdentityFile ~/.ssh/id_%r
                  IdentityAgent $NOVA_AGENT
                  ConnectTimeout 1m30s
                  ServerAliveInterval 10
                  ServerAliveCountMax 4
                  UserKnownHostsFile "/etc/known hosts" /dev/null
                  ProxyJump bob@[2001:db8::1]:22,gate
                Match all
                  Include nothing/here*.conf
                """);
        fuzz.refusedWith(IOException.class, IllegalArgumentException.class)
                .words("\n", "Host *", "Include ", "\"", "%", "[", "]", "~/", "ProxyJump solver1", "*", "@", "\0")
                .run("configurations", seed, text -> {
                    Files.write(config, text);
                    SshConfig.of(config).server("solver1");
                });
    }

    private volatile byte[] keys = {};

    private interface WithAgent {
        void ask(SshAgent agent) throws Exception;
    }

    /** With an agent that answers what is in {@link #keys}. */
    private void withAgent(WithAgent test) throws Exception {
        Path socket = Files.createTempDirectory("nova").resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread thread = new Thread(() -> serve(server), "fuzzed agent");
            thread.start();
            test.ask(new SshAgent(socket, Duration.ofSeconds(5)));
            server.close();
            thread.join();
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(socket.getParent());
        }
    }

    private static PlainBuffer rsa() {
        BigInteger modulus = BigInteger.ONE.shiftLeft(1024).add(BigInteger.ONE);
        return new PlainBuffer()
                .putString("ssh-rsa")
                .putMPInt(BigInteger.valueOf(65_537))
                .putMPInt(modulus);
    }

    private static byte[] keys(PlainBuffer... blobs) {
        PlainBuffer answer = new PlainBuffer().putByte((byte) 12).putUInt32(blobs.length);
        for (PlainBuffer blob : blobs) {
            answer.putString(blob.getCompactData()).putString("a comment");
        }
        return ByteBuffer.allocate(4 + answer.available())
                .putInt(answer.available())
                .put(answer.getCompactData())
                .array();
    }

    @Test
    void agents() throws Exception {
        byte[] seed = keys(new PlainBuffer().putString("ssh-ed25519").putString(new byte[32]), rsa());
        withAgent(agent -> fuzz.refusedWith(IOException.class)
                .words("ssh-dss", "ecdsa-sha2-nistp256", "\0\0\0\1", "\377\377\377\377")
                .run("agents", seed, bytes -> {
                    keys = bytes;
                    agent.keys();
                }));
    }

    /** The library would make room for 2 GiB. */
    @Test
    void aKeyThatSaysItIsHugeIsPassedOver() throws Exception {
        PlainBuffer huge = new PlainBuffer().putString("ssh-ed25519").putUInt32(Integer.MAX_VALUE - 16);
        keys = keys(huge, rsa());
        withAgent(agent -> assertThat(agent.keys()).hasSize(1));
    }

    /** Answers the one question that is asked. */
    private void serve(ServerSocketChannel server) {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                ByteBuffer question = ByteBuffer.allocate(5);
                while (question.hasRemaining() && client.read(question) >= 0) {
                    // Until it is there.
                }
                client.write(ByteBuffer.wrap(keys));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // Whose answer is too long does not read it all.
                System.out.println("SshFuzzTest: the agent met " + e);
            }
        }
    }
}
