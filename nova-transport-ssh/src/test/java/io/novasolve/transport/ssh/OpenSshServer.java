package io.novasolve.transport.ssh;

import io.novasolve.testkit.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An OpenSSH server of the test's own on a free port of 127.0.0.1, with fresh keys and one forced command. */
public final class OpenSshServer implements AutoCloseable {

    private final Path folder;
    private final int port;
    private Process process;

    private OpenSshServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    static Optional<Path> program() {
        return Surroundings.program("sshd")
                .or(() -> Optional.of(Path.of("/usr/sbin/sshd")).filter(Files::isExecutable));
    }

    /**
     * @param command of the key's entry in {@code authorized_keys}
     * @param otherKeys types of host keys beside ed25519, such as rsa, which takes a while to make
     */
    public static OpenSshServer start(Path folder, String command, String... otherKeys) throws Exception {
        Files.createDirectories(folder);
        OpenSshServer server = new OpenSshServer(folder, freePort());
        keygen(folder.resolve("host_key"), "");
        StringBuilder hostKeys = new StringBuilder("HostKey \"" + folder.resolve("host_key") + "\"\n");
        for (String type : otherKeys) {
            Path file = folder.resolve("host_key_" + type);
            keygen(file, "", type);
            hostKeys.append("HostKey \"").append(file).append("\"\n");
        }
        keygen(folder.resolve("user_key"), "");
        keygen(folder.resolve("locked_key"), "secret");
        keygen(folder.resolve("foreign_key"), "");
        server.forceCommand(command);
        server.writeKnownHosts(folder.resolve("host_key.pub"));
        // With SHLVL set, a bash does not read the start-up files of the account: what is timed is the transport.
        Files.writeString(
                folder.resolve("sshd_config"),
                """
                Port %2$d
                ListenAddress 127.0.0.1
                %1$sAuthorizedKeysFile "%3$s"
                PidFile none
                UsePAM no
                StrictModes no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PrintMotd no
                SetEnv SHLVL=2
                AllowTcpForwarding yes
                MaxStartups 100
                """
                        .formatted(hostKeys, server.port, folder.resolve("authorized_keys")));
        server.boot();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    static void keygen(Path file, String passphrase) throws Exception {
        keygen(file, passphrase, "ed25519");
    }

    static void keygen(Path file, String passphrase, String type) throws Exception {
        Process keygen = new ProcessBuilder("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", file.toString())
                .redirectErrorStream(true)
                .start();
        if (keygen.waitFor() != 0) {
            throw new IOException(new String(keygen.getInputStream().readAllBytes()));
        }
    }

    /** Starts, again after a {@link #close}. */
    void boot() throws Exception {
        if (Files.isWritable(Path.of("/run"))) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
        process = new ProcessBuilder(
                        program().orElseThrow().toString(),
                        "-D",
                        "-e",
                        "-f",
                        folder.resolve("sshd_config").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("sshd.log").toFile()))
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("sshd does not run: " + Files.readString(folder.resolve("sshd.log")));
            }
            Thread.sleep(10);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
            socket.setSoTimeout(1000);
            InputStream in = socket.getInputStream();
            return in.read() == 'S';
        } catch (IOException e) {
            return false;
        }
    }

    public void forceCommand(String command) throws IOException {
        String options = "restrict,command=\"" + command.replace("\"", "\\\"") + "\" ";
        String jump = "";
        StringBuilder text = new StringBuilder(jump);
        for (String key : List.of("user_key", "locked_key")) {
            text.append(options).append(Files.readString(folder.resolve(key + ".pub")));
        }
        Files.writeString(folder.resolve("authorized_keys"), text);
    }

    /** Lets the user's key open tunnels too. */
    void allowTunnels() throws IOException {
        Path file = folder.resolve("authorized_keys");
        Files.writeString(file, Files.readString(file).replace("restrict,", "restrict,port-forwarding,"));
    }

    void writeKnownHosts(Path publicKey) throws IOException {
        writeKnownHosts(publicKey, port);
    }

    void writeKnownHosts(Path publicKey, int at) throws IOException {
        Path file = folder.resolve("known_hosts");
        String line = "[127.0.0.1]:" + at + " " + Files.readString(publicKey);
        Files.writeString(file, (Files.exists(file) ? Files.readString(file) : "") + line);
    }

    /** How often somebody has logged in. */
    long logins() throws IOException {
        return Files.readString(folder.resolve("sshd.log"))
                .lines()
                .filter(line -> line.startsWith("Accepted publickey"))
                .count();
    }

    public int port() {
        return port;
    }

    Path folder() {
        return folder;
    }

    public SshServer.Builder address() {
        return SshServer.at("127.0.0.1")
                .name("solver")
                .port(port)
                .identity(folder.resolve("user_key"))
                .knownHosts(folder.resolve("known_hosts"));
    }

    /** Processes that serve connections now, and what they run. */
    public List<ProcessHandle> sessions() {
        return process.descendants().toList();
    }

    public static Path executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Sessions are processes of their own; they end as their connections are closed. */
    @Override
    public void close() {
        List<ProcessHandle> sessions = process.descendants().toList();
        process.destroy();
        sessions.forEach(ProcessHandle::destroy);
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
