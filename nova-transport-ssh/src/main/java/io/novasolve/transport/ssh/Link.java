package io.novasolve.transport.ssh;

import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.transport.DisconnectListener;
import net.schmizz.sshj.transport.cipher.Cipher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to a server, through its jump hosts, logged in; carries many sessions. Thread-safe. */
final class Link {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** A peer that left so many questions unanswered when the next is due is dead. */
    private static final int UNANSWERED = 2;

    private final SshServer server;
    private final Deque<SSHClient> clients = new ArrayDeque<>();
    private volatile @Nullable Socket socket;
    private volatile boolean abandoned;
    private volatile boolean ended;
    private volatile long heard;

    private Link(SshServer server) {
        this.server = server;
    }

    /** A link that is not connected yet, so that somebody may give it up meanwhile. */
    static Link to(SshServer server) {
        return new Link(server);
    }

    /** Connects and logs in; blocks for as long as the sockets do. */
    void connect() throws SshTransportException {
        SSHClient through = null;
        for (SshServer jump : server.jumps()) {
            through = connect(jump, through);
        }
        connect(server, through);
        heard = System.nanoTime();
    }

    /**
     * Cuts the connection if nothing has come from the peer for too long, although it was asked. Keep-alive alone does not
     * notice that while jobs are sent: its question waits behind them.
     */
    void abandonIfSilent() {
        if (!abandoned && isSilent()) {
            LOG.info("nothing came from {} for {} s: the connection is cut", server, deadPeerSeconds());
            abandon();
        }
    }

    private boolean isSilent() {
        return System.nanoTime() - heard > TimeUnit.SECONDS.toNanos(deadPeerSeconds());
    }

    private long deadPeerSeconds() {
        return Math.max(UNANSWERED + 1, server.deadPeerAfter().toSeconds());
    }

    private SSHClient connect(SshServer to, @Nullable SSHClient through) throws SshTransportException {
        HostKeys hostKeys = HostKeys.of(to);
        SSHClient client = new SSHClient(config(to));
        synchronized (clients) {
            clients.push(client);
        }
        client.addHostKeyVerifier(hostKeys);
        Farewell farewell = new Farewell();
        client.getTransport().setDisconnectListener(farewell);
        int timeoutMs = (int) Math.min(Integer.MAX_VALUE, to.connectTimeout().toMillis());
        client.setConnectTimeout(timeoutMs);
        client.getTransport().setTimeoutMs(timeoutMs);
        client.getConnection().setTimeoutMs(timeoutMs);
        keepAlive(client, to);
        try {
            if (through == null) {
                client.setSocketFactory(new NoDelaySockets());
                client.connect(to.host(), to.port());
            } else {
                client.connectVia(through.newDirectConnection(to.host(), to.port()));
            }
            new Login(to).into(client, farewell);
        } catch (IOException e) {
            SshTransportException refusal = hostKeys.refusal();
            throw refusal != null ? refusal : unreachable(to, e);
        } catch (IllegalStateException e) {
            if (client.isConnected()) {
                throw e;
            }
            // How sshj puts that the peer hung up between two steps of the handshake.
            throw unreachable(to, new IOException("the connection ended during the handshake", e));
        }
        if (abandoned) {
            throw new SshTransportException(Kind.CLOSED, "the connection to " + server + " was given up", null);
        }
        return client;
    }

    private static Config config(SshServer to) throws SshTransportException {
        DefaultConfig config = new DefaultConfig();
        config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        if (!to.ciphers().isEmpty()) {
            List<Factory.Named<Cipher>> wanted = to.ciphers().stream()
                    .flatMap(name -> config.getCipherFactories().stream()
                            .filter(cipher -> cipher.getName().equals(name)))
                    .toList();
            if (wanted.isEmpty()) {
                throw new SshTransportException(
                        Kind.UNREACHABLE, "none of the ciphers " + to.ciphers() + " is known", false);
            }
            config.setCipherFactories(wanted);
        }
        return config;
    }

    private static void keepAlive(SSHClient client, SshServer to) {
        KeepAliveRunner keepAlive = (KeepAliveRunner) client.getConnection().getKeepAlive();
        keepAlive.setMaxAliveCount(UNANSWERED);
        // Started by the client once it is connected.
        long seconds = Math.max(1, to.deadPeerAfter().toSeconds() / (UNANSWERED + 1));
        keepAlive.setKeepAliveInterval((int) Math.min(Integer.MAX_VALUE, seconds));
    }

    private SshTransportException unreachable(SshServer to, IOException e) {
        return unreachable(to, e, server.jumps());
    }

