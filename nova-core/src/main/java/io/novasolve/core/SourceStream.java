package io.novasolve.core;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells a source that cannot be read from a store that cannot be written. */
final class SourceStream extends FilterInputStream {

    private boolean failed;

    SourceStream(InputStream source) {
        super(source);
    }

    /** Whether the source itself has failed. */
    boolean hasFailed() {
        return failed;
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (IOException e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (IOException e) {
            failed = true;
            throw e;
        }
    }
}
