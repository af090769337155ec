package io.novasolve.core;

import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.spi.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A content store with so many bytes left. */
class FillingContent implements ContentStore {
    private final InMemoryContentStore content = new InMemoryContentStore();
    private final long free;

    FillingContent(long free) {
        this.free = free;
    }

    @Override
    public Content put(InputStream bytes) throws IOException {
        return content.put(bytes);
    }

    @Override
    public InputStream open(ContentHash hash) throws IOException {
        return content.open(hash);
    }

    @Override
    public boolean contains(ContentHash hash) throws IOException {
        return content.contains(hash);
    }

    @Override
    public boolean touch(ContentHash hash) {
        return content.touch(hash);
    }

    @Override
    public List<ContentHash> contents(@Nullable ContentHash after, int limit) {
        return content.contents(after, limit);
    }

    @Override
    public boolean delete(ContentHash hash, Duration notPutFor) throws IOException {
        return content.delete(hash, notPutFor);
    }

    @Override
    public OptionalLong usableBytes() {
        return OptionalLong.of(free);
    }
}
