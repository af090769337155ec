package io.novasolve.core;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares a store with its content: whether everything that is referred to is there and undamaged, and what
 * lies there that nothing refers to. Reads every byte; changes nothing. Work may go on meanwhile: what is being submitted
 * may be called an orphan.
 */
public final class StoreCheck {

    private static final int PAGE = 1000;

    /** What may be wrong with some content. */
    public enum Fault {
        /** Something refers to it, but it is not there. */
        MISSING,
        /** It is there, but its bytes are not those that were put, or cannot be read. */
        DAMAGED,
        /** It is there, but nothing refers to it. */
        ORPHAN
    }

    /**
     * Something that was found.
     *
     * @param detail a sentence for people
     */
    public record Finding(Fault fault, ContentHash content, String detail) {}

    /**
     * What was looked at.
     *
     * @param referred contents that something refers to
     * @param stored contents in the content store
     */
    public record Summary(long referred, long stored) {}

    private final Store store;
    private final ContentStore content;

    public StoreCheck(Store store, ContentStore content) {
        this.store = store;
        this.content = content;
    }

    /**
     * Looks at everything.
     *
     * @param findings hears of each fault as soon as it is found
     * @throws IOException if the content cannot be listed
     */
    public Summary run(Consumer<Finding> findings) throws IOException {
        return new Summary(checkReferred(findings), checkStored(findings));
    }

    private long checkReferred(Consumer<Finding> findings) {
        long count = 0;
        ContentHash last = null;
        for (List<Content> page = page(last); !page.isEmpty(); page = page(last)) {
            for (Content c : page) {
                last = c.hash();
                count++;
                check(c, findings);
            }
        }
        return count;
    }

    private List<Content> page(@Nullable ContentHash after) {
        return store.contents(after, PAGE);
    }

    private void check(Content c, Consumer<Finding> findings) {
        try (InputStream in = content.open(c.hash())) {
            long size = in.transferTo(OutputStream.nullOutputStream());
            if (size != c.size()) {
                findings.accept(new Finding(
                        Fault.DAMAGED, c.hash(), "it has " + size + " bytes, and the store says " + c.size()));
            }
        } catch (NoSuchFileException e) {
            findings.accept(new Finding(Fault.MISSING, c.hash(), "it is not in the content store"));
        } catch (IOException e) {
            findings.accept(new Finding(Fault.DAMAGED, c.hash(), Failures.sentence(e)));
        }
    }

    private long checkStored(Consumer<Finding> findings) throws IOException {
        long count = 0;
        List<ContentHash> page = content.contents(null, PAGE);
        while (!page.isEmpty()) {
            count += page.size();
            reportOrphans(page, findings);
            page = content.contents(page.get(page.size() - 1), PAGE);
        }
        return count;
    }

    private void reportOrphans(List<ContentHash> page, Consumer<Finding> findings) {
        store.unreferenced(page)
                .forEach(hash -> findings.accept(new Finding(Fault.ORPHAN, hash, "nothing in the store refers to it")));
    }
}
