package io.novasolve.core.memory;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many records refer to each content; guarded by the store. */
final class MemoryContents {

    private final Map<ContentHash, Integer> references = new HashMap<>();
    private final NavigableMap<String, Content> byHash = new TreeMap<>();

    void refer(Content content) {
        references.merge(content.hash(), 1, Integer::sum);
        byHash.put(content.hash().hex(), content);
    }

    /** @param orphans receives the content if nothing refers to it any more */
    void release(Content content, Set<ContentHash> orphans) {
        references.merge(content.hash(), -1, Integer::sum);
        if (references.remove(content.hash(), 0)) {
            byHash.remove(content.hash().hex());
            orphans.add(content.hash());
        }
    }

    List<Content> after(@Nullable ContentHash after, int limit) {
        return (after == null ? byHash : byHash.tailMap(after.hex(), false))
                .values().stream().limit(limit).toList();
    }

    Set<ContentHash> unreferenced(Collection<ContentHash> contents) {
        Set<ContentHash> unreferenced = new HashSet<>(contents);
        unreferenced.removeAll(references.keySet());
        return unreferenced;
    }
}
