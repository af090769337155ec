package io.novasolve.transport.ssh;

import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;
import org.jspecify.annotations.Nullable;

/** Accepts the hosts in {@code known_hosts} with their keys and nobody else, and remembers why it refused. */
final class HostKeys extends OpenSSHKnownHosts {

    private final SshServer server;
    private volatile @Nullable SshTransportException refusal;

    private HostKeys(SshServer server, String entries) throws IOException {
        super(new StringReader(entries));
        this.server = server;
    }

    static HostKeys of(SshServer server) throws SshTransportException {
        StringBuilder entries = new StringBuilder();
        for (Path file : server.knownHosts()) {
            try {
                if (Files.exists(file)) {
                    entries.append(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .append('\n');
                }
            } catch (IOException e) {
                throw unreadable(server, file, e);
            }
        }
        try {
            return new HostKeys(server, entries.toString());
        } catch (IOException e) {
            throw unreadable(server, server.knownHosts().get(0), e);
        }
    }

    /** A key of RSA is offered by the names of its newer signatures, which are not in the file. */
    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        List<String> known = new ArrayList<>(super.findExistingAlgorithms(hostname, port));
        if (known.contains(KeyType.RSA.toString())) {
            known.addAll(0, List.of("rsa-sha2-512", "rsa-sha2-256"));
        }
        return known;
    }

    private static SshTransportException unreadable(SshServer server, Path file, IOException e) {
        return new SshTransportException(
                Kind.HOST_KEY_UNKNOWN,
                "the known hosts file " + file + " for " + server + " cannot be read (" + e + "); make it readable",
                e);
    }

    /** Why the last key was refused; null if none was. */
    @Nullable
    SshTransportException refusal() {
        return refusal;
    }

    @Override
    protected boolean hostKeyUnverifiableAction(String hostname, PublicKey key) {
        refusal = new SshTransportException(
                Kind.HOST_KEY_UNKNOWN,
                "the host " + server + " is not known: its " + describe(key) + " is not in " + files()
                        + "; compare it with what the server's administrator says, then add it with ssh-keyscan -p "
                        + server.port() + " " + server.host(),
                null);
        return false;
    }

    @Override
    protected boolean hostKeyChangedAction(String hostname, PublicKey key) {
        refusal = new SshTransportException(
                Kind.HOST_KEY_CHANGED,
                "the host key of " + server + " has changed to the " + describe(key)
                        + ": either the server was set up anew, or somebody listens in; if you know that it was set up"
                        + " anew, remove its old key from " + files() + " with ssh-keygen -R '" + hostname + "'",
                null);
        return false;
    }

    private String files() {
        return server.knownHosts().stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    /** As {@code ssh-keygen -l} shows it. */
    private static String describe(PublicKey key) {
        byte[] encoded = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(encoded);
            return KeyType.fromKey(key) + " key SHA256:"
                    + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
