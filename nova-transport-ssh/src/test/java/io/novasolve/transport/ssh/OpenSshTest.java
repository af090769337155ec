package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.Surroundings;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.local.EmbeddedTransport;
import io.novasolve.transport.ssh.SshTransportException.Kind;
import io.novasolve.transport.ssh.server.ResidentServer;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Against a real sshd: what can go wrong on the way, our solve script, and the original's pipeline against our servers. */
@RequiresProgram("sshd")
@Tag("once")
class OpenSshTest {

    private static final StarField FIELD = StarField.known(21);

    @TempDir
    static Path folder;

    private static OpenSshServer sshd;
    private static Path home;

    @BeforeAll
    static void boot() throws Exception {
        Path script = OpenSshServer.executable(folder.resolve("bin/answer"), ANSWER);
        sshd = OpenSshServer.start(folder.resolve("sshd"), script.toString(), "rsa");
        home = Files.createDirectories(folder.resolve("bin"));
        Files.copy(
                Surroundings.root().resolve("nova-transport-ssh/solve-server/nova-solve"), home.resolve("nova-solve"));
        Files.copy(
                Surroundings.root().resolve("nova-transport-ssh/solve-server/nova-attach"),
                home.resolve("nova-attach"));
    }

    @AfterAll
    static void halt() {
        sshd.close();
    }

    private static final String ANSWER =
            """
            #!/bin/sh
            read -r id
            cat > /dev/null
            cd "$(mktemp -d)" && echo none > backend.log && tar cf - backend.log
            """;

    private static SolveOutcome solve(SshServer server, int id) throws Exception {
        try (SshTransport transport = SshTransport.builder(server).attempts(1).build()) {
            return transport.solve(new SolveTask(id, FIELD.stars(), SolveOptions.defaults()), TestContext.patient());
        }
    }

    private static void assertFails(SshServer server, Kind kind, String... words) {
        assertThatThrownBy(() -> solve(server, 1)).isInstanceOfSatisfying(SshTransportException.class, e -> {
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
            assertThat(e.getMessage()).contains(words);
        });
    }

    @Test
    void answersThroughAJumpHostAndAnSshConfiguration() throws Exception {
        sshd.forceCommand(home.resolve("answer").toString());
        sshd.allowTunnels();
        Path config = Files.writeString(
                folder.resolve("config"),
                """
                Include %1$s/extra*
                Host solver
                  HostName 127.0.0.1
                  ProxyJump gate
                Host *
                  Port %2$d
                  IdentityFile "%1$s/sshd/user_key"
                  UserKnownHostsFile "%1$s/sshd/known_hosts"
                  ServerAliveInterval 5
                """
                        .formatted(folder, sshd.port()));
        Files.writeString(folder.resolve("extra.conf"), "Host gate\n  HostName 127.0.0.1\n");
        SshServer server = SshConfig.of(config).server("solver");

        assertThat(server.jumps()).singleElement().satisfies(jump -> assertThat(jump.name())
                .isEqualTo("gate"));
        assertThat(server.deadPeerAfter()).isEqualTo(Duration.ofSeconds(15));
        assertThat(solve(server, 3)).isInstanceOfSatisfying(SolveOutcome.Unsolved.class, u -> assertThat(u.reason())
                .isEqualTo(UnsolvedReason.NO_MATCH));
    }

    @Test
    void knowsHashedHosts() throws Exception {
        sshd.forceCommand(home.resolve("answer").toString());
        Path hashed = Files.copy(sshd.folder().resolve("known_hosts"), folder.resolve("hashed"));
        assertThat(new ProcessBuilder("ssh-keygen", "-q", "-H", "-f", hashed.toString())
                        .redirectErrorStream(true)
                        .start()
                        .waitFor())
                .isZero();
        assertThat(Files.readString(hashed)).startsWith("|1|");

        assertThat(solve(
                        SshServer.at("127.0.0.1")
                                .port(sshd.port())
                                .identity(sshd.folder().resolve("user_key"))
                                .knownHosts(hashed)
                                .build(),
                        4))
                .isInstanceOf(SolveOutcome.Unsolved.class);
    }

    /** As in files that are some years old. */
    @Test
    void knowsAHostByItsRsaKeyAlone() throws Exception {
        sshd.forceCommand(home.resolve("answer").toString());
        Path old = Files.writeString(
                folder.resolve("old_hosts"),
                "[127.0.0.1]:" + sshd.port() + " "
                        + Files.readString(sshd.folder().resolve("host_key_rsa.pub")));

        assertThat(solve(
                        SshServer.at("127.0.0.1")
                                .port(sshd.port())
                                .identity(sshd.folder().resolve("user_key"))
                                .knownHosts(old)
                                .build(),
                        6))
                .isInstanceOf(SolveOutcome.Unsolved.class);
    }

