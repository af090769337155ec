package io.novasolve.core;

import io.novasolve.core.model.ContentHash;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of submissions that ended long ago, and of the bytes that nobody refers to any more.
 *
 * <p>A submission puts its bytes before it is created, so bytes that nobody refers to may be about to be: they are deleted
 * only when nobody has put them for a while, and still nobody refers to them after that while. What processes that died
 * and submissions that could not be unpacked have left is found once a day, if that is asked for.
 */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int BATCH = 100;

    /** Much longer than any process takes from putting bytes to creating the submission. */
    static final Duration GRACE = Duration.ofMinutes(1);

    /** Longer than anything takes to be unpacked, of which the first bytes are put long before somebody refers to them. */
    static final Duration ABANDONED = Duration.ofDays(1);

    private static final Duration SWEEP_EVERY = Duration.ofDays(1);
    private static final int PAGE = 1000;

    private record Orphans(long sinceNanos, Set<ContentHash> hashes) {}

    private final Store store;
    private final ContentStore content;
    private final int keep;
    private final @Nullable Duration age;
    private final @Nullable Archiving archiving;
    private final boolean sweeps;
    private final LongSupplier ticker;
    private final Deque<Orphans> waiting = new ArrayDeque<>();
    private @Nullable ContentHash swept;
    private long sweepAt;

    /** With some reason to forget or to delete. */
    Retention(NovaBuilder.Parts parts) {
        this.store = parts.store();
        this.content = parts.content();
        this.keep = parts.keepEnded();
        this.age = parts.forgetAfter();
        this.archiving = parts.archive() == null
                ? null
                : new Archiving(parts.store(), parts.content(), parts.archive(), parts.ticker());
        this.sweeps = parts.sweepContent();
        this.ticker = parts.ticker();
        this.sweepAt = ticker.getAsLong();
    }

    /** Called again and again, by one thread at a time. */
    void run() {
        if (keep != NovaBuilder.KEEP_ALL) {
            forget(limit -> store.endedBeyond(keep, limit));
        }
        Duration oldest = age;
        if (oldest != null) {
            forget(limit -> store.endedBefore(oldest, limit));
        }
        for (Orphans due = waiting.peek(); due != null && isDue(due); due = waiting.peek()) {
            await(delete(due.hashes));
            waiting.remove();
        }
        if (sweeps && ticker.getAsLong() - sweepAt >= 0) {
            sweep();
        }
    }

    /** Looks at the next page of all content that there is; after the last one it rests for a day. */
    private void sweep() {
        try {
            List<ContentHash> page = content.contents(swept, PAGE);
            for (ContentHash orphan : store.unreferenced(page)) {
                if (content.delete(orphan, ABANDONED)) {
                    LOG.info("Content {}, which nothing has referred to for a day, was deleted", orphan);
                }
            }
            boolean last = page.size() < PAGE;
            swept = last ? null : page.get(page.size() - 1);
            sweepAt = ticker.getAsLong() + (last ? SWEEP_EVERY.toNanos() : 0);
        } catch (IOException e) {
            LOG.warn("Content that nobody refers to could not be looked for; will try again later", e);
            sweepAt = ticker.getAsLong() + GRACE.toNanos();
        }
    }

    private void forget(IntFunction<List<Integer>> ended) {
        if (archiving != null) {
            // Copies take time, and whoever calls this has more to do: one batch at a time.
            await(store.forget(archiving.keep(ended)).orphans());
            return;
        }
        List<Integer> batch;
        do {
            // In batches, so that nobody who works has to wait long.
            batch = ended.apply(BATCH);
            await(store.forget(batch).orphans());
        } while (batch.size() == BATCH);
    }

    private void await(Set<ContentHash> orphans) {
        if (!orphans.isEmpty()) {
            waiting.add(new Orphans(ticker.getAsLong(), orphans));
        }
    }

    private boolean isDue(Orphans orphans) {
        return ticker.getAsLong() - orphans.sinceNanos > GRACE.toNanos();
    }

    /** Deletes what nobody wants; gives back what must wait a little longer. */
    private Set<ContentHash> delete(Set<ContentHash> orphans) {
        Set<ContentHash> later = new HashSet<>();
        for (ContentHash hash : store.unreferenced(orphans)) {
            try {
                if (!content.delete(hash, GRACE)) {
                    later.add(hash);
                }
            } catch (IOException e) {
                LOG.warn("Content {} that nobody refers to could not be deleted; will try again", hash, e);
                later.add(hash);
            }
        }
        return later;
    }
}
