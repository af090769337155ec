package io.novasolve.transport.ssh;

import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.PasswordUtils;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs in with the keys of files and of an agent, and the password, of a server's description; used once. */
final class Login {

    /** What a server may say as it hangs up on somebody it does not let in; OpenSSH says the first after six keys. */
    private static final Set<DisconnectReason> REFUSALS = EnumSet.of(
            DisconnectReason.PROTOCOL_ERROR,
            DisconnectReason.HOST_NOT_ALLOWED_TO_CONNECT,
            DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE,
            DisconnectReason.ILLEGAL_USER_NAME);

    private static final List<String> USUAL_KEYS = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private final SshServer server;
    private final List<AuthMethod> methods = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private @Nullable SshTransportException unreadable;

    Login(SshServer server) {
        this.server = server;
    }

    void into(SSHClient client, Link.Farewell farewell)
            throws SshTransportException, UserAuthException, TransportException {
        List<SshAgent.Key> held = keysOfAgent();
        for (Path identity : identities()) {
            Optional<SshAgent.Key> key = held.stream().filter(isOf(identity)).findFirst();
            if (key.isPresent()) {
                held.remove(key.get());
                offer(key.get(), "the key " + identity + ", which the agent holds");
            } else {
                offer(client, identity);
            }
        }
        if (!server.identitiesOnly()) {
            held.forEach(key -> offer(key, key.toString()));
        }
        char[] password = server.password();
        if (password != null) {
            offer(new AuthPassword(PasswordUtils.createOneOff(password.clone())), "the password");
        }
        if (methods.isEmpty()) {
            throw unreadable != null ? unreadable : nothingToOffer();
        }
        try {
            client.auth(server.user(), methods);
        } catch (UserAuthException | TransportException e) {
            DisconnectReason reason = farewell.reason();
            // A connection that broke meanwhile comes as the same type, with a cause.
            if ((reason == null || !REFUSALS.contains(reason)) && isBreak(e)) {
                throw e;
            }
            throw refused(e);
        }
    }

    private void offer(AuthMethod method, String name) {
        methods.add(method);
        names.add(name);
    }

    private void offer(SSHClient client, Path identity) {
        try {
            offer(new AuthPublickey(key(client, identity)), "the key " + identity);
        } catch (SshTransportException e) {
            passOver(e);
        }
    }

    /** As with OpenSSH, the next way to log in may do. */
    private void passOver(SshTransportException e) {
        LOG.warn("{}", e.getMessage());
        unreadable = unreadable == null ? e : unreadable;
    }

    private List<SshAgent.Key> keysOfAgent() {
        Path socket = server.agent();
        if (socket == null) {
            return new ArrayList<>();
        }
        // The connection waits for a signature as long as for all else: the agent's failure is to be told first.
        SshAgent agent = new SshAgent(socket, server.connectTimeout().dividedBy(2));
        try {
            return agent.keys();
        } catch (IOException e) {
            passOver(new SshTransportException(
                    Kind.KEY_UNREADABLE,
                    agent + " for " + server + " cannot be asked (" + e.getMessage()
                            + "); start it and name its socket, or name a private key file (IdentityFile)",
                    e));
            return new ArrayList<>();
        }
    }

    /** By the public key, which lies beside the private one or instead of it. */
    private static Predicate<SshAgent.Key> isOf(Path identity) {
        Path file = publicKey(identity);
        try {
            if (!Files.isReadable(file)) {
                return key -> false;
            }
            // The kind of the key, the key, and a comment.
            String[] words =
                    Files.readString(file, StandardCharsets.ISO_8859_1).strip().split("\\s+", 3);
            byte[] blob = words.length < 2 ? new byte[0] : Base64.getDecoder().decode(words[1]);
            return key -> Arrays.equals(key.blob(), blob);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("the public key {} cannot be read: {}", file, e.toString());
            return key -> false;
        }
    }

    /** The file of the public key that belongs to a private one, or that was named instead of it. */
    static Path publicKey(Path identity) {
        String name = String.valueOf(identity.getFileName());
        return name.endsWith(".pub") ? identity : identity.resolveSibling(name + ".pub");
    }

    private SshTransportException nothingToOffer() {
        return new SshTransportException(
                Kind.KEY_UNREADABLE,
                "there is neither a key nor a password for " + server
                        + "; name a private key file (IdentityFile in the ssh configuration)"
                        + (server.agent() == null ? "" : ", or add a key to the ssh agent " + server.agent()),
                null);
    }

    private SshTransportException refused(SSHException e) {
        for (AuthMethod method : methods) {
            if (method instanceof SshAgent.Key key && key.refusal() != null) {
                return new SshTransportException(
                        Kind.KEY_UNREADABLE, "no login at " + server + ": " + key.refusal(), e);
            }
        }
        return new SshTransportException(
                Kind.PERMISSION_DENIED,
                "permission denied: " + server + " accepts none of " + String.join(", ", names)
                        + "; look whether the public key is in authorized_keys of " + server.user()
                        + " there, whether that file and its folders belong to that user alone, and whether the"
                        + " account is locked"
                        + (unreadable == null ? "" : "; besides, " + unreadable.getMessage()),
                e);
    }

    private static boolean isBreak(SSHException failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (!(e instanceof UserAuthException)) {
                return true;
            }
        }
        return false;
    }

    private List<Path> identities() {
        if (!server.identities().isEmpty() || server.password() != null) {
            return server.identities();
        }
        return USUAL_KEYS.stream()
                .map(name -> SshServer.home(".ssh", name))
                .filter(Files::isReadable)
                .toList();
    }

    private KeyProvider key(SSHClient client, Path file) throws SshTransportException {
        Passphrase passphrase = new Passphrase(file);
        try {
            KeyProvider key = client.loadKeys(file.toString(), passphrase);
            key.getPrivate();
            return key;
        } catch (IOException | RuntimeException e) {
            throw new SshTransportException(Kind.KEY_UNREADABLE, why(file, passphrase, e), e);
        }
    }

    private String why(Path file, Passphrase passphrase, Exception e) {
        if (!Files.isReadable(file)) {
            return "the private key " + file + " for " + server + " is missing or not readable; name another file";
        }
        if (passphrase.asked) {
            return "the private key " + file + " for " + server + " has a passphrase, "
                    + (passphrase.given ? "and the one given is wrong" : "and none was given")
                    + "; give the right one, or use a key without";
        }
        return "the private key " + file + " for " + server + " cannot be read (" + e.getMessage()
                + "); it must be a private key in the format of OpenSSH, PuTTY or PKCS#8";
    }

    private final class Passphrase implements PasswordFinder {
        private final Path file;
        private boolean asked;
        private boolean given;

        private Passphrase(Path file) {
            this.file = file;
        }

        @Override
        public char[] reqPassword(Resource<?> resource) {
            asked = true;
            char[] known = server.passphrase(file);
            given = known != null;
            // The library wipes what it is given.
            return known == null ? new char[0] : known.clone();
        }

        @Override
        public boolean shouldRetry(Resource<?> resource) {
            return false;
        }
    }
}
