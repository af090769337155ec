package io.novasolve.core.intake;

import io.novasolve.core.disk.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file for what can only be read from its end: a zip archive, whose directory lies there. */
final class Spool implements AutoCloseable {

    private final Path file;
    private final boolean temporary;
    private final Counting channel;

    private Spool(Path file, boolean temporary) throws IOException {
        this.file = file;
        this.temporary = temporary;
        this.channel = new Counting(FileChannel.open(file, StandardOpenOption.READ));
    }

    /** Takes a file that is there, and stays, once the stream of its bytes was read to its end: there stores notice damage. */
    static Spool of(InputStream in, Path file) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
        return new Spool(file, false);
    }

    /** Writes all of a stream to a new file. */
    static Spool of(InputStream in, TemporaryFolder folder) throws IOException {
        Path file = folder.newFile(".zip");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                in.transferTo(out);
            }
            return new Spool(file, true);
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
        if (temporary) {
            Files.deleteIfExists(file);
        }
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