    @Test
    void goesOnToTheNextKeyAfterOneThatCannotBeRead() throws Exception {
        sshd.forceCommand(home.resolve("answer").toString());
        SshServer.Builder locked = SshServer.at("127.0.0.1")
                .port(sshd.port())
                .knownHosts(sshd.folder().resolve("known_hosts"))
                .identity(sshd.folder().resolve("locked_key"));

        assertFails(
                locked.identity(sshd.folder().resolve("foreign_key")).build(),
                Kind.PERMISSION_DENIED,
                "permission denied",
                "has a passphrase, and none was given");
        assertThat(solve(locked.identity(sshd.folder().resolve("user_key")).build(), 7))
                .isInstanceOf(SolveOutcome.Unsolved.class);
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        sshd.forceCommand(home.resolve("answer").toString());
        Path none = folder.resolve("no_hosts");
        Path other = Files.writeString(
                folder.resolve("other_hosts"),
                "[127.0.0.1]:" + sshd.port() + " "
                        + Files.readString(sshd.folder().resolve("foreign_key.pub")));
        SshServer.Builder plain = SshServer.at("127.0.0.1").port(sshd.port());
        assertFails(
                plain.knownHosts(none)
                        .identity(sshd.folder().resolve("user_key"))
                        .build(),
                Kind.HOST_KEY_UNKNOWN,
                "is not known",
                "SHA256:",
                "ssh-keyscan");
        assertFails(
                SshServer.at("127.0.0.1").port(sshd.port()).knownHosts(other).build(),
                Kind.HOST_KEY_CHANGED,
                "has changed",
                "ssh-keygen -R");
        SshServer.Builder known = SshServer.at("127.0.0.1")
                .port(sshd.port())
                .knownHosts(sshd.folder().resolve("known_hosts"));
        assertFails(
                known.identity(sshd.folder().resolve("foreign_key")).build(),
                Kind.PERMISSION_DENIED,
                "permission denied",
                "authorized_keys");
        SshServer.Builder manyKeys = SshServer.at("127.0.0.1")
                .port(sshd.port())
                .knownHosts(sshd.folder().resolve("known_hosts"));
        for (int i = 0; i < 10; i++) {
            manyKeys.identity(sshd.folder().resolve("foreign_key"));
        }
        // After six the server hangs up.
        assertFails(manyKeys.build(), Kind.PERMISSION_DENIED, "permission denied");
        SshServer.Builder missing = SshServer.at("127.0.0.1")
                .port(sshd.port())
                .knownHosts(sshd.folder().resolve("known_hosts"))
                .identity(sshd.folder().resolve("missing_key"));
        assertFails(missing.build(), Kind.KEY_UNREADABLE, "missing");
        SshServer.Builder locked = SshServer.at("127.0.0.1")
                .port(sshd.port())
                .knownHosts(sshd.folder().resolve("known_hosts"))
                .identity(sshd.folder().resolve("locked_key"));
        assertFails(locked.build(), Kind.KEY_UNREADABLE, "has a passphrase, and none was given");
        assertFails(
                locked.passphrases(file -> "wrong".toCharArray()).build(),
                Kind.KEY_UNREADABLE,
                "the one given is wrong");
        assertThat(solve(locked.passphrases(file -> "secret".toCharArray()).build(), 5))
                .isInstanceOf(SolveOutcome.Unsolved.class);
        try (ServerSocket socket = new ServerSocket(0)) {
            int port = socket.getLocalPort();
            socket.close();
            assertFails(SshServer.at("127.0.0.1").port(port).build(), Kind.UNREACHABLE, "refused", "sshd runs on port");
        }
        assertFails(
                SshServer.at("nowhere.invalid").build(),
                Kind.UNREACHABLE,
                "no connection to",
                "no such host; look for a typing error in its name");
    }

