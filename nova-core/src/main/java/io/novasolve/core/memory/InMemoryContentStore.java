package io.novasolve.core.memory;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.spi.ContentStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Content on the heap. */
public final class InMemoryContentStore implements ContentStore {

    private record Held(byte[] bytes, Instant put) {}

    private final Map<ContentHash, Held> contents = new ConcurrentHashMap<>();
    private final InstantSource clock;

    public InMemoryContentStore() {
        this(InstantSource.system());
    }

    /** @param clock says when content was put last */
    public InMemoryContentStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Content put(InputStream bytes) throws IOException {
        return hold(bytes.readAllBytes());
    }

    @Override
    public Content put(byte[] bytes) {
        return hold(bytes.clone());
    }

    private Content hold(byte[] bytes) {
        Content content = new Content(
                ContentHash.of(digest("SHA-256", bytes)),
                HexFormat.of().formatHex(digest("SHA-1", bytes)),
                bytes.length);
        Instant now = clock.instant();
        contents.compute(content.hash(), (hash, known) -> new Held(known == null ? bytes : known.bytes, now));
        return content;
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    @Override
    public InputStream open(ContentHash hash) throws IOException {
        Held held = contents.get(hash);
        if (held == null) {
            throw new NoSuchFileException(hash.hex(), null, "no content of that hash in memory");
        }
        return new ByteArrayInputStream(held.bytes);
    }

    @Override
    public boolean contains(ContentHash hash) {
        return contents.containsKey(hash);
    }

    @Override
    public boolean touch(ContentHash hash) {
        Instant now = clock.instant();
        return contents.computeIfPresent(hash, (h, held) -> new Held(held.bytes, now)) != null;
    }

    @Override
    public List<ContentHash> contents(@Nullable ContentHash after, int limit) {
        return contents.keySet().stream()
                .filter(hash -> after == null || hash.hex().compareTo(after.hex()) > 0)
                .sorted(Comparator.comparing(ContentHash::hex))
                .limit(limit)
                .toList();
    }

    /** How many pieces of content are held. */
    public int size() {
        return contents.size();
    }

    @Override
    public boolean delete(ContentHash hash, Duration notPutFor) {
        Instant latest = clock.instant().minus(notPutFor);
        return contents.computeIfPresent(hash, (h, held) -> held.put.isAfter(latest) ? held : null) == null;
    }
}
