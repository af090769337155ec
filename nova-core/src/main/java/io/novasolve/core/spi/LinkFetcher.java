package io.novasolve.core.spi;

import java.net.URI;
import java.nio.file.Path;

/**
 * Fetches what a submitted link points to. Links come from strangers: an implementation decides which ones it follows, and
 * guards the network that it runs in. Thread-safe.
 */
public interface LinkFetcher extends AutoCloseable {

    /**
     * Looks at a link when it is submitted, without any traffic.
     *
     * @throws IllegalArgumentException if it will never be fetched, with a sentence that says why
     */
    void check(URI link);

    /**
     * Fetches all bytes into a file that exists and is empty. Blocks; stops soon after an interrupt.
     *
     * @throws FetchException if the bytes cannot be had
     * @throws java.io.IOException if the file cannot be written
     */
    void fetch(URI link, Path file) throws java.io.IOException, InterruptedException;

    @Override
    default void close() {}
}
