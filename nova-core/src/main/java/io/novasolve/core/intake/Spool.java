package io.novasolve.core.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A temporary file for what can only be read from its end: a zip archive, whose directory lies there. */
final class Spool implements AutoCloseable {

    private final Path file;
    private final Counting channel;

    private Spool(Path file, Counting channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Writes all of a stream to a new file. */
    static Spool of(InputStream in) throws IOException {
        Path file = Files.createTempFile("nova-unpack-", ".zip");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                in.transferTo(out);
            }
            return new Spool(file, new Counting(FileChannel.open(file, StandardOpenOption.READ)));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    SeekableByteChannel channel() {
        return channel;
    }

    /** From now on so many bytes may be read; after that comes an exception with a given message. */
    void allow(long bytes, String message) {
        channel.left = bytes;
        channel.whenOver = message;
    }

    void allowAll() {
        channel.left = Long.MAX_VALUE;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    private static final class Counting implements SeekableByteChannel {

        private final FileChannel file;
        private long left = Long.MAX_VALUE;
        private String whenOver = "";

        Counting(FileChannel file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (left <= 0) {
                throw new LimitException(whenOver);
            }
            int n = file.read(target);
            left -= Math.max(0, n);
            return n;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return file.write(source);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            file.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
