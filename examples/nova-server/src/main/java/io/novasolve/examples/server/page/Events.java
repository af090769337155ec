package io.novasolve.examples.server.page;

import io.javalin.http.sse.SseClient;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.examples.server.Backend;
import io.novasolve.examples.server.json.JsonText;
import io.novasolve.examples.server.web.TooManyRequestsException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open pages how far submissions are: one thread looks for all of them, once at each submission however many follow it, and
 * sends what has changed.
 */
public final class Events implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final Duration INTERVAL = Duration.ofMillis(400);
    private static final int MOST = 1000;
    private static final int MOST_OF_ADDRESS = 20;
    private static final int COMMENT_EVERY = 40;
    /** A page that may not follow asks by itself. */
    private static final long RETRY_SECONDS = 10;

    private static final class Follower {
        final Watch watch;
        final String address;
        String last = "";
        int quiet;

        Follower(Watch watch, String address) {
            this.watch = watch;
            this.address = address;
        }
    }

    private final Backend backend;

    /** Whether the news could not be read last time: one line in the log for each outage, not one for each look. */
    private boolean troubled;

    private final Map<SseClient, Follower> followers = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "nova-server-events");
        thread.setDaemon(true);
        return thread;
    });

    public Events(Backend backend) {
        this.backend = backend;
        timer.scheduleWithFixedDelay(this::send, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @throws TooManyRequestsException if one more page of an address, or of anybody, would be too many */
    void requireRoom(String address) {
        if (followers.size() >= MOST
                || followers.values().stream()
                                .filter(follower -> follower.address.equals(address))
                                .count()
                        >= MOST_OF_ADDRESS) {
            throw new TooManyRequestsException(RETRY_SECONDS);
        }
    }

    void follow(SseClient client, Submission submission, String address) {
        Watch watch = followers.values().stream()
                .map(follower -> follower.watch)
                .filter(other -> other.submissionId() == submission.id())
                .findFirst()
                .orElseGet(() -> new Watch(backend, submission));
        client.onClose(() -> followers.remove(client));
        followers.put(client, new Follower(watch, address));
    }

    private void send() {
        if (followers.isEmpty()) {
            return;
        }
        Map<Integer, SubmissionProgress> counts = new HashMap<>();
        boolean known = readable(() -> counts.putAll(backend.store()
                .progress(followers.values().stream()
                        .map(follower -> follower.watch.submissionId())
                        .collect(Collectors.toSet()))));
        Map<Watch, Progress> news = new HashMap<>();
        for (Follower follower : followers.values()) {
            SubmissionProgress now = counts.get(follower.watch.submissionId());
            if (now != null) {
                known &= readable(() -> news.computeIfAbsent(follower.watch, watch -> watch.look(now)));
            }
        }
        troubled &= !known;
        if (!known && counts.isEmpty()) {
            return;
        }
        followers.forEach((client, follower) -> {
            try {
                if (news.containsKey(follower.watch)) {
                    send(client, follower, news.get(follower.watch));
                } else if (!counts.containsKey(follower.watch.submissionId())) {
                    // Forgotten, unless it came between the looks: who asks again is told which.
                    end(client);
                }
            } catch (RuntimeException e) {
                LOG.warn("An open page cannot be told anything more; it will ask again", e);
                end(client);
            }
        });
    }

    private boolean readable(Runnable reading) {
        try {
            reading.run();
            return true;
        } catch (RuntimeException e) {
            if (!troubled) {
                LOG.warn("How far submissions are cannot be read; open pages will be told when it can", e);
                troubled = true;
            }
            return false;
        }
    }

    private void send(SseClient client, Follower follower, Progress progress) {
        String json = JsonText.of(progress.json());
        if (!json.equals(follower.last)) {
            follower.last = json;
            follower.quiet = 0;
            client.sendEvent("progress", json);
        } else if (++follower.quiet % COMMENT_EVERY == 0) {
            // Finds out whether anybody is still there.
            client.sendComment("still here");
        }
        if (progress.over()) {
            end(client);
        }
    }

    private void end(SseClient client) {
        followers.remove(client);
        client.close();
    }

    @Override
    public void close() {
        timer.shutdown();
        followers.keySet().forEach(SseClient::close);
    }
}