    /** Linux has no route for a connection to everybody, whatever networks there are. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void saysThatThereIsNoRoute() {
        assertFails(
                SshServer.at("255.255.255.255").build(),
                Kind.UNREACHABLE,
                "no connection to",
                "@255.255.255.255: there is no route",
                "the network or the VPN is up here",
                "ProxyJump");
        SshServer far = SshServer.at("far").user("me").build();
        assertThat(Link.unreachable(far, new NoRouteToHostException("No route to host"), List.of()))
                .hasMessageStartingWith("no connection to me@far: there is no route (No route to host); look whether");
        assertThat(Link.unreachable(far, new SocketTimeoutException("Connect timed out"), List.of()))
                .hasMessageStartingWith(
                        "no connection to me@far: no answer within 10000 ms; look whether the machine is up");
    }

    @Test
    void saysWhatIsWrongBehindAJumpHost() throws Exception {
        sshd.forceCommand(home.resolve("answer").toString());
        SshServer gate = sshd.address().name("gate").build();
        SshServer behind =
                SshServer.at("127.0.0.1").name("behind").port(1).jump(gate).build();
        assertFails(
                behind, Kind.UNREACHABLE, "gate (", "opens no tunnel; look at AllowTcpForwarding", "restrict needs");
        sshd.allowTunnels();
        assertFails(
                behind, Kind.UNREACHABLE, "no connection to behind", "reachable from gate (", "sshd runs on port 1");
        SshServer noGate = SshServer.at("127.0.0.1").name("no gate").port(1).build();
        assertFails(
                SshServer.at("127.0.0.1").name("behind").jump(noGate).build(),
                Kind.UNREACHABLE,
                "no connection to no gate",
                "reachable from here");
    }

    @Test
    @RequiresProgram("astrometry-engine")
    void solvesWithOurScript() throws Exception {
        Path jobs = folder.resolve("script jobs");
        Files.writeString(home.resolve("nova-solve.conf"), "jobs='" + jobs + "'\n");
        sshd.forceCommand(home.resolve("nova-solve").toString());

        assertThat(solve(sshd.address().build(), 31)).isInstanceOfSatisfying(SolveOutcome.Solved.class, s -> assertThat(
                        s.solution().wcs().centre().separationDeg(FIELD.truth().centre()))
                .isLessThan(0.01));
        pipeline(FIELD, folder.resolve("original job of the script"), 32);
        assertThat(folder.resolve("original job of the script/wcs.fits")).exists();
        assertThat(Files.readString(folder.resolve("original job of the script/log")))
                .contains("solving job-nova-32");
        Waiting.until(() -> isEmpty(jobs));
    }

    @Test
    void ourScriptRefusesWhatIsNoJob() throws Exception {
        Path jobs = folder.resolve("refused jobs");
        Files.writeString(home.resolve("nova-solve.conf"), "jobs='" + jobs + "'\ninput_seconds=3\n");
        byte[] axy = new JobFile(FIELD.stars(), SolveOptions.defaults()).toBytes();
        String foreign = new String(axy, StandardCharsets.ISO_8859_1).replace("'wcs.fits'", "'/w.fits'");
        for (String input :
                List.of("job-nova-1/../x\n", "\n", "", "job-nova-1;id\n", "job-nova-1\n", "x".repeat(1 << 20) + "\n")) {
            assertThat(script(input.getBytes(StandardCharsets.ISO_8859_1), true))
                    .contains("nova-server: failed");
        }
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.write("job-nova-1\n".getBytes(StandardCharsets.US_ASCII));
        WireTar.write(Map.of("job.axy", foreign.getBytes(StandardCharsets.ISO_8859_1)), tar);
        assertThat(script(tar.toByteArray(), true)).contains("outside its folder");
        assertThat(script("job-no".getBytes(StandardCharsets.US_ASCII), false)).contains("did not come within 3 s");
        Waiting.until(() -> isEmpty(jobs));
    }

    /** What the script says on its standard error; it must say nothing else. */
    private static String script(byte[] input, boolean close) throws Exception {
        Path err = folder.resolve("script.err");
        Process process = new ProcessBuilder(home.resolve("nova-solve").toString())
                .redirectError(err.toFile())
                .start();
        try {
            process.getOutputStream().write(input);
            process.getOutputStream().flush();
            if (close) {
                process.getOutputStream().close();
            }
        } catch (IOException e) {
            System.out.println("it did not read on: " + e.getMessage());
        }
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isNotZero();
        return Files.readString(err);
    }

