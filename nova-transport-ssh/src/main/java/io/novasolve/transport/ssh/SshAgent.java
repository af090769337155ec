package io.novasolve.transport.ssh;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Buffer.PlainBuffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ssh agent, asked over its Unix domain socket for the keys it holds and for their signatures, as draft-ietf-sshm-ssh-agent
 * says. Each question has a connection and a time limit of its own: an agent may wait for a person.
 */
final class SshAgent {

    private static final Logger LOG = LoggerFactory.getLogger(SshAgent.class);

    private static final byte REQUEST_IDENTITIES = 11;
    private static final byte IDENTITIES_ANSWER = 12;
    private static final byte SIGN_REQUEST = 13;
    private static final byte SIGN_RESPONSE = 14;
    private static final int RSA_SHA2_256 = 2;
    private static final int RSA_SHA2_512 = 4;
    /** OpenSSH's own limit. */
    private static final int LONGEST_MESSAGE = 256 << 10;

    private final Path socket;
    private final Duration patience;

    SshAgent(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /**
     * The keys it holds of which the ssh library knows the kind; the others are passed over.
     *
     * @throws IOException if it is not there, or makes no sense
     */
    List<Key> keys() throws IOException {
        PlainBuffer answer = ask(new PlainBuffer().putByte(REQUEST_IDENTITIES), IDENTITIES_ANSWER);
        List<Key> keys = new ArrayList<>();
        for (long left = answer.readUInt32(); left > 0; left--) {
            byte[] blob = answer.readBytes();
            String comment = WireTar.printable(answer.readString());
            try {
                requireFields(blob);
                keys.add(new Key(blob, new PublicHalf(new PlainBuffer(blob).readPublicKey()), comment));
            } catch (Buffer.BufferException | RuntimeException e) {
                LOG.debug("the key {} of the ssh agent {} is of no known kind", comment, socket, e);
            }
        }
        return keys;
    }

    /** The kind and what follows it, which for some kinds the library makes room for before it looks. */
    private static void requireFields(byte[] blob) throws Buffer.BufferException {
        PlainBuffer fields = new PlainBuffer(blob);
        fields.readBytes();
        fields.readBytes();
    }

    private byte[] sign(byte[] blob, byte[] data, String algorithm) throws IOException {
        int flags =
                switch (algorithm) {
                    case "rsa-sha2-256" -> RSA_SHA2_256;
                    case "rsa-sha2-512" -> RSA_SHA2_512;
                    default -> 0;
                };
        PlainBuffer request = new PlainBuffer()
                .putByte(SIGN_REQUEST)
                .putString(blob)
                .putString(data)
                .putUInt32(flags);
        return ask(request, SIGN_RESPONSE).readBytes();
    }

    private PlainBuffer ask(PlainBuffer request, byte wanted) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                throw new IOException("it takes no connection now");
            }
            SelectionKey key = channel.register(selector, 0);
            ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + request.available());
            out.putInt(request.available()).put(request.getCompactData()).flip();
            while (out.hasRemaining()) {
                await(key, SelectionKey.OP_WRITE, deadline);
                channel.write(out);
            }
            int length = read(key, Integer.BYTES, deadline).getInt();
            if (length < 1 || length > LONGEST_MESSAGE) {
                throw new IOException("its answer would have " + length + " bytes");
            }
            PlainBuffer answer = new PlainBuffer(read(key, length, deadline).array());
            if (answer.readByte() != wanted) {
                throw new IOException("it refused");
            }
            return answer;
        } catch (UnsupportedOperationException e) {
            throw new IOException("there are no Unix domain sockets here", e);
        }
    }

    private static ByteBuffer read(SelectionKey key, int length, long deadline) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(length);
        while (in.hasRemaining()) {
            await(key, SelectionKey.OP_READ, deadline);
            if (((SocketChannel) key.channel()).read(in) < 0) {
                throw new EOFException("it hung up");
            }
        }
        return in.flip();
    }

    private static void await(SelectionKey key, int operation, long deadline) throws IOException {
        key.interestOps(operation);
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || key.selector().select(left) == 0) {
            throw new SocketTimeoutException("it does not answer");
        }
        key.selector().selectedKeys().clear();
    }

    @Override
    public String toString() {
        return "the ssh agent " + socket;
    }

    /** The half of a key that an agent tells. */
    private record PublicHalf(java.security.PublicKey key) implements KeyProvider {
        @Override
        public java.security.PrivateKey getPrivate() throws IOException {
            throw new IOException("an agent keeps this key to itself");
        }

        @Override
        public java.security.PublicKey getPublic() {
            return key;
        }

        @Override
        public KeyType getType() {
            return KeyType.fromKey(key);
        }
    }

    /** A key that the agent holds, as a way to log in once. */
    final class Key extends AuthPublickey {
        private final byte[] blob;
        private final String comment;
        private volatile @Nullable String refusal;

        private Key(byte[] blob, KeyProvider half, String comment) {
            super(half);
            this.blob = blob;
            this.comment = comment;
        }

        /** As the wire has it, and files of public keys in base 64. */
        byte[] blob() {
            return blob.clone();
        }

        /** Why the agent did not sign although the server accepts the key; null if it did or was not asked. */
        @Nullable
        String refusal() {
            return refusal;
        }

        /** Called by the library with the request so far, which is signed together with the session's id. */
        @Override
        protected SSHPacket putSig(SSHPacket request) throws UserAuthException {
            try {
                byte[] data = new PlainBuffer()
                        .putString(params.getTransport().getSessionID())
                        .putBuffer(request)
                        .getCompactData();
                request.putString(sign(blob, data, algorithm(request)));
                return request;
            } catch (IOException e) {
                refusal = SshAgent.this + " did not sign with " + this + " (" + e.getMessage()
                        + "), which the server accepts; look whether it waits for a confirmation or has been locked";
                LOG.warn("{}", refusal);
                // Without a cause: the next way to log in is tried.
                throw new UserAuthException(refusal);
            }
        }

        /** What follows message, user, service, method and a flag. */
        private static String algorithm(SSHPacket request) throws Buffer.BufferException {
            PlainBuffer copy = new PlainBuffer(request.getCompactData());
            copy.readByte();
            for (int i = 0; i < 3; i++) {
                copy.readString();
            }
            copy.readBoolean();
            return copy.readString();
        }

        @Override
        public String toString() {
            return "the key " + comment + " of the agent";
        }
    }
}
