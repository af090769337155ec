package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys that an agent holds: OpenSSH's own, and agents that mean harm. */
@Timeout(120)
@RequiresProgram("sshd")
@RequiresProgram("ssh-agent")
@Tag("once")
class SshAgentTest {

    private static final String ANSWER =
            """
            #!/bin/sh
            read -r id
            cat > /dev/null
            cd "$(mktemp -d)" && echo none > backend.log && tar cf - backend.log
            """;

    @TempDir
    static Path folder;

    private static OpenSshServer sshd;

    private Path socket;
    private Process agent;

    @BeforeAll
    static void boot() throws Exception {
        sshd = OpenSshServer.start(
                folder.resolve("sshd"),
                OpenSshServer.executable(folder.resolve("answer"), ANSWER).toString());
        for (String type : List.of("rsa", "ecdsa", "ed25519")) {
            OpenSshServer.keygen(folder.resolve(type), "", type);
            Files.writeString(
                    sshd.folder().resolve("authorized_keys"),
                    "restrict,command=\"" + folder.resolve("answer") + "\" "
                            + Files.readString(folder.resolve(type + ".pub")),
                    StandardOpenOption.APPEND);
        }
    }

    @AfterAll
    static void halt() {
        sshd.close();
    }

    @BeforeEach
    void startAgent() throws Exception {
        socket = Files.createTempDirectory(folder, "a").resolve("s");
        ProcessBuilder builder =
                new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString()).redirectErrorStream(true);
        builder.redirectOutput(socket.resolveSibling("log").toFile());
        // Whoever is asked for a confirmation says no.
        builder.environment().put("SSH_ASKPASS", "/bin/false");
        builder.environment().put("DISPLAY", ":0");
        agent = builder.start();
        Waiting.until(() -> Files.exists(socket) || !agent.isAlive());
    }

    @AfterEach
    void endAgent() throws Exception {
        agent.destroy();
        agent.waitFor();
    }

    private void add(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("ssh-add", "-q"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("SSH_AUTH_SOCK", socket.toString());
        assertThat(builder.start().waitFor()).isZero();
    }

    private static String key(String type) {
        return folder.resolve(type).toString();
    }

    private SshServer.Builder server() {
        return SshServer.at("127.0.0.1")
                .name("solver")
                .port(sshd.port())
                .knownHosts(sshd.folder().resolve("known_hosts"))
                .agent(socket);
    }

    private static void assertSolves(SshServer server) throws Exception {
        try (SshTransport transport = SshTransport.builder(server).attempts(1).build()) {
            assertThat(transport.solve(
                            new SolveTask(1, StarField.known(1).stars(), SolveOptions.defaults()),
                            TestContext.patient()))
                    .isInstanceOf(SolveOutcome.Unsolved.class);
        }
    }

    private static void assertFails(SshServer server, Kind kind, String... words) {
        assertThatThrownBy(() -> assertSolves(server)).isInstanceOfSatisfying(SshTransportException.class, e -> {
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
            assertThat(e.getMessage()).contains(words);
        });
    }

    private static List<String> logins() throws IOException {
        try (Stream<String> lines = Files.lines(sshd.folder().resolve("sshd.log"))) {
            return lines.filter(line -> line.startsWith("Accepted publickey"))
                    .map(line -> line.replaceAll(".*ssh2: (\\S+) .*", "$1"))
                    .toList();
        }
    }

    @Test
    void logsInWithKeysThatNoFileHolds() throws Exception {
        int before = logins().size();
        for (String type : List.of("rsa", "ecdsa", "ed25519")) {
            add(key(type));
            // Beside the public key, which was copied there, is no private one.
            Path only = Files.copy(folder.resolve(type + ".pub"), socket.resolveSibling(type + ".pub"));
            assertSolves(server().identity(only.resolveSibling(type))
                    .identitiesOnly(true)
                    .build());
        }
        assertSolves(server().build());

        // OpenSSH takes no RSA with SHA-1 any more: the agent was told which signature to make.
        assertThat(logins().subList(before, before + 3)).containsExactly("RSA", "ECDSA", "ED25519");
        assertThat(logins()).hasSize(before + 4);
    }

    @Test
    void namedKeysComeBeforeTheOthers() throws Exception {
        for (int i = 0; i < 7; i++) {
            Path foreign = socket.resolveSibling("foreign" + i);
            OpenSshServer.keygen(foreign, "");
            add(foreign.toString());
        }
        // After six keys the server hangs up.
        assertFails(server().build(), Kind.PERMISSION_DENIED, "permission denied", "the key '", "' of the agent");
        assertSolves(server().identity(folder.resolve("ed25519")).build());
        add(key("ecdsa"));
        assertSolves(server().identity(folder.resolve("ecdsa.pub")).build());
        assertFails(
                server().identity(socket.resolveSibling("foreign0"))
                        .identitiesOnly(true)
                        .build(),
                Kind.PERMISSION_DENIED,
                "accepts none of the key " + socket.resolveSibling("foreign0") + ", which the agent holds; look");
    }

    @Test
    void anAgentThatDoesNotSignKeepsNobodyOut() throws Exception {
        add("-c", key("ecdsa"));

        assertFails(
                server().build(),
                Kind.KEY_UNREADABLE,
                "no login at solver (",
                "the ssh agent " + socket + " did not sign with the key",
                "(it refused)",
                "waits for a confirmation or has been locked");
        assertSolves(server().identity(folder.resolve("ed25519.pub").resolveSibling("ed25519"))
                .build());
        add(key("rsa"));
        assertSolves(server().build());
    }

    @Test
    void anAgentThatIsGoneKeepsNobodyOut() throws Exception {
        assertFails(
                server().build(), Kind.KEY_UNREADABLE, "neither a key nor a password", "add a key to the ssh agent");
        endAgent();

        assertFails(
                server().identitiesOnly(true).build(),
                Kind.KEY_UNREADABLE,
                "the ssh agent " + socket + " for solver (",
                "cannot be asked",
                "start it");
        assertSolves(server().identity(folder.resolve("ed25519")).build());
        assertFails(
                server().identity(sshd.folder().resolve("foreign_key")).build(),
                Kind.PERMISSION_DENIED,
                "besides, the ssh agent " + socket);
    }

    @Test
    void strangeAgentsAreNotBelieved() throws Exception {
        assertStrange("it hung up", new byte[0]);
        assertStrange("it hung up", new byte[] {0, 0, 0, 9, 12, 0});
        assertStrange("would have 2147483647 bytes", new byte[] {127, -1, -1, -1, 12});
        assertStrange("would have 0 bytes", new byte[] {0, 0, 0, 0});
        assertStrange("it refused", new byte[] {0, 0, 0, 1, 5});
        // A key of an unknown kind is passed over, a billion that do not come are not waited for.
        assertStrange(null, new byte[] {0, 0, 0, 15, 12, 0, 0, 0, 1, 0, 0, 0, 1, 'x', 0, 0, 0, 1, 'y'});
        assertStrange("Underflow", new byte[] {0, 0, 0, 5, 12, 127, -1, -1, -1});
        assertStrange("does not answer", null);
    }

    private static void assertStrange(String words, byte[] answer) throws Exception {
        Path place = Files.createTempDirectory(folder, "b").resolve("s");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(place));
            SshAgent agent = new SshAgent(place, answer == null ? Duration.ofMillis(200) : Duration.ofSeconds(30));
            if (answer != null) {
                Thread thread = new Thread(() -> answer(listener, answer), "strange-agent");
                thread.start();
            }
            if (words == null) {
                assertThat(agent.keys()).isEmpty();
            } else {
                assertThatThrownBy(agent::keys).isInstanceOf(IOException.class).hasMessageContaining(words);
            }
        }
    }

    private static void answer(ServerSocketChannel listener, byte[] answer) {
        try (SocketChannel channel = listener.accept()) {
            // The question, all of it: what is not read resets the connection.
            ByteBuffer question = ByteBuffer.allocate(5);
            while (question.hasRemaining() && channel.read(question) >= 0) {}
            channel.write(ByteBuffer.wrap(answer));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