    @Test
    @RequiresProgram("socat")
    void attachesToAResidentServerFromBothClients() throws Exception {
        Path socket = folder.resolve("nova.sock");
        try (EmbeddedTransport engine = EmbeddedTransport.bundled();
                ResidentServer resident =
                        ResidentServer.listen(new SolveServer(engine, ServerLimits.DEFAULT, 2), socket)) {
            SolveServers.run(resident);
            sshd.forceCommand(home.resolve("nova-attach") + " " + socket);

            assertThat(solve(sshd.address().build(), 41)).isInstanceOf(SolveOutcome.Solved.class);
            pipeline(FIELD, folder.resolve("original job"), 42);
            assertThat(folder.resolve("original job/wcs.fits")).exists();
            assertThat(Files.readString(folder.resolve("original job/log"))).contains("solving job-nova-42");
        }
        assertThat(socket).doesNotExist();
    }

    /** The original's one line: echo, tar, ssh, tar. */
    private static void pipeline(StarField field, Path job, int id) throws Exception {
        Files.createDirectories(job);
        Files.write(job.resolve("job.axy"), new JobFile(field.stars(), SolveOptions.defaults()).toBytes());
        String ssh = "ssh -x -T -F none -p " + sshd.port() + " -i '" + sshd.folder() + "/user_key' -o BatchMode=yes"
                + " -o 'UserKnownHostsFile=\"" + sshd.folder() + "/known_hosts\"' 127.0.0.1";
        String line = "cd '" + job + "' && (echo job-nova-" + id + "; tar cf - job.axy) | " + ssh
                + " 2>>log | tar xf - --atime-preserve -m --exclude=job.axy >>log 2>&1";
        Process shell = new ProcessBuilder("bash", "-c", line).inheritIO().start();
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).isZero();
    }

    @Test
    void aServerThatIsSetUpWronglyDoesNotKeepAJobFromAnother() throws Exception {
        sshd.forceCommand(home.resolve("answer").toString());
        SshServer unknown = SshServer.at("127.0.0.1")
                .name("unknown")
                .port(sshd.port())
                .knownHosts(folder.resolve("no_hosts"))
                .build();
        SolveTask task = new SolveTask(1, FIELD.stars(), SolveOptions.defaults());
        try (SshPool pool = SshPool.builder().server(unknown).build()) {
            assertThatThrownBy(() -> pool.solve(task, TestContext.patient()))
                    .isInstanceOfSatisfying(TransportException.class, e -> assertThat(e.retryable())
                            .isFalse());
        }
        try (SshPool pool = SshPool.builder()
                .server(unknown, 1, 100)
                .server(sshd.address().build())
                .build()) {
            assertThat(pool.solve(task, TestContext.patient())).isInstanceOf(SolveOutcome.Unsolved.class);
            assertThat(pool.metrics().get(0).coolingDown()).isTrue();
        }
    }

    @Test
    void aPoolSendsTheJobElsewhere() throws Exception {
        sshd.forceCommand(home.resolve("answer").toString());
        SshServer dead = SshServer.at("127.0.0.1").name("dead").port(1).build();
        try (SshPool pool = SshPool.builder()
                .server(dead, 1, 100)
                .server(sshd.address().build())
                .build()) {
            assertThat(pool.solve(new SolveTask(1, FIELD.stars(), SolveOptions.defaults()), TestContext.patient()))
                    .isInstanceOf(SolveOutcome.Unsolved.class);
            assertThat(pool.metrics().get(0).failures()).isEqualTo(1);
            assertThat(pool.metrics().get(0).coolingDown()).isTrue();
            assertThat(pool.metrics().get(1).answers()).isEqualTo(1);
            assertThat(pool.check()).containsOnlyKeys("dead");
        }
    }

    @Test
    void neverAsksAnotherServerAfterAnHonestAnswer() throws Exception {
        SolverTransport never = new SolverTransport() {
            @Override
            public String name() {
                return "never";
            }

            @Override
            public SolveOutcome solve(SolveTask task, SolveContext context) {
                throw new AssertionError("asked");
            }
        };
        sshd.forceCommand(home.resolve("answer").toString());
        try (SshPool pool = SshPool.builder()
                .server(sshd.address().build(), 8, 10)
                .member(never, "never", 8, 1)
                .build()) {
            pool.solve(new SolveTask(1, FIELD.stars(), SolveOptions.defaults()), TestContext.patient());
            pool.drain("solver");
            pool.resume("solver");
            pool.solve(new SolveTask(2, FIELD.stars(), SolveOptions.defaults()), TestContext.patient());
            assertThat(pool.metrics().get(1).answers()).isZero();
        }
    }

    private static boolean isEmpty(Path jobs) {
        try (Stream<Path> left = Files.list(jobs)) {
            return left.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }
}
