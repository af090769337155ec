package io.novasolve.examples.server.page;

import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.javalin.http.sse.SseHandler;
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
        final Object place;
        String last = "";
        int quiet;

        Follower(Watch watch, Object place) {
            this.watch = watch;
            this.place = place;
        }
    }

    private final Backend backend;

    /** Whether the news could not be read last time: one line in the log for each outage, not one for each look. */
    private boolean troubled;

    private final Map<SseClient, Follower> followers = new ConcurrentHashMap<>();
    /** The addresses of those who follow, or are about to. */
    private final Map<Object, String> places = new ConcurrentHashMap<>();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "nova-server-events");
        thread.setDaemon(true);
        return thread;
    });

    public Events(Backend backend) {
        this.backend = backend;
        timer.scheduleWithFixedDelay(this::send, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Lets a page follow a submission; its place is taken before anything is sent.
     *
     * @throws TooManyRequestsException if one more page of an address, or of anybody, would be too many
     */
    void follow(Context ctx, Submission submission, String address) {
        Object place = new Object();
        take(place, address);
        boolean handed = false;
        try {
            // What is given to it happens later, in a thread of its own.
            new SseHandler(client -> {
                        client.keepAlive();
                        client.onClose(() -> leave(client));
                        followers.put(client, new Follower(watch(submission), place));
                    })
                    .handle(ctx);
            handed = true;
        } finally {
            if (!handed) {
                places.remove(place);
            }
        }
    }

    private synchronized void take(Object place, String address) {
        if (places.size() >= MOST
                || places.values().stream().filter(address::equals).count() >= MOST_OF_ADDRESS) {
            throw new TooManyRequestsException(RETRY_SECONDS);
        }
        places.put(place, address);
    }

    private void leave(SseClient client) {
        Follower follower = followers.remove(client);
        if (follower != null) {
            places.remove(follower.place);
        }
    }

    /** The one of others who follow the same, if there are any. */
    private Watch watch(Submission submission) {
        return followers.values().stream()
                .map(follower -> follower.watch)
                .filter(watch -> watch.submissionId() == submission.id())
                .findFirst()
                .orElseGet(() -> new Watch(backend, submission));
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
        leave(client);
        client.close();
    }

    @Override
    public void close() {
        timer.shutdown();
        followers.keySet().forEach(SseClient::close);
    }
}
