package io.novasolve.examples.server;

import io.novasolve.core.Nova;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.Job;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.Store;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The library, as the server uses it.
 *
 * @param nova takes submissions and solves them
 * @param store what it keeps them in
 * @param content what it keeps their bytes in
 */
public record Backend(Nova nova, Store store, ContentStore content) {

    /** All of some bytes. */
    public byte[] bytes(Content what) throws IOException {
        try (InputStream in = content.open(what.hash())) {
            return in.readAllBytes();
        }
    }

    /** What some bytes are. */
    public ContentKind kind(Content what) throws IOException {
        try (InputStream in = content.open(what.hash())) {
            return ContentKind.of(in.readNBytes(ContentKind.PROBE));
        }
    }

    /** A file that the solver left behind. */
    public Optional<byte[]> file(Job job, String name) throws IOException {
        Content file = job.files().get(name);
        return file == null ? Optional.empty() : Optional.of(bytes(file));
    }
}
