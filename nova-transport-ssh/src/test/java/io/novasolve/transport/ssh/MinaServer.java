package io.novasolve.transport.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Objects;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.server.session.ServerConnectionService;

/** An ssh server in this JVM, whose every session runs the same code. Needs no program. */
final class MinaServer implements AutoCloseable {

    static final char[] PASSWORD = "open sesame".toCharArray();

    /** What a session does. */
    interface Program {
        int run(InputStream in, OutputStream out, OutputStream err) throws Exception;
    }

    private final SshServer sshd = SshServer.setUpDefaultServer();
    private final Path knownHosts;
    private volatile Runnable login = () -> {};

    MinaServer(Path folder, Program program) throws Exception {
        KeyPair key = KeyUtils.generateKeyPair(KeyPairProvider.ECDSA_SHA2_NISTP256, 256);
        sshd.setHost("127.0.0.1");
        sshd.setKeyPairProvider(KeyPairProvider.wrap(key));
        sshd.setPasswordAuthenticator((user, password, session) -> {
            login.run();
            return password.equals(new String(PASSWORD));
        });
        sshd.setShellFactory(channel -> new Session(program));
        sshd.start();
        knownHosts = folder.resolve("known_hosts-" + sshd.getPort());
        Files.writeString(
                knownHosts, "[127.0.0.1]:" + sshd.getPort() + " " + PublicKeyEntry.toString(key.getPublic()) + "\n");
    }

    private static final class Session extends AbstractCommandSupport {
        private final Program program;

        private Session(Program program) {
            super("", null);
            this.program = program;
        }

        @Override
        public void run() {
            int status = 255;
            try {
                status = program.run(getInputStream(), getOutputStream(), getErrorStream());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                System.out.println("session ended: " + e);
            } finally {
                onExit(status);
            }
        }
    }

    io.novasolve.transport.ssh.SshServer.Builder address() {
        return io.novasolve.transport.ssh.SshServer.at("127.0.0.1")
                .name("mina")
                .port(sshd.getPort())
                .password(PASSWORD)
                .knownHosts(knownHosts);
    }

    /** Runs something whenever somebody logs in, before the answer. */
    void onLogin(Runnable action) {
        login = action;
    }

    /** Lets clients send only so many bytes ahead of what a session has read, in sessions that begin from now on. */
    void window(long bytes) {
        CoreModuleProperties.WINDOW_SIZE.set(sshd, bytes);
    }

    /** Connections there are now. */
    int sessions() {
        return sshd.getActiveSessions().size();
    }

    /** Sessions on these connections, in the words of the protocol. */
    int channels() {
        return sshd.getActiveSessions().stream()
                .map(session -> session.getService(ServerConnectionService.class))
                .filter(Objects::nonNull)
                .mapToInt(service -> service.getChannels().size())
                .sum();
    }

    @Override
    public void close() throws IOException {
        sshd.stop(true);
    }
}
