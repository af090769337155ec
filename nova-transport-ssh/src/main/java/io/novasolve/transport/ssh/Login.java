package io.novasolve.transport.ssh;

import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs in with the keys and the password of a server's description. */
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

    Login(SshServer server) {
        this.server = server;
    }

    void into(SSHClient client, Link.Farewell farewell)
            throws SshTransportException, UserAuthException, TransportException {
        List<AuthMethod> methods = new ArrayList<>();
        SshTransportException unreadable = null;
        for (Path identity : identities()) {
            try {
                methods.add(new AuthPublickey(key(client, identity)));
            } catch (SshTransportException e) {
                // As with OpenSSH, the next one may do.
                LOG.warn("{}", e.getMessage());
                unreadable = unreadable == null ? e : unreadable;
            }
        }
        char[] password = server.password();
        if (password != null) {
            methods.add(new AuthPassword(PasswordUtils.createOneOff(password.clone())));
        }
        if (methods.isEmpty() && unreadable != null) {
            throw unreadable;
        }
        if (methods.isEmpty()) {
            throw new SshTransportException(
                    Kind.KEY_UNREADABLE,
                    "there is neither a key nor a password for " + server
                            + "; name a private key file (IdentityFile in the ssh configuration)",
                    null);
        }
        try {
            client.auth(server.user(), methods);
        } catch (UserAuthException | TransportException e) {
            DisconnectReason reason = farewell.reason();
            // A connection that broke meanwhile comes as the same type, with a cause.
            if ((reason == null || !REFUSALS.contains(reason)) && isBreak(e)) {
                throw e;
            }
            throw new SshTransportException(
                    Kind.PERMISSION_DENIED,
                    "permission denied: " + server + " accepts none of " + tried()
                            + "; look whether the public key is in authorized_keys of " + server.user()
                            + " there, whether that file and its folders belong to that user alone, and whether the"
                            + " account is locked"
                            + (unreadable == null ? "" : "; besides, " + unreadable.getMessage()),
                    e);
        }
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

    private String tried() {
        List<String> names = new ArrayList<>();
        identities().forEach(file -> names.add("the key " + file));
        if (server.password() != null) {
            names.add("the password");
        }
        return String.join(", ", names);
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
