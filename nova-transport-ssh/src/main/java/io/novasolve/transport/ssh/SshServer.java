package io.novasolve.transport.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where a solve server is and how to log in there. Immutable. */
public final class SshServer {

    /** Where an ssh server listens if nothing else is said. */
    public static final int DEFAULT_PORT = 22;

    private final String name;
    private final String host;
    private final int port;
    private final String user;
    private final List<Path> identities;
    private final Function<Path, char @Nullable []> passphrases;
    private final @Nullable Path agent;
    private final boolean identitiesOnly;
    private final char @Nullable [] password;
    private final List<Path> knownHosts;
    private final Duration connectTimeout;
    private final Duration deadPeerAfter;
    private final List<SshServer> jumps;
    private final List<String> ciphers;

    private SshServer(Builder b) {
        name = b.name == null ? b.host : b.name;
        host = b.host;
        port = b.port;
        user = b.user;
        identities = List.copyOf(b.identities);
        passphrases = b.passphrases;
        agent = b.agent;
        identitiesOnly = b.identitiesOnly;
        password = b.password == null ? null : b.password.clone();
        knownHosts = b.knownHosts.isEmpty() ? List.of(home(".ssh", "known_hosts")) : List.copyOf(b.knownHosts);
        connectTimeout = b.connectTimeout;
        deadPeerAfter = b.deadPeerAfter;
        jumps = List.copyOf(b.jumps);
        ciphers = List.copyOf(b.ciphers);
    }

    /** Begins the description of a server. */
    public static Builder at(String host) {
        return new Builder(host);
    }

    static Path home(String first, String... more) {
        return Path.of(System.getProperty("user.home")).resolve(Path.of(first, more));
    }

    /** What messages call it: the alias, else the host. */
    public String name() {
        return name;
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public String user() {
        return user;
    }

    /** Files of private keys, in the order they are tried. */
    public List<Path> identities() {
        return identities;
    }

    /** The socket of an ssh agent whose keys are used; null if none are. */
    public @Nullable Path agent() {
        return agent;
    }

    /** Whether of the agent's keys only those are used that are among {@link #identities()}. */
    public boolean identitiesOnly() {
        return identitiesOnly;
    }

    /** Files of known host keys. */
    public List<Path> knownHosts() {
        return knownHosts;
    }

    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** Within this time a dead peer is noticed. */
    public Duration deadPeerAfter() {
        return deadPeerAfter;
    }

    /** Servers to go through, the first one first. */
    public List<SshServer> jumps() {
        return jumps;
    }

    List<String> ciphers() {
        return ciphers;
    }

    char @Nullable [] passphrase(Path identity) {
        return passphrases.apply(identity);
    }

    char @Nullable [] password() {
        return password;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        String address = host.contains(":") ? "[" + host + "]" : host;
        String place = user + "@" + address + (port == DEFAULT_PORT ? "" : ":" + port);
        return name.equals(host) ? place : name + " (" + place + ")";
    }

    /** Collects what is known of a server. Not thread-safe. */
    public static final class Builder {

        private final String host;
        private @Nullable String name;
        private int port = DEFAULT_PORT;
        private String user = System.getProperty("user.name");
        private final List<Path> identities = new ArrayList<>();
        private Function<Path, char @Nullable []> passphrases = file -> null;
        private @Nullable Path agent;
        private boolean identitiesOnly;
        private char @Nullable [] password;
        private final List<Path> knownHosts = new ArrayList<>();
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration deadPeerAfter = Duration.ofSeconds(30);
        private final List<SshServer> jumps = new ArrayList<>();
        private final List<String> ciphers = new ArrayList<>();

        private Builder(String host) {
            if (host.isBlank() || host.startsWith("-")) {
                throw new IllegalArgumentException("there is no host '" + host + "'");
            }
            this.host = host;
        }

        /** What messages call it; otherwise the host. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        public Builder port(int value) {
            if (value < 1 || value > 65535) {
                throw new IllegalArgumentException("a port is 1 … 65535, but this one is " + value);
            }
            port = value;
            return this;
        }

        /** The account; otherwise that of this process. */
        public Builder user(String value) {
            user = value;
            return this;
        }

        /** A file with a private key, as OpenSSH, PuTTY or PKCS#8 has it. May be repeated. */
        public Builder identity(Path file) {
            identities.add(file);
            return this;
        }

        /** Asked for the passphrase of a key that has one; null if it is not known. */
        public Builder passphrases(Function<Path, char @Nullable []> source) {
            passphrases = source;
            return this;
        }

        /**
         * Uses the keys of the ssh agent that listens on a Unix domain socket, such as that which {@code SSH_AUTH_SOCK}
         * names; null for no agent (the default). Those of {@link #identity} come first; which they are is told by the
         * {@code .pub} file beside them.
         */
        public Builder agent(@Nullable Path socket) {
            agent = socket;
            return this;
        }

        /** Uses of the agent's keys only those of {@link #identity}: a server hangs up after a few that it does not know. */
        public Builder identitiesOnly(boolean value) {
            identitiesOnly = value;
            return this;
        }

        /** A password, tried after the keys. */
        public Builder password(char[] value) {
            password = value.clone();
            return this;
        }

        /** A file of host keys, as OpenSSH has it; otherwise {@code ~/.ssh/known_hosts}. May be repeated. */
        public Builder knownHosts(Path file) {
            knownHosts.add(file);
            return this;
        }

        /** For a connection with all its handshakes (10 s if not set). */
        public Builder connectTimeout(Duration value) {
            connectTimeout = positive(value);
            return this;
        }

        /** Notice a dead peer within this time, at least 3 s (30 s if not set). */
        public Builder deadPeerAfter(Duration value) {
            if (value.compareTo(Duration.ofSeconds(3)) < 0) {
                throw new IllegalArgumentException("a dead peer is noticed after 3 s or more, not " + value);
            }
            deadPeerAfter = value;
            return this;
        }

        /** A server to go through; repeated, the first one first. */
        public Builder jump(SshServer server) {
            jumps.add(server);
            return this;
        }

        /** Offers only these ciphers, such as {@code aes128-gcm@openssh.com}, the first one first. */
        public Builder ciphers(List<String> names) {
            ciphers.clear();
            ciphers.addAll(names);
            return this;
        }

        public SshServer build() {
            return new SshServer(this);
        }

        private static Duration positive(Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("a time limit is positive, but this one is " + value);
            }
            return value;
        }
    }
}
