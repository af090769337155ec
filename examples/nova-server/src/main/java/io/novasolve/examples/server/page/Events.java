package io.novasolve.examples.server.page;

import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends news to open pages: one thread looks for all of them, and sends what has changed. */
public final class Events implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final Duration INTERVAL = Duration.ofMillis(400);
    private static final int MAX_CLIENTS = 1000;
    private static final int COMMENT_EVERY = 40;

    /** @param json to send; @param over whether nothing follows */
    record News(String json, boolean over) {}

    private static final class Follower {
        final Supplier<News> source;
        String last = "";
        int quiet;

        Follower(Supplier<News> source) {
            this.source = source;
        }
    }

    /** Whether the news could not be read last time: one line in the log for each outage, not one for each page. */
    private volatile boolean troubled;

    private final Map<SseClient, Follower> followers = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "nova-server-events");
        thread.setDaemon(true);
        return thread;
    });

    public Events() {
        timer.scheduleWithFixedDelay(this::send, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    void follow(SseClient client, Supplier<News> source) {
        if (followers.size() >= MAX_CLIENTS) {
            client.close();
            return;
        }
        client.onClose(() -> followers.remove(client));
        followers.put(client, new Follower(source));
    }

    private void send() {
        followers.forEach((client, follower) -> {
            try {
                send(client, follower);
            } catch (RuntimeException e) {
                LOG.warn("An open page cannot be told anything more; it will ask again", e);
                followers.remove(client);
                client.close();
            }
        });
    }

    private void send(SseClient client, Follower follower) {
        News news;
        try {
            news = follower.source.get();
            troubled = false;
        } catch (RuntimeException e) {
            if (!troubled) {
                LOG.warn("How far submissions are cannot be read; open pages will be told when it can", e);
                troubled = true;
            }
            return;
        }
        if (!news.json.equals(follower.last)) {
            follower.last = news.json;
            follower.quiet = 0;
            client.sendEvent("progress", news.json);
        } else if (++follower.quiet % COMMENT_EVERY == 0) {
            // Finds out whether anybody is still there.
            client.sendComment("still here");
        }
        if (news.over) {
            followers.remove(client);
            client.close();
        }
    }

    @Override
    public void close() {
        timer.shutdown();
        followers.keySet().forEach(SseClient::close);
    }
}
