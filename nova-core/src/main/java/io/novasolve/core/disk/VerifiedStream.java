package io.novasolve.core.disk;

import io.novasolve.core.model.ContentHash;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Content that is checked while it is read: at its end it must have been what its name says. */
final class VerifiedStream extends FilterInputStream {

    private final MessageDigest digest;
    private final ContentHash hash;
    private boolean verified;

    VerifiedStream(InputStream in, MessageDigest sha256, ContentHash hash) {
        super(in);
        this.digest = sha256;
        this.hash = hash;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        if (count > 0) {
            digest.update(bytes, offset, count);
        } else if (count < 0 && !verified) {
            verified = true;
            if (!ContentHash.of(digest.digest()).equals(hash)) {
                throw new IOException("content " + hash
                        + " is damaged: its bytes are not those that were put; restore it from a backup");
            }
        }
        return count;
    }

    /** Reads over them: what is skipped belongs to the content too. */
    @Override
    public long skip(long count) throws IOException {
        byte[] buffer = new byte[(int) Math.min(8192, Math.max(0, count))];
        long left = count;
        while (left > 0) {
            int read = read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                break;
            }
            left -= read;
        }
        return Math.max(0, count) - Math.max(0, left);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
