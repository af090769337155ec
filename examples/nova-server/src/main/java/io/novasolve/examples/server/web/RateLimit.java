package io.novasolve.examples.server.web;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * So many things a minute for each of many: a bucket that fills at that pace, and holds a minute's worth. Thread-safe; what it
 * remembers is limited.
 */
public final class RateLimit {

    private static final int MAX_REMEMBERED = 10_000;
    private static final double NANOS = 60e9;

    private static final class Bucket {
        double tokens;
        long at;

        Bucket(double tokens, long at) {
            this.tokens = tokens;
            this.at = at;
        }
    }

    private final double perMinute;
    private final LongSupplier ticker;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param perMinute 0 for no limit
     * @param ticker nanoseconds
     */
    public RateLimit(int perMinute, LongSupplier ticker) {
        this.perMinute = perMinute;
        this.ticker = ticker;
    }

    /** What somebody may do. */
    public final class Share {
        private final String who;

        private Share(String who) {
            this.who = who;
        }

        boolean isLeft() {
            synchronized (RateLimit.this) {
                return perMinute == 0 || bucket(who).tokens >= 1;
            }
        }

        /** @throws TooManyRequestsException if there has been too much lately */
        public void require() {
            if (!isLeft()) {
                throw new TooManyRequestsException((long) Math.ceil(60 / perMinute));
            }
        }

        /** @throws TooManyRequestsException if there has been too much lately; then this does not count */
        public void take() {
            synchronized (RateLimit.this) {
                require();
                if (perMinute > 0) {
                    bucket(who).tokens -= 1;
                }
            }
        }
    }

    Share of(String who) {
        return new Share(who);
    }

    private Bucket bucket(String who) {
        long now = ticker.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(who, w -> new Bucket(perMinute, now));
        bucket.tokens = Math.min(perMinute, bucket.tokens + (now - bucket.at) / NANOS * perMinute);
        bucket.at = now;
        if (buckets.size() > MAX_REMEMBERED) {
            Iterator<String> oldest = buckets.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return bucket;
    }
}
