package io.novasolve.sky.internal;

import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;

/** The bytes of a file on disk; not mapped, so that the file is free when this is closed. Thread-safe. */
public final class FileBytes implements Bytes, AutoCloseable {

    private final FileChannel channel;
    private final String name;
    private final long length;

    private FileBytes(FileChannel channel, String name, long length) {
        this.channel = channel;
        this.name = name;
        this.length = length;
    }

    /** @throws UnreadableInputException if there is no such file or it may not be read */
    public static FileBytes open(Path file) throws UnreadableInputException {
        return InputFiles.reading(file, f -> {
            FileChannel channel = FileChannel.open(f);
            try {
                return new FileBytes(channel, InputFiles.nameOf(f), channel.size());
            } catch (IOException e) {
                channel.close();
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
        ByteBuffer bytes = ByteBuffer.allocate(count);
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, from + bytes.position()) < 0) {
                    throw new UnreadableInputException(name + " got shorter while it was read");
                }
            }
        } catch (UnreadableInputException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableInputException(name + " cannot be read: " + e, e);
        }
        return bytes.flip();
    }

    @Override
    public void close() throws UnreadableInputException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UnreadableInputException(name + " cannot be closed: " + e, e);
        }
    }
}
