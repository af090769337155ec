package io.novasolve.sky.internal;

import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files, with errors that a person can act on. */
public final class InputFiles {

    private InputFiles() {}

    /** Something to do with a file that may go wrong. */
    public interface Reading<T> {
        T from(Path file) throws IOException;
    }

    /**
     * The whole file.
     *
     * @throws UnreadableInputException if there is none, it may not be read, or is too large for an array
     */
    public static byte[] contentOf(Path file) throws UnreadableInputException {
        return reading(file, f -> {
            if (Files.size(f) > Integer.MAX_VALUE - 16) {
                throw new UnreadableInputException(
                        nameOf(f) + " has " + Files.size(f) + " bytes: files of 2 GiB and more are not read");
            }
            return Files.readAllBytes(f);
        });
    }

    /** The first bytes of a file, at most {@code length}. */
    public static byte[] beginningOf(Path file, int length) throws UnreadableInputException {
        return reading(file, f -> {
            try (InputStream in = Files.newInputStream(f)) {
                return in.readNBytes(length);
            }
        });
    }

    /** Runs a reading and puts what the file system has against it into words. */
    public static <T> T reading(Path file, Reading<T> reading) throws UnreadableInputException {
        String name = nameOf(file);
        try {
            if (Files.isDirectory(file)) {
                throw new UnreadableInputException(name + " is a directory, not a file");
            }
            return reading.from(file);
        } catch (UnreadableInputException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new UnreadableInputException("there is no file " + file, e);
        } catch (AccessDeniedException e) {
            throw new UnreadableInputException(name + " may not be read: permission denied", e);
        } catch (IOException e) {
            throw new UnreadableInputException(name + " cannot be read: " + e, e);
        }
    }

    /** What to call a file in messages: the last part of its path. */
    public static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }
}