    /** @param jumps to the server that was wanted, which may be one of them */
    static SshTransportException unreachable(SshServer to, IOException e, List<SshServer> jumps) {
        int before = jumps.contains(to) ? jumps.indexOf(to) : jumps.size();
        String from = before == 0 ? "here" : jumps.get(before - 1).toString();
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String advice =
                "look whether the machine is up and reachable from " + from + ", and sshd runs on port " + to.port();
        if (e instanceof UnknownHostException) {
            reason = "no such host";
            advice = "look for a typing error in its name";
        } else if (e instanceof SocketTimeoutException) {
            reason = "no answer within " + to.connectTimeout().toMillis() + " ms";
        } else if (e instanceof OpenFailException tunnel
                && tunnel.getReason() == OpenFailException.Reason.ADMINISTRATIVELY_PROHIBITED) {
            reason = from + " opens no tunnel";
            advice =
                    "look at AllowTcpForwarding in its sshd_config, and at the line of the key in authorized_keys there:"
                            + " restrict needs port-forwarding beside it";
        } else if (e instanceof SocketException && !(e instanceof ConnectException)) {
            // The system's words for it come as two types, and in the user's language.
            reason = "there is no route (" + reason + ")";
            advice =
                    "look whether the network or the VPN is up here, and the address is right; a machine behind a gateway"
                            + " needs ProxyJump";
        }
        return new SshTransportException(Kind.UNREACHABLE, "no connection to " + to + ": " + reason + "; " + advice, e);
    }

    /** Opens a session and starts what the server's forced command runs. */
    SessionChannel openSession() throws IOException {
        SSHClient client = client();
        SessionChannel session;
        try {
            session = (SessionChannel) client.startSession();
        } catch (IllegalStateException e) {
            throw new IOException("the connection is gone", e);
        }
        try {
            session.startShell();
            return session;
        } catch (IOException e) {
            session.close();
            throw e;
        }
    }

    /** Asks nobody: the library answers who asks it only after those who are about to send on a connection that broke. */
    boolean isAlive() {
        return !abandoned && !ended && !isSilent();
    }

    SshTransportException lost() {
        return new SshTransportException(
                Kind.CONNECTION_LOST, "the connection to " + server + " was lost while a job was sent", null);
    }

    private SSHClient client() {
        synchronized (clients) {
            return clients.element();
        }
    }

    /** Says good-bye where somebody is left to hear it; blocks for as long as the socket does. */
    void close() {
        boolean listening = isAlive();
        abandoned = true;
        for (SSHClient client : listening ? all() : List.<SSHClient>of()) {
            try {
                client.disconnect();
                client.getTransport().join(1, TimeUnit.SECONDS);
            } catch (IOException e) {
                LOG.debug("closing a connection to {}: {}", server, e.toString());
            }
        }
        abandon();
    }

    /** Cuts the connection; does not wait for the peer. */
    void abandon() {
        abandoned = true;
        // They would sleep on until their next question is due.
        all().forEach(client -> client.getConnection().getKeepAlive().interrupt());
        Socket open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing a socket to {}: {}", server, e.toString());
            }
        }
    }

    private List<SSHClient> all() {
        synchronized (clients) {
            return List.copyOf(clients);
        }
    }

    /** Remembers that a connection has ended, and why. */
    final class Farewell implements DisconnectListener {
        private volatile @Nullable DisconnectReason reason;

        @Override
        public void notifyDisconnect(DisconnectReason why, String message) {
            if (reason == null) {
                reason = why;
            }
            ended = true;
        }

        /** What was said first; null while the connection lives. */
        @Nullable
        DisconnectReason reason() {
            return reason;
        }
    }

    /** Remembers when something came last. */
    private final class HeardSocket extends Socket {
        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    int one = super.read();
                    heard = System.nanoTime();
                    return one;
                }

                @Override
                public int read(byte[] bytes, int from, int length) throws IOException {
                    int got = super.read(bytes, from, length);
                    heard = System.nanoTime();
                    return got;
                }
            };
        }
    }

    /** Small packets leave at once, and the socket can be closed while it connects. */
    private final class NoDelaySockets extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            Socket created = new HeardSocket();
            created.setTcpNoDelay(true);
            socket = created;
            if (abandoned) {
                created.close();
            }
            return created;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("sockets are made before they are connected");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException("sockets are made before they are connected");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException("sockets are made before they are connected");
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw new UnsupportedOperationException("sockets are made before they are connected");
        }
    }
}
