package io.novasolve.sky.internal;

import io.novasolve.sky.UnreadableInputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The bytes of a file on disk; not mapped, so that the file is free when this is closed. Thread-safe. A thread that is
 * interrupted reads on: a channel would be closed for all others.
 */
public final class FileBytes implements Bytes {

    private final RandomAccessFile file;
    private final String name;
    private final long length;

    private FileBytes(RandomAccessFile file, String name, long length) {
        this.file = file;
        this.name = name;
        this.length = length;
    }

    /**
     * Opens a file; one that does not lie on the system's own file system is read at once.
     *
     * @throws UnreadableInputException if there is no such file or it may not be read
     */
    public static Bytes open(Path file) throws UnreadableInputException {
        return open(file, InputFiles.nameOf(file));
    }

    /** The same with what to call the file in messages. */
    public static Bytes open(Path file, String name) throws UnreadableInputException {
        if (file.getFileSystem() != FileSystems.getDefault()) {
            return Bytes.of(InputFiles.contentOf(file));
        }
        return InputFiles.reading(file, f -> {
            // Says better than the other what is wrong with a file that cannot be opened.
            Files.newByteChannel(f).close();
            RandomAccessFile opened = new RandomAccessFile(f.toFile(), "r");
            try {
                return new FileBytes(opened, name, opened.length());
            } catch (IOException e) {
                opened.close();
                throw e;
            }
        });
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public ByteBuffer range(long from, int count) throws UnreadableInputException {
        Objects.checkFromIndexSize(from, count, length);
        byte[] bytes = new byte[count];
        try {
            synchronized (file) {
                file.seek(from);
                file.readFully(bytes);
            }
        } catch (EOFException e) {
            throw new UnreadableInputException(name + " got shorter while it was read", e);
        } catch (IOException e) {
            throw new UnreadableInputException(name + " cannot be read: " + e, e);
        }
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be closed", e);
        }
    }
}
